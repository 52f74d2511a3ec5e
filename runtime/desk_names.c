/* Names to indexes and back: agents and teams of the table, and what an earlier version of the policy had. */
#include "desk_state.h"

/* ---- indexes: open addressing, index + 1, at most half full ---- */

static struct shunt_string agent_name(const struct shunt_table *t, uint32_t i)
{
    return sh_string(t, le32(t->AGENT[i].name));
}

static struct shunt_string team_name(const struct shunt_table *t, uint32_t i)
{
    return sh_string(t, le32(t->TEAM[i].name));
}

typedef struct shunt_string name_of(const struct shunt_table *t, uint32_t i);

static uint32_t find(const struct shunt_desk *d, const uint32_t *slots, uint32_t cap, name_of *of,
                     const char *name, size_t len)
{
    for (uint32_t i = (uint32_t)sh_hash(d->sip_key, 0, name, len) & (cap - 1); slots[i];
         i = (i + 1) & (cap - 1)) {
        struct shunt_string s = of(d->t, slots[i] - 1);
        if (s.len == len && memcmp(s.bytes, name, len) == 0) return slots[i] - 1;
    }
    return TF_NONE;
}

static uint32_t *index_of(struct shunt_desk *d, uint32_t count, name_of *of, uint32_t *cap)
{
    *cap = 2;
    while (*cap < 2 * count) *cap *= 2; /* at most 65,535 of a kind */
    uint32_t *slots = sh_txn_alloc(&d->txn, sh_array_len(*cap, sizeof *slots));
    for (uint32_t k = 0; k < count; k++) {
        struct shunt_string s = of(d->t, k);
        uint32_t i = (uint32_t)sh_hash(d->sip_key, 0, s.bytes, s.len) & (*cap - 1);
        while (slots[i]) i = (i + 1) & (*cap - 1);
        slots[i] = k + 1;
    }
    return slots;
}

void sh_desk_index_names(struct shunt_desk *d)
{
    d->agent_names = index_of(d, d->t->AGENT_count, agent_name, &d->agent_names_cap);
    d->team_names = index_of(d, d->t->TEAM_count, team_name, &d->team_names_cap);
}

uint32_t sh_desk_find_agent(const struct shunt_desk *d, const char *name, size_t len)
{
    return find(d, d->agent_names, d->agent_names_cap, agent_name, name, len);
}

uint32_t sh_desk_find_team(const struct shunt_desk *d, const char *name, size_t len)
{
    return find(d, d->team_names, d->team_names_cap, team_name, name, len);
}

/* ---- back ---- */

struct shunt_string sh_desk_rule_name(const struct shunt_desk *d, uint32_t rule, bool *is_takes)
{
    *is_takes = false;
    if (rule < d->t->RULE_count) return shunt_rule_name(d->t, rule, is_takes);
    return d->gone_rules.at[rule - d->t->RULE_count];
}

struct shunt_string sh_desk_label_name(const struct shunt_desk *d, uint32_t label)
{
    uint32_t count = le32(d->t->ATTR[TF_LABELS].atom_count);
    return label < count ? shunt_label_name(d->t, label) : d->gone_labels.at[label - count];
}

/* ---- words ---- */

const char *shunt_state_name(unsigned state)
{
    static const char *const names[] = {"assigned",   "offered", "queued", "held",
                                        "unassigned", "pending", "closed"};
    return state < sizeof names / sizeof *names ? names[state] : NULL;
}

static const char *const why_names[] = {
#define STRATEGY(id, spelling) [SHUNT_WHY_##id] = spelling,
#include "strategies.def"
#undef STRATEGY
#define WHY(id, spelling) [SHUNT_WHY_##id] = spelling,
#include "whys.def"
#undef WHY
};

const char *shunt_why_name(unsigned why)
{
    return why < sizeof why_names / sizeof *why_names ? why_names[why] : NULL;
}

static const struct refusal_row {
    const char *code, *text;
} refusal_rows[SHUNT_REFUSAL_COUNT] = {
#define REFUSAL(id, code, message) [SHUNT_REFUSED_##id] = {code, message},
#include "refusals.def"
#undef REFUSAL
};

const char *shunt_refusal_code(unsigned reason)
{
    return reason < SHUNT_REFUSAL_COUNT ? refusal_rows[reason].code : NULL;
}

const char *shunt_refusal_text(unsigned reason)
{
    return reason < SHUNT_REFUSAL_COUNT ? refusal_rows[reason].text : NULL;
}

/* Strategies and their whys are one numbering. */
#define STRATEGY(id, spelling) _Static_assert((int)SHUNT_WHY_##id == (int)TF_##id, spelling);
#include "strategies.def"
#undef STRATEGY
