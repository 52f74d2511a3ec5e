/*
 * The differences of two policies, against brute force: each pair of deciding rules, with a smallest ticket.
 */
#include "judge.h"

#include <string.h>

struct told {
    struct trial *t;
    LIST(struct difference) list;
};

static void take(void *ctx, const struct difference *d)
{
    struct told *told = ctx;
    sb_printf(&told->t->said, "%u %u %d", d->old_rule, d->new_rule, d->smallest);
    note_witness(told->t, d->ticket);
    sb_putc(&told->t->said, '\n');
    *list_push(&told->t->g, &told->list) = *d;
    told->t->findings++;
}

static bool differs(const struct trial *t, uint32_t ticket, const bool *same_name, bool rules)
{
    const struct side *old = &t->b.sides[0], *new = &t->b.sides[1];
    if (old->decision[ticket] != new->decision[ticket]) return true;
    return rules && !same_name[old->rule[ticket] * BRUTE_RULES + new->rule[ticket]];
}

/* Of each pair the cost of the smallest ticket that is decided otherwise; UINT32_MAX: none is. */
static uint32_t *smallest(struct trial *t, const bool *same_name, bool rules)
{
    uint32_t *least = gen_alloc(&t->g, BRUTE_RULES * BRUTE_RULES * sizeof *least);
    memset(least, 0xff, BRUTE_RULES * BRUTE_RULES * sizeof *least);
    for (uint32_t i = 0; i < t->b.ticket_count; i++) {
        uint32_t *of = &least[t->b.sides[0].rule[i] * BRUTE_RULES + t->b.sides[1].rule[i]];
        if (differs(t, i, same_name, rules) && ticket_cost(t, i) < *of) *of = ticket_cost(t, i);
    }
    return least;
}

static bool *same_names(struct trial *t)
{
    bool *same = gen_alloc(&t->g, BRUTE_RULES * BRUTE_RULES);
    for (uint32_t i = 0; i < (uint32_t)t->b.sides[0].rules.count; i++)
        for (uint32_t k = 0; k < (uint32_t)t->b.sides[1].rules.count; k++)
            same[i * BRUTE_RULES + k] = !strcmp(brute_rule(&t->b, 0, i), brute_rule(&t->b, 1, k));
    return same;
}

static void judge_pair(struct trial *t, const struct difference *d, const bool *same_name, bool rules,
                       uint32_t least, const char *words)
{
    uint32_t ticket = judge_witness(t, d->ticket, words);
    if (ticket == SHUNT_NONE) return;
    if (t->b.sides[0].rule[ticket] != d->old_rule || t->b.sides[1].rule[ticket] != d->new_rule)
        object(t, "%s: its ticket is of another pair: %s", words, brute_ticket(&t->b, ticket));
    if (!differs(t, ticket, same_name, rules))
        object(t, "%s: its ticket is decided alike: %s", words, brute_ticket(&t->b, ticket));
    if (!d->smallest && !t->limited) object(t, "%s: the ticket may not be smallest, it says", words);
    if (witness_cost(t, d->ticket) != least && d->smallest)
        object(t, "%s: its ticket costs %#x, the smallest %#x", words, witness_cost(t, d->ticket), least);
}

static void compare(struct trial *t, const struct told *told, bool rules)
{
    bool *same_name = same_names(t);
    uint32_t *least = smallest(t, same_name, rules);
    int at = 0, count = told->list.count;
    uint32_t left = SHUNT_NONE; /* from this old rule on the rest is undecided */
    if (count && told->list.at[count - 1].new_rule == SHUNT_NONE) left = told->list.at[--count].old_rule;
    if (left != SHUNT_NONE && !t->limited) object(t, "the work ended");
    t->undecided += left != SHUNT_NONE;
    for (uint32_t i = 0; i < (uint32_t)t->b.sides[0].rules.count; i++) {
        for (uint32_t k = 0; k < (uint32_t)t->b.sides[1].rules.count; k++) {
            const struct difference *d = at < count ? &told->list.at[at] : NULL;
            bool said = d && d->old_rule == i && d->new_rule == k,
                 is = least[i * BRUTE_RULES + k] != UINT32_MAX;
            const char *words = gen_format(&t->g, "%s, then %s%s", brute_rule(&t->b, 0, i),
                                           brute_rule(&t->b, 1, k), rules ? " (--rules)" : "");
            bool open = said && !d->ticket && t->limited;
            t->undecided += open;
            if (said && !is && !open) object(t, "%s: do not differ", words);
            if (!said && is && i < left) object(t, "%s: differ", words);
            if (said && is && !open) judge_pair(t, d, same_name, rules, least[i * BRUTE_RULES + k], words);
            at += said;
        }
    }
    if (at != count) object(t, "%d differences more, or in another order", count - at);
}

static void diff_all(struct trial *t)
{
    for (int rules = 0; rules < 2; rules++) {
        struct told told = {.t = t};
        judge_budget(t);
        diff_decisions(t->s, rules, &t->budget, take, &told);
        compare(t, &told, rules);
    }
}

void judge_diff(struct trial *t)
{
    t->too_large = !brute_force(&t->b, &t->g, t->tables, 2, 2);
    if (t->b.wrong) object(t, "%s", t->b.wrong);
    if (t->too_large) return;
    t->tickets = t->b.ticket_count;
    judge_twice(t, false, diff_all);
}
