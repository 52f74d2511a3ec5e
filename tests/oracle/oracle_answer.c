/*
 * language.md 5 and commands.md 6: which rule wins, what comes of the effects, and the line that says so.
 */
#include "oracle.h"

#include <string.h>

static void join(struct gen *g, strings *to, const strings *more)
{
    for (int i = 0; i < more->count; i++) {
        bool there = false;
        for (int k = 0; k < to->count; k++) there |= !strcmp(to->at[k], more->at[i]);
        if (!there) *list_push(g, to) = more->at[i];
    }
}

/* 5.3 */
static void effects(struct gen *g, struct oracle_outcome *o, const struct g_rule *r)
{
    if (r->set != NOT_SAID) o->priority = r->set;
    if (r->raise != NOT_SAID && r->raise > o->raise) o->raise = r->raise;
    join(g, &o->add, &r->add);
    join(g, &o->require, &r->require);
}

static bool rule_matches(struct gen *g, const struct g_policy *p, const struct g_rule *r,
                         const struct g_ticket *t)
{
    if (r->active.count && !oracle_active(p, &r->active, t->at)) return false; /* 5.6 */
    if (r->when && !oracle_cond(g, p, r->when, t)) return false;
    return oracle_match(g, p, &r->match, t);
}

/* 5.1; false: no rule decides. */
static bool by_rules(struct gen *g, const struct g_policy *p, const struct g_ticket *t,
                     struct oracle_outcome *o)
{
    for (int i = 0; i < p->rules.count; i++) {
        const struct g_rule *r = &p->rules.at[i];
        if (!rule_matches(g, p, r, t)) continue;
        effects(g, o, r);
        if (r->cont) continue;
        o->rule = r->name;
        o->steps = &r->to;
        return true;
    }
    return false;
}

/* 5.4 */
static bool by_takes(struct gen *g, const struct g_policy *p, const struct g_ticket *t,
                     struct oracle_outcome *o)
{
    for (int i = 0; i < p->teams.count; i++) {
        const struct g_team *team = &p->teams.at[i];
        for (int k = 0; k < team->takes.count; k++) {
            if (!oracle_match(g, p, &team->takes.at[k], t)) continue;
            o->team = team->id;
            g_steps *steps = gen_alloc(g, sizeof *steps);
            *list_push(g, steps) = (struct g_step){TO_TEAM, i, 0, NOT_SAID};
            o->steps = steps;
            return true;
        }
    }
    return false;
}

/* 5.3: the raises come last. 5.5: what nothing takes is otherwise's. */
void oracle_decide(struct gen *g, const struct g_policy *p, const struct g_ticket *t,
                   struct oracle_outcome *o)
{
    *o = (struct oracle_outcome){
        .rule = "otherwise", .steps = &p->otherwise, .priority = oracle_priority(p, t), .raise = -1};
    if (!by_rules(g, p, t, o)) by_takes(g, p, t, o);
    if (o->raise > o->priority) o->priority = o->raise;
}

/* ---- the line ---- */

static void json(struct out *o, const char *s)
{
    sb_putc(o, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\') sb_putc(o, '\\');
        sb_putc(o, *s);
    }
    sb_putc(o, '"');
}

static void target(struct out *o, const struct g_policy *p, const struct g_step *s)
{
    if (s->kind == TO_NOBODY) return;
    sb_puts(o, s->kind == TO_TEAM ? "\"team\":" : "\"agent\":");
    json(o, s->kind == TO_TEAM ? p->teams.at[s->target].id : p->agents.at[s->target].id);
}

static void steps(struct out *o, const struct g_policy *p, const g_steps *list)
{
    sb_puts(o, ",\"steps\":[");
    for (int i = 0; i < list->count; i++) {
        const struct g_step *s = &list->at[i];
        sb_puts(o, i ? ",{" : "{");
        if (s->kind == TO_NOBODY) sb_puts(o, "\"unassigned\":true");
        target(o, p, s);
        if (i) sb_printf(o, ",\"after\":%d", s->after_sec);
        if (s->of_hours != NOT_SAID) {
            sb_puts(o, ",\"of\":");
            json(o, s->of_hours == ALWAYS ? "always" : p->hours.at[s->of_hours].name);
        }
        sb_putc(o, '}');
    }
    sb_putc(o, ']');
}

static void names(struct out *o, const char *open, const strings *list)
{
    if (list->count == 0) return;
    sb_puts(o, open);
    for (int i = 0; i < list->count; i++) {
        if (i) sb_putc(o, ',');
        json(o, list->at[i]);
    }
    sb_puts(o, "]}");
}

/* desk.md 2.1: a value that the policy does not know, in the order channel, priority, fields. */
static void warnings(struct out *o, struct gen *g, const struct g_policy *p, const struct g_ticket *t)
{
    int count = 0;
    for (int i = 0; i < p->attrs.count; i++) {
        const struct g_attr *a = &p->attrs.at[i];
        bool named = a->type == T_CHANNEL || a->type == T_LISTED || a->type == T_PRIORITY, known = false;
        for (int k = 0; named && t->slots[i].carried && k < a->values.count; k++)
            known |= !strcmp(a->values.at[k], t->slots[i].names.at[0]);
        if (!named || !t->slots[i].carried || known) continue;
        sb_puts(o, count++ ? "," : ",\"warnings\":[");
        json(o, gen_format(g, "unknown %s \"%s\"", a->name, t->slots[i].names.at[0]));
    }
    if (count) sb_putc(o, ']');
}

char *oracle_answer(struct gen *g, const struct g_policy *p, const struct g_ticket *t)
{
    struct oracle_outcome x;
    struct out o = {.g = g};
    oracle_decide(g, p, t, &x);
    sb_puts(&o, "{\"ticket\":");
    json(&o, t->id);
    sb_puts(&o, ",\"rule\":");
    json(&o, x.team ? gen_format(g, "team %s", x.team) : x.rule);
    if (x.steps->count && x.steps->at[0].kind != TO_NOBODY) {
        sb_putc(&o, ',');
        target(&o, p, &x.steps->at[0]);
    }
    if (x.steps->count > 1) steps(&o, p, x.steps);
    sb_printf(&o, ",\"priority\":\"%s\"", gen_priorities[x.priority]);
    names(&o, ",\"add\":{\"labels\":[", &x.add);
    names(&o, ",\"require\":{\"skills\":[", &x.require);
    warnings(&o, g, p, t);
    sb_putc(&o, '}');
    return sb_text(&o);
}
