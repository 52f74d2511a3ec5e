/*
 * The binary table, as structs: the twin of docs/TABLE-FORMAT.md, which is the authority.
 *
 * Shared by compiler/ (which writes it) and runtime/ (which verifies and reads it). Every number is
 * little-endian in a wrapper struct, so that it cannot be read without le16(), le32() or le64(). No record has
 * implicit padding; reserved bytes are zero. Sections begin at multiples of 8.
 */
#ifndef SHUNT_RUNTIME_FORMAT_H
#define SHUNT_RUNTIME_FORMAT_H

#include <stdint.h>
#include <string.h>

typedef struct { uint8_t b[2]; } le16_t;
typedef struct { uint32_t raw; } le32_t; /* sections are 8-aligned, records keep it aligned */
typedef struct { uint64_t raw; } le64_t;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint32_t le32(le32_t v) { return v.raw; }
static inline uint64_t le64(le64_t v) { return v.raw; }
static inline le32_t to_le32(uint32_t v) { return (le32_t){v}; }
static inline le64_t to_le64(uint64_t v) { return (le64_t){v}; }
#else
static inline uint32_t le32(le32_t v) { return __builtin_bswap32(v.raw); }
static inline uint64_t le64(le64_t v) { return __builtin_bswap64(v.raw); }
static inline le32_t to_le32(uint32_t v) { return (le32_t){__builtin_bswap32(v)}; }
static inline le64_t to_le64(uint64_t v) { return (le64_t){__builtin_bswap64(v)}; }
#endif
static inline uint16_t le16(le16_t v) { return (uint16_t)(v.b[0] | v.b[1] << 8); }
static inline le16_t to_le16(uint16_t v) { return (le16_t){{(uint8_t)v, (uint8_t)(v >> 8)}}; }

#define TF_MAGIC "\x89SHUNT\r\n" /* 8 bytes: found damaged by text-mode copies, as PNG's */
enum {
    TF_VERSION = 2,         /* of this header */
    TF_LAST_COMPATIBLE = 2, /* the oldest reader version that can read what is written */
    TF_OLDEST = 2,          /* the oldest version that can be read */
    TF_FLAG_STRIPPED = 1
};
#define TF_NONE UINT32_MAX /* no string, no index */

struct tf_header {
    uint8_t magic[8];
    le16_t version, last_compatible;
    le32_t section_count;
    le64_t file_len;
    le32_t checksum; /* CRC-32C (Castagnoli) of the whole file with these four bytes zero */
    le32_t flags;
    uint8_t reserved[32];
}; /* 64 bytes; tf_section[section_count] follow */

struct tf_section {
    le32_t id;         /* enum tf_section_id; ascending, each at most once */
    le32_t record_len; /* bytes of a record */
    le64_t off;        /* from the start of the file; a multiple of 8; sections follow each other, zero padded */
    le64_t count;      /* records */
}; /* 24 bytes */

/* X(id, name, record type). A section that is absent is empty. */
#define TF_SECTIONS(X)                                                                                       \
    X(1, STRING_OFFS, le32_t)          /* string i is STRING_BYTES[offs[i] .. offs[i + 1] - 1), then a NUL */ \
    X(2, STRING_BYTES, uint8_t)        /* UTF-8; may hold NUL inside */                                       \
    X(3, POLICY, struct tf_policy)     /* exactly one */                                                      \
    X(4, ATTR, struct tf_attr)         /* channel labels segments priority subject body customer, then fields */ \
    X(5, ATOM, struct tf_atom)         /* what is told apart: members, listed values, channels, text patterns */ \
    X(6, ATOM_HASH, le32_t)            /* open addressing: atom index + 1, 0 empty; a power of two */         \
    X(7, CODE, struct tf_unit)         /* conditions: runtime/ops.def */                                      \
    X(8, NUMBER, le64_t)               /* doubles named in conditions, as bits; ascending, each once */        \
    X(9, RULE, struct tf_rule)         /* in order: rules, then takes of teams, then otherwise */             \
    X(10, OUTCOME, struct tf_outcome)                                                                        \
    X(11, STEP, struct tf_step)                                                                              \
    X(12, LIST, le32_t)                /* lists of indexes, named by first and count */                       \
    X(13, SKILL, le32_t)               /* string */                                                          \
    X(14, WINDOW, struct tf_range)     /* date ranges: active, away, closed */                                \
    X(15, WINDOW_SET, struct tf_window_set) /* a rule's active days, an agent's away */                      \
    X(16, ZONE, struct tf_zone)                                                                              \
    X(17, ZONE_TYPE, struct tf_zone_type)                                                                    \
    X(18, ZONE_CHANGE, struct tf_zone_change)                                                                \
    X(19, HOURS, struct tf_hours)      /* [0] is `always` */                                                  \
    X(20, WEEK, struct tf_week)                                                                              \
    X(21, DAY, struct tf_day)          /* runs of INTERVAL */                                                 \
    X(22, INTERVAL, struct tf_interval)                                                                      \
    X(23, SEASON, struct tf_season)                                                                          \
    X(24, SPECIAL, struct tf_special)                                                                        \
    X(25, AGENT, struct tf_agent)                                                                            \
    X(26, TEAM, struct tf_team)                                                                              \
    X(27, BY_CHANNEL, struct tf_by_channel)                                                                  \
    X(28, PROMISE, struct tf_promise)                                                                        \
    X(29, PROMISE_OUTCOME, struct tf_promise_outcome)                                                        \
    X(30, AC_ROOT, struct tf_automaton) /* one for each text attribute that has patterns, by attribute */     \
    X(31, AC_STATE, struct tf_ac_state)                                                                      \
    X(32, AC_EDGE, uint8_t)            /* the byte; SH_LANES may be read from each on: the index is behind */ \
    X(33, INDEX_BUCKET, le32_t)        /* deciding rules: atom_count + 2 starts; the last bucket: no atom */  \
    X(34, INDEX_SIG, uint8_t)          /* TF_SIG_LEN for each entry, and TF_SIG_SPARE */                      \
    X(35, INDEX_ENTRY, struct tf_entry)                                                                      \
    X(36, CONT_BUCKET, le32_t)         /* the same for rules that continue */                                 \
    X(37, CONT_SIG, uint8_t)                                                                                 \
    X(38, CONT_ENTRY, struct tf_entry)                                                                       \
    X(39, DESCRIPTION, struct tf_description) /* of rules, segments; sorted by kind, index */                 \
    X(40, AC_PATTERN, struct tf_ac_pattern) /* sorted by state, kind */                                       \
    X(41, RULE_NAME, le32_t)           /* string: of each rule an admin wrote; matching does not read them */ \
    X(48, SOURCE_FILE, le32_t)         /* string: relative to the root's folder. Dropped by --strip */        \
    X(49, SOURCE_DIGEST, uint8_t)      /* 32 bytes: SHA-256 over the sources. Dropped by --strip */           \
    X(50, SPAN, struct tf_span)        /* sorted by kind, index. Dropped by --strip */

enum tf_section_id {
#define X(id, name, type) TF_##name = id,
    TF_SECTIONS(X)
#undef X
};

struct tf_policy {
    le32_t name;            /* string or TF_NONE */
    le32_t zone;            /* the policy's; TF_NONE: none said (UTC counts) */
    le32_t zone_release;    /* string: "2025b"; TF_NONE where no zone is needed */
    le32_t unicode_version; /* string: "15.0.0": case folding and NFC */
    le32_t rule_count;      /* rules an admin wrote: RULE[0, rule_count) */
    le32_t takes_count;     /* RULE[rule_count, rule_count + takes_count): teams' takes; then one: otherwise */
    uint8_t presence_day;   /* 1: presence: day */
    uint8_t auto_assign, assign_on_reply;
    uint8_t has_otherwise;  /* 0: not said (there are no teams): unassigned */
    uint8_t reserved[4];
};

/* Types of attributes. */
enum tf_attr_type { TF_CHANNEL_T, TF_SET_T, TF_PRIORITY_T, TF_TEXT_T, TF_LISTED_T, TF_NUMBER_T, TF_BOOL_T };
/* The attributes every policy has, by index. */
enum { TF_CHANNEL, TF_LABELS, TF_SEGMENTS, TF_PRIORITY, TF_SUBJECT, TF_BODY, TF_CUSTOMER, TF_FIELD_FIRST };

struct tf_attr {
    le32_t name;
    le32_t atom_first, atom_count; /* its atoms: values in order, members, or patterns. Ranges follow each other */
    uint8_t type;
    uint8_t closed;                /* labels, segments: the list is closed */
    uint8_t reserved[2];
};

enum tf_atom_kind { TF_ATOM_NAME, TF_ATOM_EQUALS, TF_ATOM_PREFIX, TF_ATOM_SUFFIX, TF_ATOM_CONTAINS };
struct tf_atom {
    le32_t string;  /* NFC name, or the folded text of a pattern */
    uint8_t kind;   /* NAME for CHANNEL, SET, LISTED; else one of the others. (kind, string) once in an attribute */
    uint8_t reserved[3];
};

struct tf_rule {
    le32_t code;    /* CODE */
    le32_t outcome;
};

struct tf_outcome {  /* each once */
    le32_t step_first;    /* STEP */
    le32_t add_first;     /* LIST of atoms of labels */
    le32_t require_first; /* LIST of skills */
    le16_t step_count;    /* 0: continue */
    le16_t add_count, require_count;
    uint8_t set_priority, raise_priority; /* 0 none, else 1 low .. 4 urgent */
};

enum tf_target { TF_TO_TEAM, TF_TO_AGENT, TF_TO_NOBODY };
struct tf_step {
    le32_t target;    /* TEAM or AGENT index; TF_NONE for nobody */
    le32_t of_hours;  /* HOURS index or TF_NONE */
    le32_t after_sec; /* 0 in a first step */
    uint8_t kind;
    uint8_t reserved[3];
};

/* A range of dates. Dated: days since 1970-01-01. Yearly: 0..365, the day's place in a leap year; from > to wraps
 * round the year's end. Whether it is yearly is said beside it. In every list dated ranges come first, by from;
 * they do not overlap or touch; then yearly ones, the same. */
struct tf_range {
    le32_t from, to; /* int32; inclusive */
};
struct tf_window_set {
    le32_t first;        /* WINDOW */
    le32_t dated_count;  /* then yearly_count yearly ones */
    le32_t yearly_count;
};

struct tf_zone {
    le32_t name;
    le32_t type_first, type_count;     /* ZONE_TYPE; the first holds before the first change */
    le32_t change_first, change_count; /* ZONE_CHANGE, ascending */
    /* For ever after the last change: the zone's rule; has_rule 0: the last change's type stays. */
    uint8_t has_rule;                  /* 0; 1 with daylight saving; 2 without (std alone) */
    uint8_t reserved[3];
    le32_t std_offset_sec, dst_offset_sec; /* int32, east of UTC */
    le32_t std_isdst, dst_isdst;           /* 0 or 1 */
    struct tf_zone_rule {
        uint8_t kind;      /* 0: month, week, day ("M10.5.0"); 1: Julian 1..365 without Feb 29 ("J60"); 2: 0..365 */
        uint8_t month, week, wday; /* kind 0: 1..12, 1..5, 0 Sunday .. 6 */
        le32_t yday;       /* kinds 1, 2 */
        le32_t time_sec;   /* int32: local wall time of the change, -167 h .. 167 h */
    } to_dst, to_std;
};
struct tf_zone_type { le32_t offset_sec; /* int32 */ uint8_t isdst; uint8_t reserved[3]; };
struct tf_zone_change { le64_t at; /* int64, seconds since 1970 UTC */ le32_t type; /* within the zone */ le32_t reserved; };

struct tf_hours {
    le32_t name;
    le32_t zone;          /* TF_NONE for always: no zone */
    le32_t outside;       /* HOURS index, smaller than this one's; TF_NONE: the week below counts */
    le32_t week;          /* WEEK: weekly; TF_NONE where outside (and for always) */
    le32_t season_first, season_dated_count, season_yearly_count;
    le32_t special_first, special_dated_count, special_yearly_count;
    le32_t closed;        /* WINDOW_SET; TF_NONE: never */
    le32_t holidays_first, holidays_count; /* LIST of WINDOW_SET: those of calendar files */
    le32_t breaks;        /* WEEK: out of weekly and of the seasons' weeks; TF_NONE: none */
    le32_t every_weeks;   /* 0: every week */
    le32_t every_from;    /* int32 day */
    uint8_t chain;        /* how many `outside` follow each other below this one; at most TF_OUTSIDE_MAX */
    uint8_t always;       /* 1: [0] alone */
    uint8_t reserved[2];
};
enum { TF_OUTSIDE_MAX = 64 };

struct tf_week { le32_t day[7]; };                /* DAY indexes, Monday first; nights split */
struct tf_day { le32_t interval_first; le32_t interval_count; };
struct tf_interval { le16_t from_min, to_min; };  /* from < to <= 1440; ascending, not touching */
struct tf_season { le32_t from, to; le32_t week; };   /* as tf_range; sorted, without overlaps */
struct tf_special { le32_t day; le32_t hours; };      /* day as in tf_range; DAY index; sorted */

/* Maps by channel: BY_CHANNEL[first, first + count) sorted by channel; `other` where the channel is not there and
 * for a ticket without one. */
struct tf_channel_map { le32_t first, count, other; };
struct tf_by_channel { le32_t channel; /* value index of attribute channel */ le32_t value; };

enum tf_role { TF_VIEWER, TF_AGENT_ROLE, TF_MANAGER, TF_ADMIN, TF_OWNER };
struct tf_agent {
    le32_t name;
    le32_t display_name;               /* string or TF_NONE */
    struct tf_channel_map rank;        /* 1..100 */
    struct tf_channel_map limit;       /* TF_NONE: no limit (always the `other`) */
    struct tf_channel_map device;      /* string or TF_NONE */
    le32_t limit_total;                /* TF_NONE: none */
    le32_t skill_first, skill_count;   /* LIST of skills, ascending */
    le32_t channel_first, channel_count; /* LIST of channels, ascending; channel_first TF_NONE: all */
    le32_t hours;                      /* HOURS or TF_NONE */
    le32_t away;                       /* WINDOW_SET or TF_NONE */
    uint8_t role, weight;
    uint8_t reserved[2];
};

enum tf_after_hours { TF_HOLD = 0, TF_LEAVE = 1, TF_TO_FIRST = 2 }; /* 2 + team index: {to: team} */
enum tf_rotation { TF_ROTATION_TEAM, TF_ROTATION_CHANNEL, TF_ROTATION_GLOBAL };
struct tf_team {
    le32_t name;
    le32_t description;                /* string or TF_NONE */
    le32_t member_first, member_count; /* LIST of agents, in order; of `all`: everyone but viewers */
    struct tf_channel_map assign;      /* enum tf_strategy (strategies.def) */
    struct tf_channel_map hours;       /* HOURS index, 0 always */
    struct tf_channel_map after_hours; /* enum tf_after_hours, or TF_TO_FIRST + team */
    uint8_t rotation;
    uint8_t backlog_leave, sticky, members_only, on_shift;
    uint8_t agents_all;
    uint8_t reserved[2];
};

enum tf_strategy {
#define STRATEGY(id, spelling) TF_##id,
#include "strategies.def"
#undef STRATEGY
    TF_STRATEGY_COUNT
};

enum tf_outcome_kind { TF_P_TEAM_IN, TF_P_NOT_TEAM, TF_P_AGENT, TF_P_UNASSIGNED, TF_P_RULE, TF_P_PRIORITY };
struct tf_promise { le32_t text; le32_t code; le32_t outcome_first, outcome_count; };
struct tf_promise_outcome {
    le32_t first, count; /* LIST of teams, agents, RULE records; of nobody and of a priority: 0 and 0 */
    uint8_t kind;
    uint8_t priorities;  /* a set of bits: bit p: priority p is as promised */
    uint8_t reserved[2];
};

/* Aho-Corasick over folded bytes, one automaton for each attribute; state 0 of each is its root, states in
 * breadth-first order (so a state's links lead to smaller ones, and edge i of an automaton leads to its state i + 1;
 * the edges of a state follow those of the state before). The root's patterns are those of the empty text. */
struct tf_automaton { le32_t attr; le32_t state_first, state_count; };
struct tf_ac_state {
    le32_t fail_edges; /* the state of the longest proper suffix, in this automaton; how many edges << TF_AC_SHIFT */
};
enum {
    TF_AC_SHIFT = 24,
    TF_AC_STATES_MAX = 1 << TF_AC_SHIFT, /* of an automaton */
    TF_AC_MASK = TF_AC_STATES_MAX - 1
};
static inline uint32_t tf_ac_fail(const struct tf_ac_state *s) { return le32(s->fail_edges) & TF_AC_MASK; }
static inline uint32_t tf_ac_edge_count(const struct tf_ac_state *s) { return le32(s->fail_edges) >> TF_AC_SHIFT; }
struct tf_ac_pattern { le32_t state; /* AC_STATE */ le32_t atom; /* its text is that state's */ };

enum tf_described { TF_D_RULE, TF_D_ATOM };
struct tf_description { le32_t kind, index, string; };

/* What a span is of. ONE for each rule, otherwise, takes, agent, team, hours, promise: its declaration; for each
 * test in CODE: index is that of its op (several rules may share it: the first that wrote it). Of takes: one for each of the team's,
 * all with the index of their RULE, in order. RULE, TAKES, OTHERWISE, RULE_WHEN: index of RULE. */
enum tf_span_kind { TF_S_RULE, TF_S_TAKES, TF_S_OTHERWISE, TF_S_AGENT, TF_S_TEAM, TF_S_HOURS, TF_S_PROMISE, TF_S_ATTR, TF_S_CODE, TF_S_RULE_WHEN };
struct tf_span { le32_t kind, index, file, line, column, length; };

/*
 * The index. A condition is turned into terms, one of which holds whenever the condition does: a term requires
 * some atoms, and admits some priorities and channels. An entry is a term: it is filed in the bucket of its
 * rarest required atom (the last bucket where it requires none), in each bucket by rule. Its signature is its
 * guard, of two bytes, and a hash of its second rarest atom. The signatures of a bucket stand together: the low
 * bytes of all its guards, then the high ones, then the hashes, and of a large index a second hash of each.
 */
enum {
    TF_GUARD_PRIORITY_SHIFT = 0,  /* 4 bits: this priority is NOT admitted */
    TF_GUARD_CHANNEL_SHIFT = 4,   /* 12 bits: bit (channel % 11): no channel with that remainder is admitted; */
    TF_GUARD_NO_CHANNEL_BIT = 15, /* bit 15: a ticket without a channel is not admitted */
    TF_GUARD_CHANNEL_CLASSES = 11,
    TF_SIG_LEN = 3,         /* or one more, where signatures have second hashes, */
    TF_SECOND_FROM = 32769, /* as the format's writer gives them to so many entries */
    TF_FLAT_MAX = 32, /* so many entries may all stand in the last bucket, as the format's writer puts them */
    TF_SIG_SPARE = 32 /* zero bytes behind the last signature: so many may be read from any place */
};
#define TF_GUARD_NO_CHANNEL (UINT32_C(1) << TF_GUARD_NO_CHANNEL_BIT)
static inline uint32_t tf_guard_priority(uint32_t priority)
{
    return UINT32_C(1) << (TF_GUARD_PRIORITY_SHIFT + priority);
}
static inline uint32_t tf_guard_channel(uint32_t channel)
{
    return UINT32_C(1) << (TF_GUARD_CHANNEL_SHIFT + channel % TF_GUARD_CHANNEL_CLASSES);
}
/* Never 0, which says that no second atom is required. */
static inline uint8_t tf_sig_hash(uint32_t atom)
{
    uint32_t hash = atom * 2654435761u >> 24;
    return (uint8_t)(hash + !hash);
}
/* The second hash, of the third fact or else the second: eight other bits of the product. As they are they say
 * where it stands in a set of 256 bits; in a signature they stand as they are looked up, like tf_sig_hash()'s
 * (ticket.h). */
static inline uint32_t tf_second_place(uint32_t atom)
{
    return atom * 2654435761u >> 16 & UINT8_MAX;
}
static inline uint8_t tf_sig_second(uint32_t atom)
{
    uint32_t place = tf_second_place(atom);
    return (uint8_t)((place & 0x80) | (place & 0x40) >> 3 | (place & 0x38) >> 3 | (place & 7) << 4);
}
/* An entry may match where no bit is both in its guard and in the ticket's (of its priority and its channel), and
 * its hashes are 0 or those of the ticket's atoms. Where `also` and `third` are true of the ticket too, it does,
 * but where its code has to be asked. */
struct tf_entry {
    le32_t key;   /* rule << 1; 1 more: the code is to be asked */
    le32_t also;  /* the second rarest fact that is required; atom_count: none */
    le32_t third; /* fact << 1 of one more that is required; 1 more: that is forbidden. atom_count << 1: none */
};
/* Facts: the atoms; atom_count: always; then two for each attribute: that it exists, that it is true; and those of
 * struct tf_facts. */
static inline uint32_t tf_fact_exists(uint32_t atom_count, uint32_t attr)
{
    return atom_count + 1 + 2 * attr;
}
static inline uint32_t tf_fact_bool(uint32_t atom_count, uint32_t attr)
{
    return atom_count + 2 + 2 * attr;
}
/* Where the other facts begin, and how many there are in all. Two for each HOURS: inside, outside; two for each
 * WINDOW_SET: in it, not in it; `bounds_len` for each attribute that is a number: that it is at least NUMBER i, that it is
 * above it. What is true of those stands in front of what is not, and one more at least is never true. */
struct tf_facts {
    uint32_t hours, windows, bounds, bounds_len; /* bounds_len 0: none, as they would be too many */
    uint64_t count;
};
enum { TF_FACT_WORD = 64, TF_BOUNDS_MAX = 8192 };
static inline struct tf_facts tf_facts(const struct tf_attr *attr, uint32_t attr_count, uint32_t atom_count,
                                       uint32_t hours_count, uint32_t window_set_count, uint32_t number_count)
{
    const uint64_t word = TF_FACT_WORD;
    uint64_t hours = (atom_count + 2 * (uint64_t)attr_count + word) / word * word;
    uint64_t windows = hours + 2 * (uint64_t)hours_count;
    uint64_t bounds = (windows + 2 * (uint64_t)window_set_count + word - 1) / word * word;
    uint64_t len = (2 * (uint64_t)number_count / word + 1) * word, number_attrs = 0;
    for (uint32_t i = 0; i < attr_count; i++) number_attrs += attr[i].type == TF_NUMBER_T;
    if (number_count == 0 || number_count * number_attrs > TF_BOUNDS_MAX) len = 0;
    struct tf_facts f = {(uint32_t)hours, (uint32_t)windows, (uint32_t)bounds, (uint32_t)len, bounds + len * number_attrs};
    return f;
}
/* Of each attribute the first fact of its bounds; 0: it has none. */
static inline void tf_place_bounds(const struct tf_facts *f, const struct tf_attr *attr, uint32_t attr_count,
                                   uint32_t *bounds_of)
{
    uint32_t next = f->bounds;
    for (uint32_t i = 0; i < attr_count; i++) {
        uint32_t len = attr[i].type == TF_NUMBER_T ? f->bounds_len : 0;
        bounds_of[i] = len > 0 ? next : 0;
        next += len;
    }
}

/* How many places in a row of ATOM_HASH may be taken, so that looking a name up is bounded whoever chose the names. Of a
 * million chosen otherwise, three quarters of the places taken, about 400 stand together at most. */
enum { TF_NAME_RUN_MAX = 1000 };

/* As a number, whatever the processor's order. */
static inline uint64_t tf_eight_bytes(const char *p)
{
    le64_t word;
    memcpy(&word, p, sizeof word);
    return le64(word);
}

/* The last `rest` of the bytes, fewer than eight, as a number: where there is a word, those of the last one.
 */
static inline uint64_t tf_last_bytes(const char *p, size_t len, uint32_t rest)
{
    if (len >= 8) return tf_eight_bytes(p + len - 8) >> 1 >> (63 - 8 * rest);
    uint64_t v = 0;
    while (rest-- > 0) v = v << 8 | (unsigned char)p[rest];
    return v;
}

/* The hash of ATOM_HASH, over attribute index and bytes: eight at a time, mixed. Linear probing. */
static inline uint32_t tf_name_hash(uint32_t attr, const char *p, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ attr * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t rest = len % 8;
    uint64_t last = (uint64_t)(rest + 1) << 8 * rest | tf_last_bytes(p, len, rest);
    for (; len >= 8; p += 8, len -= 8) {
        h = (h ^ tf_eight_bytes(p)) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    h = (h ^ last) * UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 29;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 32);
}

/*
 * Conditions in CODE: a row of them without gaps, each once; `code` fields name their first units. A unit is an op and
 * its first operand (0: it has none), or one number more. Units are of one length, so that whether a node is right can
 * be asked of all of them without knowing where each begins: see runtime/verify_units.c.
 */
struct tf_unit {
    uint8_t tag;   /* enum tf_op, TF_TAG_CMP + enum tf_cmp, TF_TAG_ITEM, TF_TAG_HIGH */
    le16_t number; /* TF_WIDE and 15 bits: the next unit is HIGH and has the others, which are not 0 */
};
enum { TF_TAG_CMP = 128, TF_TAG_ITEM = 132, TF_TAG_HIGH = 133, TF_WIDE = 0x8000, TF_WIDE_SHIFT = 15 };
enum tf_op {
#define OP(id, types, first, second, third, meaning) TF_OP_##id,
#include "ops.def"
#undef OP
    TF_OP_COUNT
};
/* Of conditions in CODE. The language allows 64 parentheses within each other; inside each, and outside, an OR of ANDs
 * of NOTs: 65 * 3 nodes. Then a test with its own NOT (`!=`), an AND of `when` and `match`, and one with the active
 * days: 199. */
enum { TF_NESTING_MAX = 200 };
enum tf_cmp { TF_LT, TF_LE, TF_GT, TF_GE };

#endif
