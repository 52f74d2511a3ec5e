/*
 * Random tickets against an open table: the index, the plain scan, the slow oracle and the program must
 * answer alike.
 */
#include "../../runtime/batch.h"
#include "../../runtime/scan.h"
#include "../oracle/oracle.h"
#include "random_run.h"
#include "widened.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a ticket through the library ---- */

static void load_names(struct run *r, struct shunt_ticket *t, uint32_t attr, const struct g_slot *s,
                       strings *unknown)
{
    bool set = r->d.policy->attrs.at[attr].type == T_SET;
    for (int i = 0; i < s->names.count; i++) {
        const char *name = vary_form(&r->d.spelling, s->names.at[i]);
        enum shunt_status status = set ? shunt_ticket_add_name(t, attr, name, strlen(name))
                                       : shunt_ticket_set_name(t, attr, name, strlen(name));
        if (status == SHUNT_UNKNOWN)
            *list_push(&r->d.spelling, unknown) = gen_format(
                &r->d.spelling, "unknown %s \"%s\"", r->d.policy->attrs.at[attr].name, s->names.at[i]);
        else if (status)
            complain(r, "setting %s to \"%s\": %s", r->d.policy->attrs.at[attr].name, name,
                     shunt_status_text(status));
    }
}

static void load(struct run *r, const struct shunt_table *table, struct shunt_ticket *t,
                 const struct g_ticket *from, strings *unknown)
{
    shunt_ticket_reset(t);
    shunt_ticket_set_at(t, from->at);
    for (int i = 0; i < r->d.policy->attrs.count; i++) {
        const struct g_attr *a = &r->d.policy->attrs.at[i];
        const struct g_slot *s = &from->slots[i];
        uint32_t attr = shunt_attr_find(table, a->name, strlen(a->name));
        if (attr != (uint32_t)i) complain(r, "attribute \"%s\" is number %u, not %d", a->name, attr, i);
        if (!s->carried) continue;
        if (a->type == T_TEXT)
            shunt_ticket_set_text(t, attr, s->text, strlen(s->text));
        else if (a->type == T_NUMBER)
            shunt_ticket_set_number(t, attr, s->number);
        else if (a->type == T_BOOL)
            shunt_ticket_set_bool(t, attr, s->flag);
        else
            load_names(r, t, attr, s, unknown);
    }
}

/* ---- a decision as the line that `shunt match` prints ---- */

static void json(struct out *o, const char *s, size_t len)
{
    sb_putc(o, '"');
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '"' || s[i] == '\\') sb_putc(o, '\\');
        sb_bytes(o, s + i, 1);
    }
    sb_putc(o, '"');
}

static void json_string(struct out *o, struct shunt_string s)
{
    json(o, s.bytes ? s.bytes : "?", s.bytes ? s.len : 1);
}

static void json_target(struct out *o, const struct shunt_table *table, struct shunt_step s)
{
    if (s.kind == SHUNT_TO_NOBODY) return;
    sb_puts(o, s.kind == SHUNT_TO_TEAM ? "\"team\":" : "\"agent\":");
    json_string(o, s.kind == SHUNT_TO_TEAM ? shunt_team_name(table, s.target)
                                           : shunt_agent_name(table, s.target));
}

static void json_steps(struct out *o, const struct shunt_table *table, const struct shunt_decision *d)
{
    struct shunt_step first = shunt_decision_step(table, d, 0);
    if (first.kind != SHUNT_TO_NOBODY) sb_putc(o, ',');
    json_target(o, table, first);
    if (d->step_count < 2) return;
    sb_puts(o, ",\"steps\":[");
    for (uint32_t i = 0; i < d->step_count; i++) {
        struct shunt_step s = shunt_decision_step(table, d, i);
        sb_puts(o, i ? ",{" : "{");
        if (s.kind == SHUNT_TO_NOBODY) sb_puts(o, "\"unassigned\":true");
        json_target(o, table, s);
        if (i) sb_printf(o, ",\"after\":%u", s.after_sec);
        if (s.of_hours != SHUNT_NONE) {
            sb_puts(o, ",\"of\":");
            json_string(o, shunt_hours_name(table, s.of_hours));
        }
        sb_putc(o, '}');
    }
    sb_putc(o, ']');
}

static void json_list(struct out *o, const char *open, const struct shunt_table *table, const uint32_t *list,
                      uint32_t count,
                      struct shunt_string (*name)(const struct shunt_table *table, uint32_t id))
{
    for (uint32_t i = 0; i < count; i++) {
        sb_puts(o, i ? "," : open);
        json_string(o, name(table, list[i]));
    }
    if (count) sb_puts(o, "]}");
}

static char *decision_line(struct run *r, const struct shunt_table *table, const char *id,
                           const struct shunt_decision *d, const strings *unknown)
{
    struct out o = {.g = &r->d.spelling}, rule = {.g = &r->d.spelling};
    bool takes = false;
    struct shunt_string name = shunt_rule_name(table, d->rule, &takes);
    if (takes) sb_puts(&rule, "team ");
    sb_bytes(&rule, name.bytes, name.len);
    sb_puts(&o, "{\"ticket\":");
    json(&o, id, strlen(id));
    sb_puts(&o, ",\"rule\":");
    json(&o, rule.p, rule.len);
    json_steps(&o, table, d);
    sb_printf(&o, ",\"priority\":\"%s\"", shunt_priority_name(d->priority));
    json_list(&o, ",\"add\":{\"labels\":[", table, d->add, d->add_count, shunt_label_name);
    json_list(&o, ",\"require\":{\"skills\":[", table, d->require, d->require_count, shunt_skill_name);
    for (int i = 0; i < unknown->count; i++) {
        sb_puts(&o, i ? "," : ",\"warnings\":[");
        json(&o, unknown->at[i], strlen(unknown->at[i]));
    }
    sb_puts(&o, unknown->count ? "]}" : "}");
    return sb_text(&o);
}

/* ---- the comparison ---- */

static void compare_line(struct run *r, const char *what, int n, const char *expected, const char *got,
                         const char *ticket)
{
    if (strcmp(expected, got) != 0)
        complain(r, "%s, ticket %d:\n    ticket %s    oracle %s\n    got    %s", what, n + 1, ticket,
                 expected, got);
}

/* What `shunt match` answers; SHUNT names the program. Without it the library alone is compared. */
static void compare_program(struct run *r, const char *policy, char *const *expected, char *const *tickets,
                            int count)
{
    const char *program = getenv("SHUNT");
    struct gen *g = &r->d.spelling;
    if (!program) return;
    static char line[1 << 20];
    FILE *f = popen(gen_format(g, "'%s' match '%s' '%s' 2>'%s'", program, run_path(r, policy),
                               run_path(r, "tickets.ndjson"), run_path(r, "errors")),
                    "r");
    for (int i = 0; i < count; i++) {
        if (!f || !fgets(line, sizeof line, f)) {
            complain(r, "shunt match %s ends after %d lines of %d", policy, i, count);
            break;
        }
        line[strcspn(line, "\n")] = 0;
        compare_line(r, gen_format(g, "shunt match %s", policy), i, expected[i], line, tickets[i]);
    }
    if (f && pclose(f) != 0) complain(r, "shunt match %s fails", policy);
}

/* The program's table is the same as the one in memory, and answers the same: with every fifth seed, as it
 * takes two programs to run. */
static void compare_table(struct run *r, struct str table, char *const *expected, char *const *tickets,
                          int count)
{
    const char *program = getenv("SHUNT");
    if (!program || r->seed % 5) return;
    const char *command = gen_format(&r->d.spelling, "'%s' compile --quiet --strip '%s' -o '%s' 2>/dev/null",
                                     program, run_path(r, "policy.shunt"), run_path(r, "table"));
    if (system(command) != 0) complain(r, "%s: fails", command);
    struct str file = run_read_bytes(r, "table");
    if (file.len != table.len || memcmp(file.p, table.p, table.len) != 0)
        complain(r, "the table in a file is not the one in memory");
    compare_program(r, "table", expected, tickets, count);
}

/* A table and a ticket of it. */
struct opened {
    uint8_t *bytes; /* its own, or NULL */
    const struct shunt_table *t;
    struct shunt_ticket *ticket;
    struct shunt_batch *batch; /* every ticket */
    strings *unknown;          /* by ticket */
    const char **ids;
};

static bool open_table(struct run *r, const void *bytes, size_t len, struct opened *o)
{
    enum shunt_status status = shunt_table_open(bytes, len, NULL, &o->t, NULL);
    if (!status && !shunt_ticket_new(o->t, NULL, &o->ticket) && !shunt_batch_new(o->t, NULL, &o->batch))
        return true;
    complain(r, "the table does not open: %s", shunt_status_text(status));
    return false;
}

static void close_table(struct opened *o)
{
    shunt_batch_free(o->batch);
    shunt_ticket_free(o->ticket);
    shunt_table_close(o->t);
    free(o->bytes);
}

/* Every way to match the ticket drawn. */
static void compare_ways(struct run *r, const struct opened *o, const char *what, int n,
                         const struct g_ticket *drawn, const char *expected, const char *line)
{
    static const struct {
        const char *name;
        void (*match)(struct shunt_ticket *, struct shunt_decision *);
    } ways[] = {{"index", shunt_match}, {"plain index", sh_match_plain}, {"plain scan", sh_match_scan}};
    strings unknown = {0};
    struct shunt_decision d;
    load(r, o->t, o->ticket, drawn, &unknown);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *name = gen_format(&r->d.spelling, "%s%s", ways[i].name, what);
        ways[i].match(o->ticket, &d);
        compare_line(r, name, n, expected, decision_line(r, o->t, drawn->id, &d, &unknown), line);
    }
    if (shunt_batch_add(o->batch, o->ticket) != SHUNT_OK) complain(r, "ticket %d: not added to a batch", n);
    o->unknown[n] = unknown;
    o->ids[n] = drawn->id;
}

/* All of them by a batch: one behind the other, the other way round, as they are put back. */
static void compare_batch(struct run *r, const struct opened *o, const char *what, char *const *expected,
                          char *const *tickets)
{
    static const char *const ways[] = {"batch", "plain batch", "batch backwards", "said by a batch"};
    size_t count = shunt_batch_count(o->batch);
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        const char *name = gen_format(&r->d.spelling, "%s%s", ways[way], what);
        for (size_t n = 0; n < count; n++) {
            size_t i = way == 2 ? count - 1 - n : n;
            struct shunt_decision d;
            if (way == 3) {
                shunt_batch_say(o->batch, i, o->ticket);
                sh_match_scan(o->ticket, &d);
            } else
                (way == 1 ? sh_batch_match_plain : shunt_batch_match)(o->batch, i, o->ticket, &d);
            const char *id = o->ids[i];
            compare_line(r, name, (int)i, expected[i], decision_line(r, o->t, id, &d, &o->unknown[i]),
                         tickets[i]);
        }
    }
}

void run_tickets(struct run *r, struct str table, int count)
{
    size_t wide_len;
    struct gen *g = &r->d.spelling;
    struct opened o = {.unknown = gen_alloc(g, (size_t)count * sizeof *o.unknown),
                       .ids = gen_alloc(g, (size_t)count * sizeof *o.ids)},
                  wide = o;
    struct out all = {.g = g};
    char **expected = gen_alloc(g, (size_t)count * sizeof *expected),
         **lines = gen_alloc(g, (size_t)count * sizeof *lines);
    wide.bytes = widened_table(table.p, table.len, &wide_len);
    if (!open_table(r, table.p, table.len, &o) || !open_table(r, wide.bytes, wide_len, &wide)) return;
    r->flat = o.t->index_kind == SH_FLAT;
    for (int i = 0; i < count; i++) {
        const struct g_ticket *drawn = draw_ticket(&r->d, i);
        expected[i] = oracle_answer(g, r->d.policy, drawn);
        lines[i] = write_ticket(g, r->d.policy, drawn);
        sb_puts(&all, lines[i]);
        compare_ways(r, &o, "", i, drawn, expected[i], lines[i]);
        compare_ways(r, &wide, ", second hashes", i, drawn, expected[i], lines[i]);
    }
    compare_batch(r, &o, "", expected, lines);
    compare_batch(r, &wide, ", second hashes", expected, lines);
    run_write(r, "tickets.ndjson", sb_text(&all), all.len);
    compare_program(r, "policy.yaml", expected, lines, count);
    compare_table(r, table, expected, lines, count);
    close_table(&o);
    close_table(&wide);
}
