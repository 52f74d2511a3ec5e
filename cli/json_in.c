/*
 * Which reader of JSON the process has, and the way to it: see json_kind.h.
 *
 * The fast one is in shunt-lines.so: installed in ../lib/shunt beside the program's folder, built beside the
 * program. It is loaded only where it belongs to root or to whoever the program belongs to: a program that
 * was copied into /tmp must not run what somebody else put there. Where it is not to be had the plain one
 * reads on.
 */
#define _GNU_SOURCE /* O_PATH, FIONREAD */
#include "json_kind.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct json_kind *kind = &json_plain;

struct json_reader *json_reader_new(void)
{
    return kind->make();
}

void json_reader_free(struct json_reader *r)
{
    if (r) kind->free(r);
}

enum line_error json_read_line(struct json_reader *r, const char *line, size_t len, struct json_line *out)
{
    return kind->read(r, line, len, out);
}

/* ---- how much there is to read ---- */

/* What the plain one reads in the time that loading the fast one takes (docs/performance.md, "Starting"). */
enum { SHORT_LEN = 1 << 17 };

/* Of a pipe only where nobody writes to it any more. */
static bool pipe_is_short(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int len = 0;
    return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP) && ioctl(fd, FIONREAD, &len) == 0 && len <= SHORT_LEN;
}

/* As a standard input that came closed is by now (main.c). */
static bool is_null_device(const struct stat *st)
{
    struct stat null;
    return S_ISCHR(st->st_mode) && stat("/dev/null", &null) == 0 && null.st_rdev == st->st_rdev;
}

/* What is not there holds nothing. */
static bool is_short(const char *file)
{
    struct stat st;
    bool is_stdin = !file || strcmp(file, "-") == 0;
    if (is_stdin ? fstat(STDIN_FILENO, &st) : stat(file, &st)) return true;
    if (S_ISREG(st.st_mode)) return st.st_size <= SHORT_LEN;
    return is_null_device(&st) || (is_stdin && S_ISFIFO(st.st_mode) && pipe_is_short(STDIN_FILENO));
}

/* ---- the fast one ---- */

#if defined(SHUNT_LINES_PLAIN)
static const struct json_kind *find_fast(void)
{
    return NULL;
}
#elif defined(SHUNT_LINES_LINKED)
static const struct json_kind *find_fast(void)
{
    return &json_fast;
}
#else
#include <dlfcn.h>
#include <sys/auxv.h>

static const char *const folders[] = {"../lib/shunt", "."};
static const char name[] = "shunt-lines.so";

/* Of root's or the program's owner, and for nobody else to write. */
static bool is_ours(const struct stat *st, uid_t owner)
{
    return (st->st_uid == 0 || st->st_uid == owner) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Found within the folder that was looked at, which nobody else can change: a path could lead elsewhere by
 * then. */
static const struct json_kind *load_from(int folder, uid_t owner)
{
    char path[64];
    struct stat st;
    if (fstat(folder, &st) || !is_ours(&st, owner)) return NULL;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode) || !is_ours(&st, owner))
        return NULL;
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s", folder, name);
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct json_kind *found = object ? dlsym(object, "json_fast") : NULL;
    return found && found->version == JSON_KIND_VERSION ? found : NULL;
}

static const struct json_kind *find_fast(void)
{
    char path[PATH_MAX + sizeof "../lib/shunt"];
    struct stat program;
    const struct json_kind *found = NULL;
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX);
    if (len <= 0 || len == PATH_MAX || getauxval(AT_SECURE) || stat("/proc/self/exe", &program)) return NULL;
    path[len] = 0;
    char *last = strrchr(path, '/') + 1;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !found; i++) {
        strcpy(last, folders[i]);
        int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0) continue;
        found = load_from(folder, program.st_uid);
        close(folder);
    }
    return found;
}
#endif

void json_expect(const char *const *files, size_t count)
{
    bool all_short = true;
    for (size_t i = 0; i < count; i++) all_short &= is_short(files[i]);
    const struct json_kind *fast = all_short ? NULL : find_fast();
    if (fast) kind = fast;
}
