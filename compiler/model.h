/*
 * The model: a policy after every name has found its meaning. Ids instead of names, typed conditions,
 * schedules as weeks and dates. Made by resolve (resolve*.c) from the tree, filled in by nobody else; read by
 * check (warnings) and lower (the table). Ids are indexes into the model's arrays. `decl` points into the tree,
 * which check sees and lower does not.
 */
#ifndef SHUNT_COMPILER_MODEL_H
#define SHUNT_COMPILER_MODEL_H

#include "ast.h"
#include "../runtime/format.h"

#define NONE UINT32_MAX

typedef VEC(uint32_t) ids;
typedef VEC(struct span) spans;

/* `wrong`, below: an error was told of the thing or of what it is made from, so nothing is known of it for sure. */

/* ---- attributes ---- */

struct m_value {
    struct name name;        /* .at: where it was declared, or first used where the list is open */
    struct str description;  /* segments; .p NULL: none */
    bool declared;
    bool used;               /* in a condition, a takes, or add */
};

struct m_attr {
    struct name name;
    enum tf_attr_type type;
    bool closed;             /* CHANNEL and LISTED always; labels, segments where the policy lists them */
    VEC(struct m_value) values; /* CHANNEL, LISTED: in order; SET: declared order where closed, else by bytes; others: none */
    struct strmap ids;       /* value name -> index */
    bool used;               /* a condition reads it */
    bool wrong;              /* of channels and fields */
};

/* ---- conditions ---- */

/* What the ops of runtime/ops.def mean with names in place of atoms, and one that has no op of its own. */
enum cond_op {
#define OP(id, types, first, second, third, meaning) COND_##id,
#include "../runtime/ops.def"
#undef OP
    /* Made by resolve: TRUE FALSE NOT AND OR as they are.
     * HAS_ANY         any of ids; never HAS or PRIORITY_IN, which lowering chooses; HAS_ALL  all of ids
     * COMPARE         cmp ids[0];  NUMBER_COMPARE  cmp numbers[0];  NUMBER_IN  any of numbers
     * EXISTS BOOL     attr alone;  DURING  ids[0]: hours;  ACTIVE  ids[0]: date set, of a rule's active days
     * Any other op: attr, and what its operands want of cmp, ids, numbers, texts. */
    COND_TEXT, /* any of ids, which are texts of the model, as text_kind says */
    /* Until it is resolved: a test whose names and texts are numbers (numbering.h). attr is one, ids are some; or it
     * has `numbers`, as written, or nothing where values are of both kinds; cmp is its enum test_op. The NOT, AND and
     * OR around it are as they will be. */
    COND_NUMBERED
};

enum cond_holds { HOLDS_IDS, HOLDS_NUMBERS, HOLDS_TEXTS, HOLDS_KIDS }; /* TEXTS: as ids */

struct cond {                      /* a large policy has half a million: 32 bytes */
    enum cond_op op : 8;
    enum tf_cmp cmp : 8;
    enum tf_atom_kind text_kind : 8;
    enum cond_holds holds : 8;     /* what it has `count` of; NOT, AND and OR: kids */
    uint32_t attr;
    struct span at;                /* of the test as written; a negated spelling (!=, not in …) spans the same as its NOT */
    uint32_t count;
    union {
        uint32_t one;              /* the id, where there is one: see cond_ids() */
        uint32_t *ids;             /* ascending, each once */
        double number;             /* as `one`: see cond_numbers() */
        double *numbers;           /* ascending, each once; -0 is 0 */
        struct cond *kids;         /* one behind the other. NOT: 1; AND, OR: 2 or more */
    };
};

/* Most tests name one thing, which stands in the test itself. */
static inline const uint32_t *cond_ids(const struct cond *c)
{
    return c->count == 1 ? &c->one : c->ids;
}
static inline const double *cond_numbers(const struct cond *c)
{
    return c->count == 1 ? &c->number : c->numbers;
}

/* ---- dates and hours ---- */

/* As struct tf_range: dated, or yearly (places in a leap year, from > to wraps). */
struct m_range { bool yearly; int32_t from, to; struct span at; };
typedef VEC(struct m_range) m_ranges;  /* merged and sorted: dated first, then yearly, neither touching its like */

struct m_interval { uint16_t from_min, to_min; };
typedef VEC(struct m_interval) m_day;  /* merged and sorted */
struct m_week { m_day days[7]; };      /* Monday first; nights split at midnight */

struct m_season { bool yearly; int32_t from, to; struct m_week week; };
struct m_special { bool yearly; int32_t day; m_day hours; };

struct m_hours {
    struct name name;          /* [0] is always */
    struct span at;            /* the declaration */
    uint32_t zone;             /* into zones; NONE for always */
    uint32_t outside;          /* hours whose outside this is; NONE. Always a smaller id */
    uint32_t chain;
    struct m_week weekly;
    struct m_week breaks;      /* out of weekly and of the seasons' weeks */
    VEC(struct m_season) seasons;   /* sorted: dated first, each by from */
    VEC(struct m_special) special;  /* sorted: dated first, each by day */
    m_ranges closed;
    ids holidays;              /* into model.holidays, ascending */
    /* The hours that each of them was made for, of a smaller id; or these. */
    uint32_t weekly_of, breaks_of, seasons_of, special_of, closed_of, holidays_of;
    bool has_breaks;           /* on some day */
    bool seasons_open, special_open; /* each day of them is open whole */
    uint32_t every_weeks;      /* 0: every week */
    int32_t every_from;
    bool never_open;           /* known to have no open second */
    bool always_open;          /* each day of the week, season and special day is open whole, and none is closed */
    bool used;
    bool wrong;
};

struct m_zone_change { int64_t at; uint32_t type; };
struct m_zone {
    struct str name;
    VEC(struct tf_zone_type) types;
    VEC(struct m_zone_change) changes;
    struct tf_zone rule;       /* has_rule, offsets, to_dst, to_std; the rest unset */
};

/* ---- agents and teams ---- */

struct m_by_channel { uint32_t channel; uint32_t value; struct span at; }; /* sorted by channel */
struct m_channel_map { VEC(struct m_by_channel) some; uint32_t other; };
/* The value for a channel (resolve_channels.c). */
uint32_t map_at(const struct m_channel_map *map, uint32_t channel);

struct m_agent {
    const struct agent_decl *decl;
    struct name id;
    struct span at;
    struct str display_name;       /* .p NULL: none */
    enum tf_role role;
    uint32_t weight;
    struct m_channel_map rank;
    struct m_channel_map limit;    /* NONE: no limit; other always NONE */
    uint32_t limit_total;          /* NONE */
    VEC(struct m_device { uint32_t channel; struct str text; }) devices; /* sorted by channel */
    ids skills;                    /* ascending */
    bool all_channels;
    ids channels;                  /* ascending */
    uint32_t hours;                /* NONE */
    uint32_t away;                 /* date set, NONE */
    bool in_team;
    bool wrong;
};

struct m_team {
    const struct team_decl *decl;
    struct name id;
    struct span at;
    struct str description;
    bool agents_all;
    ids members;                   /* in order; of `all`: everyone but viewers */
    struct cond *takes;            /* NULL: none */
    VEC(struct span) take_at;      /* each of its takes */
    struct m_channel_map assign;   /* enum tf_strategy */
    struct m_channel_map hours;    /* hours id, 0 always */
    struct m_channel_map after_hours;
    enum tf_rotation rotation;
    bool backlog_leave, sticky, members_only, on_shift;
    bool routed_to;
    bool wrong;
};

/* ---- rules ---- */

struct m_step {
    enum tf_target kind;
    uint32_t target;               /* NONE for nobody */
    uint32_t after_sec;
    uint32_t of_hours;             /* NONE */
    struct span at;
};
typedef VEC(struct m_step) m_steps;

struct m_rule_more {
    struct str description;
    struct span set_at, raise_at;
    ids add;                       /* labels, in order as written, each once */
    ids require;                   /* skills, in order as written, each once */
};

struct m_rule {
    const struct rule_decl *decl;
    struct name name;
    struct span at;
    struct span when_at;           /* where its condition stands */
    struct cond *cond;             /* with ACTIVE round it where it has active days: AND(ACTIVE, condition) */
    uint32_t active;               /* date set; NONE */
    bool says_true;                /* `true` is all that was written */
    bool cont;
    m_steps steps;                 /* empty where cont */
    uint8_t set_priority, raise_priority; /* 0 none, else 1 low .. 4 urgent */
    bool wrong;
    struct m_rule_more *more;      /* never NULL: what few rules say */
};

struct m_outcome {
    enum tf_outcome_kind kind;
    ids ids;                       /* teams, the agent, the rule (lower numbering of table rules) */
    uint8_t priorities;            /* bits */
    struct span at;
};
struct m_promise { struct str text; struct cond *when; VEC(struct m_outcome) outcomes; struct span at; };

struct m_date_set { m_ranges ranges; };

struct model {
    bool names_patterns;           /* some condition names a text or a number */
    struct str name;               /* .p NULL: none */
    uint32_t zone;                 /* the policy's; NONE */
    struct str zone_release;       /* .p NULL where no zone was read */
    VEC(struct m_zone) zones;
    VEC(struct m_attr) attrs;      /* as format.h orders them */
    struct strmap attr_ids;
    VEC(struct m_hours) hours;     /* [0] is always. Order: `outside` and `like` first come first, else as declared */
    struct strmap hours_ids;
    VEC(struct m_date_set) date_sets;
    VEC(struct str) texts;         /* that conditions ask for, folded, each once */
    VEC(m_ranges) holidays;        /* of each calendar file that closes a day */
    VEC(struct name) skills;       /* by bytes */
    struct strmap skill_ids;
    VEC(struct m_agent) agents;
    struct strmap agent_ids;
    VEC(struct m_team) teams;
    struct strmap team_ids;
    VEC(struct m_rule) rules;      /* those an admin wrote */
    bool has_otherwise;
    m_steps otherwise;
    struct span otherwise_at;
    bool otherwise_wrong;
    bool presence_day, auto_assign, assign_on_reply;
    VEC(struct m_promise) promises;
    bool lost;                     /* by errors of reading: whole declarations may be missing */
    spans gaps;                    /* names that are not known, and may be declared where nothing could be read */
};

#endif
