/*
 * What the parts of resolve share: the resolver, names, attributes, maps by channel. Internal to resolve*.c.
 *
 * Every part reports what is wrong at its place and goes on with something harmless (a condition FALSE, an
 * entry left out), silently from then on: an error is told once.
 */
#ifndef SHUNT_COMPILER_RESOLVE_H
#define SHUNT_COMPILER_RESOLVE_H

#include "compile.h"

/* How much a policy may hold (language.md 2.8). A struct, so that tests can lower it. */
struct limits {
    uint32_t teams, agents, rules;
    uint32_t names; /* distinct names of every other kind together */
    uint32_t list;  /* steps, labels to add, skills required by one rule: the table counts in 16 bits */
};
extern const struct limits policy_limits;

enum name_kind {
    NAME_LABEL,
    NAME_SEGMENT,
    NAME_FIELD,
    NAME_HOURS,
    NAME_AGENT,
    NAME_TEAM,
    NAME_RULE,
    NAME_CHANNEL,
    NAME_VALUE,
    NAME_MEMBER,
    NAME_SKILL,
    NAME_POLICY,
    NAME_KIND_COUNT
};

enum limit_kind { LIMIT_TEAMS, LIMIT_AGENTS, LIMIT_RULES, LIMIT_NAMES, LIMIT_COUNT };

struct resolver {
    struct compilation *c;
    struct arena *a;
    struct arena *brief; /* what one rule needs: cleared with each */
    struct diags *d;
    struct model *m;
    const struct limits *limits;
    spans told;                 /* where reading found errors: sorted */
    bool over[LIMIT_COUNT];     /* the limit was passed, and that was reported */
    uint32_t name_count;        /* against limits->names */
    VEC(struct str) candidates; /* for hints; made anew for each */
    uint64_t hint_work;         /* candidates looked at so far: see HINT_WORK_MAX */
    VEC(bool) attr_broken;      /* by attribute: its declaration was wrong, so nothing is said of its uses */
    bool some_broken;           /* any of them */
    struct strmap date_set_ids;   /* by content */
    struct strmap text_ids;       /* folded texts of conditions: the model's numbers */
    bool channels_said;           /* the policy lists its channels */
    bool zone_said;               /* the policy says a timezone, known or not */
    bool zone_missed;             /* that none is said was reported */
    struct rule_place *rule_places; /* rules by their names: resolve_rules.c */
    uint32_t rule_place_count;      /* a power of two */
    struct hash_key rule_key;
    struct known_team { /* teams of short names that rules led to: resolve_rules.c */
        uint64_t key; /* 0: none */
        uint32_t len, team;
    } known_teams[64];
    struct m_step *to_team;       /* by team, the step of rules that say no more; no place: not made yet */
    struct known_name *known;     /* by number, what it stands for: resolve_plain.c */
    uint32_t known_count;
    ids all_agents;               /* everyone but viewers, shared by every team of `agents: all` */
    struct channel_said { uint32_t round; struct span at; } *channel_at; /* scratch of resolve_agents() */
    uint32_t channel_round;
};

/* resolve() with other limits. */
void resolve_within(struct compilation *c, const struct limits *limits);

/* ---- resolve.c ---- */

/* The spelling that fits the file the place is in. */
const char *spelling(const struct resolver *r, struct span at, const char *yaml, const char *dsl);
/* A date set of the same content is made once. The policy must have a zone: if not, that is reported. */
uint32_t resolve_date_set(struct resolver *r, const dates *in, struct span key);
/* Reports, once, that the policy has no timezone though this place needs one. */
void need_zone(struct resolver *r, struct span at);

/* ---- resolve_told.c ---- */

/* Whether reading found an error within this place: what is missing there then is no news. */
void note_told(struct resolver *r);
bool told_within(const struct resolver *r, struct span at);
/* Whether a name, used here, may be declared in a file that could not be read: then nothing is said of it. */
bool may_be_missing(struct resolver *r, struct span at);
/* Whether a condition asks for an attribute whose declaration is wrong: such tests are silently FALSE. */
bool asks_broken(const struct resolver *r, const struct expr *e);
/* At the end: marks in the model what errors touch. */
void mark_wrong(struct resolver *r);

/* ---- resolve_names.c ---- */

/* Reports a name that no declaration may have; false then. A name that was not read (.s.p NULL) is silently
 * no. */
bool name_ok(struct resolver *r, enum name_kind kind, struct name n);
void name_twice(struct resolver *r, enum name_kind kind, struct name n, struct span first);
/* The number under the name, or NONE after reporting at n that there is none such. hint: candidates were put
 * into r->candidates by the caller. */
void name_unknown(struct resolver *r, enum name_kind kind, struct name n);
/* A name cut short enough to stand in a message. */
struct str shown(struct resolver *r, struct str s);
/* The hint's candidates: cleared, then added; hint_near() spends the work they cost. */
void hint_begin(struct resolver *r);
void hint_add(struct resolver *r, struct str candidate);
/* false: so much was looked at already that hint_add() adds nothing more; a long list need not be gone through. */
bool hints_left(const struct resolver *r);
void hint_near(struct resolver *r, struct diag *about, struct str name);
/* Whether one more of what the limit counts has room; where not, that is reported once, at n. */
bool has_room(struct resolver *r, enum limit_kind which, uint32_t count, struct span at);
void count_name(struct resolver *r, struct span at);
/* A word of a fixed list. The index, or NONE after reporting. what: "a role". */
uint32_t word_of(struct resolver *r, struct name n, const char *what, const char *const *words,
                 uint32_t count);

uint32_t hours_named(struct resolver *r, struct str name); /* NONE where there are none, and nothing is said */
uint32_t find_hours(struct resolver *r, struct name n);
uint32_t find_agent(struct resolver *r, struct name n);
uint32_t find_team(struct resolver *r, struct name n);
uint32_t find_channel(struct resolver *r, struct name n);
uint32_t find_skill(struct resolver *r, struct name n); /* made where it is new; NONE: no possible name */

/* ---- resolve_attrs.c ---- */

/* channel labels segments priority subject body customer, then the fields, from the declarations. */
void resolve_attrs(struct resolver *r);
/* A member or value as used in a condition or an effect: NONE after reporting. */
uint32_t attr_member(struct resolver *r, uint32_t attr, struct name n);
/* Sorts what was collected from use; conditions and effects are renumbered. */
void finish_names(struct resolver *r);
enum { PRIORITY_COUNT = 4 };
extern const char *const priority_words[PRIORITY_COUNT];
/* 0 low .. 3 urgent; NONE. */
uint32_t priority_of(struct str s);
/* The same; NONE after reporting. */
uint32_t find_priority(struct resolver *r, struct name n);

/* ---- resolve_cond.c ---- */

struct cond resolve_expr(struct resolver *r, const struct expr *e);
/* One that is a test. */
struct cond resolve_test(struct resolver *r, const struct expr *e);
struct cond cond_not(struct resolver *r, struct cond c);
/* AND of what is there: ACTIVE (NULL: none), when (NULL: none), the tests; the one thing itself where it is
 * one. */
struct cond resolve_tests(struct resolver *r, const struct cond *active, const struct expr *when,
                          const match_tests *tests);
struct cond cond_of(enum cond_op op, struct span at);
/* That asks for one id. */
struct cond cond_one(enum cond_op op, struct span at, uint32_t id);
/* In the model's memory. */
struct cond *cond_keep(struct resolver *r, struct cond c);
/* The number of a text that conditions ask for: one for all that fold to the same. */
uint32_t text_id(struct resolver *r, struct str s);
/* What the test asks for: the list as ids_sort() leaves it, which it keeps where it has more than one. */
void cond_take_ids(struct cond *c, ids *list);
/* The same of numbers. */
void cond_take_numbers(struct cond *c, double *list, uint32_t count);
/* Ascending, each once. */
void ids_sort(ids *v);

/* ---- resolve_plain.c ---- */

void plain_init(struct resolver *r);
/* A numbered condition, in place. */
struct cond *resolve_numbered(struct resolver *r, struct cond *c);

/* ---- resolve_wrong.c: what is said of a test that means nothing ---- */

void wrong_attr(struct resolver *r, const struct expr *e);
void wrong_test(struct resolver *r, const struct expr *e, uint32_t attr);
void wrong_value(struct resolver *r, enum diag_id id, const struct expr *e, const struct value *v);

/* ---- resolve_channels.c ---- */

/* Reads the value of one entry; false: wrong, and reported. */
typedef bool map_value(struct resolver *r, const struct by_channel *e, uint32_t *value);
/* The map; where `other` is not said it is `fallback`. True where a value for the rest is said. */
bool resolve_map(struct resolver *r, const channel_map *in, uint32_t fallback, map_value *value,
                 struct m_channel_map *out);

/* ---- the declarations ---- */

void declare_agents(struct resolver *r); /* names only, so that whatever comes before can name them */
void resolve_agents(struct resolver *r);
void declare_teams(struct resolver *r);
void resolve_teams(struct resolver *r);
void declare_rules(struct resolver *r);
uint32_t rule_named(const struct resolver *r, struct str name); /* NONE: no rule is */
void end_rule_names(struct resolver *r);
void resolve_rules(struct resolver *r); /* and otherwise */
void resolve_promises(struct resolver *r);

/* ---- resolve_steps.c ---- */

/* Whether what should be a team's name is a step spelled as in the DSL; reported then. */
bool report_dsl_step(struct resolver *r, struct name n, bool first);

#endif
