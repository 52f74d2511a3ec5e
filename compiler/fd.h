/*
 * Files by descriptor: what the system may interrupt is begun again, what it does by halves is done to its
 * end. So who calls these sees a whole result or the errno of a failure.
 */
#ifndef SHUNT_COMPILER_FD_H
#define SHUNT_COMPILER_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* open() with O_CLOEXEC. -1: errno. */
int fd_open(const char *path, int flags);
/* One read(): what is there, at most len bytes; 0 at the end; -1: errno. */
ssize_t fd_read_some(int fd, void *p, size_t len);
/* len bytes, or as many as there are before the end; -1: errno. */
ssize_t fd_read(int fd, void *p, size_t len);
ssize_t fd_read_at(int fd, void *p, size_t len, off_t off);
/* 0, or an errno. */
int fd_write(int fd, const void *p, size_t len);
int fd_sync(int fd);
int fd_truncate(int fd, off_t len);
/* On Linux the descriptor is gone in any case; so an interrupted close() is none that failed. */
int fd_close(int fd);

/* Whether an errno tells of a path that leads nowhere or may not be read, as whoever wrote the path can mend;
 * else the machine's disk or limits failed. */
bool is_of_path(int error);

#endif
