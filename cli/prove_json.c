/* Findings as JSON, one object a line, their keys and the order of these as in commands.md 9: see prove.h. */
#include "prove.h"
#include "proof/subject.h"
#include "witness_out.h"

static void out_key(struct out *o, const char *key)
{
    out_printf(o, ",\"%s\":", key);
}

static void out_rule(const struct proving *p, const char *key, uint32_t rule)
{
    out_json_text(p->o, key, rule_name(p->a, p->v, rule));
}

static void out_rules(const struct proving *p, const char *key, const proof_ids *rules)
{
    out_key(p->o, key);
    out_putc(p->o, '[');
    for (uint32_t i = 0; i < rules->count; i++) {
        if (i) out_putc(p->o, ',');
        out_json(p->o, rule_name(p->a, p->v, rules->at[i]));
    }
    out_putc(p->o, ']');
}

static void out_bool(struct out *o, const char *key, bool value)
{
    out_key(o, key);
    out_puts(o, value ? "true" : "false");
}

static void out_channel(const struct proving *p, uint32_t channel)
{
    out_key(p->o, "channel");
    if (channel == SHUNT_NONE)
        out_puts(p->o, "null");
    else
        out_json(p->o, name_of_channel_value(p, channel));
}

static void out_ticket(const struct proving *p, const struct finding *f)
{
    if (!f->ticket) return;
    out_key(p->o, "ticket");
    out_witness(p->o, p->space, f->ticket);
}

static void out_place(struct out *o, const struct prove_place *place)
{
    if (!place->known) return;
    out_json_text(o, "file", place->file);
    out_json_u64(o, "line", place->at.line);
    out_json_u64(o, "column", place->at.column);
    out_json_u64(o, "length", place->at.length);
}

void prove_json(struct proving *p, const struct finding *f)
{
    static const char *const kinds[] = {
        [FINDING_DEAD] = "dead",       [FINDING_CONSTANT] = "constant", [FINDING_GAP] = "gap",
        [FINDING_PROMISE] = "promise", [FINDING_OVERLAP] = "overlap",   [FINDING_UNDECIDED] = "undecided"};
    struct prove_place place = place_of(p, f);
    out_printf(p->o, "{\"finding\":\"%s\"", kinds[f->kind]);
    switch (f->kind) {
    case FINDING_DEAD:
        out_rule(p, "rule", f->rule);
        out_rules(p, "by", &f->by);
        break;
    case FINDING_CONSTANT:
        out_rule(p, "rule", f->rule);
        out_json_text(p->o, "part", text_of_part(p, f->rule, f->code_off));
        out_bool(p->o, "value", f->value);
        break;
    case FINDING_GAP: out_channel(p, f->channel); break;
    case FINDING_PROMISE:
        out_json_text(p->o, "text", text_of_promise(p, f->promise));
        out_bool(p->o, "holds", f->value);
        break;
    case FINDING_OVERLAP:
        out_rule(p, "rule", f->rule);
        out_rule(p, "other", f->other);
        break;
    case FINDING_UNDECIDED: out_json_text(p->o, "what", f->what); break;
    }
    out_ticket(p, f);
    out_place(p->o, &place);
    out_puts(p->o, "}\n");
}
