/*
 * Text patterns to Aho-Corasick automata (docs/TABLE-FORMAT.md 7). Source: Aho and Corasick, "Efficient
 * string matching: an aid to bibliographic search", 1975.
 *
 * The patterns come sorted, so a state of the trie is a range of them with a common beginning, and its
 * children are that range cut by the next byte. Working through a queue of ranges numbers the states breadth
 * first. Time and memory: linear in the patterns' bytes, but for finding an edge, which is a binary search.
 */
#include "lower.h"

#include <assert.h>
#include <stdlib.h>

/* A state while its automaton is built; they stand in their final order. */
struct range {
    uint32_t lo, hi; /* patterns that begin with its text */
    uint32_t depth;
    uint32_t parent;
    uint32_t fail;
    uint32_t edge_first; /* of the automaton's: edge i leads to state i + 1 */
    uint8_t byte;        /* the edge from the parent */
};

struct builder {
    struct arena *a;
    struct parts *parts;
    const struct ac_pattern *patterns;
    uint32_t state_first, edge_first; /* the root's, of AC_STATE and AC_EDGE */
    VEC(struct range) ranges;
};

/* ---- the trie ---- */

/* The patterns that end at the state come first in its range, by kind: nothing is shorter. Answers the one
 * behind them. */
static uint32_t add_patterns(struct builder *b, uint32_t state)
{
    const struct range *r = &b->ranges.at[state];
    uint32_t at = r->lo;
    for (; at < r->hi && b->patterns[at].text.len == r->depth; at++) {
        struct tf_ac_pattern p = {to_le32(b->state_first + state), to_le32(b->patterns[at].atom)};
        *vec_push(b->a, &b->parts->AC_PATTERN) = p;
    }
    return at;
}

static void add_children(struct builder *b, uint32_t state, uint32_t from)
{
    struct range r = b->ranges.at[state];
    b->ranges.at[state].edge_first = b->ranges.count - 1;
    for (uint32_t lo = from, hi; lo < r.hi; lo = hi) {
        uint8_t byte = (uint8_t)b->patterns[lo].text.p[r.depth];
        for (hi = lo + 1; hi < r.hi && (uint8_t)b->patterns[hi].text.p[r.depth] == byte; hi++) continue;
        *vec_push(b->a, &b->ranges) =
            (struct range){.lo = lo, .hi = hi, .depth = r.depth + 1, .parent = state, .byte = byte};
        *vec_push(b->a, &b->parts->AC_EDGE) = byte;
    }
}

/* ---- links ---- */

static uint32_t edges_end(const struct builder *b, uint32_t state)
{
    return state + 1 < b->ranges.count ? b->ranges.at[state + 1].edge_first : b->ranges.count - 1;
}

/* Where the edge of `state` with that byte leads; 0: there is none. */
static uint32_t target(const struct builder *b, uint32_t state, uint8_t byte)
{
    const uint8_t *bytes = b->parts->AC_EDGE.at + b->edge_first;
    uint32_t lo = b->ranges.at[state].edge_first, end = edges_end(b, state), hi = end;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (bytes[mid] < byte)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < end && bytes[lo] == byte ? lo + 1 : 0;
}

/* Breadth first: the links of a state's parent, and of all that is less deep, are there. */
static void set_link(struct builder *b, uint32_t state)
{
    struct range *r = &b->ranges.at[state];
    for (uint32_t from = r->parent; from != 0 && r->fail == 0;) {
        from = b->ranges.at[from].fail;
        r->fail = target(b, from, r->byte);
    }
}

/* Bytes of UTF-8: a state has fewer than 256 edges. */
static void add_state(struct builder *b, uint32_t state)
{
    const struct range *r = &b->ranges.at[state];
    uint32_t edge_count = edges_end(b, state) - r->edge_first;
    assert(edge_count < 1 << (32 - TF_AC_SHIFT));
    *vec_push(b->a, &b->parts->AC_STATE) = (struct tf_ac_state){to_le32(edge_count << TF_AC_SHIFT | r->fail)};
}

static uint64_t trie_states(const struct ac_pattern *patterns, uint32_t count)
{
    uint64_t states = 1;
    for (uint32_t i = 0; i < count; i++) {
        size_t same = 0;
        struct str t = patterns[i].text, before = i ? patterns[i - 1].text : S("");
        while (same < t.len && same < before.len && t.p[same] == before.p[same]) same++;
        states += t.len - same;
    }
    return states;
}

bool automaton_add(struct arena *a, struct parts *parts, uint32_t attr, const struct ac_pattern *patterns,
                   uint32_t count, uint32_t state_max)
{
    if (trie_states(patterns, count) > state_max) return false;
    struct builder b = {.a = a,
                        .parts = parts,
                        .patterns = patterns,
                        .state_first = parts->AC_STATE.count,
                        .edge_first = parts->AC_EDGE.count};
    *vec_push(a, &b.ranges) = (struct range){.hi = count};
    for (uint32_t state = 0; state < b.ranges.count; state++)
        add_children(&b, state, add_patterns(&b, state));
    for (uint32_t state = 1; state < b.ranges.count; state++) set_link(&b, state);
    for (uint32_t state = 0; state < b.ranges.count; state++) add_state(&b, state);
    *vec_push(a, &parts->AC_ROOT) = (struct tf_automaton){
        .attr = to_le32(attr), .state_first = to_le32(b.state_first), .state_count = to_le32(b.ranges.count)};
    return true;
}

/* ---- from the table's atoms ---- */

static int text_order(const void *a, const void *b)
{
    const struct ac_pattern *x = a, *y = b;
    int order = str_cmp(x->text, y->text);
    return order ? order : (x->kind > y->kind) - (x->kind < y->kind);
}

/* Too many patterns are no single test's fault: the place is that of the attribute, where it has one. */
static void add_automaton(struct lowering *l, uint32_t attr, const struct pattern *patterns, uint32_t count)
{
    struct ac_pattern *sorted = arena_array(l->a, struct ac_pattern, count);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (struct ac_pattern){patterns[i].text, patterns[i].kind, patterns[i].atom};
    qsort(sorted, count, sizeof *sorted, text_order);
    const struct name *name = &l->m->attrs.at[attr].name;
    if (!automaton_add(l->a, &l->parts, attr, sorted, count, l->state_max))
        diag(&l->c->diags, E0701, name->at, name->s, str_of_u64(l->a, l->state_max - 1));
}

static int attr_order(const void *a, const void *b)
{
    const struct pattern *x = a, *y = b;
    if (x->attr != y->attr) return x->attr < y->attr ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

void lower_automata(struct lowering *l)
{
    uint32_t count = l->patterns.count;
    if (!count) return;
    qsort(l->patterns.at, count, sizeof *l->patterns.at, attr_order);
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && l->patterns.at[end].attr == l->patterns.at[i].attr; end++) continue;
        add_automaton(l, l->patterns.at[i].attr, l->patterns.at + i, end - i);
    }
}
