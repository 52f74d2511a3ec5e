/*
 * Inside the verifier: what verify.c and verify_*.c share. Nobody else includes it.
 *
 * A pass looks at some sections, assumes what the passes before it in verify.c's list have shown, and
 * promises that every index in its own sections may be followed. All passes together take time and room
 * linear in the table, whatever its bytes: records may share lists, so no list is walked for each record that
 * names it. Instead it is counted once how many items before each place are wrong; a list is right where that
 * count does not grow within it.
 */
#ifndef SHUNT_RUNTIME_VERIFY_H
#define SHUNT_RUNTIME_VERIFY_H

#include "table.h"
#include "ticket.h"

struct verify {
    struct shunt_table *t;
    struct shunt_table_error *error;
    uint64_t *condition; /* a bit for each unit of CODE at which a condition begins */
    uint64_t *plain;     /* by unit, too: see verify_units.c */
    uint64_t *ends;
    uint64_t *seen;      /* a bit for each atom that was met: a name in ATOM_HASH, a pattern at its state */
    uint32_t *wrong;     /* by place in whichever section: wrong items before it */
    uint32_t *unordered; /* the same: items before it that do not come before the one behind them */
    uint32_t *twice; /* by place in LIST: 1 + the last place before it whose value stood earlier, see there */
    uint32_t *last;  /* by value: 1 + its last place */
    uint32_t last_count;
};

/* Fills in the error; always false. section: 0 for the header. */
bool sh_bad(struct verify *v, uint32_t section, uint64_t record, const char *reason);

/* Leaves the calling pass with an error unless the condition holds. */
#define REQUIRE(condition, section, record, reason)                                                          \
    do {                                                                                                     \
        if (!(condition)) return sh_bad(v, TF_##section, (record), (reason));                                \
    } while (0)

/* verify_file.c: header and directory into *t, which holds the bytes; the checksum. Needs no room. */
enum shunt_status sh_verify_file(struct shunt_table *t, struct shunt_table_error *error);
/* verify.c: everything else. SHUNT_OK, SHUNT_NO_MEMORY, SHUNT_TABLE_DAMAGED. */
enum shunt_status sh_verify_records(struct shunt_table *t, struct shunt_table_error *error);

/* ---- lists ---- */

/* Whether [first, first + count) lies in a section of `total` records; an empty list begins at 0. */
bool sh_list_fits(uint64_t first, uint64_t count, uint64_t total);

/* A question about record i of the section that the caller has in mind. */
typedef bool sh_question(const struct verify *v, uint32_t i, uint32_t limit);
/* Asks it of each of `count` records: sh_list_right() then answers whether it is true of none in a list. */
void sh_count_wrong(struct verify *v, uint32_t count, sh_question *is_wrong, uint32_t limit);
bool sh_list_right(const struct verify *v, uint32_t first, uint32_t count);
/* The same of records and the ones behind them, but for the last: sh_list_ordered() for a list. */
void sh_count_unordered(struct verify *v, uint32_t count, sh_question *is_unordered);
bool sh_list_ordered(const struct verify *v, uint32_t first, uint32_t count);

/* Counts the items of LIST that are not below the limit as wrong. */
void sh_count_list(struct verify *v, uint32_t limit);
/* Whether no value stands twice in a list of LIST. */
bool sh_list_distinct(const struct verify *v, uint32_t first, uint32_t count);

/* ---- small questions ---- */

static inline bool sh_is_string(const struct shunt_table *t, le32_t id)
{
    return le32(id) + UINT64_C(1) < t->STRING_OFFS_count;
}
static inline bool sh_is_string_or_none(const struct shunt_table *t, le32_t id)
{
    return le32(id) == TF_NONE || sh_is_string(t, id);
}
static inline bool sh_is_index_or_none(le32_t index, uint32_t count)
{
    return le32(index) == TF_NONE || le32(index) < count;
}
/* Whether a condition begins there in CODE. */
static inline bool sh_is_condition(const struct verify *v, le32_t off)
{
    return le32(off) < v->t->CODE_count && sh_bit(v->condition, le32(off));
}
static inline bool sh_is_zero(const uint8_t *bytes, size_t len)
{
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++) any |= bytes[i];
    return any == 0;
}
#define IS_ZERO(reserved) sh_is_zero((reserved), sizeof(reserved))

/* ---- verify_units.c ---- */

/* Fills in `plain` and `ends`, and notes whether plain units read the priority. has_avx2: the processor has.
 */
void sh_mark_units(struct verify *v, bool has_avx2);
/* Where a condition that begins there ends; 0: it is not seen to be right. */
uint32_t sh_plain_condition(const struct verify *v, uint32_t at);

/* ---- the passes ---- */

bool sh_verify_strings(struct verify *v);
bool sh_verify_policy(struct verify *v);
bool sh_verify_attrs(struct verify *v);
bool sh_verify_atom_hash(struct verify *v);
bool sh_verify_automata(struct verify *v);
bool sh_verify_numbers(struct verify *v);
bool sh_verify_code(struct verify *v);
/* The same without verify_units.c: its oracle. */
bool sh_verify_code_slowly(struct verify *v);
bool sh_verify_windows(struct verify *v);
bool sh_verify_zones(struct verify *v);
bool sh_verify_days(struct verify *v);
bool sh_verify_hours(struct verify *v);
bool sh_verify_by_channel(struct verify *v);
bool sh_verify_agents(struct verify *v);
bool sh_verify_teams(struct verify *v);
bool sh_verify_outcomes(struct verify *v);
bool sh_verify_rules(struct verify *v);
bool sh_verify_index(struct verify *v);
bool sh_verify_promises(struct verify *v);
bool sh_verify_descriptions(struct verify *v);
bool sh_verify_sources(struct verify *v);

#endif
