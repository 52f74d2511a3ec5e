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

enum { EQUALS, PREFIX, SUFFIX, CONTAINS }; /* places in tf_ac_state.pattern */

void sh_ac_begin(struct sh_ac *s, struct shunt_ticket *ticket, uint32_t automaton)
{
    const struct shunt_table *t = ticket->t;
    uint32_t first = le32(t->AC_ROOT[automaton].state_first);
    *s = (struct sh_ac){.ticket = ticket,
                        .states = t->AC_STATE + first,
                        .contains = t->ac_contains + first,
                        .root = t->ac_root[automaton],
                        .edge_first = le32(t->AC_STATE[first].edge_first),
                        .on_path = true};
    /* The root's patterns are those of the empty text, which every text begins with, ends with and contains.
     */
    static const int always[] = {PREFIX, SUFFIX, CONTAINS};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        uint32_t atom = le32(s->states[0].pattern[always[i]]);
        if (atom != TF_NONE) sh_add_fact(ticket, atom);
    }
}

/* The target of the state's edge with that byte; 0: none. Sixteen edges at once: most states have fewer, and
 * which it is cannot be foreseen. Edge i of an automaton leads to its state i + 1. The next state's edges end
 * this one's: the last state's successor lies behind the section, so the table's own count closes it. */
static uint32_t edge(const struct sh_ac *s, uint32_t state, unsigned byte)
{
    const struct shunt_table *t = s->ticket->t;
    const struct tf_ac_state *of = &s->states[state];
    uint32_t at = le32(of->edge_first);
    uint32_t end = of + 1 == t->AC_STATE + t->AC_STATE_count ? t->AC_EDGE_count : le32(of[1].edge_first);
    for (lanes wanted = splat(byte); at < end; at += SH_LANES) {
        uint32_t found = lane_bits((lanes)(load_lanes(t->ac_bytes + at) == wanted));
        if (end - at < SH_LANES) found &= (UINT32_C(1) << (end - at)) - 1;
        if (found) return at + (uint32_t)__builtin_ctz(found) - s->edge_first + 1;
    }
    return 0;
}

static void report_contains(const struct sh_ac *s, uint32_t state)
{
    struct shunt_ticket *k = s->ticket;
    for (uint32_t at = s->contains[state]; at != 0; at = s->contains[le32(s->states[at].fail)]) {
        uint32_t atom = le32(s->states[at].pattern[CONTAINS]);
        if (sh_bit(k->has, atom)) return;
        sh_add_fact(k, atom);
    }
}

/* Where the byte leads from the state; on the way, along its links. */
static uint32_t next_state(struct sh_ac *s, uint32_t state, unsigned byte)
{
    while (state != 0) {
        uint32_t to = edge(s, state, byte);
        if (to != 0) return to;
        s->on_path = false;
        state = le32(s->states[state].fail);
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
    if (s->on_path && le32(s->states[to].pattern[PREFIX]) != TF_NONE) {
        sh_add_fact(s->ticket, le32(s->states[to].pattern[PREFIX]));
    }
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
    const struct tf_ac_state *states = s->states;
    uint32_t equals = le32(states[s->state].pattern[EQUALS]);
    if (s->on_path && equals != TF_NONE) sh_add_fact(s->ticket, equals);
    for (uint32_t at = s->state; at != 0; at = le32(states[at].out)) {
        uint32_t suffix = le32(states[at].pattern[SUFFIX]);
        if (suffix != TF_NONE) sh_add_fact(s->ticket, suffix);
    }
}
