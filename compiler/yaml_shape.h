/*
 * Reading values of an expected shape out of a YAML tree: names, lists, numbers, maps with known keys. Shared
 * by the yaml_*.c files that make the syntax tree; used by nothing else.
 *
 * A map with known keys is read by a table: one row for each key says which function reads its value and
 * where in the declaration it goes. What is of another shape is reported with what is expected and an
 * example, and left out; what is marked bad was reported already.
 */
#ifndef SHUNT_COMPILER_YAML_SHAPE_H
#define SHUNT_COMPILER_YAML_SHAPE_H

#include "yaml_tree.h"

struct yaml_row;

struct shape {
    struct arena *a;
    struct diags *d;
    const struct yaml_tree *t;
    struct file_ast *f;
    struct numbering *numbering; /* for plain conditions; NULL: none */
    const struct yaml_row *row; /* the key whose value is being read: for messages */
    const struct yaml_node
        *split_map; /* a {…} in which a condition was cut at a comma: its empty keys are its rest */
    bool lost;      /* a whole section could not be read: its names will be missing */
    struct shape *taken; /* where the rules, that were taken while the file was read, are; its d is its own */
};

typedef void yaml_reader_fn(struct shape *p, const struct yaml_node *value, void *out);

struct yaml_row {
    struct str key;
    yaml_reader_fn *read;
    size_t key_at; /* offset of the declaration's struct span for the key */
    size_t out_at; /* offset of what `read` fills in */
    const char *example;
};
#define YAML_ROW(decl, word, reader, key_member, member, example)                                            \
    {                                                                                                        \
        {word, sizeof(word) - 1}, reader, offsetof(decl, key_member), offsetof(decl, member), example        \
    }

/* Reads a map by its rows into `decl`. what: "a rule", for messages. */
void yaml_read_map(struct shape *p, const struct yaml_node *map, const struct yaml_row *rows, size_t count,
                   void *decl, const char *what);

/* Of a section of names, each with such a map: whether the pair is one of such a map instead, since the line
 * with the name was lost. The first is reported. */
bool yaml_is_nameless(struct shape *p, const struct yaml_node *section, uint32_t pair,
                      const struct yaml_row *rows, size_t count);

/* Whether the value is of the kind (an alias is looked through); reports what was expected if not. */
bool yaml_expect(struct shape *p, const struct yaml_node *value, enum yaml_kind kind, const char *expected);
/* The same for a section of the policy, of which what a syntax error left is read too; where it is of another
 * kind, the names in it will be missing, and resolving would complain of every use. */
bool yaml_expect_section(struct shape *p, const struct yaml_node *value, enum yaml_kind kind,
                         const char *expected);
/* "X must be EXPECTED, not …", with the row's example. Nothing where the value is bad, broken off or null. */
void yaml_wrong_shape(struct shape *p, const struct yaml_node *value, const char *expected);
/* Whether nobody should look at it: reported, or broken off by a syntax error. */
bool yaml_skip(const struct yaml_node *value);

/* The nodes of a list, or the one value in a list's place. */
struct yaml_items {
    const struct yaml_node *one;
    struct yaml_node *const *list;
    uint32_t count;
};
struct yaml_items yaml_items(const struct yaml_node *value);
const struct yaml_node *yaml_item(const struct yaml_items *items, uint32_t i);

/* A name; false (and .s.p NULL) after reporting. */
bool yaml_name(struct shape *p, const struct yaml_node *value, struct name *out);
bool yaml_text(struct shape *p, const struct yaml_node *value, struct text *out);
bool yaml_integer(struct shape *p, const struct yaml_node *value, int64_t *out);

/* Readers for rows; `out` is what each is named after. */
yaml_reader_fn yaml_read_name, yaml_read_names, yaml_read_text, yaml_read_texts, yaml_read_flag,
    yaml_read_switch, yaml_read_dates;

/* From a key to the end of its value. */
struct span yaml_pair_span(const struct shape *p, const struct yaml_pair *pair);

/* ---- the parts of a policy ---- */

/* yaml_rules.c */
yaml_reader_fn yaml_read_steps; /* steps */
yaml_reader_fn yaml_read_match; /* match_tests */
yaml_reader_fn yaml_read_takes; /* struct team_decl */
void yaml_read_rules(struct shape *p, const struct yaml_node *value, struct span key);
/* A rule that is taken; ctx: the shape for those. */
void yaml_take_rule(void *ctx, const struct yaml_tree *t, const struct yaml_node *entry);
/* yaml_plain_rule.c: the same of one that says a name, a plain condition and a team, and no more. */
bool yaml_take_plain_rule(void *ctx, const struct yaml_tree *t, struct span at, const struct yaml_brief *texts,
                          uint32_t pairs);
/* Before a rule is added while the file is read. */
void yaml_begin_taken(struct shape *p, const struct yaml_tree *t);
/* yaml_condition.c */
struct expr *yaml_condition(struct shape *p, const struct yaml_node *value);
void yaml_read_promises(struct shape *p, const struct yaml_node *value, struct span key);
/* yaml_hours.c */
void yaml_read_hours(struct shape *p, const struct yaml_node *value, struct span key);
/* yaml_people.c */
void yaml_read_agents(struct shape *p, const struct yaml_node *value, struct span key);
void yaml_read_teams(struct shape *p, const struct yaml_node *value, struct span key);

/* A new item of the file. */
struct item *yaml_item_add(struct shape *p, enum item_kind kind, struct span at, struct span key);

#endif
