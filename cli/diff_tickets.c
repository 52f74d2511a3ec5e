/*
 * How many tickets of a real log move from one decision to another, and which (`diff --tickets`): see
 * diff_out.h.
 *
 * Lines are read as `match` reads them: a bad one answers an error line, `at` is carried on, other events are
 * skipped. A line is bad where it is no ticket of one of the policies.
 */
#include "diff_out.h"
#include "answer.h"
#include "fd.h"
#include "render.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMED_MAX = 5 }; /* of a pair's tickets, for people */

struct moved_ticket {
    struct str id;
    uint64_t line;
};
/* Tickets that moved from one rule to another (or within it). */
struct moved_pair {
    uint32_t rules[2];
    uint64_t count;
    struct moved_ticket first[NAMED_MAX];
};

struct log_run {
    struct diff_run *r;
    struct json_reader *json;
    struct ticket_reader reader[2];
    struct shunt_ticket *ticket[2];
    struct match_clock clock;
    int fd;
    uint64_t ticket_count, moved_count, bad_count;
    VEC(struct moved_pair) pairs;
    struct strmap pair_of; /* both rules, as bytes */
};

/* ---- one ticket ---- */

static struct line_fault read_ticket(struct log_run *g, const struct json_line *json,
                                     const struct event *event)
{
    struct line_fault f = match_check_ticket(&g->clock, event);
    for (uint32_t w = 0; w < 2 && !f.error; w++) f = ticket_read(&g->reader[w], json, g->ticket[w]);
    return f;
}

static struct moved_pair *pair_of(struct log_run *g, const uint32_t rules[2])
{
    const struct str key = {(const char *)rules, 2 * sizeof *rules};
    uint32_t at = strmap_get(&g->pair_of, key, SHUNT_NONE);
    if (at != SHUNT_NONE) return &g->pairs.at[at];
    strmap_put(g->r->a, &g->pair_of, arena_str(g->r->a, key), g->pairs.count);
    struct moved_pair *p = vec_push(g->r->a, &g->pairs);
    memcpy(p->rules, rules, sizeof p->rules);
    return p;
}

static void keep(struct log_run *g, const struct shunt_decision *d, struct json_text id, uint64_t line)
{
    struct moved_pair *p = pair_of(g, (const uint32_t[]){d[0].rule, d[1].rule});
    if (p->count < NAMED_MAX)
        p->first[p->count] = (struct moved_ticket){arena_str(g->r->a, (struct str){id.p, id.len}), line};
    p->count++;
}

static void answer_json(struct log_run *g, uint32_t which, struct json_text id,
                        const struct shunt_decision *d)
{
    struct out *o = g->r->cli->out, answer;
    out_init(&answer, -1);
    out_answer(&answer, g->r->of[which].table, id, d, g->reader[which].unknown,
               g->reader[which].unknown_count, NULL);
    out_printf(o, ",\"%s\":", which ? "after" : "before");
    out_bytes(o, answer.p, answer.len ? answer.len - 1 : 0);
    out_free_part(&answer, o);
}

static void moved_json(struct log_run *g, const struct shunt_decision *d, struct json_text id, uint64_t line)
{
    struct out *o = g->r->cli->out;
    out_puts(o, "{\"moved\":");
    out_json(o, (struct str){id.p, id.len});
    out_json_u64(o, "line", line);
    out_puts(o, ",\"old\":");
    diff_rule_json(g->r, o, 0, d[0].rule);
    out_puts(o, ",\"new\":");
    diff_rule_json(g->r, o, 1, d[1].rule);
    answer_json(g, 0, id, &d[0]);
    answer_json(g, 1, id, &d[1]);
    out_puts(o, "}\n");
}

static void match_both(struct log_run *g, struct json_text id, uint64_t line)
{
    struct shunt_decision d[2];
    for (uint32_t w = 0; w < 2; w++) {
        shunt_ticket_set_at(g->ticket[w], g->clock.at_sec); /* event_read() kept it in range */
        shunt_match(g->ticket[w], &d[w]);
    }
    g->ticket_count++;
    if (diff_same(g->r->names, &d[0], &d[1], g->r->rules)) return;
    g->moved_count++;
    if (g->r->json)
        moved_json(g, d, id, line);
    else
        keep(g, d, id, line);
}

static void look_at_line(struct log_run *g, const struct line *line)
{
    struct json_line json;
    struct event event;
    struct line_fault f = match_read_line(g->json, line, &g->clock, &json, &event);
    if (!f.error && event.kind != EVENT_TICKET) return;
    if (!f.error) f = read_ticket(g, &json, &event);
    if (f.error == LINE_NO_MEMORY) arena_fail(g->r->a);
    if (!f.error) {
        match_both(g, event.id->text, line->number);
        return;
    }
    g->bad_count++;
    out_line_error(g->r->json ? g->r->cli->out : g->r->cli->err, line->number, &f);
}

/* ---- for people ---- */

static void pair_text(struct log_run *g, const struct moved_pair *p)
{
    struct out *o = g->r->cli->out;
    out_puts(o, "  ");
    diff_pair_words(g->r, o, p->rules[0], p->rules[1]);
    out_printf(o, ": %llu, ", (unsigned long long)p->count);
    for (uint32_t i = 0; i < NAMED_MAX && i < p->count; i++) {
        if (i) out_puts(o, ", ");
        out_visible(o, p->first[i].id);
        out_printf(o, " (line %llu)", (unsigned long long)p->first[i].line);
    }
    out_puts(o, p->count > NAMED_MAX ? ", …\n" : "\n");
}

/* The most tickets first. */
static int pair_cmp(const void *x, const void *y)
{
    const struct moved_pair *a = x, *b = y;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    return a->first[0].line < b->first[0].line ? -1 : 1;
}

static void told_text(struct log_run *g)
{
    struct out *o = g->r->cli->out;
    out_printf(o, "\nOf %llu tickets in ", (unsigned long long)g->ticket_count);
    out_visible(o, str_from(strcmp(g->r->tickets, "-") == 0 ? "standard input" : g->r->tickets));
    out_printf(o, ", %llu %s treated otherwise%s\n", (unsigned long long)g->moved_count,
               g->moved_count == 1 ? "is" : "are", g->moved_count ? ":" : ".");
    if (g->pairs.count) qsort(g->pairs.at, g->pairs.count, sizeof *g->pairs.at, pair_cmp);
    for (uint32_t i = 0; i < g->pairs.count; i++) pair_text(g, &g->pairs.at[i]);
    if (!g->bad_count) return;
    out_printf(g->r->cli->err, "shunt diff: %llu bad %s not counted\n", (unsigned long long)g->bad_count,
               g->bad_count == 1 ? "line was" : "lines were");
}

static void told_json(struct log_run *g)
{
    out_printf(g->r->cli->out, "{\"tickets\":%llu,\"moved\":%llu}\n", (unsigned long long)g->ticket_count,
               (unsigned long long)g->moved_count);
}

/* ---- the file ---- */

/* What is not the arena's goes with it. */
static void release_lines(void *lines)
{
    lines_release(lines);
}
static void release_json(void *json)
{
    json_reader_free(json);
}
static void release_reader(void *reader)
{
    ticket_reader_release(reader);
}
static void release_ticket(void *ticket)
{
    shunt_ticket_free(ticket);
}

static void close_log(void *log)
{
    const struct log_run *g = log;
    if (g->fd > STDIN_FILENO) close(g->fd);
}

static void begin(struct log_run *g)
{
    struct arena *a = g->r->a;
    g->json = json_reader_new();
    if (!g->json) arena_fail(a);
    arena_defer(a, release_json, g->json);
    for (uint32_t w = 0; w < 2; w++) {
        if (!ticket_reader_init(&g->reader[w], g->r->of[w].table)) arena_fail(a);
        arena_defer(a, release_reader, &g->reader[w]);
        if (shunt_ticket_new(g->r->of[w].table, NULL, &g->ticket[w]) != SHUNT_OK) arena_fail(a);
        arena_defer(a, release_ticket, g->ticket[w]);
    }
}

static int look_at_all(struct log_run *g, int fd, const char *name)
{
    struct cli *cli = g->r->cli;
    struct lines *lines = arena_new_of(g->r->a, struct lines);
    int error = lines_init(lines, fd);
    if (!error) arena_defer(g->r->a, release_lines, lines);
    while (!error && (error = lines_next(lines)) == 0 && lines->count) {
        for (size_t i = 0; i < lines->count; i++) look_at_line(g, &lines->at[i]);
        if (!out_flush(cli->out)) return EXIT_BROKEN;
    }
    if (error) return cli_broken(cli, "cannot read %s: %s", name, strerror(error));
    (g->r->json ? told_json : told_text)(g);
    return g->bad_count ? EXIT_NO : EXIT_FINE;
}

int diff_tell_tickets(struct diff_run *r)
{
    struct log_run *g = arena_new_of(r->a, struct log_run);
    bool is_stdin = strcmp(r->tickets, "-") == 0;
    const char *name = is_stdin ? "standard input" : r->tickets;
    g->r = r;
    g->clock = r->clock;
    begin(g);
    g->fd = -1;
    arena_defer(r->a, close_log, g);
    g->fd = is_stdin ? STDIN_FILENO : fd_open(r->tickets, O_RDONLY);
    if (g->fd < 0) return cli_broken(r->cli, "cannot read %s: %s", name, strerror(errno));
    return look_at_all(g, g->fd, name);
}
