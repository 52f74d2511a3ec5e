/*
 * A table as one JSON object on one line, strings escaped as decisions' are (desk.md 7.1). Keys are stable:
 * new ones may come, none changes its meaning. A key whose value the table does not have is absent.
 * docs/dump.md lists them.
 */
#include "dump.h"

/* ---- writing ---- */

static void json_key(struct dump *d, const char *key)
{
    if (!d->first) out_putc(d->o, ',');
    if (key) out_printf(d->o, "\"%s\":", key);
    d->first = false;
}

void json_open(struct dump *d, const char *key, char bracket)
{
    json_key(d, key);
    out_putc(d->o, bracket);
    d->first = true;
}

void json_close(struct dump *d, char bracket)
{
    out_putc(d->o, bracket);
    d->first = false;
}

void json_text(struct dump *d, const char *key, struct str text)
{
    if (!text.p) return;
    json_key(d, key);
    out_json(d->o, text);
}

void json_number(struct dump *d, const char *key, int64_t n)
{
    json_key(d, key);
    out_printf(d->o, "%lld", (long long)n);
}

void json_bool(struct dump *d, const char *key, bool value)
{
    json_key(d, key);
    out_puts(d->o, value ? "true" : "false");
}

static void put_span(struct dump *d, const struct tf_span *span)
{
    json_text(d, "file", view_string(d->v, d->v->SOURCE_FILE.at[le32(span->file)]));
    json_number(d, "line", le32(span->line));
    json_number(d, "column", le32(span->column));
    json_number(d, "length", le32(span->length));
}

void json_place(struct dump *d, enum tf_span_kind kind, uint32_t index)
{
    const struct tf_span *span = view_span(d->v, kind, index);
    if (!span) return;
    json_open(d, "at", '{');
    put_span(d, span);
    json_close(d, '}');
}

/* ---- header and sections ---- */

static void put_digest(struct dump *d)
{
    if (!d->v->SOURCE_DIGEST.count) return;
    d->words.len = 0;
    for (uint32_t i = 0; i < d->v->SOURCE_DIGEST.count; i++)
        buf_printf(&d->words, "%02x", d->v->SOURCE_DIGEST.at[i]);
    json_text(d, "digest", buf_done(&d->words));
}

static void put_header(struct dump *d)
{
    const struct tf_header *h = d->v->header;
    json_open(d, "table", '{');
    json_number(d, "version", le16(h->version));
    json_number(d, "last_compatible", le16(h->last_compatible));
    json_number(d, "bytes", (int64_t)le64(h->file_len));
    d->words.len = 0;
    buf_printf(&d->words, "%08x", le32(h->checksum));
    json_text(d, "checksum", buf_done(&d->words));
    json_bool(d, "stripped", le32(h->flags) & TF_FLAG_STRIPPED);
    json_open(d, "sources", '[');
    for (uint32_t i = 0; i < d->v->SOURCE_FILE.count; i++)
        json_text(d, NULL, view_string(d->v, d->v->SOURCE_FILE.at[i]));
    json_close(d, ']');
    put_digest(d);
    json_close(d, '}');
}

static void put_sections(struct dump *d)
{
    json_open(d, "sections", '[');
    for (uint32_t i = 0; i < le32(d->v->header->section_count); i++) {
        struct dump_section s = dump_section(d->v, i);
        json_open(d, NULL, '{');
        json_number(d, "id", s.id);
        json_text(d, "name", str_from(s.name));
        json_number(d, "record_len", (int64_t)s.record_len);
        json_number(d, "count", (int64_t)s.count);
        json_number(d, "bytes", (int64_t)(s.count * s.record_len));
        json_close(d, '}');
    }
    json_close(d, ']');
}

/* ---- policy and attributes ---- */

static void put_policy(struct dump *d)
{
    const struct tf_policy *p = d->v->POLICY.at;
    json_open(d, "policy", '{');
    json_text(d, "name", view_string(d->v, p->name));
    if (le32(p->zone) != TF_NONE)
        json_text(d, "timezone", view_string(d->v, d->v->ZONE.at[le32(p->zone)].name));
    json_text(d, "zone_release", view_string(d->v, p->zone_release));
    json_text(d, "unicode", view_string(d->v, p->unicode_version));
    json_text(d, "presence", str_from(p->presence_day ? "day" : "signout"));
    json_bool(d, "auto_assign", p->auto_assign);
    json_bool(d, "assign_on_reply", p->assign_on_reply);
    json_bool(d, "otherwise_said", p->has_otherwise);
    json_close(d, '}');
}

static void put_atom(struct dump *d, uint32_t atom)
{
    const struct tf_atom *a = &d->v->ATOM.at[atom];
    json_open(d, NULL, '{');
    if (a->kind != TF_ATOM_NAME) json_text(d, "test", str_from(word_pattern(a->kind)));
    json_text(d, a->kind == TF_ATOM_NAME ? "name" : "text", name_of_atom(d->v, atom));
    json_text(d, "description", view_description(d->v, TF_D_ATOM, atom));
    json_close(d, '}');
}

static void put_attrs(struct dump *d)
{
    json_open(d, "attributes", '[');
    for (uint32_t i = 0; i < d->v->ATTR.count; i++) {
        const struct tf_attr *attr = &d->v->ATTR.at[i];
        uint32_t first = le32(attr->atom_first), count = le32(attr->atom_count);
        json_open(d, NULL, '{');
        json_text(d, "name", view_attr_name(d->v, i));
        json_text(d, "type", str_from(word_type(attr->type)));
        json_bool(d, "closed", attr->closed);
        if (count) json_open(d, attr->type == TF_TEXT_T ? "patterns" : "values", '[');
        for (uint32_t k = 0; k < count; k++) put_atom(d, first + k);
        if (count) json_close(d, ']');
        json_place(d, TF_S_ATTR, i);
        json_close(d, '}');
    }
    json_close(d, ']');
    json_open(d, "automata", '[');
    for (uint32_t i = 0; i < d->v->AC_ROOT.count; i++) {
        json_open(d, NULL, '{');
        json_text(d, "attribute", view_attr_name(d->v, le32(d->v->AC_ROOT.at[i].attr)));
        json_number(d, "states", le32(d->v->AC_ROOT.at[i].state_count));
        json_close(d, '}');
    }
    json_close(d, ']');
}

/* ---- rules ---- */

static void put_steps(struct dump *d, const struct tf_outcome *o)
{
    static const char *const kinds[] = {"team", "agent", "unassigned"};
    json_open(d, "to", '[');
    for (uint32_t i = 0; i < le16(o->step_count); i++) {
        const struct tf_step *step = &d->v->STEP.at[le32(o->step_first) + i];
        uint32_t target = le32(step->target), of = le32(step->of_hours);
        json_open(d, NULL, '{');
        if (step->kind == TF_TO_TEAM)
            json_text(d, kinds[0], view_string(d->v, d->v->TEAM.at[target].name));
        else if (step->kind == TF_TO_AGENT)
            json_text(d, kinds[1], view_string(d->v, d->v->AGENT.at[target].name));
        else
            json_bool(d, kinds[2], true);
        if (i) json_number(d, "after", le32(step->after_sec));
        if (of != TF_NONE) json_text(d, "of", view_string(d->v, d->v->HOURS.at[of].name));
        json_close(d, '}');
    }
    json_close(d, ']');
}

static void put_outcome(struct dump *d, const struct tf_outcome *o)
{
    if (o->set_priority) json_text(d, "set", str_from(shunt_priority_name(o->set_priority - 1u)));
    if (o->raise_priority) json_text(d, "raise", str_from(shunt_priority_name(o->raise_priority - 1u)));
    if (le16(o->add_count)) json_open(d, "add", '[');
    for (uint32_t i = 0; i < le16(o->add_count); i++)
        json_text(d, NULL, name_of_atom(d->v, le32(d->v->LIST.at[le32(o->add_first) + i])));
    if (le16(o->add_count)) json_close(d, ']');
    if (le16(o->require_count)) json_open(d, "require", '[');
    for (uint32_t i = 0; i < le16(o->require_count); i++)
        json_text(d, NULL, name_of_skill(d->v, le32(d->v->LIST.at[le32(o->require_first) + i])));
    if (le16(o->require_count)) json_close(d, ']');
    if (le16(o->step_count))
        put_steps(d, o);
    else
        json_bool(d, "continue", true);
}

static void put_rule(struct dump *d, uint32_t rule)
{
    const struct tf_rule *r = &d->v->RULE.at[rule];
    const struct tf_policy *p = d->v->POLICY.at;
    uint32_t rules = le32(p->rule_count), last = rules + le32(p->takes_count);
    json_open(d, NULL, '{');
    json_text(d, "rule", words_rule(d, rule));
    json_text(d, "kind", str_from(rule < rules ? "rule" : rule < last ? "takes" : "otherwise"));
    json_text(d, "description", view_description(d->v, TF_D_RULE, rule));
    json_text(d, "when", words_code(d, le32(r->code)));
    json_number(d, "code", le32(r->code));
    put_outcome(d, &d->v->OUTCOME.at[le32(r->outcome)]);
    json_place(d, rule < rules ? TF_S_RULE : rule < last ? TF_S_TAKES : TF_S_OTHERWISE, rule);
    json_close(d, '}');
}

static struct str word_of_op(unsigned op)
{
    return op == TF_OP_NOT ? S("not") : op == TF_OP_AND ? S("and") : S("or");
}

/* Each node of CODE that has a place: tests in words, or what joins them. `code` of a rule names the first
 * byte of its condition. */
static void put_nodes(struct dump *d, const char *key, bool tests)
{
    json_open(d, key, '[');
    for (uint32_t i = 0; i < d->v->SPAN.count; i++) {
        const struct tf_span *span = &d->v->SPAN.at[i];
        if (le32(span->kind) != TF_S_CODE) continue;
        unsigned op = d->v->CODE.at[le32(span->index)].tag;
        bool joins = op == TF_OP_NOT || op == TF_OP_AND || op == TF_OP_OR;
        if (joins == tests) continue;
        json_open(d, NULL, '{');
        json_number(d, "code", le32(span->index));
        if (tests)
            json_text(d, "test", words_code(d, le32(span->index)));
        else
            json_text(d, "joined", word_of_op(op));
        put_span(d, span);
        json_close(d, '}');
    }
    json_close(d, ']');
}

static struct str promised_name(struct dump *d, uint32_t kind, uint32_t index)
{
    if (kind == TF_P_RULE) return words_rule(d, index);
    return view_string(d->v, kind == TF_P_AGENT ? d->v->AGENT.at[index].name : d->v->TEAM.at[index].name);
}

static void put_promised(struct dump *d, const struct tf_promise_outcome *o)
{
    static const char *const keys[] = {"team", "not_team", "agent", "unassigned", "rule", "priority"};
    json_open(d, NULL, '{');
    json_open(d, keys[o->kind], '[');
    for (uint32_t i = 0; i < le32(o->count); i++)
        json_text(d, NULL, promised_name(d, o->kind, le32(d->v->LIST.at[le32(o->first) + i])));
    for (unsigned p = 0; o->kind == TF_P_PRIORITY && p < 4; p++)
        if (o->priorities >> p & 1) json_text(d, NULL, str_from(shunt_priority_name(p)));
    json_close(d, ']');
    json_close(d, '}');
}

static void put_promises(struct dump *d)
{
    json_open(d, "promises", '[');
    for (uint32_t i = 0; i < d->v->PROMISE.count; i++) {
        const struct tf_promise *p = &d->v->PROMISE.at[i];
        json_open(d, NULL, '{');
        json_text(d, "text", view_string(d->v, p->text));
        json_text(d, "when", words_code(d, le32(p->code)));
        json_open(d, "promised", '[');
        for (uint32_t k = 0; k < le32(p->outcome_count); k++)
            put_promised(d, &d->v->PROMISE_OUTCOME.at[le32(p->outcome_first) + k]);
        json_close(d, ']');
        json_place(d, TF_S_PROMISE, i);
        json_close(d, '}');
    }
    json_close(d, ']');
}

/* ---- index ---- */

static void put_index(struct dump *d)
{
    json_open(d, "index", '{');
    for (int deciding = 1; deciding >= 0; deciding--) {
        struct dump_index x = dump_index(d->v, deciding);
        json_open(d, x.name, '{');
        json_number(d, "entries", x.entries);
        json_number(d, "buckets", x.buckets);
        json_number(d, "unfiled", x.unfiled);
        json_number(d, "largest", x.largest);
        if (x.largest_bucket != TF_NONE) json_text(d, "largest_of", words_atom(d, x.largest_bucket));
        json_close(d, '}');
    }
    json_close(d, '}');
}

void dump_json(struct dump *d)
{
    json_open(d, NULL, '{');
    put_header(d);
    put_sections(d);
    put_policy(d);
    put_attrs(d);
    dump_json_hours(d);
    dump_json_people(d);
    json_open(d, "rules", '[');
    for (uint32_t i = 0; i < d->v->RULE.count; i++) put_rule(d, i);
    json_close(d, ']');
    put_nodes(d, "tests", true);
    put_nodes(d, "parts", false);
    put_promises(d);
    put_index(d);
    json_close(d, '}');
    out_putc(d->o, '\n');
}
