/*
 * shunt explain: why a ticket goes where it goes, and why not to somebody else (docs/explain.md).
 *
 * Either of one ticket, at a desk that is made up of who is online (or that a log left behind); or of the
 * decisions in a log of events. Both are a replay (explain_replay.c): a ticket is the last event of a log
 * that is made here.
 */
#include "cli.h"
#include "explain.h"
#include "fd.h"
#include "rfc3339.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct explaining {
    struct cli *cli;
    const char *at_said, *log_file, *ticket_said, *line_said, *why_not_said, *seed_said, *keep_said;
    struct option_list online;
    bool json;
    bool refused;   /* the line that was asked for; said */
    int64_t at_sec; /* at_said */

    struct policy policy;
    struct explain x;
    struct explain_log log;
    struct explain_replay *replay;
    struct out line; /* an event that is made here */
    struct out id;   /* the ticket's, where it is not a log's */
};

/* ---- options ---- */

static bool number_of(struct explaining *e, const char *option, const char *text, uint64_t min, uint64_t max,
                      uint64_t *n)
{
    char *end;
    errno = 0;
    unsigned long long read = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || read < min || read > max) {
        cli_usage_error(e->cli, "--%s %s: a whole number from %llu to %llu", option, text,
                        (unsigned long long)min, (unsigned long long)max);
        return false;
    }
    *n = read;
    return true;
}

static bool settle(struct explaining *e)
{
    uint64_t keep_days = SHUNT_KEEP_DAYS_DEFAULT;
    if (e->at_said && (!parse_rfc3339(e->at_said, strlen(e->at_said), &e->at_sec) ||
                       e->at_sec < SHUNT_TIME_MIN || e->at_sec > SHUNT_TIME_MAX)) {
        cli_usage_error(e->cli, "--at %s: a time is written 2026-11-20T09:15:00+01:00", e->at_said);
        return false;
    }
    if (e->seed_said && !number_of(e, "seed", e->seed_said, 0, UINT64_MAX, &e->log.seed)) return false;
    if (e->keep_said && !number_of(e, "keep", e->keep_said, 0, SHUNT_KEEP_DAYS_MAX, &keep_days)) return false;
    if (e->line_said && !number_of(e, "line", e->line_said, 1, UINT64_MAX, &e->log.only_line)) return false;
    e->log.keep_days = (uint32_t)keep_days;
    bool of_log = e->log_file && e->cli->operand_count == 1;
    if ((e->line_said || e->ticket_said) && !of_log) {
        cli_usage_error(e->cli, "--%s is about what is in a log: say --log LOG, and no TICKET",
                        e->line_said ? "line" : "ticket");
        return false;
    }
    if ((e->at_said || e->online.count) && of_log) {
        cli_usage_error(e->cli, "--%s is about a ticket that comes: say TICKET, too; a log says it itself",
                        e->at_said ? "at" : "online");
        return false;
    }
    return true;
}

/* ---- names of agents ---- */

/* *found SHUNT_NONE: there is none. false: memory ran out. */
static bool agent_named(const struct shunt_table *t, struct str name, uint32_t *found)
{
    char *nfc;
    size_t len;
    *found = SHUNT_NONE;
    enum shunt_status status = shunt_text_nfc(name.p, name.len, NULL, &nfc, &len);
    if (status != SHUNT_OK) return status != SHUNT_NO_MEMORY;
    for (uint32_t i = 0; i < shunt_agent_count(t) && *found == SHUNT_NONE; i++)
        if (str_eq(str_of(shunt_agent_name(t, i)), (struct str){nfc, len})) *found = i;
    free(nfc);
    return true;
}

static bool no_memory(struct explaining *e)
{
    cli_broken(e->cli, "out of memory");
    return false;
}

static bool find_agent(struct explaining *e, const char *option, struct str name, uint32_t *agent)
{
    const struct shunt_table *t = e->policy.table;
    uint32_t count = shunt_agent_count(t);
    struct str *known = calloc(count + 1, sizeof *known);
    if (!known || !agent_named(t, name, agent)) {
        free(known);
        return no_memory(e);
    }
    if (*agent != SHUNT_NONE) {
        free(known);
        return true;
    }
    for (uint32_t i = 0; i < count; i++) known[i] = str_of(shunt_agent_name(t, i));
    struct str near = nearest(name, known, count);
    if (near.p)
        cli_broken(e->cli, "--%s: the policy has no agent \"%.*s\"; did you mean \"%.*s\"?", option,
                   SAY(name), SAY(near));
    else
        cli_broken(e->cli, "--%s: the policy has no agent \"%.*s\"", option, SAY(name));
    free(known);
    return false;
}

/* ---- events made here ---- */

/* e->line as the next event; its answer is not told unless it is the ticket's. */
static int send(struct explaining *e)
{
    size_t len = e->line.len;
    for (int i = 0; i < LINE_SLACK_LEN; i++) out_putc(&e->line, 0);
    if (e->line.error) return ENOMEM;
    const struct line line = {e->line.p, (uint32_t)len, false, 0};
    int error = explain_replay_line(e->replay, &line);
    e->line.len = 0;
    return error;
}

static int send_presence(struct explaining *e, uint32_t agent, bool online)
{
    char at[RFC3339_LEN + 1];
    write_rfc3339(e->at_sec, at);
    out_printf(&e->line, "{\"at\":\"%s\",\"event\":\"%s\",\"agent\":", at, online ? "online" : "offline");
    out_json(&e->line, str_of(shunt_agent_name(e->policy.table, agent)));
    out_putc(&e->line, '}');
    return send(e);
}

static bool add_online(struct explaining *e, struct str name, bool *set)
{
    uint32_t agent;
    if (!find_agent(e, "online", name, &agent)) return false;
    set[agent] = e->x.v.AGENT.at[agent].role != TF_VIEWER;
    if (!set[agent])
        cli_broken(e->cli, "--online: %.*s is a viewer, who has no tickets and is not online", SAY(name));
    return set[agent];
}

/* Names between commas, into the set; or one name with commas in it. */
static bool read_online(struct explaining *e, const char *list, bool *set)
{
    uint32_t whole;
    if (!agent_named(e->policy.table, str_from(list), &whole)) return no_memory(e);
    if (whole != SHUNT_NONE) return add_online(e, str_from(list), set);
    for (const char *p = list; *p;) {
        size_t len = strcspn(p, ",");
        struct str name = {p, len};
        p += len + (p[len] == ',');
        while (name.len && name.p[0] == ' ') name.p++, name.len--;
        while (name.len && name.p[name.len - 1] == ' ') name.len--;
        if (name.len && !add_online(e, name, set)) return false;
    }
    return true;
}

/* Exactly those of --online; without it, and without a log, everybody. 0, an errno, or -1: said already. */
static int set_presence(struct explaining *e)
{
    uint32_t count = shunt_agent_count(e->policy.table);
    if (!e->online.count && e->log_file) return 0;
    e->x.everybody = !e->online.count;
    bool *set = calloc(count + 1, sizeof *set);
    int error = set ? 0 : ENOMEM;
    for (size_t i = 0; i < e->online.count && !error; i++)
        if (!read_online(e, e->online.at[i], set)) error = -1;
    for (uint32_t i = 0; i < count && !error; i++) {
        bool online = e->online.count ? set[i] : e->x.v.AGENT.at[i].role != TF_VIEWER;
        bool was = shunt_desk_is_online(explain_replay_desk(e->replay), i);
        if (online != was) error = send_presence(e, i, online);
    }
    free(set);
    return error;
}

/* ---- the ticket ---- */

static int read_stream(int fd, struct out *to)
{
    char part[1 << 14];
    ssize_t n;
    while ((n = fd_read_some(fd, part, sizeof part)) != 0) {
        if (n < 0) return errno;
        out_bytes(to, part, (size_t)n);
        if (to->len > LINE_LEN_MAX) return EFBIG;
    }
    return to->error;
}

static int read_ticket_file(const char *file, struct out *to)
{
    bool is_stdin = !file || strcmp(file, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : fd_open(file, O_RDONLY);
    int error = fd < 0 ? errno : read_stream(fd, to);
    if (fd > STDIN_FILENO) close(fd);
    return error;
}

static int64_t time_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

/* When it comes: --at; else its own time; else the end of the log; else now. */
static void settle_time(struct explaining *e, const struct event *event)
{
    if (e->at_said) return;
    if (event->has_at)
        e->at_sec = event->at_sec;
    else if (!shunt_desk_time(explain_replay_desk(e->replay), &e->at_sec))
        e->at_sec = time_now();
}

static int not_a_ticket(struct explaining *e, const char *name, const char *why)
{
    cli_broken(e->cli, "%s: %s", name, why);
    return -2;
}

/* The ticket's event, after those of who is online. The line is made first: what it is made of holds no
 * longer once events are read. */
static int send_event(struct explaining *e, const struct json_line *json, const struct json_value *id)
{
    struct out own;
    char at[RFC3339_LEN + 1];
    out_init(&own, -1);
    out_bytes(&e->id, id ? id->text.p : "ticket", id ? id->text.len : 6);
    e->log.ticket = (struct str){e->id.p, e->id.len};
    if (!e->id.error) explain_merge(&own, &e->x, NULL, json, e->log.ticket);
    int error = own.error || e->id.error ? ENOMEM : set_presence(e);
    write_rfc3339(e->at_sec, at);
    out_printf(&e->line, "{\"at\":\"%s\",", at);
    out_bytes(&e->line, own.p ? own.p + 1 : "", own.len ? own.len - 1 : 0);
    out_free(&own);
    e->log.silent = false;
    e->log.is_made_up = true;
    return error ? error : send(e);
}

/* What the ticket's file says, sent. 0, an errno; -1, -2: said, the work could not
 * be done, or the answer is no. */
static int send_ticket(struct explaining *e, const char *name, struct out *text)
{
    struct json_line json;
    struct event event;
    size_t len = text->len;
    for (int i = 0; i < LINE_SLACK_LEN; i++) out_putc(text, 0);
    if (text->error) return ENOMEM;
    enum line_error wrong = json_read_line(e->x.reader, text->p, len, &json);
    if (wrong == LINE_NO_MEMORY) return ENOMEM;
    if (wrong)
        return not_a_ticket(e, name,
                            "this is not one ticket as a JSON object, such as "
                            "{\"channel\":\"email\",\"labels\":[\"refund\"]}");
    if (event_read(&json, &event).error)
        return not_a_ticket(e, name, "its `at` or `event` is of no known form");
    if (event.kind != EVENT_TICKET) return not_a_ticket(e, name, "this is an event, but no ticket");
    settle_time(e, &event);
    if (event.id && (event.id->type != JSON_TEXT || event.id->text.len == 0))
        return not_a_ticket(e, name, "its `id` is not a text; it may be left out");
    return send_event(e, &json, event.id);
}

static int explain_ticket(struct explaining *e, const char *file)
{
    struct out text;
    const char *name = !file || strcmp(file, "-") == 0 ? "standard input" : file;
    out_init(&text, -1);
    int error = read_ticket_file(file, &text);
    if (error == EFBIG)
        error = not_a_ticket(e, name, "a ticket is at most 1 MiB long");
    else if (error > 0)
        cli_broken(e->cli, "cannot read %s: %s", name, strerror(error)), error = -1;
    if (!error) error = send_ticket(e, name, &text);
    out_free(&text);
    struct str refusal = explain_replay_refusal(e->replay);
    if (!error && refusal.p) {
        cli_broken(e->cli, "%s: %.*s", name, SAY(refusal));
        error = -2;
    }
    if (!error && e->json) out_putc(e->cli->out, '\n');
    return error;
}

/* ---- a log ---- */

static int replay_lines(struct explaining *e, struct lines *lines)
{
    int error;
    uint64_t only = e->log.only_line;
    while ((error = lines_next(lines)) == 0 && lines->count) {
        for (size_t i = 0; i < lines->count && !error; i++) {
            if (only && lines->at[i].number > only) return 0;
            error = explain_replay_line(e->replay, &lines->at[i]);
            struct str refusal = explain_replay_refusal(e->replay);
            e->refused = refusal.p && lines->at[i].number == only;
            if (e->refused)
                cli_broken(e->cli, "line %llu was refused: %.*s", (unsigned long long)only, SAY(refusal));
        }
        if (error) break;
        if (!out_flush(e->cli->out)) return 0; /* nobody reads: main() sees it */
    }
    return error;
}

static int replay_log(struct explaining *e)
{
    struct lines lines;
    bool is_stdin = strcmp(e->log_file, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : fd_open(e->log_file, O_RDONLY);
    int error = fd < 0 ? errno : lines_init(&lines, fd);
    if (!error) {
        error = replay_lines(e, &lines);
        lines_release(&lines);
    }
    if (fd > STDIN_FILENO) close(fd);
    if (error && error != ENOMEM) {
        cli_broken(e->cli, "cannot read %s: %s", e->log_file, strerror(error));
        return -1;
    }
    return error;
}

/* With where to look instead. */
static void nothing_decided(struct explaining *e)
{
    struct str id = e->log.ticket;
    uint64_t last = id.p ? explain_replay_last(e->replay, id) : 0;
    unsigned long long line = e->log.only_line;
    if (id.p && line && last)
        cli_broken(
            e->cli,
            "line %llu did nothing for the ticket \"%.*s\", and nobody was asked about it; --line %llu is "
            "where it was last decided",
            line, SAY(id), (unsigned long long)last);
    else if (id.p && line)
        cli_broken(e->cli, "the ticket \"%.*s\" has not come by line %llu", SAY(id), line);
    else if (id.p)
        cli_broken(e->cli, "%s: there is no ticket \"%.*s\"", e->log_file, SAY(id));
    else if (line)
        cli_broken(e->cli, "line %llu decided nothing for any ticket", line);
    else
        cli_broken(e->cli, "%s: nothing was decided there", e->log_file);
}

/* A log without a case: the answer is no. */
static int explain_log(struct explaining *e)
{
    if (e->json && e->log.ticket.p) {
        out_puts(e->cli->out, "{\"ticket\":");
        out_json(e->cli->out, e->log.ticket);
        out_puts(e->cli->out, ",\"decisions\":[");
    } else if (e->json) {
        out_puts(e->cli->out, "{\"decisions\":[");
    }
    int error = replay_log(e);
    if (!error && e->log.ticket.p && !e->refused) error = explain_replay_now(e->replay);
    if (e->json && !error) out_puts(e->cli->out, "]}\n");
    if (error || e->log.case_count) return error;
    if (!e->refused) nothing_decided(e);
    return -2;
}

/* ---- the command ---- */

static int explain_either(struct explaining *e)
{
    bool has_ticket = e->cli->operand_count > 1 || !e->log_file;
    if (e->why_not_said && !find_agent(e, "why-not", str_from(e->why_not_said), &e->x.why_not)) return -1;
    int error = explain_replay_new(&e->log, &e->replay);
    if (error) return error;
    if (!has_ticket) return explain_log(e);
    e->log.silent = true;
    error = e->log_file ? replay_log(e) : 0;
    return error ? error : explain_ticket(e, e->cli->operands[1]);
}

static int explain_policy(struct explaining *e)
{
    struct cli *cli = e->cli;
    int error = ENOMEM;
    if (explain_init(&e->x, e->policy.table)) {
        e->x.o = cli->out;
        e->x.json = e->json;
        e->x.quiet = cli->quiet;
        e->x.colour = cli->colour && isatty(STDOUT_FILENO);
        e->log.x = &e->x;
        if (e->ticket_said) e->log.ticket = str_from(e->ticket_said);
        out_init(&e->line, -1);
        out_init(&e->id, -1);
        error = explain_either(e);
        out_free(&e->line);
        out_free(&e->id);
        explain_replay_free(e->replay);
    }
    explain_release(&e->x);
    if (error > 0) return cli_broken(cli, "%s", error == ENOMEM ? "out of memory" : strerror(error));
    return error == -1 ? EXIT_BROKEN : error == -2 ? EXIT_NO : EXIT_FINE;
}

int cmd_explain(struct cli *cli)
{
    struct explaining e = {.cli = cli};
    const struct option options[] = {
        {"at", 0, OPTION_TEXT, &e.at_said, "TIME", "when the ticket comes; else its own `at`, else now"},
        {"online", 0, OPTION_LIST, &e.online, "AGENTS", "who is online, with commas between; else everybody"},
        {"log", 0, OPTION_LINES, &e.log_file, "LOG",
         "explains the decisions in a log of events; with TICKET: the desk as the log leaves it"},
        {"ticket", 0, OPTION_TEXT, &e.ticket_said, "ID", "of a log: this ticket's decisions alone"},
        {"line", 0, OPTION_TEXT, &e.line_said, "N", "of a log: what its line N brought alone"},
        {"why-not", 0, OPTION_TEXT, &e.why_not_said, "AGENT", "only why this agent did not get it"},
        {"seed", 0, OPTION_TEXT, &e.seed_said, "N", "of the random choices, as `route` was told; else 0"},
        {"keep", 0, OPTION_TEXT, &e.keep_said, "DAYS",
         "how long closed tickets are known, as `route` was told"},
        {"json", 0, OPTION_SWITCH, &e.json, NULL, "one JSON object"},
    };
    const struct usage usage = {
        "shunt explain POLICY [TICKET]",
        "Says why a ticket goes where it goes: each rule tried, each test with its value and its\n"
        "place in the source, then each member of the team, and what would have to change for them\n"
        "to get it. TICKET is a file with one ticket as JSON, or - for standard input. With --log,\n"
        "and no TICKET, it explains what was decided in a log of events.",
        options,
        sizeof options / sizeof *options,
        1,
        2};
    int status;
    if (cli_options(cli, &usage, &status)) {
        status = EXIT_BROKEN;
        if (settle(&e) && policy_open(cli, &e.policy, cli->operands[0], &status)) status = explain_policy(&e);
        policy_close(&e.policy);
    }
    free(e.online.at);
    return status;
}
