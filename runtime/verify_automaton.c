/*
 * The automata for text patterns (docs/TABLE-FORMAT.md 7).
 *
 * States stand breadth first and each state's children by byte, so that edge i of an automaton leads to state
 * i + 1: that one comparison shows that the edges are a tree. With links that lead to smaller, less deep
 * states every walk ends, and a text takes linear time.
 */
#include "verify.h"

/* One automaton and where its parts are. */
struct tree {
    struct verify *v;
    const struct tf_attr *attr;
    uint32_t first, count;  /* AC_STATE */
    uint32_t edge_first;    /* AC_EDGE: of the root's */
    uint32_t pattern_count; /* found so far */
};

static const struct tf_ac_state *state_of(const struct tree *r, uint32_t state)
{
    return &r->v->t->AC_STATE[r->first + state];
}

/* The byte that leads to a state, which is not the root. */
static unsigned byte_to(const struct tree *r, uint32_t state)
{
    return le32(r->v->t->AC_EDGE[r->edge_first + state - 1].byte_target) >> 24;
}

static bool verify_pattern(struct tree *r, uint32_t state, unsigned kind)
{
    struct verify *v = r->v;
    const struct shunt_table *t = v->t;
    uint32_t place = r->first + state, atom = le32(state_of(r, state)->pattern[kind - TF_ATOM_EQUALS]);
    if (atom == TF_NONE) return true;
    r->pattern_count++;
    uint32_t own = atom - le32(r->attr->atom_first);
    REQUIRE(own < le32(r->attr->atom_count) && t->ATOM[atom].kind == kind, AC_STATE, place,
            "a pattern that is not its attribute's");
    REQUIRE(!sh_bit(v->seen, atom), AC_STATE, place, "a pattern that is there twice");
    sh_set_bit(v->seen, atom);
    struct shunt_string text = sh_string(t, le32(t->ATOM[atom].string));
    REQUIRE(text.len == le32(state_of(r, state)->depth), AC_STATE, place, "a pattern of another length");
    REQUIRE(text.len == 0 || (unsigned char)text.bytes[text.len - 1] == byte_to(r, state), AC_STATE, place,
            "a pattern that ends otherwise");
    return true;
}

static bool has_patterns(const struct tf_ac_state *s)
{
    bool any = false;
    for (int i = 0; i < 4; i++) any |= le32(s->pattern[i]) != TF_NONE;
    return any;
}

/* The state's links: `fail` to the root or a state that the same byte leads to, `out` to the first along it
 * with patterns. */
static bool verify_links(struct tree *r, uint32_t state)
{
    struct verify *v = r->v;
    const struct tf_ac_state *s = state_of(r, state);
    uint32_t place = r->first + state, fail = le32(s->fail), out = le32(s->out);
    if (state == 0) {
        REQUIRE(fail == 0 && out == 0 && le32(s->depth) == 0, AC_STATE, place, "not a root");
        return true;
    }
    REQUIRE(fail < state && le32(state_of(r, fail)->depth) < le32(s->depth), AC_STATE, place,
            "its link does not lead upwards");
    REQUIRE(fail == 0 || byte_to(r, fail) == byte_to(r, state), AC_STATE, place, "its link leads elsewhere");
    bool counts = fail != 0 && has_patterns(state_of(r, fail));
    REQUIRE(out == (counts ? fail : le32(state_of(r, fail)->out)), AC_STATE, place,
            "its patterns' link leads elsewhere");
    return true;
}

/* Edges ascend by byte, edge i leads to state i + 1, one deeper. *end: where the state's edges end. Depths
 * are compared with the parent's, which is known: the root's is 0. Of n states the last has n - 1 edges
 * before it, and none leads past it: so one leads to each but the root, and none is left over. */
static bool verify_edges(struct tree *r, uint32_t state, uint32_t *end)
{
    struct verify *v = r->v;
    const struct shunt_table *t = v->t;
    const struct tf_ac_state *s = state_of(r, state);
    uint32_t begin = le32(s->edge_first), place = r->first + state;
    *end = place + 1 < t->AC_STATE_count ? le32(s[1].edge_first) : t->AC_EDGE_count;
    REQUIRE(begin <= *end && *end <= t->AC_EDGE_count, AC_STATE, place,
            "its edges do not follow those before");
    REQUIRE(begin - r->edge_first >= state, AC_STATE, place, "nothing leads to it");
    for (uint32_t i = begin; i < *end; i++) {
        uint32_t e = le32(t->AC_EDGE[i].byte_target), to = i - r->edge_first + 1;
        REQUIRE(i == begin || e >> 24 > le32(t->AC_EDGE[i - 1].byte_target) >> 24, AC_EDGE, i,
                "bytes do not rise");
        REQUIRE((e & 0xffffff) == to && to > state && to < r->count, AC_EDGE, i, "it leads elsewhere");
        REQUIRE(le32(state_of(r, to)->depth) == le32(s->depth) + 1, AC_STATE, r->first + to, "a wrong depth");
    }
    return true;
}

static bool verify_state(struct tree *r, uint32_t state, uint32_t *edge_end)
{
    if (!verify_edges(r, state, edge_end)) return false;
    for (unsigned kind = TF_ATOM_EQUALS; kind <= TF_ATOM_CONTAINS; kind++) {
        if (!verify_pattern(r, state, kind)) return false;
    }
    return verify_links(r, state);
}

/* `at`: where the automaton's states have to begin; edges likewise. */
static bool verify_automaton(struct verify *v, uint32_t i, uint32_t *at, uint32_t *edge_at)
{
    const struct shunt_table *t = v->t;
    const struct tf_automaton *a = &t->AC_ROOT[i];
    struct tree r = {
        .v = v, .first = le32(a->state_first), .count = le32(a->state_count), .edge_first = *edge_at};
    REQUIRE(le32(a->attr) < t->ATTR_count && (i == 0 || le32(a->attr) > le32(a[-1].attr)), AC_ROOT, i,
            "attributes out of order");
    r.attr = &t->ATTR[le32(a->attr)];
    REQUIRE(r.attr->type == TF_TEXT_T && le32(r.attr->atom_count) > 0, AC_ROOT, i,
            "an attribute without patterns");
    REQUIRE(r.first == *at && r.count > 0 && r.count <= t->AC_STATE_count - *at, AC_ROOT, i,
            "its states do not follow those before");
    REQUIRE(le32(state_of(&r, 0)->edge_first) == *edge_at, AC_STATE, *at,
            "its edges do not follow those before");
    for (uint32_t state = 0; state < r.count; state++) {
        if (!verify_state(&r, state, edge_at)) return false;
    }
    REQUIRE(r.pattern_count == le32(r.attr->atom_count), AC_ROOT, i, "a pattern is missing");
    *at += r.count;
    return true;
}

bool sh_verify_automata(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint32_t at = 0, edge_at = 0, wanted = 0;
    for (uint32_t i = 0; i < t->ATTR_count; i++) {
        wanted += t->ATTR[i].type == TF_TEXT_T && le32(t->ATTR[i].atom_count) > 0;
    }
    REQUIRE(t->AC_ROOT_count == wanted, AC_ROOT, t->AC_ROOT_count, "an automaton is missing");
    for (uint32_t i = 0; i < t->AC_ROOT_count; i++) {
        if (!verify_automaton(v, i, &at, &edge_at)) return false;
    }
    REQUIRE(at == t->AC_STATE_count && edge_at == t->AC_EDGE_count, AC_STATE, at, "states of no automaton");
    return true;
}
