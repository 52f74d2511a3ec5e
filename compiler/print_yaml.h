/*
 * What the parts of the YAML printer share: lines with the comments that belong to them (print_yaml.c), and
 * values (print_yaml_parts.c). Used by nothing else.
 */
#ifndef SHUNT_COMPILER_PRINT_YAML_H
#define SHUNT_COMPILER_PRINT_YAML_H

#include "compile.h"
#include "yaml_quote.h"

enum { YAML_WIDTH = 100 }; /* columns: what is longer and can be laid out on several lines is */

/* A place in the source whose line is printed: comments before it there stand before it here. */
struct yaml_place {
    uint32_t off;  /* in the source */
    uint32_t turn; /* the how-manieth it is in printing */
};

struct yaml_printer {
    struct arena *a;
    const struct file_ast *f;
    struct buf out;
    bool dry;                      /* the first run: only collects places */
    VEC(struct yaml_place) places; /* sorted by offset after the first run */
    uint32_t turn;                 /* of the next place */
    VEC(uint32_t) by_turn;         /* comments in the order of their places' turns */
    uint32_t *turn_of;             /* of each comment; place_count: at the end */
    uint32_t next_comment;         /* into by_turn */
};

/* Begins a line for what the source says at `at` (length 0: at no place), with the comments that stand before
 * it. */
void yaml_line(struct yaml_printer *p, unsigned indent, struct span at);
/* "key: " on such a line. */
void yaml_key(struct yaml_printer *p, unsigned indent, struct span at, const char *key);
void yaml_name_key(struct yaml_printer *p, unsigned indent, struct span at, struct str key);

/* ---- print_yaml_parts.c: each finishes the line on which a key stands at `indent` ---- */

void yaml_put_names(struct yaml_printer *p, unsigned indent, const names *list);
void yaml_put_dates(struct yaml_printer *p, unsigned indent, const dates *list);
void yaml_put_steps(struct yaml_printer *p, unsigned indent, const steps *list);
void yaml_put_match(struct yaml_printer *p, unsigned indent, const match_tests *tests);
void yaml_put_takes(struct yaml_printer *p, unsigned indent, const struct team_decl *team);
void yaml_put_channel_map(struct yaml_printer *p, unsigned indent, const channel_map *map, bool rank);
void yaml_put_limits(struct yaml_printer *p, unsigned indent, const struct agent_decl *agent);
void yaml_put_devices(struct yaml_printer *p, unsigned indent, const struct agent_decl *agent);
void yaml_put_week(struct yaml_printer *p, unsigned indent, const week *days);
void yaml_put_seasons(struct yaml_printer *p, unsigned indent, const struct hours_decl *h);
void yaml_put_special(struct yaml_printer *p, unsigned indent, const struct hours_decl *h);
void yaml_put_paths(struct yaml_printer *p, unsigned indent, const struct text *list, uint32_t count);
void yaml_put_every(struct yaml_printer *p, const struct hours_decl *h);
void yaml_put_condition(struct yaml_printer *p, unsigned indent, const struct expr *e);
void yaml_put_promise(struct yaml_printer *p, const struct promise_decl *promise);

#endif
