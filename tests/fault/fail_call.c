/*
 * Preloaded into a program, makes its calls of files fail as control.h says: alone or with all that follow,
 * with each errno in turn that the call may give; or cut short; or interrupted once before each succeeds.
 * Counted are the calls of the program and its libraries; the C library's own are not seen. glibc on Linux
 * only.
 *
 * Not interrupted is fdatasync(): SQLite alone calls it, takes EINTR for a failure, and says so; Linux does
 * not give it.
 */
#define _GNU_SOURCE
#include "at_end.h"
#include "control.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct control *control; /* NULL: nothing is said */

__attribute__((constructor)) static void begin(void)
{
    const char *fd = getenv("FAULT_CONTROL");
    void *page =
        fd ? mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0) : MAP_FAILED;
    if (page != MAP_FAILED) control = page;
}

/* Its own calls are those below. */
static void tell(const char *call, const char *what, int fd, int error)
{
    char link[32], path[PATH_MAX] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = fd >= 0 ? readlink(link, path, sizeof path - 1) : -1;
    if (len >= 0) path[len] = 0;
    if (fd >= 0 && fd <= STDERR_FILENO) snprintf(path, sizeof path, "fd %d", fd);
    const char *shown = what ? what : path, *slash = strrchr(shown, '/');
    snprintf(control->call, sizeof control->call, "%s of %.60s: %s", call,
             slash && slash[1] ? slash + 1 : shown, strerrorname_np(error));
}

/* Whether this call fails, and then with which of the errors (0 at their end). */
static bool fails(const char *call, const char *path, int fd, const int *errors)
{
    static _Thread_local bool interrupted;
    if (!control || atomic_load(&is_ending)) return false;
    int64_t n = atomic_fetch_add(&control->call_count, 1) + 1;
    int count = 0;
    while (errors[count]) count++;
    if (control->interrupt_all) {
        interrupted = !interrupted && errors[count - 1] == EINTR;
        if (interrupted) errno = EINTR;
        return interrupted;
    }
    if (errors[count - 1] == EINTR) count--;
    if (!control->call_at || n < control->call_at || (n > control->call_at && !control->call_on))
        return false;
    int error = errors[control->call_turn % count];
    if (n == control->call_at) tell(call, path, fd, error);
    if (fd == STDERR_FILENO) control->is_mute = true;
    errno = error;
    return true;
}

static size_t cut(size_t len)
{
    return control && control->short_len && len > (size_t)control->short_len ? (size_t)control->short_len
                                                                             : len;
}

/* The calls that may be interrupted have EINTR last. */
#define ERRORS(...) ((const int[]){__VA_ARGS__, 0})
#define OPENING ERRORS(EMFILE, EIO, EINTR)
#define MAKING ERRORS(ENOSPC, EACCES)
#define READING ERRORS(EIO, EINTR)
#define WRITING ERRORS(ENOSPC, EIO, EINTR)
#define LOOKING ERRORS(EIO)
#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)
#define OPENED(name, path, flags, mode)                                                                      \
    (fails("open", path, -1, (flags)&O_CREAT ? MAKING : OPENING) ? -1 : REAL(name, path, flags, mode))
#define MODE(flags)                                                                                          \
    mode_t mode = 0;                                                                                         \
    if ((flags)&O_CREAT) {                                                                                   \
        va_list args;                                                                                        \
        va_start(args, flags);                                                                               \
        mode = va_arg(args, mode_t);                                                                         \
        va_end(args);                                                                                        \
    }

int open(const char *path, int flags, ...)
{
    MODE(flags)
    return OPENED(open, path, flags, mode);
}
int open64(const char *path, int flags, ...)
{
    MODE(flags)
    return OPENED(open64, path, flags, mode);
}
int __open_2(const char *path, int flags)
{
    return OPENED(open, path, flags, 0);
}
int __open64_2(const char *path, int flags)
{
    return OPENED(open64, path, flags, 0);
}
int mkstemp(char *path)
{
    return fails("mkstemp", NULL, -1, MAKING) ? -1 : REAL(mkstemp, path);
}
int mkstemp64(char *path)
{
    return fails("mkstemp", NULL, -1, MAKING) ? -1 : REAL(mkstemp64, path);
}

ssize_t read(int fd, void *p, size_t len)
{
    return fails("read", NULL, fd, READING) ? -1 : REAL(read, fd, p, cut(len));
}
ssize_t pread(int fd, void *p, size_t len, off_t off)
{
    return fails("pread", NULL, fd, READING) ? -1 : REAL(pread, fd, p, cut(len), off);
}
ssize_t pread64(int fd, void *p, size_t len, off64_t off)
{
    return fails("pread", NULL, fd, READING) ? -1 : REAL(pread64, fd, p, cut(len), off);
}
/* What _FORTIFY_SOURCE makes of them. */
ssize_t __read_chk(int fd, void *p, size_t len, size_t room)
{
    return read(fd, p, len < room ? len : room);
}
ssize_t __pread_chk(int fd, void *p, size_t len, off_t off, size_t room)
{
    return pread(fd, p, len < room ? len : room, off);
}
ssize_t __pread64_chk(int fd, void *p, size_t len, off64_t off, size_t room)
{
    return pread64(fd, p, len < room ? len : room, off);
}

ssize_t write(int fd, const void *p, size_t len)
{
    return fails("write", NULL, fd, WRITING) ? -1 : REAL(write, fd, p, cut(len));
}
ssize_t pwrite(int fd, const void *p, size_t len, off_t off)
{
    return fails("pwrite", NULL, fd, WRITING) ? -1 : REAL(pwrite, fd, p, cut(len), off);
}
ssize_t pwrite64(int fd, const void *p, size_t len, off64_t off)
{
    return fails("pwrite", NULL, fd, WRITING) ? -1 : REAL(pwrite64, fd, p, cut(len), off);
}
int fsync(int fd)
{
    return fails("fsync", NULL, fd, WRITING) ? -1 : REAL(fsync, fd);
}
int fdatasync(int fd)
{
    return fails("fdatasync", NULL, fd, ERRORS(EIO, ENOSPC)) ? -1 : REAL(fdatasync, fd);
}
int ftruncate(int fd, off_t len)
{
    return fails("ftruncate", NULL, fd, WRITING) ? -1 : REAL(ftruncate, fd, len);
}
int ftruncate64(int fd, off64_t len)
{
    return fails("ftruncate", NULL, fd, WRITING) ? -1 : REAL(ftruncate64, fd, len);
}
int rename(const char *from, const char *to)
{
    return fails("rename", to, -1, ERRORS(ENOSPC, EIO)) ? -1 : REAL(rename, from, to);
}
/* On Linux the descriptor is gone, whatever close() answers. */
int close(int fd)
{
    bool failed = fails("close", NULL, fd, WRITING);
    int error = errno, status = REAL(close, fd);
    if (failed) errno = error;
    return failed ? -1 : status;
}

int fstat(int fd, struct stat *st)
{
    return fails("fstat", NULL, fd, LOOKING) ? -1 : REAL(fstat, fd, st);
}
int fstat64(int fd, struct stat64 *st)
{
    return fails("fstat", NULL, fd, LOOKING) ? -1 : REAL(fstat64, fd, st);
}
int stat(const char *path, struct stat *st)
{
    return fails("stat", path, -1, LOOKING) ? -1 : REAL(stat, path, st);
}
int stat64(const char *path, struct stat64 *st)
{
    return fails("stat", path, -1, LOOKING) ? -1 : REAL(stat64, path, st);
}
int lstat(const char *path, struct stat *st)
{
    return fails("lstat", path, -1, LOOKING) ? -1 : REAL(lstat, path, st);
}
int lstat64(const char *path, struct stat64 *st)
{
    return fails("lstat", path, -1, LOOKING) ? -1 : REAL(lstat64, path, st);
}
char *realpath(const char *path, char *out)
{
    return fails("realpath", path, -1, ERRORS(EIO, ENOMEM)) ? NULL : REAL(realpath, path, out);
}
char *__realpath_chk(const char *path, char *out, size_t room)
{
    (void)room;
    return realpath(path, out);
}
int fchmod(int fd, mode_t mode)
{
    return fails("fchmod", NULL, fd, ERRORS(EPERM)) ? -1 : REAL(fchmod, fd, mode);
}
int flock(int fd, int how)
{
    return fails("flock", NULL, fd, ERRORS(ENOLCK)) ? -1 : REAL(flock, fd, how);
}
int poll(struct pollfd *p, nfds_t count, int ms)
{
    return fails("poll", "", -1, ERRORS(ENOMEM, EINTR)) ? -1 : REAL(poll, p, count, ms);
}
int __poll_chk(struct pollfd *p, nfds_t count, int ms, size_t room)
{
    (void)room;
    return poll(p, count, ms);
}

/* SQLite's locks. */
static int locked(const char *name, int fd, int what, void *arg)
{
    int (*real)(int, int, ...) = (int (*)(int, int, ...))dlsym(RTLD_NEXT, name);
    bool is_lock = what == F_SETLK || what == F_SETLKW;
    return is_lock && fails("fcntl", NULL, fd, ERRORS(ENOLCK, EIO)) ? -1 : real(fd, what, arg);
}
#define ARG(what)                                                                                            \
    va_list args;                                                                                            \
    va_start(args, what);                                                                                    \
    void *arg = va_arg(args, void *);                                                                        \
    va_end(args);

int fcntl(int fd, int what, ...)
{
    ARG(what)
    return locked("fcntl", fd, what, arg);
}
int fcntl64(int fd, int what, ...)
{
    ARG(what)
    return locked("fcntl64", fd, what, arg);
}

#define MAPPED(name)                                                                                         \
    (fd >= 0 && fails("mmap", NULL, fd, ERRORS(ENOMEM)) ? MAP_FAILED                                         \
                                                        : REAL(name, p, len, prot, flags, fd, off))
void *mmap(void *p, size_t len, int prot, int flags, int fd, off_t off)
{
    return MAPPED(mmap);
}
void *mmap64(void *p, size_t len, int prot, int flags, int fd, off64_t off)
{
    return MAPPED(mmap64);
}

/* A thread that cannot be had is done without. */
int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*run)(void *), void *ctx)
{
    return fails("pthread_create", "", -1, ERRORS(EAGAIN)) ? EAGAIN
                                                           : REAL(pthread_create, thread, how, run, ctx);
}
