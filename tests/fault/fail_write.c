/*
 * Preloaded into a program, makes its FAIL_AT-th write, sync or truncation of a file whose path holds FAIL_NAME fail
 * with the errno FAIL_ERRNO (default: ENOSPC, as on a full disk), and all after it where FAIL_ON is set; creates the
 * file FAIL_MARK when that happens, so that a test knows when it has gone past the last. glibc on Linux only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long call_count;

static int is_named(int fd)
{
    char link[32], path[4096];
    const char *name = getenv("FAIL_NAME");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len < 0 || !name) return 0;
    path[len] = 0;
    return strstr(path, name) != NULL;
}

static int fails(int fd)
{
    const char *at = getenv("FAIL_AT"), *mark = getenv("FAIL_MARK"), *error = getenv("FAIL_ERRNO");
    long wanted = at ? atol(at) : 0;
    if (!wanted || !is_named(fd)) return 0;
    long count = atomic_fetch_add(&call_count, 1) + 1;
    if (count != wanted && !(count > wanted && getenv("FAIL_ON"))) return 0;
    if (mark) close(open(mark, O_CREAT | O_WRONLY, 0600));
    errno = error ? atoi(error) : ENOSPC;
    return 1;
}

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

ssize_t write(int fd, const void *p, size_t len) { return fails(fd) ? -1 : REAL(write, fd, p, len); }
ssize_t pwrite(int fd, const void *p, size_t len, off_t off) { return fails(fd) ? -1 : REAL(pwrite, fd, p, len, off); }
ssize_t pwrite64(int fd, const void *p, size_t len, off64_t off)
{
    return fails(fd) ? -1 : REAL(pwrite64, fd, p, len, off);
}
int fsync(int fd) { return fails(fd) ? -1 : REAL(fsync, fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : REAL(fdatasync, fd); }
int ftruncate(int fd, off_t len) { return fails(fd) ? -1 : REAL(ftruncate, fd, len); }
int ftruncate64(int fd, off64_t len) { return fails(fd) ? -1 : REAL(ftruncate64, fd, len); }
