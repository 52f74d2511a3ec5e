/* A test, step by step: see test_run.h. */
#include "test_run.h"
#include "desk_run.h"
#include "explain_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct running {
    const struct shunt_table *table;
    const struct test_case *test;
    struct test_outcome *outcome;
    struct coverage *coverage;
    struct journal *journal;
    struct desk_run *desk;
    struct out sent; /* the lines of events so far, each with a line's end */
    struct answers answers;
    size_t *sent_offs; /* where each begins */
    uint32_t sent_count, sent_cap;
};

static const struct shunt_desk *desk_of(const struct running *r)
{
    return desk_run_desk(r->desk);
}

/* Takes note that a line begins; false: no memory. */
static bool begin_line(struct running *r)
{
    if (r->sent_count == r->sent_cap) {
        uint32_t cap = r->sent_cap ? r->sent_cap * 2 : 16;
        size_t *grown = realloc(r->sent_offs, cap * sizeof *grown);
        if (!grown) return false;
        r->sent_offs = grown;
        r->sent_cap = cap;
    }
    r->sent_offs[r->sent_count++] = r->sent.len;
    return true;
}

/* Sends what stands in r->sent from the last line on; error lines name the step's line in the test file. */
static int send(struct running *r, const struct test_step *s)
{
    static const char slack[LINE_SLACK_LEN];
    size_t off = r->sent_offs[r->sent_count - 1], len = r->sent.len - off;
    out_bytes(&r->sent, slack, sizeof slack);
    if (r->sent.error) return r->sent.error;
    struct line line = {r->sent.p + off, (uint32_t)len, len > LINE_LEN_MAX, s->place.line};
    int error = desk_run_line(r->desk, &line, &r->answers.text);
    if (!error && !answers_note(&r->answers, r->sent_count - 1)) error = ENOMEM;
    r->sent.len = off + len;
    out_putc(&r->sent, '\n');
    return error;
}

/* ---- who is online ---- */

static bool is_named(const struct test_step *s, struct shunt_string agent)
{
    for (uint32_t i = 0; i < s->online.count; i++)
        if (str_eq(s->online.at[i].s, (struct str){agent.bytes, agent.len})) return true;
    return false;
}

static int presence(struct running *r, const struct test_step *s, const char *event, struct str agent)
{
    if (!begin_line(r)) return ENOMEM;
    out_printf(&r->sent, "{\"event\":\"%s\"", event);
    out_json_text(&r->sent, "agent", agent);
    out_putc(&r->sent, '}');
    return send(r, s);
}

/* The time first, as what is due may sign people out. */
static int send_time(struct running *r, const struct test_step *s)
{
    if (!s->time.s.p) return 0;
    if (!begin_line(r)) return ENOMEM;
    out_puts(&r->sent, "{\"event\":\"tick\"");
    out_json_text(&r->sent, "at", s->time.s);
    out_putc(&r->sent, '}');
    return send(r, s);
}

/* Those who are online and not named go, in the order of the policy; then those come who are named and not
 * online, in the order of the names. */
static int set_online(struct running *r, const struct test_step *s)
{
    int error = 0;
    uint32_t count = shunt_agent_count(r->table);
    for (uint32_t i = 0; i < count && !error; i++) {
        struct shunt_string name = shunt_agent_name(r->table, i);
        if (shunt_desk_is_online(desk_of(r), i) && !is_named(s, name))
            error = presence(r, s, "offline", (struct str){name.bytes, name.len});
    }
    for (uint32_t i = 0; i < s->online.count && !error; i++) {
        for (uint32_t a = 0; a < count && !error; a++) {
            struct shunt_string name = shunt_agent_name(r->table, a);
            if (str_eq(s->online.at[i].s, (struct str){name.bytes, name.len}) &&
                !shunt_desk_is_online(desk_of(r), a))
                error = presence(r, s, "online", s->online.at[i].s);
        }
    }
    return error;
}

/* ---- steps ---- */

static int do_step(struct running *r, const struct test_step *s)
{
    int error = 0;
    if (s->sets_online || !s->has_event) error = send_time(r, s);
    if (!error && s->sets_online) error = set_online(r, s);
    if (error || !s->has_event) return error;
    if (!begin_line(r)) return ENOMEM;
    test_event_json(&r->sent, s, r->table);
    return send(r, s);
}

/* An event that is refused where nobody says that it may be is worth a word. */
static void note_refusals(struct running *r, const struct test_step *s, size_t first)
{
    if (s->expects != EXPECT_NOTHING) return;
    for (size_t i = first; i < r->answers.count; i++) {
        struct str error = answer_value(&r->answers, i, S("error"));
        if (!error.p) continue;
        struct out *o = &r->outcome->notes;
        out_printf(o, "line %u: the event was refused: ", s->place.line);
        out_json_plain(o, json_member(error, S("message")));
        out_puts(o, " (error: ");
        out_json_plain(o, json_member(error, S("code")));
        out_puts(o, ")\n");
    }
}

/* ---- why ---- */

/* Of a policy of thousands of rules, what was tried fills screens: so much is shown of the beginning, where
 * the ticket is, and of the end, where the answer is. */
enum { WHY_FIRST_LINES = 12, WHY_LAST_LINES = 40, WHY_LINES_MAX = 80 };

/* Behind so many lines from `from` on. */
static size_t behind_lines(const struct out *o, size_t from, size_t lines)
{
    while (from < o->len && lines) lines -= o->p[from++] == '\n';
    return from;
}

/* Takes the middle out of what stands from `off` on, where that is long. */
static void shorten(struct out *o, size_t off)
{
    size_t lines = 0;
    for (size_t i = off; i < o->len; i++) lines += o->p[i] == '\n';
    if (lines <= WHY_LINES_MAX || o->error) return;
    size_t from = behind_lines(o, off, WHY_FIRST_LINES), to = behind_lines(o, off, lines - WHY_LAST_LINES);
    struct out rest;
    out_init(&rest, -1);
    out_bytes(&rest, o->p + to, o->len - to);
    o->len = from;
    out_printf(o, "  … %zu lines left out: shunt explain shows them\n",
               lines - WHY_FIRST_LINES - WHY_LAST_LINES);
    out_bytes(o, rest.p, rest.len);
    if (rest.error) o->error = rest.error;
    out_free(&rest);
}

/* What the event that decided the ticket last did for it: on a desk made anew, from the lines sent. */
static int explain(struct running *r, uint64_t seed)
{
    struct verdict *v = &r->outcome->verdict;
    if (v->good || !v->ticket.len || v->event >= r->sent_count) return 0;
    static const char slack[LINE_SLACK_LEN];
    uint32_t count = v->event + 1;
    struct line *lines = calloc(count, sizeof *lines);
    if (!lines) return ENOMEM;
    out_bytes(&r->sent, slack, sizeof slack);
    for (uint32_t i = 0; i < count; i++) {
        size_t end = i + 1 < r->sent_count ? r->sent_offs[i + 1] : r->sent.len - sizeof slack;
        size_t len = end - r->sent_offs[i] - 1;
        lines[i] = (struct line){r->sent.p + r->sent_offs[i], (uint32_t)len, len > LINE_LEN_MAX, i + 1};
    }
    struct explain_events events = {.table = r->table,
                                    .seed = seed,
                                    .keep_days = SHUNT_KEEP_DAYS_DEFAULT,
                                    .lines = lines,
                                    .line_count = count};
    out_puts(&v->detail, "why:\n");
    size_t off = v->detail.len;
    int error = r->sent.error;
    if (!error)
        error = explain_events(&v->detail, &events, (struct json_text){v->ticket.p, v->ticket.len}, "  ");
    free(lines);
    struct out *o = &v->detail; /* paragraphs of it end with an empty line, the last too */
    while (o->len > 1 && o->p[o->len - 1] == '\n' && o->p[o->len - 2] == '\n') o->len--;
    shorten(o, off);
    return error;
}

static int run_steps(struct running *r)
{
    int error = 0;
    for (uint32_t i = 0; i < r->test->steps.count && !error && r->outcome->verdict.good; i++) {
        const struct test_step *s = &r->test->steps.at[i];
        size_t first = r->answers.count;
        error = do_step(r, s);
        if (error) break;
        note_refusals(r, s, first);
        if (r->coverage) error = cover_step(r->coverage, desk_of(r), s, &r->answers, first);
        if (!error) test_compare(&r->outcome->verdict, s, &r->answers, first);
    }
    return error;
}

static int make_desk(struct running *r, uint64_t seed)
{
    const struct shunt_desk_options options = desk_run_desk_options(seed, SHUNT_KEEP_DAYS_DEFAULT);
    struct shunt_desk *desk;
    r->journal = memory_journal_new(options.keep_days);
    if (!r->journal) return ENOMEM;
    if (shunt_desk_new(r->table, &options, NULL, &desk) != SHUNT_OK) return ENOMEM;
    struct desk_run_options run = {.keep_days = options.keep_days, .journal = *r->journal};
    return desk_run_new(desk, &run, &r->desk);
}

int test_run(const struct shunt_table *table, const struct test_file *file, const struct test_case *test,
             struct coverage *coverage, struct test_outcome *outcome)
{
    struct running r = {.table = table, .test = test, .outcome = outcome, .coverage = coverage};
    *outcome = (struct test_outcome){.test = test};
    verdict_init(&outcome->verdict);
    out_init(&outcome->notes, -1);
    out_init(&r.sent, -1);
    answers_init(&r.answers);
    uint64_t seed = test->has_seed ? test->seed : file->has_seed ? file->seed : 0;
    int error = make_desk(&r, seed);
    if (!error && coverage) cover_begin(coverage);
    if (!error) error = run_steps(&r);
    if (!error) error = explain(&r, seed);
    const struct verdict *v = &outcome->verdict;
    if (!error &&
        (v->message.error || v->detail.error || v->ticket.error || v->room.error || outcome->notes.error))
        error = ENOMEM;
    desk_run_free(r.desk);
    memory_journal_free(r.journal);
    out_free(&r.sent);
    free(r.sent_offs);
    answers_release(&r.answers);
    if (error) test_outcome_release(outcome);
    return error;
}

void test_outcome_release(struct test_outcome *outcome)
{
    verdict_release(&outcome->verdict);
    out_free(&outcome->notes);
}
