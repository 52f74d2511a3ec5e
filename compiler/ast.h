/*
 * The syntax tree: what an admin wrote, the same for both spellings, before any name has a meaning.
 *
 * Made by the front ends (yaml_policy.c, dsl_policy.c), printed by print_yaml.c and print_dsl.c, read by
 * resolve. Nothing changes it after it is made; facts found out about it live in the model (model.h).
 * Every node has the span of what it came from. Names are in NFC already and still unchecked; texts are as
 * written. An optional key that was not said has a span of length 0 (span_said()).
 */
#ifndef SHUNT_COMPILER_AST_H
#define SHUNT_COMPILER_AST_H

#include "diag.h"

struct name {
    struct str s;   /* NFC (ast_name() sees to it) */
    struct span at;
};
typedef VEC(struct name) names;

/* A name from its spelling: NFC where it is not already. */
struct name ast_name(struct arena *a, struct str s, struct span at);

/* A text for people: a description. */
struct text {
    struct str s;
    struct span at;
};

struct cond; /* model.h */

/* ---- conditions (language.md 4) ---- */

enum value_kind { VALUE_NAME, VALUE_STRING, VALUE_NUMBER, VALUE_BOOL };
struct value {
    struct str s;    /* the text; of a number its spelling; of a bool "true" or "false" */
    double number;   /* VALUE_NUMBER; finite */
    struct span at;
    enum value_kind kind;
};
typedef VEC(struct value) values;

/* The tests, as spelled: rows of tests.def. What a row says more: tests.h. */
enum test_op {
#define TEST(id, ...) TEST_##id,
#include "tests.def"
#undef TEST
    TEST_COUNT
};

/* EXPR_PLAIN stands for the tree of a right condition whose nodes are not made yet: expr_open() makes them. Only the
 * whole `when` of a rule may be one. */
enum expr_kind { EXPR_TRUE, EXPR_FALSE, EXPR_NOT, EXPR_AND, EXPR_OR, EXPR_TEST, EXPR_PLAIN };
struct expr {             /* a large policy has a million: 64 bytes */
    enum expr_kind kind : 8;
    enum test_op op : 8;  /* EXPR_TEST */
    bool any;             /* text tests: spelled "any (…)" */
    struct span at;       /* the whole; without the parentheses around it */
    union {
        struct { /* EXPR_TEST */
            struct name attr; /* the attribute, or the hours of during and outside */
            values values;
        };
        VEC(struct expr *) kids; /* NOT: 1; AND, OR: 2 and more, in order */
        struct { /* EXPR_PLAIN */
            struct str text;       /* as it stands at `at`, byte by byte */
            struct cond *numbered; /* the condition, but for what its names mean (model.h); NULL: not made */
        };
    };
};

/* ---- dates and times (language.md 6) ---- */

struct date {
    int16_t year;          /* 0: every year */
    uint8_t month, day;    /* 1..12, 1..31: a date that exists (02-29 where year is 0) */
};
struct date_range {
    struct date from, to;  /* inclusive; both with a year or neither; a dated range does not run backwards */
    struct span at;
};
typedef VEC(struct date_range) dates;

struct interval {
    uint16_t from_min, to_min; /* 0..1440; to_min <= from_min: over midnight (never equal) */
    struct span at;
};
typedef VEC(struct interval) intervals;

struct day_entry {        /* "mon-thu: [09:00-12:00, 13:00-17:00]" */
    uint8_t from, to;     /* 0 Monday … 6 Sunday; to < from wraps */
    struct span at;       /* the key */
    intervals hours;      /* empty: closed */
};
typedef VEC(struct day_entry) week;

struct season_entry {
    struct date_range in;
    struct span at;
    struct span whole;    /* DSL: the statement with its block */
    week week;
};
struct special_entry {
    struct date date;
    struct span at;       /* the key */
    intervals hours;      /* empty: closed */
};

/* A duration in seconds. */
struct duration {
    uint64_t sec;
    struct str s;          /* as spelled */
    struct span at;
};

/* ---- declarations ---- */

/* key spans: where the key (or the statement's first word) stands; length 0: not said. */
struct hours_decl {
    struct name name;
    struct span timezone_key; struct name timezone;
    struct span like_key;     struct name like;
    struct span outside_key;  struct name outside;
    struct span every_key;    uint32_t every_weeks; struct date every_from; struct span every_at;
    struct span weekly_key;   week weekly;
    struct span seasons_key;  VEC(struct season_entry) seasons;
    struct span closed_key;   dates closed;
    struct span special_key;  VEC(struct special_entry) special;
    struct span holidays_key; VEC(struct text) holidays;  /* paths */
    struct span breaks_key;   week breaks;
};

/* One entry of a map by channel. channel.s "other" stands for the rest; a value said once for every channel
 * has a single entry with channel.s.p NULL. */
struct by_channel {
    struct name channel;
    struct name value;       /* assign: the strategy; hours: its name; rank: digits; after_hours: hold, leave, or the team */
    int64_t number;          /* rank */
    bool to_team;            /* after_hours: value is a team's name: {to: TEAM} */
    struct span at;          /* the whole entry */
};
typedef VEC(struct by_channel) channel_map;

struct limit_entry { struct name channel; int64_t most; struct span at; }; /* channel may be "total" */
struct device_entry { struct name channel; struct text device; };

struct agent_decl {
    struct name id;
    struct span name_key;     struct text name;
    struct span role_key;     struct name role;
    struct span rank_key;     channel_map rank;
    struct span weight_key;   int64_t weight; struct span weight_at;
    struct span skills_key;   names skills;
    struct span channels_key; names channels;
    struct span limits_key;   VEC(struct limit_entry) limits;
    struct span devices_key;  VEC(struct device_entry) devices;
    struct span hours_key;    struct name hours;
    struct span away_key;     dates away;
};

/* match: and takes: one test for each key, TEST_MATCH, joined by and. */
typedef VEC(struct expr *) match_tests;
struct take { match_tests tests; struct span at; };

struct flag { bool on; struct span at; };

struct team_decl {
    struct name id;
    struct span description_key; struct text description;
    struct span agents_key;      names agents; bool agents_all;
    struct span takes_key;       VEC(struct take) takes; bool takes_listed; /* written as a list, one entry or not */
    struct span assign_key;      channel_map assign;
    struct span rotation_key;    struct name rotation;
    struct span hours_key;       channel_map hours;
    struct span after_hours_key; channel_map after_hours;
    struct span backlog_key;     struct name backlog;
    struct span sticky_key;      struct flag sticky;
    struct span members_only_key; struct flag members_only;
    struct span present_key;     struct name present;
};

enum target_kind { TARGET_TEAM, TARGET_AGENT, TARGET_UNASSIGNED };
struct step_time {
    struct duration after;
    struct name of;           /* .s.p NULL: none */
};
struct step {
    enum target_kind kind;
    struct span at;
    struct name target;       /* of a team or an agent */
    const struct step_time *time; /* NULL: at once */
};
typedef VEC(struct step) steps;

/* A large policy has a hundred thousand rules: what few of them say stands apart. */
struct rule_decl {
    struct name name;
    struct span when_key;     struct expr *when;       /* NULL: not said, or wrong and reported */
    struct span to_key;       steps to;
    const struct rule_more *more;                      /* never NULL */
};
struct rule_more {
    struct span description_key; struct text description;
    struct span match_key;    match_tests match;
    struct span active_key;   dates active;
    struct span require_key;  names require_skills;
    struct span set_key;      struct name set_priority;
    struct span add_key;      names add_labels;
    struct span raise_key;    struct name raise_priority;
    struct span continue_key; bool cont;                /* continue: true (false is as if not said) */
};
/* A rule that says a name, a plain condition and a team, each as the source spells it, and nothing else: the places of
 * these. Of 100,000 rules 3 MB instead of 19 (rule_decl, step, expr); opened one by one when they are resolved. */
struct rule_brief {
    struct cond *numbered;                 /* as of EXPR_PLAIN */
    uint32_t when_key, when_off, when_len; /* the condition without quotes */
    uint32_t to_key, to_off;
    uint32_t to_len : 30;                  /* with its quotes, as the item's key is with those of the name */
    uint32_t to_quoted : 1, name_quoted : 1;
};
/* The declaration that a brief rule stands for, and what hangs on it. */
struct rule_opened { struct rule_decl decl; struct step step; struct expr when; };
/* A rule while it is read. */
struct rule_said { struct rule_decl decl; struct rule_more more; };
extern const struct rule_more rule_more_nothing; /* of a rule that says no more */
extern const struct rule_decl rule_decl_nothing; /* of a brief rule, when it is resolved */
/* What was said to its place in the tree. */
void rule_keep(struct arena *a, const struct rule_said *said, struct rule_decl *out);
/* A copy of all of it but texts. Recursion: its nesting. */
struct expr *expr_copy(struct arena *a, const struct expr *e);

struct field_decl {
    struct name name;
    struct name type;      /* number, text, bool, set; .s.p NULL: listed */
    names listed;
};

struct labelled { struct name name; struct text description; }; /* description.s.p NULL: none */

/* promises (language.md 8) */
enum outcome_kind { OUTCOME_TEAM_IN, OUTCOME_NOT_TEAM, OUTCOME_AGENT, OUTCOME_UNASSIGNED, OUTCOME_RULE, OUTCOME_PRIORITY };
struct outcome {
    enum outcome_kind kind;
    enum test_op cmp;      /* OUTCOME_PRIORITY: EQ NE LT LE GT GE IN NOT_IN */
    names names;           /* teams, the agent, the rule, the priorities */
    bool in;               /* spelled "team in (…)" */
    struct span at;
};
struct promise_decl { struct expr *when; VEC(struct outcome) outcomes; struct span at; struct str text; };

/* ---- a file ---- */

enum item_kind {
    ITEM_INCLUDE, ITEM_NAME, ITEM_TIMEZONE, ITEM_CHANNELS, ITEM_LABELS, ITEM_SEGMENTS, ITEM_FIELD, ITEM_HOURS,
    ITEM_AGENT, ITEM_TEAM, ITEM_RULE, ITEM_OTHERWISE, ITEM_PRESENCE, ITEM_AUTO_ASSIGN, ITEM_ASSIGN_ON_REPLY,
    ITEM_PROMISE,
    ITEM_RULE_BRIEF
};

/* One declaration, in the order of the file. A YAML map of agents is an item for each agent. */
struct item {
    enum item_kind kind;
    struct span at;        /* the whole declaration */
    struct span key;       /* the name it is declared by, or the key */
    union {
        VEC(struct text) include;            /* paths, as written */
        struct name word;                    /* NAME, TIMEZONE, PRESENCE */
        struct flag flag;                    /* AUTO_ASSIGN, ASSIGN_ON_REPLY */
        names names;                         /* CHANNELS, LABELS */
        VEC(struct labelled) segments;
        struct field_decl *field;
        struct hours_decl *hours;
        struct agent_decl *agent;
        struct team_decl *team;
        struct rule_decl *rule;
        struct rule_brief brief;             /* RULE_BRIEF; key: the name */
        steps otherwise;
        struct promise_decl *promise;
    } u;
};

/* Of an item that is a rule, brief or not; text: its file's. */
struct name rule_item_name(const struct item *item, struct str text);
/* Where a brief one leads to: a name; false where the item is none. */
bool rule_item_to(const struct item *item, struct str text, struct name *to);
/* The declaration; made in `room` where the item is brief. */
const struct rule_decl *rule_open(const struct item *item, struct str text, struct rule_opened *room);
/* What a name alone stands for as a step: a team, or unassigned. */
struct step step_to(struct name target, struct span at);

struct comment {           /* for fmt and convert */
    struct str text;       /* from '#' to the end of the line, without trailing blanks */
    uint32_t off;          /* of the '#' */
    bool own_line;         /* nothing but blanks before it on its line */
    bool blank_before;     /* an empty line stands right before it */
    bool blank_after;      /* an empty line, or nothing more, stands right after it (own_line only) */
    bool inside;           /* DSL: within a statement of several lines, which began before it */
    uint32_t line_off;     /* YAML: of its line's first byte; 0 in the DSL */
};

struct file_ast {
    uint32_t file;                 /* index into sources */
    struct arena *whens;           /* its rules' conditions, in their order: resolve ends each when it is done with it */
    struct span version_at;        /* of `shunt: 1` or `version 1`; length 0: missing */
    int64_t version;
    VEC(struct item) items;
    VEC(struct comment) comments;  /* in order; filled where parsing was asked to keep them */
};

/* The whole policy: every file, and its items in the order they count (an include's where it is named). */
struct ast {
    struct sources *sources;
    VEC(struct file_ast *) files;        /* by file index; NULL where it could not be read */
    VEC(const struct item *) items;      /* joined */
    bool incomplete;                     /* a file could not be read or understood at all: names of it are missing */
};

/* ---- spellings of dates, times, days, durations: units.c, for both front ends ----
 * Each reads the whole of `s`; where it is wrong they report at `at` (or a part of it) and return false. */
bool read_day_range(struct diags *d, struct str s, struct span at, uint8_t *from, uint8_t *to);
bool is_day_range(struct str s);                     /* "mon", "mon-thu"; reports nothing */
/* What was meant where a stray sign, text[from, to), stands between two days, times or dates: "mon - thu"; .p NULL
 * where there are no such two. */
struct str range_meant(struct arena *a, struct str text, size_t from, size_t to);
bool read_interval(struct diags *d, struct str s, struct span at, struct interval *out);
bool read_date(struct diags *d, struct str s, struct span at, struct date *out);
bool read_date_range(struct diags *d, struct str s, struct span at, struct date_range *out);
bool read_duration(struct diags *d, struct str s, struct span at, struct duration *out);
bool read_integer(struct str s, int64_t *out);       /* JSON's integer, within int64; reports nothing */
bool read_number(struct str s, double *out);         /* JSON's number, finite; reports nothing */
bool is_number_spelling(struct str s);               /* JSON's number, of any size */
/* "6 weeks from 2026-03-02" */
bool read_every(struct diags *d, struct str s, struct span at, uint32_t *weeks, struct date *from);
int32_t date_days(struct date d);                    /* days since 1970-01-01; d has a year */
bool date_exists(struct date d);                     /* year 0: in a leap year */

/* The nesting that conditions, YAML and DSL blocks may have. Deeper is an error, so no recursion overflows. */
enum { NESTING_MAX = 64 };

#endif
