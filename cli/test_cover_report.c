/*
 * What a policy's tests do not exercise, for people: a line of counts, then a line for each rule, step,
 * `takes`, team and test, in the order of the policy, with its place where the table has places.
 */
#include "compile.h"
#include "table_view.h"
#include "test_cover.h"

#include <string.h>

struct count {
    uint32_t done, all;
};

struct cover_writer {
    struct arena *a;
    const struct coverage *c;
    struct table_view v;
    struct str folder; /* of the policy, with its slash */
    struct buf lines;
    struct count rules, steps, takes, teams, tests;
    uint32_t rule;
};

static bool counted(struct count *n, bool done)
{
    n->all++;
    n->done += done;
    return done;
}

/* ---- a line ---- */

static void begin_line(struct cover_writer *w, const struct tf_span *span)
{
    buf_puts(&w->lines, "  ");
    if (!span) return;
    struct str file = view_string(&w->v, w->v.SOURCE_FILE.at[le32(span->file)]);
    buf_printf(&w->lines, "%.*s%.*s:%u:%u: ", (int)w->folder.len, w->folder.p, (int)file.len, file.p,
               le32(span->line), le32(span->column));
}

static struct str str_of(struct shunt_string s)
{
    return (struct str){s.bytes, s.len};
}

static enum tf_span_kind span_kind(const struct cover_writer *w, uint32_t rule)
{
    uint32_t own = le32(w->v.POLICY.at[0].rule_count);
    if (rule + 1 == w->c->rule_count) return TF_S_OTHERWISE;
    return rule < own ? TF_S_RULE : TF_S_TAKES;
}

static void put_rule(struct cover_writer *w, uint32_t rule)
{
    struct str name = str_of(shunt_rule_name(w->c->table, rule, NULL));
    switch (span_kind(w, rule)) {
    case TF_S_OTHERWISE: buf_puts(&w->lines, "otherwise"); return;
    case TF_S_TAKES: buf_printf(&w->lines, "takes of team %.*s", (int)name.len, name.p); return;
    default: buf_printf(&w->lines, "rule %.*s", (int)name.len, name.p); return;
    }
}

static void put_target(struct cover_writer *w, const struct shunt_step *step)
{
    struct str name = {NULL, 0};
    if (step->kind == SHUNT_TO_TEAM) name = str_of(shunt_team_name(w->c->table, step->target));
    if (step->kind == SHUNT_TO_AGENT) name = str_of(shunt_agent_name(w->c->table, step->target));
    if (step->kind == SHUNT_TO_NOBODY)
        buf_puts(&w->lines, " (unassigned)");
    else
        buf_printf(&w->lines, " (%s %.*s)", step->kind == SHUNT_TO_TEAM ? "team" : "agent", (int)name.len,
                   name.p);
}

/* ---- rules and their steps ---- */

static void report_step(struct cover_writer *w, uint32_t rule, uint32_t i, const struct shunt_step *step)
{
    begin_line(w, view_span(&w->v, span_kind(w, rule), rule));
    buf_printf(&w->lines, "step %u of ", i + 1);
    put_rule(w, rule);
    put_target(w, step);
    buf_puts(&w->lines, " was never entered\n");
}

/* Of a rule that never matched the steps are not told of one by one. */
static void report_rule(struct cover_writer *w, uint32_t rule)
{
    struct shunt_decision decision = {.rule = rule};
    const struct tf_rule *r = &w->v.RULE.at[rule];
    uint32_t step_count = le16(w->v.OUTCOME.at[le32(r->outcome)].step_count);
    bool matched = w->c->matched[rule];
    if (!counted(span_kind(w, rule) == TF_S_TAKES ? &w->takes : &w->rules, matched)) {
        begin_line(w, view_span(&w->v, span_kind(w, rule), rule));
        put_rule(w, rule);
        buf_puts(&w->lines, rule + 1 == w->c->rule_count ? " never decided" : " never matched");
        if (step_count > 1) buf_printf(&w->lines, ", so none of its %u steps was entered", step_count);
        buf_putc(&w->lines, '\n');
    }
    for (uint32_t i = 0; i < step_count; i++) {
        struct shunt_step step = shunt_decision_step(w->c->table, &decision, i);
        if (!counted(&w->steps, i < w->c->steps[rule]) && matched) report_step(w, rule, i, &step);
    }
}

/* ---- conditions ---- */

static void visit(void *ctx, const struct shunt_node *node)
{
    struct cover_writer *w = ctx;
    uint8_t *seen = &w->c->seen[node->code_off];
    if (node->kind != SHUNT_NODE_TEST || *seen & SEEN_LISTED) return;
    *seen |= SEEN_LISTED;
    bool yes = *seen & SEEN_TRUE, no = *seen & SEEN_FALSE;
    if (counted(&w->tests, yes && no)) return;
    begin_line(w, view_span(&w->v, TF_S_CODE, node->code_off));
    buf_putc(&w->lines, '`');
    print_view_code(&w->lines, &w->v, node->code_off);
    buf_puts(&w->lines, "` in ");
    put_rule(w, w->rule);
    buf_printf(&w->lines, " was never %s\n", yes ? "false" : no ? "true" : "looked at");
}

static void report_tests(struct cover_writer *w)
{
    for (uint32_t i = 0; i < w->c->code_len; i++) w->c->seen[i] &= (uint8_t)~SEEN_LISTED;
    for (w->rule = 0; w->rule < w->c->rule_count; w->rule++) shunt_rule_nodes(w->c->table, w->rule, visit, w);
}

/* ---- the whole ---- */

static void report_teams(struct cover_writer *w)
{
    for (uint32_t i = 0; i < w->c->team_count; i++) {
        if (counted(&w->teams, w->c->teams[i])) continue;
        struct str name = str_of(shunt_team_name(w->c->table, i));
        begin_line(w, view_span(&w->v, TF_S_TEAM, i));
        buf_printf(&w->lines, "team %.*s never had a ticket\n", (int)name.len, name.p);
    }
}

static struct str folder_of(struct str path)
{
    while (path.len && path.p[path.len - 1] != '/') path.len--;
    return path;
}

static void put_count(struct out *o, const char *before, struct count n, const char *what)
{
    out_printf(o, "%s%u of %u %s", before, n.done, n.all, what);
}

void cover_report(struct arena *a, const struct coverage *c, struct str policy, struct out *o)
{
    struct cover_writer w = {.a = a, .c = c, .folder = folder_of(policy)};
    table_view(&w.v, c->table);
    buf_init(&w.lines, a);
    for (uint32_t i = 0; i < c->rule_count; i++) report_rule(&w, i);
    report_teams(&w);
    report_tests(&w);
    out_str(o, policy);
    put_count(o, ": exercised ", w.rules, "rules");
    put_count(o, ", ", w.steps, "steps");
    put_count(o, ", ", w.takes, "takes");
    put_count(o, ", ", w.teams, "teams");
    put_count(o, "; seen true and false ", w.tests, "tests in conditions\n");
    out_str(o, buf_done(&w.lines));
}
