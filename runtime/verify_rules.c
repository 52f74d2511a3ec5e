/*
 * Rules, what they do, and the index that leads to them (docs/TABLE-FORMAT.md 4.5 and 8).
 *
 * Whether the index leads to every rule that a ticket can meet cannot be seen from here; a wrong index gives
 * wrong answers, and nothing worse.
 */
#include "verify.h"

/* ---- steps and outcomes ---- */

static bool verify_step(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_step *s = &t->STEP[i];
    uint32_t target = le32(s->target);
    REQUIRE(s->kind <= TF_TO_NOBODY, STEP, i, "an unknown kind of target");
    REQUIRE(s->kind == TF_TO_TEAM    ? target < t->TEAM_count
            : s->kind == TF_TO_AGENT ? target < t->AGENT_count
                                     : target == TF_NONE,
            STEP, i, "no such target");
    REQUIRE(sh_is_index_or_none(s->of_hours, t->HOURS_count), STEP, i, "no such hours");
    REQUIRE(IS_ZERO(s->reserved), STEP, i, "reserved bytes are not zero");
    return true;
}

/* A list of LIST that an outcome names, after sh_count_list() for its kind. */
static bool effect_right(const struct verify *v, le32_t list_first, le16_t list_count)
{
    uint32_t first = le32(list_first), count = le16(list_count);
    return sh_list_fits(first, count, v->t->LIST_count) && sh_list_right(v, first, count) &&
           sh_list_distinct(v, first, count);
}

static bool not_label(const struct verify *v, uint32_t i, uint32_t limit)
{
    return le32(v->t->LIST[i]) - le32(v->t->ATTR[TF_LABELS].atom_first) >= limit;
}

static bool verify_outcome(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_outcome *o = &t->OUTCOME[i];
    uint32_t first = le32(o->step_first), count = le16(o->step_count);
    REQUIRE(sh_list_fits(first, count, t->STEP_count), OUTCOME, i, "its steps are not there");
    REQUIRE(count == 0 || (le32(t->STEP[first].after_sec) == 0 && le32(t->STEP[first].of_hours) == TF_NONE),
            OUTCOME, i, "a first step that waits");
    REQUIRE(o->set_priority <= SHUNT_PRIORITY_URGENT + 1 && o->raise_priority <= SHUNT_PRIORITY_URGENT + 1,
            OUTCOME, i, "no such priority");
    return true;
}

bool sh_verify_outcomes(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->STEP_count; i++) {
        if (!verify_step(v, i)) return false;
    }
    for (uint32_t i = 0; i < t->OUTCOME_count; i++) {
        if (!verify_outcome(v, i)) return false;
    }
    sh_count_wrong(v, t->LIST_count, not_label, le32(t->ATTR[TF_LABELS].atom_count));
    for (uint32_t i = 0; i < t->OUTCOME_count; i++) {
        const struct tf_outcome *o = &t->OUTCOME[i];
        REQUIRE(effect_right(v, o->add_first, o->add_count), OUTCOME, i, "wrong labels to add");
    }
    sh_count_list(v, t->SKILL_count);
    for (uint32_t i = 0; i < t->OUTCOME_count; i++) {
        const struct tf_outcome *o = &t->OUTCOME[i];
        REQUIRE(effect_right(v, o->require_first, o->require_count), OUTCOME, i, "wrong skills to require");
    }
    return true;
}

/* ---- rules ---- */

static bool decides(const struct shunt_table *t, uint32_t rule)
{
    return le16(sh_outcome(t, rule)->step_count) > 0;
}

/* A team's takes: named by its only step. */
static bool verify_takes(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    const struct tf_outcome *o = sh_outcome(t, i);
    REQUIRE(le16(o->step_count) == 1 && t->STEP[le32(o->step_first)].kind == TF_TO_TEAM, RULE, i,
            "takes that do not lead to a team");
    return true;
}

static bool verify_otherwise(struct verify *v, uint32_t i)
{
    const struct shunt_table *t = v->t;
    REQUIRE(t->CODE[le32(t->RULE[i].code)].tag == TF_OP_TRUE, RULE, i,
            "an otherwise that does not always hold");
    REQUIRE(decides(t, i), RULE, i, "an otherwise that does not decide");
    return true;
}

bool sh_verify_rules(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint32_t own = le32(t->POLICY[0].rule_count);
    for (uint32_t i = 0; i < t->RULE_count; i++) {
        const struct tf_rule *r = &t->RULE[i];
        REQUIRE(sh_is_condition(v, r->code), RULE, i, "no condition begins there");
        REQUIRE(le32(r->outcome) < t->OUTCOME_count, RULE, i, "no such outcome");
        if (i < own) continue;
        if (i + 1 < t->RULE_count ? !verify_takes(v, i) : !verify_otherwise(v, i)) return false;
    }
    REQUIRE(t->RULE_NAME_count == own, RULE_NAME, 0, "not as many as there are rules");
    for (uint32_t i = 0; i < own; i++)
        REQUIRE(sh_is_string(t, t->RULE_NAME[i]), RULE_NAME, i, "no such string");
    return true;
}

/* ---- the index ---- */

struct index_parts {
    uint32_t bucket_section, sig_section, entry_section;
    const le32_t *bucket;
    const uint8_t *sig;
    const struct tf_entry *entry;
    uint32_t bucket_count, sig_count, entry_count;
    bool decides;
    const struct tf_facts *facts;
};

static bool is_timed(const struct index_parts *x, uint32_t fact)
{
    return fact >= x->facts->hours && fact < x->facts->bounds;
}

/* Matching takes hours and dates for true until they were asked for: so a rule's code has to be. */
static bool asks_times(const struct index_parts *x, const struct tf_entry *e)
{
    bool asks = le32(e->key) & 1, required = !(le32(e->third) & 1);
    return (asks || !is_timed(x, le32(e->also))) && ((asks && required) || !is_timed(x, le32(e->third) >> 1));
}

/* Where a guard tells all channels apart, no entry asks for one as a fact: a ticket's hashes have none then.
 */
static bool asks_channel(const struct shunt_table *t, const struct tf_entry *e)
{
    uint32_t channels = le32(t->ATTR[TF_CHANNEL].atom_count), third = le32(e->third);
    bool required = !(third & 1);
    return channels <= TF_GUARD_CHANNEL_CLASSES &&
           (le32(e->also) < channels || (required && third >> 1 < channels));
}

static bool verify_entry(struct verify *v, const struct index_parts *x, uint32_t i, bool is_first)
{
    const struct tf_entry *e = &x->entry[i];
    uint32_t rule = le32(e->key) >> 1;
    if (rule >= v->t->RULE_count || decides(v->t, rule) != x->decides)
        return sh_bad(v, x->entry_section, i, "no rule of this index");
    if (le32(e->also) >= x->facts->count || le32(e->third) >> 1 >= x->facts->count)
        return sh_bad(v, x->entry_section, i, "no such fact");
    if (!asks_times(x, e)) return sh_bad(v, x->entry_section, i, "hours or dates that are not asked for");
    if (asks_channel(v->t, e)) return sh_bad(v, x->entry_section, i, "a channel that its guard can say");
    if (is_first || le32(e->key) >= le32(x->entry[i - 1].key)) return true;
    return sh_bad(v, x->entry_section, i, "rules do not rise in their bucket");
}

static bool verify_bucket(struct verify *v, const struct index_parts *x, uint32_t b)
{
    uint32_t begin = le32(x->bucket[b]), end = le32(x->bucket[b + 1]);
    if (begin > end || end > x->entry_count)
        return sh_bad(v, x->bucket_section, b, "buckets do not follow each other");
    for (uint32_t i = begin; i < end; i++) {
        if (!verify_entry(v, x, i, i == begin)) return false;
    }
    return true;
}

static bool verify_counts(struct verify *v, const struct index_parts *x)
{
    if (x->bucket_count != v->t->ATOM_count + UINT64_C(2))
        return sh_bad(v, x->bucket_section, 0, "a bucket is missing");
    uint64_t least = TF_SIG_LEN * (uint64_t)x->entry_count + TF_SIG_SPARE;
    if (x->sig_count != least && x->sig_count != least + x->entry_count)
        return sh_bad(v, x->sig_section, 0, "not as many as the entries need");
    if (!sh_is_zero(x->sig + x->sig_count - TF_SIG_SPARE, TF_SIG_SPARE))
        return sh_bad(v, x->sig_section, x->sig_count - TF_SIG_SPARE, "reserved bytes are not zero");
    if (le32(x->bucket[0]) != 0 || le32(x->bucket[x->bucket_count - 1]) != x->entry_count)
        return sh_bad(v, x->bucket_section, 0, "buckets that do not cover the entries");
    return true;
}

/* The index of rules that decide is always there, if only its buckets, which are read unasked. */
static bool verify_index_parts(struct verify *v, const struct index_parts *x)
{
    if (!x->decides && x->bucket_count == 0 && x->sig_count == 0 && x->entry_count == 0) return true;
    if (!verify_counts(v, x)) return false;
    for (uint32_t b = 0; b + 1 < x->bucket_count; b++) {
        if (!verify_bucket(v, x, b)) return false;
    }
    return true;
}

bool sh_verify_index(struct verify *v)
{
    const struct shunt_table *t = v->t;
    const struct tf_facts facts = sh_facts(t);
    struct index_parts deciding = {
        TF_INDEX_BUCKET, TF_INDEX_SIG,          TF_INDEX_ENTRY,     t->INDEX_BUCKET,      t->INDEX_SIG,
        t->INDEX_ENTRY,  t->INDEX_BUCKET_count, t->INDEX_SIG_count, t->INDEX_ENTRY_count, true,
        &facts};
    struct index_parts continuing = {
        TF_CONT_BUCKET, TF_CONT_SIG,          TF_CONT_ENTRY,     t->CONT_BUCKET,      t->CONT_SIG,
        t->CONT_ENTRY,  t->CONT_BUCKET_count, t->CONT_SIG_count, t->CONT_ENTRY_count, false,
        &facts};
    return verify_index_parts(v, &deciding) && verify_index_parts(v, &continuing);
}
