/*
 * An open table as the rest of the runtime sees it: every section as a typed pointer and a count.
 *
 * Made by shunt_table_open() alone, after everything in it has been verified: whoever holds one may follow
 * any index in it without a check (what is verified: the files verify*.c, and docs/TABLE-FORMAT.md). The
 * sections lie in the caller's bytes; the struct and what is derived from them are one block of the caller's
 * hooks.
 */
#ifndef SHUNT_RUNTIME_TABLE_H
#define SHUNT_RUNTIME_TABLE_H

#include "crc32c.h"
#include "format.h"
#include "shunt.h"
#include "words.h"

/* How the entries of rules that decide are gone through: match.c. */
enum sh_index_kind {
    SH_FLAT, /* all stand in the last bucket, and are few */
    SH_SMALL,
    SH_LARGE, /* what is read of them is seldom in the cache */
    SH_SECOND /* their signatures have second hashes; mostly they are more still */
};

/* A state of an automaton, as texts are read by it. */
struct sh_ac_state {
    uint32_t edge_first; /* of those of the automaton */
    uint32_t contains; /* 1 + the AC_PATTERN of the nearest state along the fail links, itself counted and the
                          root not, that has a `contains` pattern; 0: none */
};
/* Bits of a state: 1 << kind where it has a pattern of that kind; this one where it or one along its links
 * has a `suffix` pattern, the root not counted. */
enum { SH_AC_ENDS = 1 };

struct shunt_table {
    struct shunt_hooks hooks;
    const uint8_t *bytes;
    size_t len;
    size_t block_len; /* of this struct and the derived arrays behind it */

    /* t->HOURS, t->HOURS_count and so on. An absent section has count 0 and a pointer that is not NULL. No
     * count reaches TF_NONE. */
#define X(id, name, type)                                                                                    \
    const type *name;                                                                                        \
    uint32_t name##_count;
    TF_SECTIONS(X)
#undef X

    /* Derived on opening. */
    struct tf_entry otherwise; /* as the index would have it, for every ticket */
    struct tf_facts facts;
    bool has_avx2;             /* the processor has what match.c can use */
    bool files_channels;       /* the index has entries filed under channels, or that ask for one */
    enum sh_index_kind index_kind;
    uint32_t cont_sig_len;     /* bytes of a signature of CONT_SIG */
    uint8_t *name_tags;        /* by place in ATOM_HASH: sh_name_tag() of the name there; 0: empty. Behind the
                                  last place the first ones again: sh_tag_count() */
    uint8_t *attr_read;        /* by attribute: 1 where a condition reads its content */
    uint32_t *attr_automaton;  /* by attribute: its AC_ROOT, or TF_NONE */
    uint32_t *attr_bounds;     /* by attribute: its first fact by NUMBERs, or 0: there is none */
    uint32_t *attr_order;      /* the attributes by name, those of one name by place; of few: not there */
    struct sh_ac_state *ac_states; /* by AC_STATE; behind each automaton's one more, where its edges end */
    uint8_t *ac_kinds;             /* by AC_STATE: bits, see above */
    uint16_t (*ac_root)[256]; /* by AC_ROOT and byte: the state where an edge of the root leads, 256 at the
                                 most, as edges lead to states in their order; or 0 */
};

/* SHUNT_PRIORITY_LOW and on. */
extern const struct shunt_string sh_priority_names[SHUNT_PRIORITY_URGENT + 1];

/* String `id` of the table; bytes NULL for TF_NONE. */
static inline struct shunt_string sh_string(const struct shunt_table *t, uint32_t id)
{
    if (id == TF_NONE) return (struct shunt_string){NULL, 0};
    uint32_t off = le32(t->STRING_OFFS[id]);
    return (struct shunt_string){(const char *)t->STRING_BYTES + off, le32(t->STRING_OFFS[id + 1]) - off - 1};
}

/* Of a name's hash: what is asked before the name itself, which is in another four places of memory. Not 0.
 */
static inline uint8_t sh_name_tag(uint32_t hash)
{
    return (uint8_t)(hash >> 24 | 1);
}

/* From any place sixteen tags can be read: behind the last one stand the first fifteen, of fewer places each
 * as often as it takes. */
enum { SH_TAGS_AGAIN = 15 };
static inline uint64_t sh_tag_count(const struct shunt_table *t)
{
    return t->ATOM_HASH_count == 0 ? 0 : (uint64_t)t->ATOM_HASH_count + SH_TAGS_AGAIN;
}

/* Of NUMBER. */
static inline double sh_number(const struct shunt_table *t, uint32_t i)
{
    uint64_t bits = le64(t->NUMBER[i]);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* A number that the format keeps as int32. */
static inline int32_t sh_int32(le32_t v)
{
    return (int32_t)le32(v);
}

/* A map by channel at a channel (value index of attribute channel), or for a ticket without one (TF_NONE). */
uint32_t sh_by_channel(const struct shunt_table *t, const struct tf_channel_map *map, uint32_t channel);

/* Where its facts stand (TABLE-FORMAT 8); ATTR must be right. */
struct tf_facts sh_facts(const struct shunt_table *t);

/* ---- memory ---- */

/* The hooks given, or malloc's where NULL is given. */
struct shunt_hooks sh_hooks(const struct shunt_hooks *given);
/* No block is longer. So where a size has 32 bits a length of a block and some more cannot overflow; nothing
 * larger could be had there. */
#define SH_LEN_MAX (SIZE_MAX / 4)
/* The bytes of so many items; for more than a block has, so many that there is no memory for them. */
static inline size_t sh_array_len(uint64_t count, size_t item_len)
{
    return count <= SH_LEN_MAX / item_len ? (size_t)count * item_len : SIZE_MAX;
}
/* NULL where there is no memory. len > 0. */
void *sh_alloc(const struct shunt_hooks *hooks, size_t len);
void *sh_alloc_zero(const struct shunt_hooks *hooks, size_t len);
/* The block with another length, moved or not; NULL: no memory, and the block is as before. */
void *sh_resize(const struct shunt_hooks *hooks, void *block, size_t old_len, size_t new_len);
void sh_free(const struct shunt_hooks *hooks, void *block, size_t len);

#endif
