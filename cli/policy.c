/* A policy by its path, be it source or table: see cli.h. */
#include "cli.h"
#include "fd.h"
#include "format.h"
#include "render.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

/* The file where it begins as a table does; else no bytes. 0, or an errno. */
static int read_table(const char *path, char **bytes, size_t *len)
{
    char head[sizeof TF_MAGIC - 1];
    int fd = fd_open(path, O_RDONLY | O_NONBLOCK);
    if (fd < 0) return errno;
    ssize_t n = fd_read(fd, head, sizeof head);
    int error = n < 0 ? errno : 0;
    if (n == (ssize_t)sizeof head && memcmp(head, TF_MAGIC, sizeof head) == 0)
        error = lseek(fd, 0, SEEK_SET) < 0 ? errno : file_read_rest(fd, SIZE_MAX, bytes, len);
    close(fd);
    return error;
}

/* glibc keeps more and more of what is freed, the more of it there was: 25 MB of 180 at 100,000 rules. */
static void give_back_at_once(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
#endif
}

struct compiling {
    struct policy *p;
    const char *path;
    const struct compile_options *options;
};

/* Lines are indexed here, where memory may run out, and not when a diagnostic is shown. */
static void compile_thunk(void *ctx)
{
    struct compiling *c = ctx;
    struct compilation *compiled = compile_policy(c->p->a, c->path, c->options);
    for (uint32_t i = 0; compiled->diags.list.count && i < compiled->sources.list.count; i++)
        source_line(c->p->a, &compiled->sources.list.at[i], 1);
    c->p->compiled = compiled;
}

static bool open_table(struct policy *p)
{
    p->status = shunt_table_open(p->bytes, p->len, NULL, &p->table, &p->error);
    return p->status != SHUNT_NO_MEMORY;
}

static bool read_source(struct policy *p, const char *path, const struct compile_options *options)
{
    give_back_at_once();
    p->a = arena_new();
    struct compiling ctx = {p, path, options};
    if (!p->a || !arena_try(p->a, compile_thunk, &ctx)) {
        p->compiled = NULL;
        return false;
    }
    p->unreadable = p->compiled->unreadable || (p->unreadable && p->compiled->diags.fatal);
    p->bytes = p->compiled->table.p; /* they stay in the arena */
    p->len = p->compiled->table.len;
    return !p->bytes || open_table(p);
}

bool policy_read(struct policy *p, const char *path, const struct compile_options *options)
{
    *p = (struct policy){0};
    char *bytes = NULL;
    int error = read_table(path, &bytes, &p->len);
    if (error == ENOMEM) return false;
    p->unreadable = error != 0;
    if (!bytes) return read_source(p, path, options); /* which reports an error */
    p->bytes = p->read_bytes = bytes;
    return open_table(p);
}

void policy_close(struct policy *p)
{
    shunt_table_close(p->table);
    free(p->read_bytes);
    arena_free(p->a);
    *p = (struct policy){0};
}

bool policy_open(struct cli *cli, struct policy *p, const char *path, int *status)
{
    const struct compile_options options = {0};
    *status = EXIT_BROKEN;
    if (!policy_read(p, path, &options)) {
        cli_broken(cli, "out of memory");
        return false;
    }
    if (p->table) return true;
    if (p->compiled && p->compiled->diags.error_count) {
        const struct report report = {.errors_only = true, .colour = cli->colour, .quiet = cli->quiet};
        render_human(cli->err, &report, p->compiled, path);
        *status = p->unreadable ? EXIT_BROKEN : EXIT_NO;
    } else {
        cli_broken(cli, "%s: %s%s%s", path, shunt_status_text(p->status), *p->error.reason ? ": " : "",
                   p->error.reason);
    }
    return false;
}

bool policy_stays(struct cli *cli, const struct policy *p, const char *target)
{
    if (!p->compiled || !target || strcmp(target, "-") == 0) return true;
    for (uint32_t i = 0; i < p->compiled->files.count; i++) {
        if (!file_is_same(target, p->compiled->files.at[i])) continue;
        cli_usage_error(cli, "%s is a part of the policy, and would be written over: name another file", target);
        return false;
    }
    return true;
}
