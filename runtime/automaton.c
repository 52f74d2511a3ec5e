/*
 * A folded text to the patterns that hold for it, all of an attribute's at once (Aho and Corasick, 1975).
 *
 * Work is linear in the text and the patterns whatever the table: each byte goes one edge down at the most,
 * and each fail link goes at least one up; a `contains` pattern is reported once, and where one was reported
 * already all those further along the links were too, so that walk ends there. `equals` and `prefix` patterns
 * can only hold on the way straight down from the root; `suffix` and `equals` are looked at once, at the end.
 */
#include "lanes.h"
#include "ticket.h"

/* The state's pattern of that kind, which it has. Few states have any, so they are found by halving. */
static void add_pattern(const struct sh_ac *s, uint32_t state, unsigned kind)
{
    const struct shunt_table *t = s->ticket->t;
    const struct tf_ac_pattern *p = t->AC_PATTERN;
    uint32_t place = (uint32_t)(s->links + state - t->AC_STATE);
    for (uint32_t count = t->AC_PATTERN_count; count > 1;) {
        uint32_t half = count / 2;
        p += le32(p[half - 1].state) < place ? half : 0;
        count -= half;
    }
    while (t->ATOM[le32(p->atom)].kind != kind) p++;
    sh_add_fact(s->ticket, le32(p->atom));
}

static bool has_pattern(const struct sh_ac *s, uint32_t state, unsigned kind)
{
    return s->kinds[state] >> kind & 1;
}

void sh_ac_begin(struct sh_ac *s, struct shunt_ticket *ticket, uint32_t automaton)
{
    const struct shunt_table *t = ticket->t;
    uint32_t first = le32(t->AC_ROOT[automaton].state_first);
    *s = (struct sh_ac){.ticket = ticket,
                        .links = t->AC_STATE + first,
                        .states = t->ac_states + first + automaton,
                        .kinds = t->ac_kinds + first,
                        .bytes = t->AC_EDGE + first - automaton,
                        .root = t->ac_root[automaton],
                        .on_path = true};
    /* The root's patterns are those of the empty text, which every text begins with, ends with and contains.
     */
    static const unsigned always[] = {TF_ATOM_PREFIX, TF_ATOM_SUFFIX, TF_ATOM_CONTAINS};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        if (has_pattern(s, 0, always[i])) add_pattern(s, 0, always[i]);
    }
}

/* The target of the state's edge with that byte; 0: none. Sixteen edges at once: most states have fewer, and
 * which it is cannot be foreseen. Edge i of an automaton leads to its state i + 1. */
static uint32_t edge(const struct sh_ac *s, uint32_t state, unsigned byte)
{
    const struct sh_ac_state *of = &s->states[state];
    uint32_t at = of[0].edge_first, end = of[1].edge_first;
    for (lanes wanted = splat(byte); at < end; at += SH_LANES) {
        uint32_t found = lane_bits((lanes)(load_lanes(s->bytes + at) == wanted));
        if (end - at < SH_LANES) found &= (UINT32_C(1) << (end - at)) - 1;
        if (found) return at + (uint32_t)__builtin_ctz(found) + 1;
    }
    return 0;
}

static void report_contains(const struct sh_ac *s, uint32_t state)
{
    struct shunt_ticket *k = s->ticket;
    for (uint32_t at = s->states[state].contains; at != 0;) {
        const struct tf_ac_pattern *p = &k->t->AC_PATTERN[at - 1];
        uint32_t atom = le32(p->atom);
        if (sh_bit(k->has, atom)) return;
        sh_add_fact(k, atom);
        at = s->states[tf_ac_fail(&k->t->AC_STATE[le32(p->state)])].contains;
    }
}

/* Where the byte leads from the state; on the way, along its links. */
static uint32_t next_state(struct sh_ac *s, uint32_t state, unsigned byte)
{
    while (state != 0) {
        uint32_t to = edge(s, state, byte);
        if (to != 0) return to;
        s->on_path = false;
        state = tf_ac_fail(&s->links[state]);
    }
    return s->root[byte];
}

static void step(struct sh_ac *s, unsigned byte)
{
    uint32_t to = next_state(s, s->state, byte);
    s->state = to;
    if (to == 0) {
        s->on_path = false;
        return;
    }
    if (s->on_path && has_pattern(s, to, TF_ATOM_PREFIX)) add_pattern(s, to, TF_ATOM_PREFIX);
    report_contains(s, to);
}

void sh_ac_feed(void *ac, const char *folded, size_t len)
{
    struct sh_ac *s = ac;
    for (size_t i = 0; i < len; i++) {
        unsigned byte = (unsigned char)folded[i];
        if (s->state == 0 && s->root[byte] == 0)
            s->on_path = false; /* most bytes of most texts */
        else
            step(s, byte);
    }
}

void sh_ac_end(struct sh_ac *s)
{
    if (s->on_path && has_pattern(s, s->state, TF_ATOM_EQUALS)) add_pattern(s, s->state, TF_ATOM_EQUALS);
    for (uint32_t at = s->state; s->kinds[at] & SH_AC_ENDS; at = tf_ac_fail(&s->links[at])) {
        if (has_pattern(s, at, TF_ATOM_SUFFIX)) add_pattern(s, at, TF_ATOM_SUFFIX);
    }
}
