/*
 * What the parts of the DSL's printer share: spellings (print_expr.c), lines with the comments that belong to
 * them (print_lines.c), and the bodies of blocks (print_blocks.c).
 */
#ifndef SHUNT_COMPILER_PRINT_DSL_H
#define SHUNT_COMPILER_PRINT_DSL_H

#include "compile.h"

/* ---- spellings ---- */

void print_string(struct buf *b, struct str s);
/* Whether a character stands in no source but as an escape: controls, what YAML takes for a line end, and what it
 * refuses. Both spellings write the same ones. */
bool needs_escape(uint32_t cp);
/* A name where the words of the DSL, but not those of conditions, are names like others. */
void print_word(struct buf *b, struct str name);
/* A time zone's name: bare where it can be read so. */
void print_zone(struct buf *b, struct str zone);
void print_value(struct buf *b, const struct value *v);
void print_match(struct buf *b, const struct expr *test);
void print_outcomes(struct buf *b, const struct promise_decl *p, const char *between);
/* e begins at `column`; where it does not fit into `width`, its outermost and's and or's each end a line. */
void print_expr_in(struct buf *b, const struct expr *e, size_t column, size_t width, const char *indent);

/* ---- lines ---- */

enum { LINE_WIDTH = 100, PRINT_DEPTH_MAX = 3 };

/* Where something stands in the source that is printed on line `line` (a statement counts as one line). */
struct anchor {
    uint32_t off, line;
};

struct placed_comment {
    uint32_t line; /* it belongs to */
    bool behind;   /* or else before it */
    const struct comment *comment;
};

struct layout {
    struct arena *a;
    struct buf b;
    const struct file_ast *f;
    bool dry; /* only the anchors are wanted */
    VEC(struct anchor) anchors;
    VEC(struct placed_comment) placed; /* by line */
    uint32_t next_placed;
    uint32_t line;  /* lines begun */
    size_t line_at; /* in b: of the last line of text */
    uint32_t depth;
    struct print_block {
        size_t head_at, body_at;
        uint32_t lines;
        bool comments; /* within it */
    } blocks[PRINT_DEPTH_MAX];
};

/* Prints f's lines by calling body twice: once for the anchors, where there are comments to be placed, then
 * for good. */
struct str print_with_comments(struct arena *a, const struct file_ast *f, void (*body)(struct layout *pr));
/* A statement that stands at `off` in the source; its text goes to pr->b, then line_end(). */
void line_begin(struct layout *pr, uint32_t off);
/* What stands at `off` is printed on the line just begun, too. */
void line_also(struct layout *pr, struct span said);
void line_end(struct layout *pr);
/* An empty line, unless there is one or nothing stands before it in its block. */
void blank_line(struct layout *pr);
/* In place of line_end(): a block follows. */
void block_begin(struct layout *pr);
/* off: of what closes it in the source. A block of one short line without comments becomes one line. */
void block_end(struct layout *pr, uint32_t off);
/* Between the items of a list: to be called when item `from` (its offset in b) has been printed. Breaks the
 * line before it where it is too long. */
void list_item(struct layout *pr, size_t from, bool first);

/* ---- bodies of blocks ---- */

void print_hours(struct layout *pr, const struct item *item);
void print_agent(struct layout *pr, const struct item *item);
void print_team(struct layout *pr, const struct item *item);
void print_rule(struct layout *pr, const struct item *item);
/* "WORD a, b" and the like, after the words. none: what an empty list is called. */
void print_names(struct layout *pr, const names *list, const char *none);
void print_steps(struct layout *pr, const steps *to);

#endif
