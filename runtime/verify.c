/*
 * A table's records to true or false: the list of passes, and what they share. See verify.h for how lists
 * that records share are verified in linear time.
 *
 * What is not verified is what can make an answer wrong but no call unsafe, and would cost more than reading
 * the bytes: that the index leaves out no rule, that the automaton's links are the right ones, that no name
 * is there twice, that texts are folded. The checksum stands for those; the compiler's tests do.
 */
#include "verify.h"

bool sh_bad(struct verify *v, uint32_t section, uint64_t record, const char *reason)
{
    *v->error = (struct shunt_table_error){SHUNT_TABLE_DAMAGED, section, record, reason};
    return false;
}

/* In this order: each may assume what those before it have shown. */
static bool (*const passes[])(struct verify *) = {
    sh_verify_strings, sh_verify_policy,     sh_verify_attrs,    sh_verify_atom_hash,    sh_verify_automata,
    sh_verify_numbers, sh_verify_code,       sh_verify_windows,  sh_verify_zones,        sh_verify_days,
    sh_verify_hours,   sh_verify_by_channel, sh_verify_agents,   sh_verify_teams,        sh_verify_outcomes,
    sh_verify_rules,   sh_verify_index,      sh_verify_promises, sh_verify_descriptions, sh_verify_sources,
};

/* ---- room ---- */

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Of the sections whose places are counted. */
static uint32_t most_places(const struct shunt_table *t)
{
    uint32_t most =
        larger(larger(t->LIST_count, t->WINDOW_count), larger(t->INTERVAL_count, t->BY_CHANNEL_count));
    return larger(most, larger(t->SEASON_count, t->SPECIAL_count));
}

/* Values of LIST are indexes into these. */
static uint32_t most_values(const struct shunt_table *t)
{
    return larger(larger(t->ATOM_count, t->SKILL_count),
                  larger(t->AGENT_count, larger(t->TEAM_count, t->RULE_count)));
}

/* The room's parts in v, from `block` on (NULL: only counted); answers its bytes. 64-bit sums do not
 * overflow: no count reaches 2^32. */
static uint64_t lay_out(struct verify *v, uint64_t *block)
{
    const struct shunt_table *t = v->t;
    uint64_t code = sh_words(t->CODE_count) + 1, atoms = sh_words(t->ATOM_count);
    uint64_t places = (uint64_t)most_places(t) + 1, list = (uint64_t)t->LIST_count + 1;
    v->last_count = most_values(t);
    if (block) {
        v->condition = block;
        v->plain = v->condition + code;
        v->ends = v->plain + code;
        v->seen = v->ends + code;
        v->wrong = (uint32_t *)(v->seen + atoms);
        v->unordered = v->wrong + places;
        v->twice = v->unordered + places;
        v->last = v->twice + list;
    }
    return (3 * code + atoms) * 8 + (2 * places + list + v->last_count) * 4;
}

/* twice[i]: 1 + the last place before i that holds, for the second time, a value that stood earlier; so a
 * list [first, end) is distinct where the earlier place of each is before first: kept is 1 + that earlier
 * place, the largest so far. */
static void count_twice(struct verify *v)
{
    for (uint32_t i = 0; i < v->t->LIST_count; i++) {
        uint32_t value = le32(v->t->LIST[i]), earlier = 0;
        if (value < v->last_count) {
            earlier = v->last[value];
            v->last[value] = i + 1;
        }
        v->twice[i + 1] = larger(v->twice[i], earlier);
    }
}

enum shunt_status sh_verify_records(struct shunt_table *t, struct shunt_table_error *error)
{
    struct verify v = {.t = t, .error = error};
    uint64_t room_len = lay_out(&v, NULL);
    uint64_t *room = room_len > SIZE_MAX ? NULL : sh_alloc_zero(&t->hooks, (size_t)room_len);
    if (!room) return SHUNT_NO_MEMORY;
    lay_out(&v, room);
    count_twice(&v);
    bool right = true;
    for (size_t i = 0; right && i < sizeof passes / sizeof *passes; i++) right = passes[i](&v);
    sh_free(&t->hooks, room, (size_t)room_len);
    return right ? SHUNT_OK : SHUNT_TABLE_DAMAGED;
}

/* ---- lists ---- */

bool sh_list_fits(uint64_t first, uint64_t count, uint64_t total)
{
    return count == 0 ? first == 0 : first <= total && count <= total - first;
}

void sh_count_wrong(struct verify *v, uint32_t count, sh_question *is_wrong, uint32_t limit)
{
    for (uint32_t i = 0; i < count; i++) v->wrong[i + 1] = v->wrong[i] + is_wrong(v, i, limit);
}

bool sh_list_right(const struct verify *v, uint32_t first, uint32_t count)
{
    return v->wrong[first] == v->wrong[first + count];
}

void sh_count_unordered(struct verify *v, uint32_t count, sh_question *is_unordered)
{
    for (uint32_t i = 0; i + 1 < count; i++) v->unordered[i + 1] = v->unordered[i] + is_unordered(v, i, 0);
}

bool sh_list_ordered(const struct verify *v, uint32_t first, uint32_t count)
{
    return count < 2 || v->unordered[first] == v->unordered[first + count - 1];
}

static bool not_below(const struct verify *v, uint32_t i, uint32_t limit)
{
    return le32(v->t->LIST[i]) >= limit;
}

void sh_count_list(struct verify *v, uint32_t limit)
{
    sh_count_wrong(v, v->t->LIST_count, not_below, limit);
}

bool sh_list_distinct(const struct verify *v, uint32_t first, uint32_t count)
{
    return v->twice[first + count] <= first;
}
