/*
 * Preloaded into `shunt route --state`, writes down what it does to the files of a state, to their folder and
 * to standard output, in order: to the descriptor RECORD_FD, as struct record with the bytes behind it
 * (record.h). power_cut.c makes of it what a disk may hold after a power cut. Standard input comes in pieces,
 * so that there are several commits. glibc on Linux only.
 */
#define _GNU_SOURCE
#include "record.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FD_MAX = 64, PIECE_LEN = 900 };
static struct {
    char name[RECORD_NAME_LEN];
    bool is_folder;
} files[FD_MAX];

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

static const char *base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_ours(const char *name)
{
    return strstr(name, ".state") && !strstr(name, "-shm");
}

static void put(char what, const char *name, const char *to, int64_t off, const void *bytes, size_t len)
{
    const char *fd = getenv("RECORD_FD");
    struct record r = {.what = what, .off = off, .len = (int64_t)len};
    snprintf(r.name, sizeof r.name, "%s", name);
    snprintf(r.to, sizeof r.to, "%s", to);
    if (!fd) return;
    bool done = REAL(write, atoi(fd), &r, sizeof r) == (ssize_t)sizeof r;
    if (done && bytes) done = REAL(write, atoi(fd), bytes, len) == (ssize_t)len;
    if (!done) _exit(126);
}

static const char *name_of(int fd)
{
    return fd >= 0 && fd < FD_MAX && files[fd].name[0] ? files[fd].name : NULL;
}

static int opened(int fd, const char *path, bool was_there)
{
    struct stat st;
    if (fd < 0 || fd >= FD_MAX) return fd;
    files[fd].name[0] = 0;
    files[fd].is_folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    if (!is_ours(base(path))) return fd;
    snprintf(files[fd].name, sizeof files[fd].name, "%s", base(path));
    if (!was_there) put(RECORD_CREATE, files[fd].name, "", 0, NULL, 0);
    return fd;
}

#define OPEN(name)                                                                                           \
    mode_t mode = 0;                                                                                         \
    va_list args;                                                                                            \
    va_start(args, flags);                                                                                   \
    if (flags & O_CREAT) mode = va_arg(args, mode_t);                                                        \
    va_end(args);                                                                                            \
    bool was_there = access(path, F_OK) == 0;                                                                \
    return opened(REAL(name, path, flags, mode), path, was_there)
int open(const char *path, int flags, ...)
{
    OPEN(open);
}
int open64(const char *path, int flags, ...)
{
    OPEN(open64);
}
int __open_2(const char *path, int flags)
{
    return open(path, flags);
}
int __open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

int close(int fd)
{
    if (fd >= 0 && fd < FD_MAX) files[fd].name[0] = 0, files[fd].is_folder = false;
    return REAL(close, fd);
}

ssize_t write(int fd, const void *p, size_t len)
{
    ssize_t n = REAL(write, fd, p, len);
    if (fd == STDOUT_FILENO && n > 0) put(RECORD_ANSWER, "", "", 0, p, (size_t)n);
    return n;
}
ssize_t pwrite(int fd, const void *p, size_t len, off_t off)
{
    ssize_t n = REAL(pwrite, fd, p, len, off);
    if (name_of(fd) && n > 0) put(RECORD_WRITE, name_of(fd), "", off, p, (size_t)n);
    return n;
}
ssize_t pwrite64(int fd, const void *p, size_t len, off64_t off)
{
    return pwrite(fd, p, len, off);
}
int ftruncate(int fd, off_t len)
{
    int status = REAL(ftruncate, fd, len);
    if (name_of(fd) && status == 0) put(RECORD_TRUNCATE, name_of(fd), "", len, NULL, 0);
    return status;
}
int ftruncate64(int fd, off64_t len)
{
    return ftruncate(fd, len);
}

static int synced(int fd, int status)
{
    if (status == 0 && name_of(fd)) put(RECORD_SYNC, name_of(fd), "", 0, NULL, 0);
    if (status == 0 && fd < FD_MAX && files[fd].is_folder) put(RECORD_SYNC_FOLDER, "", "", 0, NULL, 0);
    return status;
}
/* What is really on this disk is no matter. */
int fsync(int fd)
{
    return synced(fd, 0);
}
int fdatasync(int fd)
{
    return synced(fd, 0);
}

int rename(const char *from, const char *to)
{
    int status = REAL(rename, from, to);
    if (status == 0 && is_ours(base(to))) put(RECORD_RENAME, base(from), base(to), 0, NULL, 0);
    return status;
}
int unlink(const char *path)
{
    int status = REAL(unlink, path);
    if (status == 0 && is_ours(base(path))) put(RECORD_UNLINK, base(path), "", 0, NULL, 0);
    return status;
}

ssize_t read(int fd, void *p, size_t len)
{
    return REAL(read, fd, p, fd == STDIN_FILENO && len > PIECE_LEN ? PIECE_LEN : len);
}
ssize_t __read_chk(int fd, void *p, size_t len, size_t room)
{
    return read(fd, p, len < room ? len : room);
}
int poll(struct pollfd *p, nfds_t count, int ms)
{
    return ms == 0 ? 0 : REAL(poll, p, count, ms);
}
int __poll_chk(struct pollfd *p, nfds_t count, int ms, size_t room)
{
    (void)room;
    return poll(p, count, ms);
}
