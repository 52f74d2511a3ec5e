/* Arguments to options and operands, and the help that the same rows give: see cli.h. */
#include "cli.h"
#include "json_in.h"
#include "sandbox.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void complain(struct cli *cli, const char *format, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, args);
    out_printf(cli->err, "shunt%s%s: %s\n", cli->command ? " " : "", cli->command ? cli->command : "", text);
}

int cli_usage_error(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(cli, format, args);
    va_end(args);
    out_printf(cli->err, "shunt%s%s --help shows what there is\n", cli->command ? " " : "",
               cli->command ? cli->command : "");
    return EXIT_BROKEN;
}

int cli_broken(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(cli, format, args);
    va_end(args);
    return EXIT_BROKEN;
}

size_t cli_word(struct cli *cli, const char *option, const char *text, const char *const *words, size_t count)
{
    char list[256] = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], text) == 0) return i;
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s",
                 i == 0          ? ""
                 : i + 1 < count ? ", "
                                 : " or ",
                 words[i]);
    }
    cli_usage_error(cli, "%s knows %s, not \"%s\"", option, list, text);
    return count;
}

bool cli_proof_budget(struct cli *cli, const char *said, uint64_t unsaid, uint64_t *conflicts)
{
    char *end = NULL;
    *conflicts = unsaid;
    if (!said) return true;
    errno = 0;
    *conflicts = strtoull(said, &end, 10);
    if (said[0] >= '0' && said[0] <= '9' && !*end && !errno) return true;
    cli_usage_error(cli, "--proof-budget %s: a whole number of the solver's conflicts, such as %llu", said,
                    (unsigned long long)unsaid);
    return false;
}

/* ---- help ---- */

static void help_row(struct out *o, const struct option *option)
{
    char left[64], letter[] = {'-', option->letter, ',', 0};
    const char *value = option->kind == OPTION_SWITCH ? "" : option->value;
    snprintf(left, sizeof left, "%3s --%s%s%s", option->letter ? letter : "", option->name, *value ? " " : "",
             value);
    out_printf(o, "  %-26s %s\n", left, option->help);
}

static void help(struct out *o, const struct usage *usage)
{
    static const struct option common[] = {
        {"quiet", 'q', OPTION_SWITCH, NULL, NULL, "no summaries"},
        {"help", 'h', OPTION_SWITCH, NULL, NULL, "this help"},
    };
    out_printf(o, "Usage: %s\n\n%s\n\nOptions:\n", usage->synopsis, usage->about);
    for (size_t i = 0; i < usage->option_count; i++) help_row(o, &usage->options[i]);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) help_row(o, &common[i]);
    out_puts(o, "\nExit status: 0 fine; 1 the answer is no; 2 the work could not be done.\n");
}

/* ---- parsing ---- */

struct parse {
    struct cli *cli;
    const struct usage *usage;
    size_t at; /* the argument now being read */
    bool help, version, failed;
};

static void store(struct parse *p, const struct option *option, const char *value)
{
    if (option->kind == OPTION_SWITCH) {
        *(bool *)option->into = true;
    } else if (option->kind != OPTION_LIST) {
        if (*(const char **)option->into) {
            cli_usage_error(p->cli, "--%s is said twice", option->name);
            p->failed = true;
        }
        *(const char **)option->into = value;
    } else {
        struct option_list *list = option->into;
        const char **at = realloc(list->at, (list->count + 1) * sizeof *at);
        if (!at) {
            cli_broken(p->cli, "out of memory");
            p->failed = true;
            return;
        }
        list->at = at;
        list->at[list->count++] = value;
    }
}

/* The option takes a value: what follows it, or the next argument. */
static void take(struct parse *p, const struct option *option, const char *attached, const char *said)
{
    if (option->kind == OPTION_SWITCH) {
        if (attached) {
            cli_usage_error(p->cli, "%s takes no value", said);
            p->failed = true;
        } else {
            store(p, option, NULL);
        }
        return;
    }
    if (!attached) attached = p->cli->args[p->at] ? p->cli->args[p->at++] : NULL;
    if (attached) {
        store(p, option, attached);
        return;
    }
    cli_usage_error(p->cli, "%s needs a value: %s %s", said, said, option->value);
    p->failed = true;
}

static const struct option *find_long(const struct usage *usage, const char *name, size_t len)
{
    for (size_t i = 0; i < usage->option_count; i++)
        if (strlen(usage->options[i].name) == len && memcmp(usage->options[i].name, name, len) == 0)
            return &usage->options[i];
    return NULL;
}

static void unknown(struct parse *p, const char *said, const char *name, size_t len)
{
    struct str known[32];
    size_t count = 0;
    for (; count < p->usage->option_count && count < 30; count++)
        known[count] = str_from(p->usage->options[count].name);
    known[count++] = S("help");
    known[count++] = S("quiet");
    struct str near = nearest((struct str){name, len}, known, count);
    if (near.p && len > 1)
        cli_usage_error(p->cli, "there is no option %s; did you mean --%s?", said, near.p);
    else
        cli_usage_error(p->cli, "there is no option %s", said);
    p->failed = true;
}

static void long_option(struct parse *p, const char *said)
{
    const char *name = said + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_long(p->usage, name, len);
    char shown[64];
    snprintf(shown, sizeof shown, "--%.*s", (int)(len < 50 ? len : 50), name);
    if (option)
        take(p, option, equals ? equals + 1 : NULL, shown);
    else if (strcmp(name, "help") == 0)
        p->help = true;
    else if (strcmp(name, "quiet") == 0)
        p->cli->quiet = true;
    else if (strcmp(name, "version") == 0)
        p->version = true;
    else
        unknown(p, shown, name, len);
}

static void short_options(struct parse *p, const char *said)
{
    for (const char *c = said + 1; *c; c++) {
        const struct option *option = NULL;
        for (size_t i = 0; i < p->usage->option_count; i++)
            if (p->usage->options[i].letter == *c) option = &p->usage->options[i];
        char shown[] = {'-', *c, 0};
        if (*c == 'h' && !option)
            p->help = true;
        else if (*c == 'q' && !option)
            p->cli->quiet = true;
        else if (!option)
            unknown(p, shown, c, 1);
        else if (option->kind == OPTION_SWITCH)
            take(p, option, NULL, shown);
        else {
            take(p, option, c[1] ? c + 1 : NULL, shown);
            return;
        }
        if (p->failed) return;
    }
}

static bool operands_right(struct cli *cli, const struct usage *usage)
{
    if (cli->operand_count < usage->operands_min)
        cli_usage_error(cli, "something is missing: %s", usage->synopsis);
    else if (cli->operand_count > usage->operands_max)
        cli_usage_error(cli, "\"%s\" is one too many: %s", cli->operands[usage->operands_max],
                        usage->synopsis);
    else
        return true;
    return false;
}

bool cli_options_alone(struct cli *cli, const struct usage *usage, int *status)
{
    struct parse p = {.cli = cli, .usage = usage};
    bool only_operands = false;
    size_t arg_count = 0;
    while (cli->args[arg_count]) arg_count++;
    cli->operands = calloc(arg_count + 1, sizeof *cli->operands);
    *status = EXIT_BROKEN;
    if (!cli->operands) {
        cli_broken(cli, "out of memory");
        return false;
    }
    while (cli->args[p.at] && !p.failed) {
        const char *said = cli->args[p.at++];
        if (only_operands || said[0] != '-' || said[1] == 0)
            cli->operands[cli->operand_count++] = said;
        else if (strcmp(said, "--") == 0)
            only_operands = true;
        else if (said[1] == '-')
            long_option(&p, said);
        else
            short_options(&p, said);
    }
    if (p.failed) return false;
    if (p.help || p.version) {
        if (p.help)
            help(cli->out, usage);
        else
            out_printf(cli->out, "shunt %s\n", shunt_version());
        *status = EXIT_FINE;
        return false;
    }
    return operands_right(cli, usage);
}

enum { TARGETS_MAX = 4 };

static size_t targets_of(const struct usage *usage, const char **targets)
{
    size_t count = 0;
    for (size_t i = 0; i < usage->option_count; i++) {
        const struct option *o = &usage->options[i];
        assert(count < TARGETS_MAX);
        if (o->kind == OPTION_TARGET) targets[count++] = *(const char **)o->into;
    }
    return count;
}

/* A slip such as `compile acme.yaml -o acme.yaml` would cost the only copy of what it reads. */
static bool targets_right(struct cli *cli, const char *const *targets, size_t count)
{
    const char *read = NULL, *twice = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!targets[i] || strcmp(targets[i], "-") == 0) continue;
        for (size_t k = 0; k < cli->operand_count; k++)
            if (file_is_same(targets[i], cli->operands[k])) read = targets[i];
        for (size_t k = 0; k < i; k++)
            if (targets[k] && (strcmp(targets[i], targets[k]) == 0 || file_is_same(targets[i], targets[k])))
                twice = targets[i];
    }
    if (read) cli_usage_error(cli, "%s is read, and would be written over: name another file", read);
    if (twice) cli_usage_error(cli, "%s would be written twice: name another file", twice);
    return !read && !twice;
}

/* Of who reads lines from an operand, targets are looked at too: a state that is carried on holds lines. */
static void expect_lines(struct cli *cli, const struct usage *usage, size_t lines_at)
{
    const char *files[TARGETS_MAX + 1];
    size_t count = 0;
    if (lines_at) files[count++] = cli->operands[lines_at];
    for (size_t i = 0; i < usage->option_count; i++) {
        const struct option *o = &usage->options[i];
        if (o->kind != OPTION_LINES && !(lines_at && o->kind == OPTION_TARGET)) continue;
        const char *said = *(const char **)o->into;
        assert(count <= TARGETS_MAX);
        if (said) files[count++] = said;
    }
    json_expect(files, count);
}

/* Nothing but what was said to be written is, from here on; and no library is loaded. */
bool cli_options_lines(struct cli *cli, const struct usage *usage, size_t lines_at, int *status)
{
    const char *targets[TARGETS_MAX];
    if (!cli_options_alone(cli, usage, status)) return false;
    size_t count = targets_of(usage, targets);
    if (!targets_right(cli, targets, count)) return false;
    expect_lines(cli, usage, lines_at);
    sandbox_enter(targets, count);
    return true;
}

bool cli_options(struct cli *cli, const struct usage *usage, int *status)
{
    return cli_options_lines(cli, usage, 0, status);
}
