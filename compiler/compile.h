/*
 * From sources to a table: the passes, in order.
 *
 *   read     requires a path             gives sources and the joined tree        sources.c, yaml_*.c, dsl_*.c
 *   resolve  requires the tree           gives the model; ends rules' conditions   resolve*.c
 *   check    requires the model; gives warnings, of what no error touches          check*.c
 *   lower    requires a model without errors; gives the table's bytes             lower*.c
 *
 * compile_policy() runs them as far as they can go and collects every diagnostic on the way. Nothing here prints.
 */
#ifndef SHUNT_COMPILER_COMPILE_H
#define SHUNT_COMPILER_COMPILE_H

#include "ast.h"
#include "model.h"

/* A promise that stands in no policy, but is put beside one: a source of its own, shown as `name`. */
struct promise_text {
    struct str name, text;
};

struct compile_options {
    struct str zoneinfo_dir;  /* .p NULL: /usr/share/zoneinfo */
    bool strip;               /* leave out source positions, file names and digest */
    bool check_only;          /* stop before lowering */
    bool pedantic;            /* warn of unused labels and segments */
    bool have_today;          /* --at DATE: warn of active windows that ended before it */
    int32_t today;            /* days since 1970-01-01 */
    bool keep_comments;       /* for fmt and convert */
    bool one_file;            /* for fmt and convert: do not follow includes */
    enum read_ahead ahead;
    const struct promise_text *promises; /* beside the policy's own, and after them; sources follow each other, too */
    uint32_t promise_count;
};

struct compilation {
    struct arena *a;
    struct arena *tree;       /* a part of it: the tree's nodes, but not their texts; NULL before a file is read */
    struct compile_options options;
    struct sources sources;
    struct diags diags;       /* sorted */
    struct ast ast;           /* without files and items where there is a table */
    struct model model;
    VEC(const char *) files;  /* the paths of all that was read: sources and calendars */
    bool unreadable; /* among the errors is one of the machine's: a disk that fails, no more descriptors */
    struct str table;         /* the bytes; .p NULL where there were errors or check_only */
};

/* Reads, checks and compiles the policy at `path`. The compilation and all it points to live in `a`; called
 * within arena_try(). Users' mistakes are diagnostics in it; it always returns. */
struct compilation *compile_policy(struct arena *a, const char *path, const struct compile_options *options);
/* The same for a policy in memory, without includes or holidays: for tests. name ends in .yaml or .shunt; the text is
 * not copied, and at most SOURCE_LEN_MAX long. */
struct compilation *compile_text(struct arena *a, const char *name, struct str text, const struct compile_options *options);

/* ---- the passes ---- */

enum { SOURCE_LEN_MAX = 64 << 20 }; /* language.md 1.2: offsets stay far within 32 bits */
/* sources.c: the root and all it includes, in order; each parsed by its front end. */
void read_policy(struct compilation *c, const char *path);
void read_policy_text(struct compilation *c, const char *name, struct str text);
/* The promises of the options: a source and an item for each that can be read. */
void read_promises(struct compilation *c);
/* One file as source 0, as text that a YAML reader may be given: for files that are no policies. false: it could not
 * be read (diags.fatal) or is no text, and that is reported. */
bool read_yaml_source(struct compilation *c, const char *path);
/* Where a file lies that is named relative to source `from` for holidays: under the same rules as an include. *real:
 * the one path that it has, whatever it is called. .p NULL: failed, and reported at `at`. */
struct str find_beside(struct compilation *c, uint32_t from, struct str path, struct span at,
                       struct str *real);
/* Reads what find_beside() found. The bytes need not be UTF-8. .p NULL as there. */
struct str read_beside(struct compilation *c, struct str found, struct str path, struct span at);

/* yaml_policy.c, dsl_policy.c: one source's text to its tree; what is wrong is reported, what is right is kept. The
 * tree's nodes live in `a`; texts that are not the source's own bytes, with the diagnostics. */
struct file_ast *parse_yaml_policy(struct arena *a, struct diags *d, struct sources *sources, uint32_t file, bool keep_comments);
struct file_ast *parse_dsl_policy(struct arena *a, struct diags *d, struct sources *sources, uint32_t file, bool keep_comments);

/* parse_cond.c: the condition (or promise) in text[0, len). map: for each byte of text, and one past the end, its
 * offset in the source; NULL: text is the source's own bytes from `base` on. NULL where it was wrong. */
struct cond_text { uint32_t file; struct str text; const uint32_t *map; uint32_t base; };
struct expr *parse_condition(struct arena *a, struct diags *d, const struct cond_text *text);
struct promise_decl *parse_promise(struct arena *a, struct diags *d, const struct cond_text *text);
/* cond_plain_made.c: the expression, its nodes made in `a` where it is EXPR_PLAIN. NULL is NULL. */
const struct expr *expr_open(struct arena *a, const struct expr *e);
/* One name as a condition spells it, and nothing else; false, and nothing reported, where it is none. */
bool parse_name(struct diags *d, const struct cond_text *text, struct name *out);

/* print_dsl.c, print_yaml.c: a file's tree in the other (or its own) spelling, comments kept where they were kept.
 * false where it cannot be said so, with a diagnostic. fmt_yaml.c: a YAML file in its canonical layout. */
struct str print_dsl(struct arena *a, const struct file_ast *f);
bool print_yaml(struct arena *a, struct diags *d, const struct file_ast *f, struct str *out);
bool fmt_yaml(struct arena *a, struct diags *d, struct sources *sources, uint32_t file, struct str *out);
/* A condition in its canonical spelling. */
void print_expr(struct buf *b, const struct expr *e);
/* The same of a promise: CONDITION => OUTCOME and OUTCOME. */
void print_promise(struct buf *b, const struct promise_decl *p);
/* A name as the condition language and the DSL spell it: bare where it may be, else in double quotes. */
void print_name(struct buf *b, struct str name);

void resolve(struct compilation *c);
/* resolve_hours.c: hours declarations, zones and holidays into c->model; called by resolve() first. */
void resolve_hours(struct compilation *c);
/* A zone by its name into model->zones; NONE where there is none such, reported at `at`. */
uint32_t resolve_zone(struct compilation *c, struct name zone);
/* Ranges as written to merged, sorted ones. */
void resolve_dates(struct compilation *c, const dates *in, m_ranges *out);
void check(struct compilation *c);
/* Warnings about hours: never open. Called by check(). */
void check_hours(struct compilation *c);
/* lower.c: all but the file's bytes; then those. What the tree took may be given back between the two. */
struct lowering;
struct lowering *lower_begin(struct compilation *c);
struct str lower_end(struct lowering *l);

/* explain a table's condition: the code at an offset, in words (decompile.c); needs an open table. */
struct shunt_table;
void print_code(struct buf *b, const struct shunt_table *table, uint32_t code_off);

#endif
