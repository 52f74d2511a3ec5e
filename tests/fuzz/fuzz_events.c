/*
 * Any bytes as a log of events: each line is answered or refused by a desk, and what was answered can be
 * asked for in every way. A line "=N" is the next version of the policy, one of a few. At the end the desk is
 * saved; what is loaded of that saves to the same bytes.
 */
#include "fuzz_desk.h"
#include "fuzz_lines.h"

#include "desk_run.h"
#include "event_in.h"

struct day {
    struct desk_run *run;
    uint32_t policy;
    struct json_reader *json;
    struct desk_run_options options;
    struct journal *journal;
    struct out answers;
    uint64_t seen;
};

/* ---- beginning, and going on under another version ---- */

static void run_desk(struct day *x, struct shunt_desk *desk)
{
    if (desk_run_new(desk, &x->options, &x->run)) abort();
}

static void begin(struct day *x)
{
    struct shunt_desk_options options = {.keep_days = 30, .figures = true, .customers_max = 3};
    struct shunt_desk *desk;
    x->journal = memory_journal_new(30);
    x->json = json_reader_new();
    if (!x->journal || !x->json || shunt_desk_new(fuzz_desk_table(), &options, NULL, &desk) != SHUNT_OK)
        abort();
    x->options = (struct desk_run_options){.keep_days = 30, .journal = *x->journal};
    out_init(&x->answers, -1);
    run_desk(x, desk);
}

static void read_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct day *x = ctx;
    x->seen += d->ticket.len + d->agent_count + d->add_count + d->rule.len;
}

static void replace(struct day *x, uint32_t number)
{
    struct shunt_sink sink = {read_decision, x};
    struct shunt_desk *next, *old = desk_run_desk(x->run);
    if (shunt_desk_replace(old, fuzz_desk_table_number(number), &sink, &next) != SHUNT_OK) abort();
    desk_run_free(x->run);
    run_desk(x, next);
    x->policy = number % FUZZ_POLICY_COUNT;
}

/* ---- looking ---- */

static void read_attempt(void *ctx, const struct shunt_attempt *a)
{
    struct day *x = ctx;
    for (size_t i = 0; i < a->member_count; i++) x->seen += a->members[i].agent + a->members[i].rank;
}

static void look(struct day *x)
{
    static const char *const lookers[] = {"x", "z", NULL};
    struct shunt_desk *desk = desk_run_desk(x->run);
    struct shunt_sink sink = {read_decision, x};
    for (size_t i = 0; i < sizeof lookers / sizeof *lookers; i++)
        for (int view = SHUNT_VIEW_MINE; view <= SHUNT_VIEW_ALL; view++) {
            struct shunt_string by = {lookers[i], lookers[i] ? 1 : 0};
            if (shunt_desk_view(desk, (enum shunt_view)view, by, i == 1, &sink) != SHUNT_OK) abort();
        }
    out_figures(&x->answers, desk);
}

/* ---- saving ---- */

static void save(const struct shunt_desk *desk, void **bytes, size_t *len)
{
    if (shunt_desk_save(desk, NULL, bytes, len) != SHUNT_OK) abort();
}

static void save_and_load(const struct shunt_desk *desk)
{
    void *bytes, *again;
    size_t len, again_len;
    struct shunt_desk *loaded;
    save(desk, &bytes, &len);
    if (shunt_desk_load(shunt_desk_table(desk), bytes, len, NULL, &loaded, NULL) != SHUNT_OK) abort();
    save(loaded, &again, &again_len);
    if (len != again_len || memcmp(bytes, again, len) != 0) abort();
    shunt_desk_free(loaded);
    free(bytes);
    free(again);
}

/* ---- a log ---- */

/* Where hours open and close every day, millennia that pass at once take seconds: once in a log, since no
 * time goes back. They pass under the policy that has none. */
static bool far_away(struct day *x, const struct line *line)
{
    static const int64_t next_century = INT64_C(4102444800);
    struct json_line parsed;
    struct event event;
    if (x->policy == FUZZ_TIMELESS || line->len > LINE_LEN_MAX) return false;
    if (json_read_line(x->json, line->p, line->len, &parsed) != LINE_OK) return false;
    (void)event_read(&parsed, &event); /* time moves for some errors, too */
    return event.has_at && (event.at_sec < 0 || event.at_sec > next_century);
}

static void run_lines(struct day *x, const char *copy, size_t len)
{
    struct line line = {0};
    for (size_t at = 0; fuzz_next_line(copy, len, &at, &line);) {
        line.too_long = line.len > LINE_LEN_MAX;
        if (line.len == 2 && line.p[0] == '=')
            replace(x, (uint8_t)line.p[1]);
        else if (!far_away(x, &line) && desk_run_line(x->run, &line, &x->answers))
            abort();
        shunt_desk_watch(desk_run_desk(x->run), line.number % 4 == 1 ? read_attempt : NULL, x);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct day x = {0};
    char *copy = fuzz_copy(bytes, len);
    begin(&x);
    run_lines(&x, copy, len);
    look(&x);
    save_and_load(desk_run_desk(x.run));
    desk_run_free(x.run);
    memory_journal_free(x.journal);
    json_reader_free(x.json);
    out_free(&x.answers);
    free(copy);
    return 0;
}
