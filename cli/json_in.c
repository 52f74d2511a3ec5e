/*
 * Which reader of JSON the process has, and the way to it: see json_kind.h.
 *
 * The fast one is in shunt-lines.so: installed in ../lib/shunt beside the program's folder, built beside the
 * program. It is loaded only where it belongs to root or to whoever the program belongs to: a program that
 * was copied into /tmp must not run what somebody else put there. Where it is not to be had the plain one
 * reads on.
 */
#define _DEFAULT_SOURCE /* FIONREAD */
#include "json_kind.h"

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

/* What is not there holds nothing. */
static bool is_short(const char *file)
{
    struct stat st;
    bool is_stdin = !file || strcmp(file, "-") == 0;
    if (is_stdin ? fstat(STDIN_FILENO, &st) : stat(file, &st)) return true;
    if (S_ISREG(st.st_mode)) return st.st_size <= SHORT_LEN;
    return is_stdin && S_ISFIFO(st.st_mode) && pipe_is_short(STDIN_FILENO);
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

static const char *const places[] = {"../lib/shunt/shunt-lines.so", "shunt-lines.so"};

/* A link, too: whoever owns it could change where it leads, between this look and the loading. */
static bool is_ours(const char *path, uid_t owner)
{
    struct stat link, st;
    return lstat(path, &link) == 0 && (link.st_uid == 0 || link.st_uid == owner) && stat(path, &st) == 0 &&
           S_ISREG(st.st_mode) && (st.st_uid == 0 || st.st_uid == owner) && !(st.st_mode & S_IWOTH);
}

static const struct json_kind *load(const char *path)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct json_kind *found = object ? dlsym(object, "json_fast") : NULL;
    return found && found->version == JSON_KIND_VERSION ? found : NULL;
}

static const struct json_kind *find_fast(void)
{
    char path[PATH_MAX + sizeof "../lib/shunt/shunt-lines.so"];
    struct stat program;
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX);
    if (len <= 0 || len == PATH_MAX || getauxval(AT_SECURE) || stat("/proc/self/exe", &program)) return NULL;
    path[len] = 0;
    char *name = strrchr(path, '/') + 1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        strcpy(name, places[i]);
        if (is_ours(path, program.st_uid)) return load(path);
    }
    return NULL;
}
#endif

void json_expect(const char *const *files, size_t count)
{
    bool all_short = true;
    for (size_t i = 0; i < count; i++) all_short &= is_short(files[i]);
    const struct json_kind *fast = all_short ? NULL : find_fast();
    if (fast) kind = fast;
}
