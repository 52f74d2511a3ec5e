/* Whole files, read at once and replaced at once: see cli.h. */
#include "cli.h"
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLACK_LEN = 64 }; /* readable behind a file's bytes: verifiers and parsers may look a word ahead */

/* Grows where a file turns out longer than it said (a pipe says nothing). */
static int read_all(int fd, size_t expected, size_t len_max, char **bytes, size_t *len)
{
    size_t cap = expected + 1, used = 0;
    char *p = malloc(cap + SLACK_LEN);
    while (p && used <= len_max) {
        ssize_t n = fd_read_some(fd, p + used, cap - used);
        if (n == 0) break;
        if (n < 0) {
            int error = errno;
            free(p);
            return error;
        }
        used += (size_t)n;
        if (used < cap) continue;
        cap *= 2;
        char *grown = realloc(p, cap + SLACK_LEN);
        if (!grown) free(p);
        p = grown;
    }
    if (!p) return ENOMEM;
    memset(p + used, 0, SLACK_LEN);
    *bytes = p;
    *len = used;
    return 0;
}

int file_read_rest(int fd, size_t len_max, char **bytes, size_t *len)
{
    struct stat st;
    int error = fstat(fd, &st) ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    if (error) return error;
    size_t expected = st.st_size > 0 ? (size_t)st.st_size : 4096;
    return read_all(fd, expected < len_max ? expected : len_max, len_max, bytes, len);
}

int file_read(const char *path, size_t len_max, char **bytes, size_t *len)
{
    int fd = fd_open(path, O_RDONLY);
    if (fd < 0) return errno;
    int error = file_read_rest(fd, len_max, bytes, len);
    close(fd);
    return error;
}

bool file_is_same(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && S_ISREG(of_a.st_mode) &&
           of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
}

bool folder_is_same(const char *a, const char *b)
{
    struct stat of_a, of_b;
    char *folder_a = folder_of(a), *folder_b = folder_of(b);
    bool same = folder_a && folder_b && stat(folder_a, &of_a) == 0 && stat(folder_b, &of_b) == 0 &&
                of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
    free(folder_a);
    free(folder_b);
    return same;
}

void folder_sync(const char *path)
{
    char *folder = folder_of(path);
    int fd = folder ? fd_open(folder, O_RDONLY) : -1;
    if (fd >= 0) {
        fd_sync(fd);
        close(fd);
    }
    free(folder);
}

/* What mkstemp() cannot: the mode by the umask. umask() can be read only by setting it. */
static unsigned mode_by_umask(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~(unsigned)mask;
}

/* A device, a pipe: written as it is; a name put in its place would take it away. */
static int write_through(const char *path, const void *bytes, size_t len)
{
    int fd = fd_open(path, O_WRONLY);
    if (fd < 0) return errno;
    int error = fd_write(fd, bytes, len), closed = fd_close(fd);
    return error ? error : closed;
}

/* Writes the temporary file, syncs it, and only then gives it the name. */
static int write_beside(char *temporary, const char *path, const void *bytes, size_t len, unsigned mode)
{
    int fd = mkstemp(temporary);
    if (fd < 0) return errno;
    int error = fd_write(fd, bytes, len);
    if (!error && fchmod(fd, mode ? mode : mode_by_umask())) error = errno;
    if (!error) error = fd_sync(fd);
    int closed = fd_close(fd);
    if (!error) error = closed;
    if (!error && rename(temporary, path)) error = errno;
    if (error)
        unlink(temporary);
    else
        folder_sync(path);
    return error;
}

int file_replace(const char *path, const void *bytes, size_t len, unsigned mode)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (!exists && errno != ENOENT) return errno; /* else a link would not stay one */
    if (exists && S_ISDIR(st.st_mode)) return EISDIR;
    if (exists && !S_ISREG(st.st_mode)) return write_through(path, bytes, len);
    char *target = exists ? realpath(path, NULL) : strdup(path); /* a link stays a link */
    if (!target) return errno;
    char *temporary = malloc(strlen(target) + sizeof ".XXXXXX");
    int error = ENOMEM;
    if (temporary) {
        strcpy(temporary, target);
        strcat(temporary, ".XXXXXX");
        error = write_beside(temporary, target, bytes, len, mode);
    }
    free(temporary);
    free(target);
    return error;
}
