/*
 * A YAML file as a tree of nodes: what libyaml's events say, and what it lets pass that YAML 1.2 does not.
 *
 * A node is a text, a list, a map, or an alias of another node. Every node has its place: bytes of the
 * source, without the anchor before it. Texts stand for their own spelling; nothing is a number, a truth
 * value or a date here. A text that the source spells as it is points into the source; others are copies.
 */
#ifndef SHUNT_COMPILER_YAML_TREE_H
#define SHUNT_COMPILER_YAML_TREE_H

#include "compile.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP, YAML_ALIAS };
enum yaml_style { YAML_PLAIN, YAML_SINGLE, YAML_DOUBLE, YAML_LITERAL, YAML_FOLDED, YAML_BLOCK, YAML_FLOW };

struct yaml_pair {
    struct yaml_node *key, *value; /* key: a text that is not null */
};

struct yaml_node {
    uint8_t kind, style;
    uint8_t height;      /* collections on the longest way down, itself included; a text's is 0 */
    bool bad;            /* reported already: whoever reads it says nothing more */
    bool cut;            /* a list or map that a syntax error broke off */
    bool merges;         /* a map with a "<<" */
    bool anchored;       /* yaml_anchor() knows its name */
    bool comment_behind; /* a plain text with a comment right behind it on its line */
    uint32_t off, len;   /* its bytes; block collections end with their last node */
    uint32_t size;       /* nodes, aliases counted as what they stand for; at most UINT32_MAX */
    uint32_t count;      /* items or pairs as written */
    int32_t column;      /* of the innermost block collection around it, from 0; -1 none */
    union {
        struct str text;
        struct yaml_node **items;
        struct {
            struct yaml_pair *pairs;
            uint32_t
                flat_count; /* where it merges: pairs[count, count + flat_count) are the map after merging */
        } map;
        struct yaml_node *target;
    } u;
};

struct yaml_anchor {
    struct str name;
    struct yaml_node *node;
    uint32_t off; /* of the '&' */
};

struct yaml_tree {
    struct arena *a;
    struct diags *d;
    uint32_t file;
    struct str text;
    struct yaml_node *root;       /* NULL: nothing there */
    const struct yaml_node *taken; /* the list whose entries were taken: it looks empty; NULL: none */
    bool broken;                  /* a syntax error: what stands behind it is missing */
    bool directive;               /* it begins with %YAML */
    uint32_t start_off;           /* of the document's "---"; UINT32_MAX: none */
    uint32_t end_off;             /* of its "..."; UINT32_MAX: none */
    VEC(struct comment) comments; /* where they were asked for */
    VEC(struct yaml_anchor) anchors;
};

/* How many nodes one alias may stand for, and all of them together beyond ten times what is written: so that
 * no file costs more than its length is worth (language.md 1.5). */
enum { YAML_ALIAS_NODES_MAX = 100000, YAML_ALIAS_FACTOR = 10 };

/* Reads the file; every mistake of YAML's is reported. Never NULL. The nodes live in `a`; texts, that are not the
 * source's own bytes, with the diagnostics. */
struct yaml_tree *yaml_read(struct arena *a, struct diags *d, const struct sources *sources, uint32_t file,
                            bool keep_comments);

/* Who takes the entries of one list while the file is read: that of a key of the outermost map. An entry's nodes last
 * until the next but one is taken, so that a list of a hundred thousand needs the memory of two. It is another list
 * like any other where something in it or before it has an anchor; then entries last. */
struct yaml_brief;
struct yaml_taker {
    struct str key;
    void (*take)(void *ctx, const struct yaml_tree *t, const struct yaml_node *entry);
    /* NULL: none. An entry of which no nodes are made: a map of `pairs` texts, each brief (yaml_brief.h), a key and its
     * value in turn, that stands at `at`. false: it is to come by its nodes; nothing was done then. */
    bool (*take_plain)(void *ctx, const struct yaml_tree *t, struct span at, const struct yaml_brief *texts,
                       uint32_t pairs);
    void *ctx;
};
/* The same without comments. Entries are taken in order, the last ones when all is read: what is reported while the
 * file is read is reported before. */
struct yaml_tree *yaml_read_taking(struct arena *a, struct diags *d, const struct sources *sources, uint32_t file,
                                   const struct yaml_taker *taker);

/* Reports that under `agents`, `teams` or `hours` the keys of one stand where names should; false, and nothing
 * said, of any other section. */
bool yaml_report_nameless(struct diags *d, struct span at, struct str section);
/* What an alias stands for; any other node itself. */
const struct yaml_node *yaml_real(const struct yaml_node *n);
/* Its anchor; NULL: none. */
const struct yaml_anchor *yaml_anchor(const struct yaml_tree *t, const struct yaml_node *n);
struct span yaml_span(const struct yaml_tree *t, const struct yaml_node *n);
/* Of a text that stands in the source as it is, its bytes without the quotes; else as yaml_span(). */
struct span yaml_inner_span(const struct yaml_tree *t, const struct yaml_node *n);
/* A plain null, ~ or nothing. */
bool yaml_is_null(const struct yaml_node *n);
/* A map's pairs with what it merges: its own first, in order, then the merged ones. */
const struct yaml_pair *yaml_pairs(const struct yaml_node *map, uint32_t *count);
/* A text for parse_condition(): with the place of each of its bytes. */
struct cond_text yaml_cond_text(const struct yaml_tree *t, const struct yaml_node *n);

/* ---- yaml_text.c: what a text's source bytes stand for, read by YAML 1.2's rules ---- */

struct yaml_decoded {
    struct str value;
    uint32_t *map;       /* value.len + 1 places; NULL where it was not asked for */
    uint32_t end_off;    /* behind its last byte that is no line end */
    const char *problem; /* NULL: it was right */
    uint32_t problem_off;
};
/* A text that begins at `from` (its quote or block indicator) and ends before `to`; indent: the column of the
 * block collection around it, -1 at the top. */
struct yaml_decoded yaml_decode(struct arena *a, struct str source, uint32_t from, uint32_t to,
                                enum yaml_style style, int indent, bool with_map);

#endif
