/* What tests exercise, gathered: see test_cover.h. */
#include "test_cover.h"
#include "table_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- making ---- */

static bool make_counts(struct coverage *c)
{
    struct table_view view;
    table_view(&view, c->table);
    c->rule_count = shunt_rule_count(c->table);
    c->team_count = shunt_team_count(c->table);
    c->code_len = view.CODE.count;
    c->matched = calloc(c->rule_count + 1, sizeof *c->matched);
    c->steps = calloc(c->rule_count + 1, sizeof *c->steps);
    c->teams = calloc(c->team_count + 1, sizeof *c->teams);
    c->seen = calloc(c->code_len + 1, sizeof *c->seen);
    return c->matched && c->steps && c->teams && c->seen;
}

struct coverage *coverage_new(const struct shunt_table *table)
{
    struct coverage *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->table = table;
    out_init(&c->line, -1);
    c->json = json_reader_new();
    if (c->json && make_counts(c) && ticket_reader_init(&c->reader, table) &&
        shunt_ticket_new(table, NULL, &c->ticket) == SHUNT_OK)
        return c;
    coverage_free(c);
    return NULL;
}

void coverage_free(struct coverage *c)
{
    if (!c) return;
    cover_begin(c);
    free(c->tickets);
    free(c->matched);
    free(c->steps);
    free(c->teams);
    free(c->seen);
    json_reader_free(c->json);
    ticket_reader_release(&c->reader);
    shunt_ticket_free(c->ticket);
    out_free(&c->line);
    free(c);
}

void cover_begin(struct coverage *c)
{
    for (size_t i = 0; i < c->ticket_count; i++) {
        free((char *)(uintptr_t)c->tickets[i].id.p);
        free(c->tickets[i].fields);
    }
    c->ticket_count = 0;
}

/* ---- decisions ---- */

static bool same_name(struct coverage *c, struct str json, struct shunt_string name)
{
    c->line.len = 0;
    out_json(&c->line, (struct str){name.bytes, name.len});
    return !c->line.error && str_eq(json, (struct str){c->line.p, c->line.len});
}

static uint32_t rule_of(struct coverage *c, struct str json)
{
    static const char takes_prefix[] = "\"team ";
    size_t prefix_len = sizeof takes_prefix - 1;
    bool of_team = json.len > prefix_len && memcmp(json.p, takes_prefix, prefix_len) == 0;
    c->line.len = 0;
    out_json_plain(&c->line, json);
    struct str plain = {c->line.p ? c->line.p : "", c->line.len};
    if (of_team) plain = (struct str){plain.p + 5, plain.len - 5};
    uint32_t rule = 0;
    for (; rule < c->rule_count; rule++) {
        bool is_takes;
        struct shunt_string is = shunt_rule_name(c->table, rule, &is_takes);
        if (is_takes == of_team && is.bytes && str_eq(plain, (struct str){is.bytes, is.len})) break;
    }
    return rule;
}

static void cover_decision(struct coverage *c, struct str line)
{
    struct str rule = json_member(line, S("rule")), step = json_member(line, S("step")),
               team = json_member(line, S("team"));
    uint32_t r = rule.p ? rule_of(c, rule) : c->rule_count;
    uint32_t entered = step.p ? (uint32_t)strtoul(step.p, NULL, 10) : 1;
    if (r < c->rule_count && entered > c->steps[r]) c->steps[r] = entered;
    for (uint32_t i = 0; team.p && i < c->team_count; i++)
        c->teams[i] = c->teams[i] || same_name(c, team, shunt_team_name(c->table, i));
}

/* ---- conditions ---- */

static void tried(void *ctx, const struct shunt_tried *t)
{
    struct coverage *c = ctx;
    c->matched[t->rule] = c->matched[t->rule] || t->matches;
    for (size_t i = 0; i < t->node_count; i++) {
        const struct shunt_node *n = &t->nodes[i];
        if (n->kind == SHUNT_NODE_TEST && n->looked_at)
            c->seen[n->code_off] |= n->value ? SEEN_TRUE : SEEN_FALSE;
    }
}

/* The rules, once more, for the ticket as the desk had it. */
static int try_rules(struct coverage *c, const struct cover_ticket *k, int64_t at_sec)
{
    static const char slack[LINE_SLACK_LEN];
    struct test_step step = {.has_event = true, .event = EVENT_TICKET};
    step.fields.at = k->fields;
    step.fields.count = step.fields.cap = k->count;
    c->line.len = 0;
    test_event_json(&c->line, &step, c->table);
    size_t len = c->line.len;
    out_bytes(&c->line, slack, sizeof slack);
    if (c->line.error) return c->line.error;
    struct json_line json;
    enum line_error wrong = json_read_line(c->json, c->line.p, len, &json);
    if (wrong) return wrong == LINE_NO_MEMORY ? ENOMEM : 0;
    struct line_fault fault = ticket_read(&c->reader, &json, c->ticket);
    if (fault.error) return fault.error == LINE_NO_MEMORY ? ENOMEM : 0;
    shunt_ticket_set_at(c->ticket, at_sec);
    return shunt_explain_rules(c->ticket, tried, c) == SHUNT_OK ? 0 : ENOMEM;
}

/* ---- tickets ---- */

/* What the step names under a key, as JSON; false: nothing. */
static bool named(const struct test_step *s, struct str key, struct out *o)
{
    o->len = 0;
    for (uint32_t i = 0; i < s->fields.count; i++)
        if (str_eq(s->fields.at[i].key.s, key)) test_expected_json(o, &s->fields.at[i]);
    if (!o->len && s->event == EVENT_TICKET && s->id.p) out_json(o, s->id);
    return o->len && o->p[0] == '"';
}

static struct cover_ticket *find_ticket(struct coverage *c, struct str id)
{
    for (size_t i = c->ticket_count; i-- > 0;)
        if (str_eq(c->tickets[i].id, id)) return &c->tickets[i];
    return NULL;
}

static struct cover_ticket *add_ticket(struct coverage *c, struct str id)
{
    if (c->ticket_count == c->ticket_cap) {
        size_t cap = c->ticket_cap ? c->ticket_cap * 2 : 8;
        struct cover_ticket *grown = realloc(c->tickets, cap * sizeof *grown);
        if (!grown) return NULL;
        c->tickets = grown;
        c->ticket_cap = cap;
    }
    char *copy = malloc(id.len + 1);
    if (!copy) return NULL;
    memcpy(copy, id.p, id.len);
    struct cover_ticket *k = &c->tickets[c->ticket_count++];
    *k = (struct cover_ticket){.id = {copy, id.len}};
    return k;
}

/* Said later counts: an update replaces what it names. */
static bool set_field(struct cover_ticket *k, const struct test_field *f)
{
    for (uint32_t i = 0; i < k->count; i++)
        if (str_eq(k->fields[i].key.s, f->key.s)) {
            k->fields[i] = *f;
            return true;
        }
    if (k->count == k->cap) {
        uint32_t cap = k->cap ? k->cap * 2 : 8;
        struct test_field *grown = realloc(k->fields, cap * sizeof *grown);
        if (!grown) return false;
        k->fields = grown;
        k->cap = cap;
    }
    k->fields[k->count++] = *f;
    return true;
}

static bool set_fields(struct cover_ticket *k, const struct test_step *s)
{
    static const char *const others[] = {"id", "ticket", "by", "event_id"};
    for (uint32_t i = 0; i < s->fields.count; i++) {
        bool other = false;
        for (size_t o = 0; o < sizeof others / sizeof *others; o++)
            other |= str_eq(s->fields.at[i].key.s, str_from(others[o]));
        if (!other && !set_field(k, &s->fields.at[i])) return false;
    }
    return true;
}

/* A ticket that is its old agent's again was not decided by rules. */
static bool decided_anew(const struct answers *all, size_t first, struct str id)
{
    for (size_t i = first; i < all->count; i++) {
        struct str ticket = answer_value(all, i, S("ticket")), why = answer_value(all, i, S("why"));
        if (ticket.p && str_eq(ticket, id)) return !why.p || !str_eq(why, S("\"reopened\""));
    }
    return false;
}

static int cover_ticket(struct coverage *c, const struct shunt_desk *desk, const struct test_step *s,
                        const struct answers *all, size_t first, struct str id)
{
    struct cover_ticket *k = s->event == EVENT_TICKET ? add_ticket(c, id) : find_ticket(c, id);
    int64_t now = 0;
    if (s->event == EVENT_TICKET && !k) return ENOMEM;
    if (!k) return 0;
    if ((s->event == EVENT_TICKET || s->event == EVENT_UPDATE) && !set_fields(k, s)) return ENOMEM;
    if (s->event == EVENT_UPDATE || (s->event == EVENT_REOPEN && !decided_anew(all, first, id))) return 0;
    shunt_desk_time(desk, &now);
    return try_rules(c, k, now);
}

int cover_step(struct coverage *c, const struct shunt_desk *desk, const struct test_step *s,
               const struct answers *all, size_t first)
{
    bool refused = all->count > first && answer_error(all, all->count - 1).p;
    for (size_t i = first; i < all->count; i++) cover_decision(c, answer_line(all, i));
    bool by_rules = s->has_event && (s->event == EVENT_TICKET || s->event == EVENT_UPDATE ||
                                     s->event == EVENT_REROUTE || s->event == EVENT_REOPEN);
    if (refused || !by_rules || c->line.error) return c->line.error;
    struct out id;
    out_init(&id, -1);
    bool has_id = named(s, s->event == EVENT_TICKET ? S("id") : S("ticket"), &id);
    int error = id.error;
    if (has_id && !error) error = cover_ticket(c, desk, s, all, first, (struct str){id.p, id.len});
    out_free(&id);
    return error;
}
