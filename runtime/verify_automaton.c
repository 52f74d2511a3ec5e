/*
 * The automata for text patterns (docs/TABLE-FORMAT.md 7).
 *
 * States stand breadth first and each state's children by byte, so that edge i of an automaton leads to state
 * i + 1: where each state's edges follow those of the state before, and none leads to it or to one before it,
 * they are a tree, whose levels follow each other. With links that lead to higher levels every walk ends, and
 * a text takes linear time.
 */
#include "verify.h"

/* One automaton: where its parts are, and how far it is known. */
struct tree {
    struct verify *v;
    const struct tf_attr *attr;
    const struct tf_ac_state *states;
    const uint8_t *bytes;      /* of its edges */
    uint32_t first, count;     /* AC_STATE */
    uint32_t edge_count;       /* of the states so far */
    uint32_t level, level_end; /* the states that are as deep as this one */
    uint32_t depth;
    uint32_t pattern; /* AC_PATTERN: the next one */
};

/* Edges ascend by byte. Of n states the last has n - 1 edges before it, and none leads past it: so one leads
 * to each but the root, and none is left over. */
static bool verify_edges(struct tree *r, uint32_t state)
{
    struct verify *v = r->v;
    uint32_t begin = r->edge_count, count = tf_ac_edge_count(&r->states[state]), place = r->first + state;
    REQUIRE(begin >= state, AC_STATE, place, "nothing leads to it");
    REQUIRE(count < r->count - begin, AC_STATE, place, "its edges lead to more states than there are");
    for (uint32_t i = 1; i < count; i++) {
        REQUIRE(r->bytes[begin + i - 1] < r->bytes[begin + i], AC_EDGE, r->bytes - v->t->AC_EDGE + begin + i,
                "bytes do not rise");
    }
    if (state == r->level_end) {
        r->level = state;
        r->level_end = begin + 1;
        r->depth++;
    }
    r->edge_count += count;
    return true;
}

/* The state's link: to the root, or to a state less deep that the same byte leads to. */
static bool verify_link(const struct tree *r, uint32_t state)
{
    struct verify *v = r->v;
    uint32_t place = r->first + state, fail = tf_ac_fail(&r->states[state]);
    if (fail == 0) return true;
    REQUIRE(fail < r->level, AC_STATE, place, "its link does not lead upwards");
    REQUIRE(r->bytes[fail - 1] == r->bytes[state - 1], AC_STATE, place, "its link leads elsewhere");
    return true;
}

static bool verify_pattern(const struct tree *r, uint32_t state)
{
    struct verify *v = r->v;
    const struct shunt_table *t = v->t;
    uint32_t atom = le32(t->AC_PATTERN[r->pattern].atom), own = atom - le32(r->attr->atom_first);
    REQUIRE(own < le32(r->attr->atom_count), AC_PATTERN, r->pattern, "a pattern that is not its attribute's");
    REQUIRE(!sh_bit(v->seen, atom), AC_PATTERN, r->pattern, "a pattern that is there twice");
    sh_set_bit(v->seen, atom);
    struct shunt_string text = sh_string(t, le32(t->ATOM[atom].string));
    REQUIRE(text.len == r->depth, AC_PATTERN, r->pattern, "a pattern of another length");
    REQUIRE(text.len == 0 || (unsigned char)text.bytes[text.len - 1] == r->bytes[state - 1], AC_PATTERN,
            r->pattern, "a pattern that ends otherwise");
    return true;
}

/* All of AC_PATTERN come by as states do: they ascend. */
static bool verify_state(struct tree *r, uint32_t state)
{
    const struct shunt_table *t = r->v->t;
    if (!verify_edges(r, state) || !verify_link(r, state)) return false;
    for (; r->pattern < t->AC_PATTERN_count; r->pattern++) {
        if (le32(t->AC_PATTERN[r->pattern].state) != r->first + state) break;
        if (!verify_pattern(r, state)) return false;
    }
    return true;
}

/* Where an automaton's states, edges and patterns begin. */
struct places {
    uint32_t state, edge, pattern;
};

/* *at: where they have to; then where the next one's have to. */
static bool verify_automaton(struct verify *v, uint32_t i, struct places *at)
{
    const struct shunt_table *t = v->t;
    const struct tf_automaton *a = &t->AC_ROOT[i];
    uint32_t first = le32(a->state_first), count = le32(a->state_count), attr = le32(a->attr);
    REQUIRE(attr < t->ATTR_count && (i == 0 || attr > le32(a[-1].attr)), AC_ROOT, i,
            "attributes out of order");
    uint32_t pattern_count = le32(t->ATTR[attr].atom_count);
    REQUIRE(t->ATTR[attr].type == TF_TEXT_T && pattern_count > 0, AC_ROOT, i,
            "an attribute without patterns");
    REQUIRE(count <= TF_AC_STATES_MAX, AC_ROOT, i, "more states than links can name");
    REQUIRE(first == at->state && count > 0 && count <= t->AC_STATE_count - first, AC_ROOT, i,
            "its states do not follow those before");
    REQUIRE(count - 1 <= t->AC_EDGE_count - at->edge, AC_ROOT, i, "an edge is missing");
    struct tree r = {v,     &t->ATTR[attr], t->AC_STATE + first, t->AC_EDGE + at->edge,
                     first, count,          .level_end = 1,      .pattern = at->pattern};
    for (uint32_t state = 0; state < count; state++) {
        if (!verify_state(&r, state)) return false;
    }
    REQUIRE(r.pattern - at->pattern == pattern_count, AC_ROOT, i, "a pattern is missing");
    *at = (struct places){first + count, at->edge + count - 1, r.pattern};
    return true;
}

/* By state, those of one state by kind. */
static bool verify_order(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint64_t before = 0;
    for (uint32_t i = 0; i < t->AC_PATTERN_count; i++) {
        uint32_t state = le32(t->AC_PATTERN[i].state), atom = le32(t->AC_PATTERN[i].atom);
        REQUIRE(state < t->AC_STATE_count, AC_PATTERN, i, "no such state");
        REQUIRE(atom < t->ATOM_count, AC_PATTERN, i, "no such atom");
        uint64_t here = (uint64_t)state << 8 | t->ATOM[atom].kind;
        REQUIRE(i == 0 || here > before, AC_PATTERN, i, "they do not rise");
        before = here;
    }
    return true;
}

bool sh_verify_automata(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint32_t wanted = 0;
    struct places at = {0, 0, 0};
    for (uint32_t i = 0; i < t->ATTR_count; i++) {
        wanted += t->ATTR[i].type == TF_TEXT_T && le32(t->ATTR[i].atom_count) > 0;
    }
    REQUIRE(t->AC_ROOT_count == wanted, AC_ROOT, t->AC_ROOT_count, "an automaton is missing");
    if (!verify_order(v)) return false;
    for (uint32_t i = 0; i < t->AC_ROOT_count; i++) {
        if (!verify_automaton(v, i, &at)) return false;
    }
    REQUIRE(at.state == t->AC_STATE_count, AC_STATE, at.state, "states of no automaton");
    REQUIRE(at.edge == t->AC_EDGE_count, AC_EDGE, at.edge, "edges of no automaton");
    return true;
}
