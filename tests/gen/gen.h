/*
 * Random policies and tickets for the tests: the generator's own memory, its numbers, and the policy as it
 * sees it.
 *
 * A policy is drawn as plain structs (draw*.c), printed by two independent writers (write_yaml.c,
 * write_dsl.c), and judged by the slow evaluator of tests/oracle. Nothing here shares code with compiler/ or
 * runtime/. Strings are NUL-terminated: no name or text of a policy or ticket may hold U+0000. Names are in
 * NFC; the writers and the tickets spell them otherwise at times. The same seed gives the same bytes.
 */
#ifndef SHUNT_TESTS_GEN_H
#define SHUNT_TESTS_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- memory: everything lives until gen_free() ---- */

/* Bytes that numbers are drawn from, one for each, before the streams are: so a fuzzer that changes one of them changes one
 * thing of a policy. */
struct tape {
    const uint8_t *bytes;
    size_t len, at;
};

struct gen_block;
struct gen_pool {
    struct gen_block *blocks;
    struct tape *tape; /* NULL: none */
};

/* A stream of numbers and the pool it allocates from. Several streams may share a pool. */
struct gen {
    struct gen_pool *pool;
    uint64_t state;
};

void *gen_alloc(struct gen *g, size_t len); /* zeroed; ends the program where memory runs out */
char *gen_strdup(struct gen *g, const char *s);
char *gen_format(struct gen *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gen_free(struct gen_pool *pool);

#define LIST(T)                                                                                              \
    struct {                                                                                                 \
        T *at;                                                                                               \
        int count, cap;                                                                                      \
    }
typedef LIST(const char *) strings;
void gen_grow(struct gen *g, void *list, size_t item_len);
#define list_push(g, l)                                                                                      \
    ((l)->count == (l)->cap ? gen_grow((g), (l), sizeof *(l)->at) : (void)0, &(l)->at[(l)->count++])

/* A growing text. */
struct out {
    struct gen *g;
    char *p;
    size_t len, cap;
};
void sb_bytes(struct out *o, const char *bytes, size_t len);
void sb_puts(struct out *o, const char *s);
void sb_putc(struct out *o, char c);
void sb_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *sb_text(struct out *o); /* NUL-terminated; never NULL */

/* ---- numbers (SplitMix64) ---- */

uint64_t rng_next(struct gen *g);
int rng_below(struct gen *g, int n);            /* 0 .. n - 1; n >= 1 */
int rng_between(struct gen *g, int lo, int hi); /* both ends included */
bool rng_chance(struct gen *g, int percent);
#define rng_pick(g, array) ((array)[rng_below((g), (int)(sizeof(array) / sizeof *(array)))])
void rng_shuffle(struct gen *g, void *items, int count, size_t item_len);

/* ---- the policy ---- */

enum g_type { T_CHANNEL, T_SET, T_PRIORITY, T_TEXT, T_LISTED, T_NUMBER, T_BOOL };
enum { A_CHANNEL, A_LABELS, A_SEGMENTS, A_PRIORITY, A_SUBJECT, A_BODY, A_CUSTOMER, A_FIELD0 };

struct g_attr {
    const char *name;
    enum g_type type;
    strings values;       /* channel, priority, listed: all of them in order; sets: names in use */
    strings descriptions; /* segments: "" for none */
    bool closed;          /* labels, segments: the policy lists them */
};

enum g_value_kind { V_NAME, V_TEXT, V_NUMBER, V_BOOL };
struct g_value {
    enum g_value_kind kind;
    const char *s;
    double number;
    bool flag;
};
typedef LIST(struct g_value) g_values;

enum g_op {
    OP_HAS,
    OP_HAS_ANY,
    OP_HAS_ALL,
    OP_HAS_NONE,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_IN,
    OP_NOT_IN,
    OP_CONTAINS,
    OP_NOT_CONTAINS,
    OP_STARTS,
    OP_NOT_STARTS,
    OP_ENDS,
    OP_NOT_ENDS,
    OP_EXISTS,
    OP_BOOL,
    OP_DURING,
    OP_OUTSIDE
};
enum g_cond_kind { C_TRUE, C_FALSE, C_NOT, C_AND, C_OR, C_TEST };
struct g_cond {
    enum g_cond_kind kind;
    enum g_op op;
    int attr;
    int hours; /* OP_DURING, OP_OUTSIDE; ALWAYS */
    g_values values;
    LIST(struct g_cond *) kids;
};
enum { ALWAYS = -1 }; /* the hours of that name */

struct g_match_test {
    int attr;
    g_values values;
};
typedef LIST(struct g_match_test) g_match; /* empty: not said */

struct g_date {
    int year, month, day; /* year 0: every year */
};
struct g_range {
    struct g_date from, to;
};
typedef LIST(struct g_range) g_ranges;

struct g_interval {
    int from, to; /* minutes; to <= from runs over midnight */
};
typedef LIST(struct g_interval) g_intervals;
struct g_days {
    int from, to; /* 0 Monday; from > to wraps */
    g_intervals intervals;
};
typedef LIST(struct g_days) g_week;
struct g_season {
    struct g_range in;
    g_week week;
};
struct g_special {
    struct g_date date;
    g_intervals intervals;
};
struct g_holidays {
    const char *file;
    LIST(struct g_holiday {
        struct g_date date;
        int days;
    })
    dates;
};

/* The keys that were said; the others come from `like`. */
struct g_hours {
    const char *name;
    const char *zone;  /* NULL: not said */
    int like, outside; /* NONE */
    int every_weeks;   /* 0: not said */
    struct g_date every_from;
    bool has_weekly, has_seasons, has_closed, has_special, has_breaks, has_holidays;
    g_week weekly, breaks;
    LIST(struct g_season) seasons;
    g_ranges closed;
    LIST(struct g_special) special;
    struct g_holidays holidays;
};
enum { NOT_SAID = -2 };

/* A value said once, or by channel. Values: a strategy, hours, `hold`/`leave`/a team, a rank. */
struct g_by_channel {
    int channel; /* OTHER */
    int value;
};
struct g_map {
    bool said, plain;
    int value; /* plain */
    LIST(struct g_by_channel) entries;
};
enum { OTHER = -1, TOTAL = -3, HOLD = -1, LEAVE = -4 };

struct g_agent {
    const char *id, *name; /* name NULL: not said */
    int role;              /* index into gen_roles; NOT_SAID */
    struct g_map rank, limits;
    int weight; /* NOT_SAID */
    strings skills;
    LIST(int) channels; /* empty: not said */
    LIST(struct g_device {
        int channel;
        const char *text;
    })
    devices;
    int hours; /* NOT_SAID */
    g_ranges away;
};

struct g_team {
    const char *id, *description; /* NULL: none */
    bool agents_all;
    LIST(int) agents;
    LIST(g_match) takes;
    struct g_map assign, hours, after_hours;
    int rotation;
    bool backlog_leave, sticky, members_only, on_shift;
};

enum g_target { TO_TEAM, TO_AGENT, TO_NOBODY };
struct g_step {
    enum g_target kind;
    int target;
    int after_sec; /* all but the first */
    int of_hours;  /* NOT_SAID */
};
typedef LIST(struct g_step) g_steps;

struct g_rule {
    const char *name, *description; /* NULL: none */
    struct g_cond *when;            /* NULL: not said */
    g_match match;
    g_ranges active;
    strings require, add;
    int set, raise; /* priority 0..3; NOT_SAID */
    bool cont;
    g_steps to;
};

struct g_outcome {
    enum { O_TEAM, O_TEAM_IN, O_NOT_TEAM, O_AGENT, O_NOBODY, O_RULE, O_PRIORITY } kind;
    LIST(int) ids; /* teams, the agent, the rule, priorities */
    enum g_op cmp; /* O_PRIORITY */
};
struct g_promise {
    struct g_cond *when;
    LIST(struct g_outcome) outcomes;
};

struct g_policy {
    uint64_t seed;
    const char *name, *zone; /* NULL: not said */
    bool channels_said;
    LIST(struct g_attr) attrs; /* built-in ones first */
    LIST(struct g_hours) hours;
    LIST(struct g_agent) agents;
    LIST(struct g_team) teams;
    LIST(struct g_rule) rules;
    bool has_otherwise;
    g_steps otherwise;
    int presence, auto_assign, assign_on_reply; /* 0 the default, 1 the other one, NOT_SAID */
    LIST(struct g_promise) promises;
    strings skills;
};

extern const char *const gen_priorities[4];
extern const char *const gen_roles[5];
extern const char *const gen_strategies[10];
extern const char *const gen_rotations[3];
extern const char *const gen_days[7];
extern const char *const gen_zones[];
extern const int gen_zone_count;

/* ---- drawing ---- */

struct g_policy *gen_policy(struct gen *g, uint64_t seed);

/* draw_names.c */
enum g_kind { K_PLAIN, K_FIELD, K_HOURS, K_TEAM, K_RULE, K_CHANNEL };
/* A name not yet in `used` (and put there), allowed for its kind. */
const char *draw_name(struct gen *g, strings *used, enum g_kind kind);
const char *draw_text(struct gen *g);    /* a description: anything but U+0000 */
const char *draw_pattern(struct gen *g); /* what a text test looks for */
/* The same text in another case, with letters that fold alike; it may fold otherwise now and then. */
const char *vary_case(struct gen *g, const char *s);
/* The same name, decomposed at times. */
const char *vary_form(struct gen *g, const char *s);
const char *text_nfc(struct gen *g, const char *s);
/* One code point of valid UTF-8 at *s, which moves behind it. */
int32_t text_next(const char **s);
void sb_utf8(struct out *o, int32_t cp);

/* draw_hours.c */
void draw_hours(struct gen *g, struct g_policy *p);
void draw_ranges(struct gen *g, g_ranges *out, int most);
int days_in_month(int year, int month); /* year 0: a leap year */

/* draw_rules.c */
struct g_cond *draw_cond(struct gen *g, const struct g_policy *p, int depth);
void draw_match(struct gen *g, const struct g_policy *p, g_match *out);
/* The condition that a match stands for (language.md 2.5); NULL where it lists both values of a bool. */
struct g_cond *match_as_cond(struct gen *g, const struct g_policy *p, const g_match *m);
void draw_rules(struct gen *g, struct g_policy *p);
void draw_steps(struct gen *g, const struct g_policy *p, g_steps *out);
double draw_number(struct gen *g);

/* ---- writing ---- */

/* What one file says of a policy: [from, to) of each kind, and where it is the root all that is said once. */
enum { G_FIELDS, G_HOURS, G_AGENTS, G_TEAMS, G_RULES, G_PROMISES, G_KINDS };
struct g_part {
    bool root;
    const char *include; /* NULL: none; before all the rest */
    int from[G_KINDS], to[G_KINDS];
};
struct g_part whole_part(const struct g_policy *p);
/* Two files that say together what the whole says: the root includes `name`. */
void split_parts(struct gen *g, const struct g_policy *p, const char *name, struct g_part *root,
                 struct g_part *included);

/* Both end with a line end. `plain`: no comments, anchors and odd layouts. */
char *write_yaml(struct gen *g, const struct g_policy *p, const struct g_part *part, bool plain);
char *write_dsl(struct gen *g, const struct g_policy *p, const struct g_part *part, bool plain);
/* An iCalendar file of the holidays. */
char *write_ics(struct gen *g, const struct g_holidays *h);

/* write_cond.c: the condition language, shared by both spellings as it is in the contract. */
enum { COND_LINES = 1 }; /* line ends where the DSL allows them */
void write_cond(struct out *o, struct gen *g, const struct g_policy *p, const struct g_cond *c, int flags);
/* Alike in both spellings: the table keeps a promise's text with its quotes. */
void write_promise(struct out *o, struct gen *g, const struct g_policy *p, int promise);
void write_quoted(struct out *o, struct gen *g, const char *s); /* in double quotes, escapes varied */
void write_name(struct out *o, struct gen *g,
                const char *s); /* bare where it may be, at times quoted still */
void write_number(struct out *o, struct gen *g, double number);
void write_date(struct out *o, struct g_date d);
void write_range(struct out *o, struct gen *g, struct g_range r);
void write_interval(struct out *o, struct g_interval i);
void write_day_range(struct out *o, struct g_days d);
void write_duration(struct out *o, struct gen *g, int sec);
bool gen_is_bare(const char *s); /* and no word of the conditions */

/* ---- tickets ---- */

struct g_slot {
    bool carried;
    strings names; /* channel, priority, listed: one; sets: members */
    const char *text;
    double number;
    bool flag;
};
struct g_ticket {
    const char *id;
    int64_t at;           /* when it arrives */
    bool at_said;         /* false: the same as the ticket's before */
    struct g_slot *slots; /* by attribute */
};

/* The n-th ticket of a policy's run; before: the one before it, NULL for the first. Sets TZ. */
struct g_ticket *gen_ticket(struct gen *g, const struct g_policy *p, const struct g_ticket *before, int n);
/* An instant beside a bound of the hours (or ALWAYS), or of those they look back to. Sets TZ. */
int64_t gen_instant(struct gen *g, const struct g_policy *p, int hours);
/* Local time of a zone (NULL: UTC) as an instant. Sets TZ. */
int64_t gen_local_instant(const char *zone, struct g_date d, int minute);
/* The first second of another offset after `at`, within a year; `at` where there is none. Sets TZ. */
int64_t gen_clock_change(const char *zone, int64_t at);
/* The zone that hours (or ALWAYS) say, or take over. */
const char *gen_hours_zone(const struct g_policy *p, int hours);
/* As one line of NDJSON, with its line end. */
char *write_ticket(struct gen *g, const struct g_policy *p, const struct g_ticket *t);
/* Their parts: a text in quotes, an instant in quotes, an attribute's key and value. Spelled at random. */
void write_json_text(struct out *o, struct gen *g, const char *s);
void write_at(struct out *o, struct gen *g, int64_t at);
void write_slot(struct out *o, struct gen *g, const struct g_attr *a, const struct g_slot *s);
int64_t civil_days(int year, int month, int day); /* since 1970-01-01 */

/* ---- all that comes from a seed ---- */

struct draw {
    struct g_policy *policy;
    char *yaml, *dsl;
    struct gen tickets, spelling;
    const struct g_ticket *before;
};
void draw_init(struct draw *d, struct gen_pool *pool, uint64_t seed);
/* The same for a policy that was drawn otherwise. */
void draw_init_with(struct draw *d, struct gen_pool *pool, uint64_t seed, struct g_policy *p);
/* The next ticket, n counting from 0. */
const struct g_ticket *draw_ticket(struct draw *d, int n);

#endif
