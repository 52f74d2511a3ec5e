/*
 * A ticket to its decision by trying rule after rule, as language.md 5 is written; and a text pattern to true
 * or false by trying place after place. Slow and plain on purpose: what is fast is held against these.
 */
#include "scan.h"

#include "effects.h"

void sh_match_scan(struct shunt_ticket *ticket, struct shunt_decision *decision)
{
    const struct shunt_table *t = ticket->t;
    struct sh_effects effects = {0, 0, 0, 0};
    uint32_t rule = 0;
    for (; rule < sh_otherwise(t); rule++) {
        if (!sh_holds(ticket, le32(t->RULE[rule].code))) continue;
        if (le16(sh_outcome(t, rule)->step_count) > 0) break;
        sh_apply(ticket, &effects, rule);
    }
    sh_decide(ticket, ticket->front.guard, &effects, rule, decision);
}

bool sh_pattern_holds(const struct shunt_table *t, uint32_t atom, const char *folded, size_t len)
{
    struct shunt_string p = sh_string(t, le32(t->ATOM[atom].string));
    if (p.len > len) return false;
    switch ((enum tf_atom_kind)t->ATOM[atom].kind) {
    case TF_ATOM_EQUALS: return p.len == len && memcmp(p.bytes, folded, len) == 0;
    case TF_ATOM_PREFIX: return memcmp(p.bytes, folded, p.len) == 0;
    case TF_ATOM_SUFFIX: return memcmp(p.bytes, folded + (len - p.len), p.len) == 0;
    case TF_ATOM_CONTAINS:
        for (size_t i = 0; i + p.len <= len; i++) {
            if (memcmp(p.bytes, folded + i, p.len) == 0) return true;
        }
        return false;
    case TF_ATOM_NAME: break;
    }
    return false;
}
