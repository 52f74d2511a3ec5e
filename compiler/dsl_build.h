/*
 * What the grammar's actions call to build the tree, and the state they share with the driver.
 *
 * Included by the generated parser. Builders see tokens in order; p->prev is the last token taken, so a
 * statement, built when its SEP has come, ends there.
 */
#ifndef SHUNT_COMPILER_DSL_BUILD_H
#define SHUNT_COMPILER_DSL_BUILD_H

#include "compile.h"
#include "grammar.h"
#include "lex.h"
#include "plain.h"

/* An expression, and where it stands with the parentheses around it. */
struct part {
    struct expr *e;
    struct span outer;
};

typedef VEC(struct text) text_list;
typedef VEC(struct token) unit_list;

/* What a block can say once: rows of dsl_slots.def, SLOT(id, struct, key, value, spelling). */
enum slot_id {
#define SLOT(id, decl, key, value, spelling) id,
#include "dsl_slots.def"
#undef SLOT
    SLOT_COUNT
};

enum { BLOCK_DEPTH_MAX = 2 }; /* hours { season { */

struct parse {
    struct arena *a;
    struct arena *exprs; /* for conditions: what else holds one copies it */
    struct numbering *numbering; /* for those that are plain; NULL: they are kept as text */
    struct diags *d;
    void *parser;

    /* for the driver and the messages */
    unsigned mode;             /* TK_MODE_… */
    struct token prev, before; /* the last token taken, and the one before it */
    struct token first;        /* of the statement */
    struct open_block {
        struct token brace;
        uint32_t column; /* of the statement that it belongs to */
        uint16_t word;   /* which begins that */
        bool made;       /* the brace is not there: lines less far in close it */
    } blocks[BLOCK_DEPTH_MAX];
    uint32_t block_depth;
    uint32_t errors_before; /* in d, when it began */
    bool error;             /* the last token was refused */
    bool overflow;
    bool ended;
    bool has_next; /* next was read from the lexer already */
    struct token next;

    /* what is built */
    struct file_ast *file; /* NULL: a condition or promise */
    struct expr *condition;
    struct promise_decl *promise;
    values values; /* of the test that is being read */
    bool something_said; /* a statement other than the version */

    /* the block that is open: its declaration, and the item of it */
    void *decl;
    struct rule_decl *rule_out;         /* its place in the tree; NULL: no rule is open */
    uint32_t decl_off;                  /* of the statement's first byte */
    uint32_t decl_item;                 /* UINT32_MAX: it has no name and is no item */
    uint64_t none_said;                 /* by slot: said to be none */

    /* not cleared by parse_init(): large */
    struct lexer lx;
    struct plain_cond plain;            /* of the last TK_PLAIN */
    struct rule_said rule;              /* the declaration, where it is a rule */
    struct strmap channels[SLOT_COUNT]; /* channels said by slot: index of the entry */
};

/* ---- dsl_parse.c: the driver; grammar.y: what it asks of the parser ---- */

void parse_init(struct parse *p, struct arena *a, struct diags *d, unsigned mode);
void drive(struct parse *p);
void grammar_run(struct parse *p);
bool grammar_accepts(const struct parse *p, unsigned token);
void grammar_take(struct parse *p, const struct token *t);
/* Whether the parser has just begun an erroneous statement and refused the token that made it one. */
bool grammar_recovering(const struct parse *p);
void grammar_forget_error(struct parse *p);
bool grammar_is_name(unsigned token);

/* dsl_plain.c: where a statement may begin: builds the plain rule that stands there, and passes over it; false where
 * none does. */
bool plain_rule(struct parse *p);

/* ---- dsl_errors.c ---- */

void syntax_error(struct parse *p, const struct token *t);
/* Reports that the "{" of a block is not there at t; where t is that brace, that it comes a line late. */
void brace_missing(struct parse *p, const struct token *t);
/* Reports that the innermost open block is not closed before t. */
void block_unclosed(struct parse *p, const struct token *t);

/* ---- dsl_expr.c: conditions, promises ---- */

/* Reports an operator of another language. */
void check_spelling(struct parse *p, const struct token *t);
struct value build_value(struct parse *p, enum value_kind kind, const struct token *t);
values *one_value(struct parse *p, struct value v);
values *add_value(struct parse *p, values *list, struct value v);
struct expr *build_test(struct parse *p, const struct name *attr, enum test_op op, values *v,
                        struct span end);
struct expr *build_comparison(struct parse *p, const struct name *attr, const struct token *compare,
                              struct value v);
struct expr *build_during(struct parse *p, enum test_op op, const struct token *word,
                          const struct name *hours);
struct part join(struct parse *p, enum expr_kind kind, struct part a, const struct token *word,
                 struct part b);
struct part join_more(struct parse *p, struct part chain, const struct token *word, struct part b);
struct part negate(struct parse *p, const struct token *word, struct part a);
struct part enclose(struct part a, struct span open, struct span close);
struct part constant(struct parse *p, enum expr_kind kind, const struct token *word);
struct part whole(struct expr *e);
struct outcome build_outcome(enum outcome_kind kind, const names *n, struct span from, struct span to);
struct outcome build_priority_outcome(struct parse *p, const struct token *word, const struct token *compare,
                                      const struct name *priority);
struct promise_decl *add_outcome(struct parse *p, struct promise_decl *list, struct outcome o);
struct promise_decl *finish_promise(struct parse *p, struct promise_decl *list, struct part when);
match_tests *add_match(struct parse *p, match_tests *list, struct expr *test);

/* ---- dsl_build.c: lists, and statements of the file ---- */

struct span said_from(const struct parse *p, struct span first); /* from there to the last token taken */
struct name name_of(struct parse *p, const struct token *t);
struct text text_of(const struct token *t);
names *one_name(struct parse *p, const struct name *n);
names *add_name(struct parse *p, names *list, const struct name *n);
text_list *add_text(struct parse *p, text_list *list, const struct text *t);
unit_list *add_unit(struct parse *p, unit_list *list, const struct token *t);
steps *add_step(struct parse *p, steps *list, struct step target, const struct token *after,
                const struct name *of);
struct step build_target(enum target_kind kind, const struct name *n, struct span from);

/* The name that the declaration at `word` begins with, though something is wrong with it: dsl_block.c. */
bool name_after(struct parse *p, const struct token *word, struct name *out);
struct item *new_item(struct parse *p, enum item_kind kind, const struct token *word, struct span key);
void build_policy(struct parse *p, const struct token *word, const struct name *n,
                  const struct token *version, const struct token *number);
void build_version(struct parse *p, const struct token *version, const struct token *number);
void build_word(struct parse *p, enum item_kind kind, const struct token *word, struct name n);
void build_flag(struct parse *p, enum item_kind kind, const struct token *word, struct flag f);
void build_include(struct parse *p, const struct token *word, const text_list *paths);
void build_names(struct parse *p, enum item_kind kind, const struct token *word, const names *list);
void open_segments(struct parse *p, const struct token *word);
/* Forgets the ones at `word`: a list that is not whole would say that no others are segments. */
void drop_segments(struct parse *p, const struct token *word);
void add_segment(struct parse *p, const struct name *n, const struct text *description);
void build_field(struct parse *p, const struct token *word, const struct name *n, const struct name *type,
                 const names *listed);
void build_otherwise(struct parse *p, const struct token *word, const steps *to);
void build_promise(struct parse *p, const struct token *word, struct promise_decl *promise);

/* ---- dsl_block.c: blocks, and what agents, teams and rules say; list NULL: "none" ---- */

/* n NULL: the head is wrong; what it can be known to name is declared all the same. */
void open_hours(struct parse *p, const struct token *word, const struct name *n);
void open_agent(struct parse *p, const struct token *word, const struct name *n, const struct text *t);
void open_team(struct parse *p, const struct token *word, const struct name *n, const struct text *t);
void open_rule(struct parse *p, const struct token *word, const struct name *n, const struct text *t);
/* One that is kept by its places, for u.brief to be filled in; NULL where it is open already. */
struct item *open_brief_rule(struct parse *p, const struct token *word, const struct name *n);
/* At the end of the file: a block that errors left open says what it says. */
void end_blocks(struct parse *p);
void close_block(struct parse *p);
/* The value of a slot where it is said for the first time (its key is set then); else reported, and NULL. */
void *say(struct parse *p, enum slot_id id, const struct token *word);
/* The same for what may be said in several statements. */
void *say_more(struct parse *p, enum slot_id id, const struct token *word);
void set_name(struct parse *p, const struct token *word, enum slot_id id, struct name n);
void set_names(struct parse *p, const struct token *word, enum slot_id id, const names *list);
void set_flag(struct parse *p, const struct token *word, enum slot_id id, struct flag f);
void add_by_channel(struct parse *p, const struct token *word, enum slot_id id, const struct name *n,
                    const names *channels);
void add_rank(struct parse *p, const struct token *word, const struct token *number, const names *channels);
void set_weight(struct parse *p, const struct token *word, const struct token *number);
void open_limits(struct parse *p, const struct token *word);
void add_limit(struct parse *p, const struct name *channel, const struct token *number);
void open_devices(struct parse *p, const struct token *word);
void add_device(struct parse *p, const struct name *channel, const struct text *device);
void set_away(struct parse *p, const struct token *word, const unit_list *list);
void set_agents_all(struct parse *p, const struct token *word);
void add_takes(struct parse *p, const struct token *word, const match_tests *tests);
void set_when(struct parse *p, const struct token *word, struct expr *when);
void set_match(struct parse *p, const struct token *word, const match_tests *tests);
void set_active(struct parse *p, const struct token *word, const unit_list *list);
void set_to(struct parse *p, const struct token *word, const steps *to);
void set_continue(struct parse *p, const struct token *word);

/* ---- dsl_hours.c: what hours say; list NULL: "none" or "closed" ---- */

void read_dates(struct parse *p, const unit_list *list, dates *out);
void set_every(struct parse *p, const struct token *word, const struct token *weeks,
               const struct token *from);
void add_days(struct parse *p, const struct token *days, const unit_list *list);
void set_weekly_none(struct parse *p, const struct token *word);
void open_season(struct parse *p, const struct token *word, const struct token *range);
void close_season(struct parse *p);
void drop_wrong_seasons(struct parse *p);
void set_seasons_none(struct parse *p, const struct token *word);
void set_closed(struct parse *p, const struct token *word, const unit_list *list);
void add_special(struct parse *p, const struct token *word, const struct token *date, const unit_list *list);
void set_special_none(struct parse *p, const struct token *word);
void set_holidays(struct parse *p, const struct token *word, const text_list *paths);
void add_break(struct parse *p, const struct token *word, const struct token *days, const unit_list *list);
void set_breaks_none(struct parse *p, const struct token *word);

#endif
