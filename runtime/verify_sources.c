/*
 * What is in a table for people and tools: promises, descriptions, sources and places in them
 * (docs/TABLE-FORMAT.md 4.10 and 4.11).
 */
#include "verify.h"

/* ---- promises ---- */

/* Into how many LIST's items point, for kinds of outcomes that have a list; 0 for those that have none. */
static uint32_t target_count(const struct shunt_table *t, unsigned kind)
{
    switch (kind) {
    case TF_P_TEAM_IN:
    case TF_P_NOT_TEAM: return t->TEAM_count;
    case TF_P_AGENT: return t->AGENT_count;
    case TF_P_RULE: return t->RULE_count;
    default: return 0;
    }
}

static bool verify_promised(struct verify *v, uint32_t i)
{
    const struct tf_promise_outcome *o = &v->t->PROMISE_OUTCOME[i];
    uint32_t first = le32(o->first), count = le32(o->count);
    REQUIRE(o->kind <= TF_P_PRIORITY && IS_ZERO(o->reserved), PROMISE_OUTCOME, i, "an unknown kind");
    REQUIRE(o->priorities < 16 && (o->kind == TF_P_PRIORITY || o->priorities == 0), PROMISE_OUTCOME, i,
            "no set of priorities");
    bool has_list = o->kind != TF_P_PRIORITY && o->kind != TF_P_UNASSIGNED;
    REQUIRE(sh_list_fits(first, count, v->t->LIST_count) && (count > 0) == has_list, PROMISE_OUTCOME, i,
            "its list is not there");
    return true;
}

/* Kinds with targets of one sort are looked at together. */
static bool verify_targets(struct verify *v, unsigned from_kind, unsigned to_kind)
{
    const struct shunt_table *t = v->t;
    sh_count_list(v, target_count(t, from_kind));
    for (uint32_t i = 0; i < t->PROMISE_OUTCOME_count; i++) {
        const struct tf_promise_outcome *o = &t->PROMISE_OUTCOME[i];
        if (o->kind < from_kind || o->kind > to_kind) continue;
        REQUIRE(sh_list_right(v, le32(o->first), le32(o->count)), PROMISE_OUTCOME, i, "no such target");
    }
    return true;
}

bool sh_verify_promises(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->PROMISE_count; i++) {
        const struct tf_promise *p = &t->PROMISE[i];
        REQUIRE(sh_is_string(t, p->text), PROMISE, i, "no such string");
        REQUIRE(sh_is_condition(v, p->code), PROMISE, i, "no condition begins there");
        REQUIRE(sh_list_fits(le32(p->outcome_first), le32(p->outcome_count), t->PROMISE_OUTCOME_count),
                PROMISE, i, "its outcomes are not there");
    }
    for (uint32_t i = 0; i < t->PROMISE_OUTCOME_count; i++) {
        if (!verify_promised(v, i)) return false;
    }
    return verify_targets(v, TF_P_TEAM_IN, TF_P_NOT_TEAM) && verify_targets(v, TF_P_AGENT, TF_P_AGENT) &&
           verify_targets(v, TF_P_RULE, TF_P_RULE);
}

/* ---- descriptions ---- */

/* Whether (kind, index) pairs are in order. */
static bool is_after(le32_t kind, le32_t index, le32_t kind_before, le32_t index_before)
{
    return le32(kind) > le32(kind_before) ||
           (le32(kind) == le32(kind_before) && le32(index) > le32(index_before));
}

bool sh_verify_descriptions(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->DESCRIPTION_count; i++) {
        const struct tf_description *d = &t->DESCRIPTION[i];
        REQUIRE(le32(d->kind) <= TF_D_ATOM, DESCRIPTION, i, "an unknown kind");
        uint32_t count = le32(d->kind) == TF_D_RULE ? t->RULE_count : t->ATOM_count;
        REQUIRE(le32(d->index) < count && sh_is_string(t, d->string), DESCRIPTION, i,
                "of something that is not there");
        REQUIRE(i == 0 || is_after(d->kind, d->index, d[-1].kind, d[-1].index), DESCRIPTION, i,
                "they do not rise");
    }
    return true;
}

/* ---- sources ---- */

static bool is_described(const struct verify *v, uint32_t kind, uint32_t index)
{
    const struct shunt_table *t = v->t;
    switch ((enum tf_span_kind)kind) {
    case TF_S_RULE:
    case TF_S_TAKES:
    case TF_S_OTHERWISE:
    case TF_S_RULE_WHEN: return index < t->RULE_count;
    case TF_S_AGENT: return index < t->AGENT_count;
    case TF_S_TEAM: return index < t->TEAM_count;
    case TF_S_HOURS: return index < t->HOURS_count;
    case TF_S_PROMISE: return index < t->PROMISE_count;
    case TF_S_ATTR: return index < t->ATTR_count;
    case TF_S_CODE: return index < t->CODE_count && t->CODE[index].tag < TF_OP_COUNT;
    }
    return false;
}

static bool verify_span(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_span *s = &t->SPAN[i];
    REQUIRE(is_described(v, le32(s->kind), le32(s->index)), SPAN, i, "of something that is not there");
    REQUIRE(le32(s->file) < t->SOURCE_FILE_count, SPAN, i, "no such file");
    REQUIRE(le32(s->line) > 0 && le32(s->column) > 0 && le32(s->length) > 0, SPAN, i,
            "a place that cannot be");
    bool again = i > 0 && le32(s->kind) == TF_S_TAKES && le32(s[-1].kind) == TF_S_TAKES &&
                 le32(s->index) == le32(s[-1].index); /* one for each of a team's takes */
    REQUIRE(i == 0 || again || is_after(s->kind, s->index, s[-1].kind, s[-1].index), SPAN, i,
            "they do not rise");
    return true;
}

bool sh_verify_sources(struct verify *v)
{
    const struct shunt_table *t = v->t;
    const struct tf_header *h = (const void *)t->bytes;
    bool stripped = le32(h->flags) & TF_FLAG_STRIPPED;
    REQUIRE(!stripped || t->SOURCE_FILE_count + (uint64_t)t->SOURCE_DIGEST_count + t->SPAN_count == 0,
            SOURCE_FILE, 0, "sources in a stripped table");
    for (uint32_t i = 0; i < t->SOURCE_FILE_count; i++) {
        REQUIRE(sh_is_string(t, t->SOURCE_FILE[i]), SOURCE_FILE, i, "no such string");
    }
    REQUIRE(t->SOURCE_DIGEST_count == 0 || t->SOURCE_DIGEST_count == 32, SOURCE_DIGEST, 0, "not a SHA-256");
    for (uint32_t i = 0; i < t->SPAN_count; i++) {
        if (!verify_span(v, i)) return false;
    }
    return true;
}
