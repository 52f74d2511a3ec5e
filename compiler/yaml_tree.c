/*
 * Turns libyaml's events into a tree of nodes (yaml_tree.h) and reports, at exact places, what YAML 1.2 or
 * the policy language forbids and libyaml lets pass: duplicate keys, tags, undefined aliases, second
 * documents, nesting and aliases past their limits. Assumes valid UTF-8. Promises a tree in time linear in
 * the file, whatever is in it; after a syntax error the tree has what stood before it.
 */
#include "yaml_reader.h"

#include <string.h>

struct span yaml_at(const struct yaml_reader *r, uint32_t off, uint32_t len)
{
    return (struct span){r->t->file, off, len};
}

uint32_t yaml_mark_off(struct yaml_reader *r, size_t index)
{
    return yaml_marks_off(&r->marks, index);
}

/* ---- nodes ---- */

static struct yaml_frame *top(struct yaml_reader *r)
{
    return r->depth ? &r->frames[r->depth - 1] : NULL;
}

static int block_column(const struct yaml_reader *r)
{
    return r->depth ? r->frames[r->depth - 1].column : -1;
}

static struct yaml_node *new_node(struct yaml_reader *r, enum yaml_kind kind, enum yaml_style style,
                                  uint32_t off)
{
    struct yaml_node *n = arena_new_of(r->young, struct yaml_node);
    n->kind = (uint8_t)kind;
    n->style = (uint8_t)style;
    n->off = off;
    n->column = block_column(r);
    n->size = 1;
    r->written++;
    return n;
}

/* A key must be a text; what else it may be is replaced by one that nobody complains of again. */
static struct yaml_node *checked_key(struct yaml_reader *r, struct yaml_node *n)
{
    const struct yaml_node *real = yaml_real(n);
    if (real->kind == YAML_TEXT && (real->bad || !yaml_is_null(real) || real->len)) return n;
    struct diag *g = diag0(r->d, E0513, yaml_at(r, n->off, n->len));
    if (real->kind == YAML_TEXT)
        diag_hint(r->d, g, "write a key before the colon");
    else
        diag_hint(r->d, g, "lists and maps cannot be keys; put a text with brackets in it between quotes");
    n->bad = true;
    return n;
}

/* A finished node becomes the root, an item, a key or a value. */
static void place_node(struct yaml_reader *r, struct yaml_node *n)
{
    struct yaml_frame *f = top(r);
    if (!f) {
        r->t->root = n;
    } else if (f->node->kind == YAML_MAP && !f->key) {
        f->key = checked_key(r, n);
    } else if (yaml_is_taken(r, f->node)) {
        yaml_take_entry(r, n);
    } else {
        if (f->node->kind == YAML_MAP) *vec_push(r->a, &r->stack) = f->key;
        *vec_push(r->a, &r->stack) = n;
        f->key = NULL;
    }
}

/* ---- anchors and aliases ---- */

/* libyaml ends the names of anchors and aliases where YAML 1.2 does not: what stands behind would become a
 * text. */
static void check_anchor_name(struct yaml_reader *r, uint32_t off, uint32_t end, const yaml_char_t *name)
{
    struct str s = r->t->text;
    while (end < s.len && !memchr(" \t\r\n,[]{}", s.p[end], 9)) end++;
    if (end - off - 1 == strlen((const char *)name)) return;
    diag0(r->d, E0535, yaml_at(r, off, end - off));
    r->name_wrong = true;
}

static void add_anchor(struct yaml_reader *r, struct yaml_node *n, const yaml_char_t *name, uint32_t off)
{
    struct str s = arena_str(r->a, str_from((const char *)name));
    *vec_push(r->a, &r->t->anchors) = (struct yaml_anchor){s, n, off};
    n->anchored = true;
    uint32_t id = strmap_put(r->a, &r->anchor_ids, s, r->anchor_nodes.count);
    if (id == r->anchor_nodes.count) {
        *vec_push(r->a, &r->anchor_nodes) = n;
        return;
    }
    struct yaml_node *before = r->anchor_nodes.at[id];
    struct diag *g = diag(r->d, W1501, yaml_at(r, off, (uint32_t)s.len + 1), s);
    diag_related(g, yaml_at(r, before->off, before->len), S("first defined here"));
    r->anchor_nodes.at[id] = n;
}

static bool is_open(const struct yaml_reader *r, const struct yaml_node *n)
{
    for (uint32_t i = 0; i < r->depth; i++)
        if (r->frames[i].node == n) return true;
    return false;
}

static void report_undefined(struct yaml_reader *r, struct span at, struct str name)
{
    enum { HINT_MAX = 100 }; /* anchors compared: a file may have a million undefined aliases */
    struct str known[HINT_MAX];
    uint32_t count = r->t->anchors.count < HINT_MAX ? r->t->anchors.count : HINT_MAX;
    for (uint32_t i = 0; i < count; i++) known[i] = r->t->anchors.at[i].name;
    struct diag *g = diag_nearest(r->d, diag(r->d, E0510, at, name), name, known, count);
    if (!g->hint.p && yaml_in_condition(r))
        diag_hint(r->d, g, "write the condition without the *: %.*s …", (int)name.len, name.p);
}

/* Once: the aliases after the one that went too far would go as far again. */
static void report_too_much(struct yaml_reader *r, struct str name, struct span at)
{
    if (!r->too_much) diag(r->d, E0505, at, name, str_of_u64(r->a, YAML_ALIAS_NODES_MAX));
    r->too_much = true;
}

/* What the name stands for; NULL after reporting why it cannot be used here. */
static struct yaml_node *alias_target(struct yaml_reader *r, struct str name, struct span at)
{
    uint32_t id = strmap_get(&r->anchor_ids, name, UINT32_MAX);
    struct yaml_node *target = id == UINT32_MAX ? NULL : r->anchor_nodes.at[id];
    if (!target) {
        report_undefined(r, at, name);
        r->wrong_alias_end = at.off + at.len;
        return NULL;
    }
    if (is_open(r, target)) return diag(r->d, E0511, at, name), NULL;
    if (r->depth + target->height > NESTING_MAX)
        return diag(r->d, E0506, at, str_of_u64(r->a, NESTING_MAX)), NULL;
    uint64_t all = r->expanded + target->size;
    if (target->size > YAML_ALIAS_NODES_MAX || all > YAML_ALIAS_NODES_MAX + YAML_ALIAS_FACTOR * r->written)
        return report_too_much(r, name, at), NULL;
    r->expanded = all;
    return target;
}

static void read_alias(struct yaml_reader *r)
{
    uint32_t off = r->event.from, end = r->event.to;
    const yaml_char_t *anchor = r->event.whole->data.alias.anchor;
    yaml_scan_gap(r, off);
    check_anchor_name(r, off, end, anchor);
    struct yaml_node *n = new_node(r, YAML_ALIAS, YAML_PLAIN, off);
    n->len = end - off;
    r->pos = end;
    struct str name = str_from((const char *)anchor);
    struct yaml_node *target = alias_target(r, name, yaml_at(r, off, n->len));
    if (target) {
        n->u.target = target;
        n->size = target->size;
        n->height = target->height;
    } else {
        n->kind = YAML_TEXT;
        n->bad = true;
        n->u.text = S("");
    }
    place_node(r, n);
}

/* ---- texts ---- */

/* What stands behind the ! of a condition is not all of it. */
static void report_tag(struct yaml_reader *r, uint32_t off, uint32_t end)
{
    struct str tag = {r->t->text.p + off, end - off};
    struct diag *g = diag(r->d, E0509, yaml_at(r, off, end - off), tag);
    if (!yaml_in_condition(r)) return;
    yaml_hint_not(r, g, off);
    r->name_wrong = true;
}

static const yaml_char_t *anchor_of(const struct yaml_brief *e)
{
    if (!e->whole) return NULL;
    return e->type == YAML_SCALAR_EVENT           ? e->whole->data.scalar.anchor
           : e->type == YAML_SEQUENCE_START_EVENT ? e->whole->data.sequence_start.anchor
                                                  : e->whole->data.mapping_start.anchor;
}

static const yaml_char_t *tag_of(const struct yaml_brief *e)
{
    if (!e->whole) return NULL;
    return e->type == YAML_SCALAR_EVENT           ? e->whole->data.scalar.tag
           : e->type == YAML_SEQUENCE_START_EVENT ? e->whole->data.sequence_start.tag
                                                  : e->whole->data.mapping_start.tag;
}

/* Where the node itself begins: behind its anchor. Reports a tag. */
static uint32_t node_start(struct yaml_reader *r, const yaml_char_t *anchor, uint32_t *anchor_off)
{
    struct str s = r->t->text;
    const yaml_char_t *tag = tag_of(&r->event);
    uint32_t off = r->event.from;
    r->name_wrong = false;
    *anchor_off = off;
    if (!anchor && !tag) return off;
    for (int properties = (anchor != NULL) + (tag != NULL); properties; properties--) {
        uint32_t end = off;
        while (end < s.len && !memchr(" \t\r\n,[]{}", s.p[end], 9)) end++;
        if (s.p[off] == '&')
            check_anchor_name(r, *anchor_off = off, off, anchor);
        else
            report_tag(r, off, end);
        yaml_scan_gap(r, end > r->pos ? end : r->pos);
        off = yaml_skip_space(s, end);
        if (properties == 1 && r->event.type == YAML_SCALAR_EVENT && !r->event.whole->data.scalar.length &&
            r->event.style == YAML_PLAIN)
            return end; /* nothing but the anchor */
    }
    return off;
}

static void report_text(struct yaml_reader *r, const struct yaml_node *n, const struct yaml_decoded *got)
{
    if (!got->problem) { /* libyaml and YAML 1.2 differ about it */
        diag(r->d, E0501, yaml_at(r, n->off, n->len), S("readers differ about what this text means"));
        return;
    }
    struct span at = yaml_at(r, got->problem_off, 1);
    if (!strcmp(got->problem, "tab"))
        diag0(r->d, E0502, at);
    else if (!strcmp(got->problem, "indent"))
        diag0(r->d, E0516, at);
    else if (!strcmp(got->problem, "comment"))
        diag0(r->d, E0515, at);
    else if (!strcmp(got->problem, "deeper"))
        diag0(r->d, E0525, at);
    else
        diag0(r->d, E0518, at);
}

/* The text's value: the source's own bytes where they are the same, else read again by YAML 1.2's rules,
 * which libyaml's reading must equal. */
static void set_text(struct yaml_reader *r, struct yaml_node *n, uint32_t end)
{
    uint32_t quote = n->style == YAML_SINGLE || n->style == YAML_DOUBLE;
    n->bad = r->name_wrong;
    n->len = end - n->off;
    if (!r->event.whole) {
        n->u.text = (struct str){r->t->text.p + n->off + quote, n->len - 2 * quote};
        return;
    }
    struct str value = {(const char *)r->event.whole->data.scalar.value, r->event.whole->data.scalar.length};
    if (n->style != YAML_LITERAL && n->style != YAML_FOLDED) {
        struct str same = {r->t->text.p + n->off + quote, n->len - 2 * quote};
        n->u.text = same;
        if (str_eq(same, value)) return;
    }
    struct yaml_decoded got =
        yaml_decode(r->d->a, r->t->text, n->off, end, (enum yaml_style)n->style, n->column, false);
    n->len = got.end_off - n->off;
    n->u.text = got.value;
    if (n->bad || (!got.problem && str_eq(got.value, value))) return;
    report_text(r, n, &got);
    n->bad = true;
}

/* In a flow collection a "-", "?" or ":" alone is no text (YAML 1.2, 7.3.3); libyaml takes it for one. */
static void check_plain(struct yaml_reader *r, struct yaml_node *n)
{
    if (n->style != YAML_PLAIN || !n->len || !memchr("-?:", n->u.text.p[0], 3)) return;
    if (n->len > 1 && !memchr(" \t,[]{}", n->u.text.p[1], 7)) return;
    diag(r->d, E0519, yaml_at(r, n->off, 1), ((struct str){r->t->text.p + n->off, 1}));
    n->bad = true;
}

static void read_text(struct yaml_reader *r)
{
    const yaml_char_t *anchor = anchor_of(&r->event);
    uint32_t anchor_off, off = node_start(r, anchor, &anchor_off), end = r->event.to;
    if (end < off) end = off;
    if (off > r->pos) yaml_scan_gap(r, off);
    struct yaml_node *n = new_node(r, YAML_TEXT, (enum yaml_style)r->event.style, off);
    if (anchor) add_anchor(r, n, anchor, anchor_off);
    set_text(r, n, end);
    const struct yaml_frame *f = top(r);
    if (f && f->flow) check_plain(r, n);
    if (n->style == YAML_LITERAL || n->style == YAML_FOLDED) yaml_scan_block_head(r, off);
    r->pos = end > r->pos ? end : r->pos;
    r->last_text = n;
    r->last_text_end = n->off + n->len;
    place_node(r, n);
}

/* ---- collections ---- */

static int column_of(struct str text, uint32_t off)
{
    return (int)utf8_count(
        (struct str){text.p + yaml_line_start(text, off), off - yaml_line_start(text, off)});
}

/* false: too deep. */
static bool open_collection(struct yaml_reader *r, enum yaml_kind kind)
{
    const yaml_char_t *anchor = anchor_of(&r->event);
    bool flow = r->event.style == YAML_FLOW;
    uint32_t anchor_off, off = node_start(r, anchor, &anchor_off);
    if (off > r->pos) yaml_scan_gap(r, off);
    if (r->depth == NESTING_MAX) {
        diag(r->d, E0506, yaml_at(r, off, 1), str_of_u64(r->a, NESTING_MAX));
        r->t->broken = true;
        return false;
    }
    struct yaml_node *n = new_node(r, kind, (enum yaml_style)r->event.style, off);
    bool pair = flow && kind == YAML_MAP && (off >= r->t->text.len || r->t->text.p[off] != '{');
    int column = flow ? block_column(r) : column_of(r->t->text, off);
    if (anchor) add_anchor(r, n, anchor, anchor_off);
    r->frames[r->depth++] = (struct yaml_frame){n, NULL, r->stack.count, column, flow, pair};
    if (flow && !pair) r->pos = off + 1;
    if (r->taker && r->depth == 2) yaml_take_begin(r, n);
    return true;
}

/* Takes the innermost collection's children off the stack and places it. */
static void close_collection(struct yaml_reader *r)
{
    struct yaml_frame *f = top(r);
    struct yaml_node *n = f->node, **kids = r->stack.at + f->first;
    uint32_t kid_count = r->stack.count - f->first;
    uint64_t size = n->size; /* with what was taken */
    if (yaml_is_taken(r, n)) yaml_take_end(r);
    for (uint32_t i = 0; i < kid_count; i++) {
        size += kids[i]->size;
        if (kids[i]->height >= n->height) n->height = (uint8_t)(kids[i]->height + 1);
    }
    if (!n->height) n->height = 1;
    n->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    n->count = n->kind == YAML_MAP ? kid_count / 2 : kid_count;
    struct yaml_node **copy = arena_array(r->young, struct yaml_node *, kid_count);
    if (kid_count) memcpy(copy, kids, kid_count * sizeof *copy);
    if (n->kind == YAML_MAP)
        n->u.map.pairs = (struct yaml_pair *)(void *)copy;
    else
        n->u.items = copy;
    const struct yaml_node *last = kid_count ? copy[kid_count - 1] : NULL;
    if (last && !n->len && last->off + last->len > n->off) n->len = last->off + last->len - n->off;
    r->stack.count = f->first;
    if (n->kind == YAML_MAP) yaml_finish_map(r, n);
    r->depth--;
    place_node(r, n);
}

static void end_collection(struct yaml_reader *r)
{
    struct yaml_frame *f = top(r);
    if (f->flow && !f->pair) {
        uint32_t off = r->event.from;
        yaml_scan_gap(r, off);
        r->pos = r->bracket_end = off + 1;
        f->node->len = off + 1 - f->node->off;
    }
    close_collection(r);
}

/* ---- documents ---- */

static void begin_document(struct yaml_reader *r)
{
    if (r->past_document) {
        uint32_t off = yaml_skip_space(r->t->text, r->event.from);
        diag0(r->d, E0507, yaml_at(r, off, 3));
        r->t->broken = true;
    } else {
        if (!r->event.implicit) yaml_scan_gap(r, r->event.to);
        r->in_document = true;
    }
}

static void end_document(struct yaml_reader *r)
{
    r->in_document = false;
    r->past_document = true;
    if (!r->event.implicit) yaml_scan_gap(r, r->event.to);
}

/* One event; false where reading is over. */
static bool take_event(struct yaml_reader *r)
{
    switch (r->event.type) {
    case YAML_DOCUMENT_START_EVENT: begin_document(r); break;
    case YAML_DOCUMENT_END_EVENT: end_document(r); break;
    case YAML_ALIAS_EVENT: read_alias(r); break;
    case YAML_SCALAR_EVENT: read_text(r); break;
    case YAML_SEQUENCE_START_EVENT: return open_collection(r, YAML_LIST);
    case YAML_MAPPING_START_EVENT: return open_collection(r, YAML_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: end_collection(r); break;
    case YAML_STREAM_END_EVENT: yaml_scan_gap(r, (uint32_t)r->t->text.len); return false;
    default: break;
    }
    return !r->t->broken;
}

static void end_ahead(struct yaml_reader *r)
{
    yaml_ahead_free(r->ahead);
    r->ahead = NULL;
}

/* The next event of those ahead; false where parsing failed: the parser says why. */
static bool next_ahead(struct yaml_reader *r)
{
    const struct yaml_brief *event = yaml_ahead_next(r->ahead);
    if (event) r->event = *event;
    if (!event) end_ahead(r);
    return event != NULL;
}

static bool next_event(struct yaml_reader *r)
{
    if (r->whole_live) yaml_event_delete(&r->whole);
    r->whole_live = false;
    if (r->ahead && next_ahead(r)) return true;
    if (!r->parser.error && yaml_brief_next(&r->parser, &r->marks, &r->whole, &r->event)) {
        r->whole_live = r->event.whole != NULL;
        return true;
    }
    if (r->parser.error == YAML_MEMORY_ERROR) arena_fail(r->a);
    yaml_report_error(r);
    r->t->broken = true;
    return false;
}

/* After a syntax error: what is open is closed, marked as cut. */
static void close_cut(struct yaml_reader *r)
{
    while (r->depth) {
        struct yaml_frame *f = top(r);
        f->node->cut = true;
        f->key = NULL;
        close_collection(r);
    }
}

static void release_reader(void *object)
{
    struct yaml_reader *r = object;
    end_ahead(r);
    if (r->whole_live) yaml_event_delete(&r->whole);
    if (r->parser_live) yaml_parser_delete(&r->parser);
    r->whole_live = r->parser_live = false;
}

/* libyaml drops the end of a block text's last line where the file's end takes the place of its line end. */
static struct str with_last_break(struct arena *a, struct str text)
{
    if (text.len && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == '\r')) return text;
    char *copy = arena_alloc(a, text.len + 1);
    if (text.len) memcpy(copy, text.p, text.len);
    copy[text.len] = '\n';
    return (struct str){copy, text.len + 1};
}

struct yaml_tree *yaml_read_source(struct arena *a, struct diags *d, struct str source, uint32_t file,
                                   bool keep_comments, enum read_ahead ahead, const struct yaml_taker *taker)
{
    enum { AHEAD_LEN_MIN = 4 << 20 }; /* where two threads take less: docs/decisions/0020 */
    struct yaml_reader *r = arena_new_of(a, struct yaml_reader);
    r->a = r->young = a;
    r->taker = taker;
    r->d = d;
    r->keep_comments = keep_comments;
    r->t = arena_new_of(a, struct yaml_tree);
    *r->t = (struct yaml_tree){.a = a, .d = d, .file = file, .text = source};
    r->t->start_off = r->t->end_off = UINT32_MAX;
    r->marks.text = source;
    if (!yaml_scan_characters(r)) {
        r->t->broken = true;
        return r->t;
    }
    arena_defer(a, release_reader, r);
    if (!yaml_parser_initialize(&r->parser)) arena_fail(a);
    r->parser_live = true;
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    struct str text = with_last_break(a, r->t->text);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text.p, text.len);
    bool thread = ahead == AHEAD_ALWAYS || (ahead == AHEAD_WHERE_LARGE && text.len >= AHEAD_LEN_MIN);
    if (thread || (taker && ahead != AHEAD_NEVER)) r->ahead = yaml_ahead_new(&r->parser, &r->marks, thread);
    while (next_event(r) && take_event(r)) yaml_take_plain(r);
    if (r->t->broken) close_cut(r);
    release_reader(r);
    yaml_take_last(r);
    return r->t;
}
