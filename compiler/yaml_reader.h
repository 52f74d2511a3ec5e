/*
 * The state in which a YAML file is read; shared by yaml_tree.c (events to nodes), yaml_map.c, yaml_scan.c
 * (what stands between the nodes) and yaml_error.c (libyaml's errors in plain words), used by nothing else.
 *
 * Invariant: source bytes before `pos` have been accounted for: they belong to a node, or yaml_scan_gap() has
 * looked at them.
 */
#ifndef SHUNT_COMPILER_YAML_READER_H
#define SHUNT_COMPILER_YAML_READER_H

#include "yaml_ahead.h"

/* A collection being read. */
struct yaml_frame {
    struct yaml_node *node;
    struct yaml_node *key; /* of a map: the key that has no value yet */
    uint32_t first;        /* its children so far: reader's stack from here on */
    int column;            /* of the innermost block collection: this one or one around it; -1 none */
    bool flow, pair;       /* pair: a single "key: value" among the items of a flow list, without braces */
};

struct yaml_reader {
    yaml_parser_t parser;     /* not to be looked at while there is an `ahead` */
    struct yaml_ahead *ahead; /* NULL: none */
    struct yaml_brief event;
    yaml_event_t whole;       /* of it, where there is no `ahead` */
    bool parser_live, whole_live;
    struct yaml_marks marks;
    struct arena *a;
    struct arena *young; /* for nodes, and what hangs on them: `a`, or where entries that are taken live */
    struct diags *d;
    struct yaml_tree *t;
    bool keep_comments;
    uint32_t pos;
    bool in_document, past_document;
    struct yaml_frame frames[NESTING_MAX];
    uint32_t depth;
    VEC(struct yaml_node *) stack;
    struct yaml_node *last_text; /* the last text read, and where libyaml went on behind it */
    uint32_t last_text_end;
    uint32_t bracket_end;     /* behind the last closing bracket */
    uint32_t wrong_alias_end; /* behind the last alias that was reported as one of nothing */
    struct strmap anchor_ids; /* name -> index into anchor_nodes */
    VEC(struct yaml_node *) anchor_nodes;
    bool name_wrong;            /* the anchor before the node is not what libyaml took it for */
    bool too_much;              /* the limit of aliases was reported */
    const struct yaml_taker *taker; /* NULL: none */
    struct arena *entries[2];       /* of every other entry that is taken */
    struct yaml_node *last_entry;   /* read, and not taken yet */
    uint64_t written, expanded; /* nodes in the file; nodes that aliases stand for */
};

struct span yaml_at(const struct yaml_reader *r, uint32_t off, uint32_t len);

/* yaml_scan.c */
/* Whether every character may stand in a policy; reports those that may not. Sets r->marks. */
bool yaml_scan_characters(struct yaml_reader *r);
/* Looks at [pos, to): comments, line ends, indents, marks of structure. Moves pos. */
void yaml_scan_gap(struct yaml_reader *r, uint32_t to);
/* Keeps the comment on the first line of a block text that begins at `off`. */
void yaml_scan_block_head(struct yaml_reader *r, uint32_t off);
/* The first byte from `off` on that is no blank, line end or comment. */
uint32_t yaml_skip_space(struct str text, uint32_t off);
/* Where the line that holds `off` begins. */
uint32_t yaml_line_start(struct str text, uint32_t off);
/* The first tab among the blanks that the line holding `off` begins with; UINT32_MAX: none. */
uint32_t yaml_indent_tab(struct str text, uint32_t off);

/* yaml_tree.c: reads the text of a file, or of a copy of it in which a part is blanks. */
struct yaml_tree *yaml_read_source(struct arena *a, struct diags *d, struct str source, uint32_t file,
                                   bool keep_comments, enum read_ahead ahead, const struct yaml_taker *taker);

/* yaml_take.c: whether the list, the innermost open collection, is the one whose entries are taken. */
bool yaml_is_taken(const struct yaml_reader *r, const struct yaml_node *list);
void yaml_take_begin(struct yaml_reader *r, struct yaml_node *list);
/* A finished entry; it is taken when the next one is finished, or at the end. */
void yaml_take_entry(struct yaml_reader *r, struct yaml_node *entry);
/* yaml_plain.c: takes the next entries for which no nodes need be made, as far as there are any. */
void yaml_take_plain(struct yaml_reader *r);
/* yaml_take.c: adds to the list what an entry is that is taken or will be; takes the one before it. */
void yaml_take_before(struct yaml_reader *r, struct span entry, uint32_t size, uint8_t height);
/* The end of the list, and of all. */
void yaml_take_end(struct yaml_reader *r);
void yaml_take_last(struct yaml_reader *r);

/* yaml_map.c: finds keys that are said twice, and merges. Requires its pairs and their size. */
void yaml_finish_map(struct yaml_reader *r, struct yaml_node *map);

/* yaml_error.c: reports what libyaml stopped at. */
void yaml_report_error(struct yaml_reader *r);
/* Says how a condition that begins with the ! at `off` is written. */
void yaml_hint_not(struct yaml_reader *r, struct diag *g, uint32_t off);
/* The byte offset of a place that libyaml counts in code points. */
uint32_t yaml_mark_off(struct yaml_reader *r, size_t index);
/* Whether the place inside the innermost open collection is one for a condition: the value of `when`, or an
 * entry of `promises`. */
bool yaml_in_condition(const struct yaml_reader *r);

#endif
