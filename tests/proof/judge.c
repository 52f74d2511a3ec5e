/*
 * Findings about one policy, against brute force.
 */
#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void object(struct trial *t, const char *format, ...)
{
    va_list args;
    if (t->complaints++ == 0) {
        fprintf(stderr, "\nseed %llu%s%s\n", (unsigned long long)t->seed, t->edit ? ": " : "",
                t->edit ? t->edit : "");
        for (uint32_t i = 0; i < 2 && t->texts[i]; i++)
            fprintf(stderr, "---- %s\n%s", i ? "new" : "policy", t->texts[i]);
        fputs("----\n", stderr);
    }
    if (t->complaints > 12) return;
    fputs("  ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* What was told, in order. */
struct told {
    struct trial *t;
    LIST(struct finding) list;
};

static void note_finding(struct trial *t, const struct finding *f)
{
    sb_printf(&t->said, "%d %u %u %u %u %d %u by", f->kind, f->rule, f->code_off, f->channel, f->promise,
              f->value, f->other);
    for (uint32_t i = 0; i < f->by.count; i++) sb_printf(&t->said, " %u", f->by.at[i]);
    note_witness(t, f->ticket);
    sb_putc(&t->said, '\n');
}

static void take(void *ctx, const struct finding *f)
{
    struct told *told = ctx;
    note_finding(told->t, f);
    if (f->kind != FINDING_UNDECIDED)
        *list_push(&told->t->g, &told->list) = *f, told->t->findings++;
    else if (!told->t->limited)
        object(told->t, "undecided: %.*s", (int)f->what.len, f->what.p);
    else if (!f->what.len)
        object(told->t, "undecided, without saying what");
    told->t->undecided += f->kind == FINDING_UNDECIDED;
}

/* What is so was not told; with a budget that may end, it need not be where something was left undecided. */
static void missed(struct trial *t, const char *format, const char *a)
{
    if (!t->undecided) object(t, format, a);
}

static const char *name_of(struct trial *t, uint32_t rule)
{
    return rule == SHUNT_NONE ? "none" : brute_rule(&t->b, 0, rule);
}

/* ---- dead rules ---- */

static bool can_decide(const struct trial *t, uint32_t rule)
{
    const struct side *s = &t->b.sides[0];
    for (uint32_t i = 0; i < t->b.ticket_count; i++)
        if (s->rule[i] >= rule && s->met[i] >> rule & 1) return true;
    return false;
}

/* Whether a ticket meets the rule's condition and none of these. */
static bool leaves_some(const struct trial *t, uint32_t rule, uint64_t by)
{
    const struct side *s = &t->b.sides[0];
    for (uint32_t i = 0; i < t->b.ticket_count; i++)
        if ((s->met[i] >> rule & 1) && !(s->met[i] & by)) return true;
    return false;
}

static void judge_by(struct trial *t, const struct finding *f)
{
    uint64_t by = 0;
    for (uint32_t i = 0; i < f->by.count; i++) {
        uint32_t r = f->by.at[i];
        if (r >= f->rule || (i && r <= f->by.at[i - 1]) || !(t->b.sides[0].decides >> r & 1))
            object(t, "%s is dead by %s, which is no earlier rule with a target", name_of(t, f->rule),
                   name_of(t, r));
        else if (!can_decide(t, r))
            object(t, "%s is dead by %s, which is dead itself", name_of(t, f->rule), name_of(t, r));
        by |= UINT64_C(1) << r;
    }
    if (leaves_some(t, f->rule, by))
        object(t, "%s is dead by %u rules, which leave some", name_of(t, f->rule), f->by.count);
    for (uint32_t i = 0; i < f->by.count && f->by_minimal; i++)
        if (!leaves_some(t, f->rule, by & ~(UINT64_C(1) << f->by.at[i])))
            object(t, "%s is dead by %s among others, which can be left out", name_of(t, f->rule),
                   name_of(t, f->by.at[i]));
    bool impossible = !leaves_some(t, f->rule, 0);
    if (f->impossible != impossible) object(t, "%s: impossible is %d", name_of(t, f->rule), f->impossible);
    if (!f->by_minimal && !t->limited) object(t, "%s: by is not minimal, it says", name_of(t, f->rule));
}

/* ---- constant parts ---- */

static bool is_literal(const struct node *n)
{
    return n->op == TF_OP_TRUE || n->op == TF_OP_FALSE;
}

static void check_part(struct trial *t, struct told *told, int *at, uint32_t rule, const struct node *n)
{
    const struct finding *f = *at < told->list.count ? &told->list.at[*at] : NULL;
    bool value = n->seen[1];
    if (!f || f->kind != FINDING_CONSTANT || f->rule != rule || f->code_off != n->off) {
        missed(t, "%s: not told",
               gen_format(&t->g, "the part at %u of %s is always %s", n->off, name_of(t, rule),
                          value ? "true" : "false"));
        return;
    }
    if (f->value != value)
        object(t, "the part at %u of %s is told as %d", n->off, name_of(t, rule), f->value);
    ++*at;
}

/* The condition as written, or what stands under nothing but a `not` there: of a rule that is dead that says no more. */
static bool is_whole(const struct node *n, const struct node *whole)
{
    while (n != whole && whole->op == TF_OP_NOT) whole = whole->kids[0];
    return n == whole;
}

/* root: the condition with its active days; whole: the condition as written. */
static void judge_parts(struct trial *t, struct told *told, int *at, uint32_t rule, const struct node *n,
                        const struct node *root, const struct node *whole, bool dead)
{
    bool part = dead && is_whole(n, whole) ? false : n == whole || n != root;
    if (part && !n->seen[0] && !n->seen[1]) return;
    if (part && n->seen[0] != n->seen[1]) {
        if (n != whole || !is_literal(n)) check_part(t, told, at, rule, n);
        return;
    }
    for (uint32_t i = 0; i < n->kid_count; i++) judge_parts(t, told, at, rule, n->kids[i], root, whole, dead);
}

/* Before a condition stand its active days. */
static const struct node *written(const struct node *root)
{
    bool active = root->op == TF_OP_AND && root->kid_count == 2 && root->kids[0]->op == TF_OP_ACTIVE;
    return active ? root->kids[1] : root;
}

static void judge_rule(struct trial *t, struct told *told, int *at, uint32_t rule)
{
    const struct node *root = t->b.sides[0].rules.at[rule];
    const struct finding *f = *at < told->list.count ? &told->list.at[*at] : NULL;
    bool dead = !can_decide(t, rule), said = f && f->kind == FINDING_DEAD && f->rule == rule;
    if (said && !dead) object(t, "%s is told to be dead", name_of(t, rule));
    if (dead && !said) missed(t, "%s is dead", name_of(t, rule));
    if (said && dead) judge_by(t, f);
    *at += said;
    judge_parts(t, told, at, rule, root, root, written(root), dead);
    while (*at < told->list.count && told->list.at[*at].rule == rule) {
        f = &told->list.at[(*at)++];
        if (f->kind == FINDING_CONSTANT)
            object(t, "the part at %u of %s is told as always %s: it is not", f->code_off, name_of(t, rule),
                   f->value ? "true" : "false");
    }
}

static void judge_reach(struct trial *t)
{
    struct told told = {.t = t};
    int at = 0;
    prove_reach(t->s, &t->budget, REACH_RULES | REACH_PARTS, take, &told);
    for (uint32_t r = 0; r < (uint32_t)t->b.sides[0].rules.count; r++) judge_rule(t, &told, &at, r);
    if (at != told.list.count) object(t, "%d findings more", told.list.count - at);
}

/* ---- gaps, promises, overlaps: a smallest ticket of some ---- */

typedef bool some(const struct trial *t, uint32_t ticket, uint32_t what, uint32_t more);

/* The cost of the smallest; UINT32_MAX: there is none. */
static uint32_t smallest(const struct trial *t, some *is, uint32_t what, uint32_t more)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < t->b.ticket_count; i++)
        if (ticket_cost(t, i) < least && is(t, i, what, more)) least = ticket_cost(t, i);
    return least;
}

static void judge_ticket(struct trial *t, const struct witness *w, some *is, uint32_t what, uint32_t more,
                         uint32_t least, const char *words)
{
    uint32_t ticket = judge_witness(t, w, words);
    if (ticket == SHUNT_NONE) return;
    if (!is(t, ticket, what, more))
        object(t, "%s: its ticket is no such ticket: %s", words, brute_ticket(&t->b, ticket));
    if (witness_cost(t, w) != least && !t->limited)
        object(t, "%s: its ticket costs %#x, the smallest %#x", words, witness_cost(t, w), least);
}

static uint32_t channel_cell(const struct trial *t, uint32_t ticket)
{
    uint32_t cell = ticket;
    for (int i = t->b.axes.count - 1; i > 0; i--) cell /= (uint32_t)t->b.axes.at[i].cells.count;
    return cell; /* channel is the first axis; none is cell 0 */
}

static bool is_gap(const struct trial *t, uint32_t ticket, uint32_t cell, uint32_t more)
{
    (void)more;
    return t->b.sides[0].rule[ticket] == t->b.sides[0].rules.count - 1 && channel_cell(t, ticket) == cell;
}

static void judge_gaps(struct trial *t)
{
    struct told told = {.t = t};
    int at = 0, cells = t->b.axes.at[0].cells.count;
    prove_gaps(t->s, &t->budget, take, &told);
    for (int i = 1; i <= cells; i++) {
        uint32_t cell = (uint32_t)(i % cells), channel = cell ? cell - 1 : SHUNT_NONE,
                 least = smallest(t, is_gap, cell, 0);
        const struct finding *f = at < told.list.count ? &told.list.at[at] : NULL;
        bool said = f && f->kind == FINDING_GAP && f->channel == channel;
        if (said && least == UINT32_MAX) object(t, "a gap of channel %u: there is none", channel);
        if (!said && least != UINT32_MAX) missed(t, "%s", gen_format(&t->g, "a gap of channel %u", channel));
        if (said && least != UINT32_MAX) judge_ticket(t, f->ticket, is_gap, cell, 0, least, "a gap");
        at += said;
    }
    if (at != told.list.count) object(t, "%d gaps more", told.list.count - at);
}

static bool is_broken(const struct trial *t, uint32_t ticket, uint32_t promise, uint32_t more)
{
    (void)more;
    return !(t->b.sides[0].keeps[ticket] >> promise & 1);
}

static void judge_promise(struct trial *t, const struct finding *f)
{
    uint32_t least = smallest(t, is_broken, f->promise, 0);
    const char *words = gen_format(&t->g, "promise %u", f->promise);
    if (f->kind != FINDING_PROMISE || f->value != (least == UINT32_MAX))
        object(t, "%s %s: told otherwise", words, least == UINT32_MAX ? "holds" : "fails");
    else if (!f->value)
        judge_ticket(t, f->ticket, is_broken, f->promise, 0, least, words);
}

static void judge_promises(struct trial *t)
{
    struct told told = {.t = t};
    uint32_t which = t->b.promise_side, before = t->undecided;
    prove_promises(t->s, which, &t->budget, take, &told);
    if ((uint32_t)told.list.count + (t->undecided - before) != (uint32_t)t->b.sides[which].promises.count)
        object(t, "%d findings about %d promises", told.list.count, t->b.sides[which].promises.count);
    for (int i = 0; i < told.list.count; i++) {
        if (i && told.list.at[i].promise <= told.list.at[i - 1].promise) object(t, "promises not in order");
        judge_promise(t, &told.list.at[i]);
    }
}

static bool meets_both(const struct trial *t, uint32_t ticket, uint32_t a, uint32_t b)
{
    return (t->b.sides[0].met[ticket] >> a & 1) && (t->b.sides[0].met[ticket] >> b & 1);
}

static bool same_target(const struct trial *t, uint32_t a, uint32_t b)
{
    const struct table_view *v = &t->b.sides[0].v;
    const struct tf_step *x = &v->STEP.at[le32(v->OUTCOME.at[le32(v->RULE.at[a].outcome)].step_first)];
    const struct tf_step *y = &v->STEP.at[le32(v->OUTCOME.at[le32(v->RULE.at[b].outcome)].step_first)];
    return x->kind == y->kind && le32(x->target) == le32(y->target);
}

static void judge_overlaps(struct trial *t, uint32_t rule)
{
    struct told told = {.t = t};
    int at = 0;
    prove_overlaps(t->s, rule, &t->budget, take, &told);
    for (uint32_t r = 0; r + 1 < (uint32_t)t->b.sides[0].rules.count; r++) {
        if (r == rule || !(t->b.sides[0].decides >> r & 1) || same_target(t, r, rule)) continue;
        uint32_t least = smallest(t, meets_both, rule, r);
        const struct finding *f = at < told.list.count ? &told.list.at[at] : NULL;
        bool said = f && f->kind == FINDING_OVERLAP && f->rule == rule && f->other == r;
        const char *words = gen_format(&t->g, "the overlap of %s and %s", name_of(t, rule), name_of(t, r));
        if (said && least == UINT32_MAX) object(t, "%s: there is none", words);
        if (!said && least != UINT32_MAX) missed(t, "%s: not told", words);
        if (said && least != UINT32_MAX && (at < 20 || f->ticket))
            judge_ticket(t, f->ticket, meets_both, rule, r, least, words);
        if (said && at >= 20 && f->ticket) object(t, "%s: the 21st ticket", words);
        at += said;
    }
    if (at != told.list.count) object(t, "%d overlaps more", told.list.count - at);
}

static bool begin(struct trial *t, uint32_t promises)
{
    t->too_large = !brute_force(&t->b, &t->g, t->tables, t->count, promises);
    if (t->b.wrong) object(t, "%s", t->b.wrong);
    if (t->too_large) return false;
    t->tickets = t->b.ticket_count;
    return true;
}

void judge_budget(struct trial *t)
{
    uint64_t given = t->limited ? (uint64_t)rng_below(&t->g, 40) : PROOF_BUDGET_DEFAULT;
    t->budget = (struct proof_budget){.given = given, .left = given};
    if (!t->limited || rng_chance(&t->g, 60)) return;
    t->budget.work_set = true; /* else small policies do not come to its end */
    t->budget.work = (uint64_t)rng_below(&t->g, 20000);
}

void judge_twice(struct trial *t, bool by_name, void (*all)(struct trial *t))
{
    const char *first = NULL;
    uint64_t dice = t->g.state;
    for (int i = 0; i < 2 && !t->complaints; i++) {
        t->said = (struct out){.g = &t->g};
        t->findings = t->undecided = 0;
        t->g.state = dice;
        t->s = space_new(t->a, t->tables, t->count, by_name);
        all(t);
        if (first && strcmp(first, sb_text(&t->said)) != 0)
            object(t, "another run tells\n%s", sb_text(&t->said));
        first = sb_text(&t->said);
    }
}

static void prove_all(struct trial *t)
{
    judge_budget(t);
    judge_reach(t);
    judge_gaps(t);
    judge_promises(t);
    for (uint32_t r = 0; r < (uint32_t)t->b.sides[0].rules.count; r++)
        if (t->b.sides[0].decides >> r & 1) judge_overlaps(t, r);
}

void judge_prove(struct trial *t)
{
    if (begin(t, 0)) judge_twice(t, false, prove_all);
}

static void prove_beside(struct trial *t)
{
    judge_budget(t);
    judge_promises(t);
}

void judge_beside(struct trial *t)
{
    if (begin(t, 1)) judge_twice(t, true, prove_beside);
}
