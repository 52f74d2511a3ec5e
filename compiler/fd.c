/* Calls to their end: see fd.h. */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int fd_open(const char *path, int flags)
{
    int fd;
    do fd = open(path, flags | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t fd_read_some(int fd, void *p, size_t len)
{
    ssize_t n;
    do n = read(fd, p, len);
    while (n < 0 && errno == EINTR);
    return n;
}

ssize_t fd_read(int fd, void *p, size_t len)
{
    size_t done = 0;
    for (ssize_t n; done < len && (n = fd_read_some(fd, (char *)p + done, len - done)) != 0;
         done += (size_t)n)
        if (n < 0) return -1;
    return (ssize_t)done;
}

ssize_t fd_read_at(int fd, void *p, size_t len, off_t off)
{
    size_t done = 0;
    while (done < len) {
        ssize_t n = pread(fd, (char *)p + done, len - done, off + (off_t)done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

int fd_write(int fd, const void *bytes, size_t len)
{
    for (const char *p = bytes; len;) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int fd_sync(int fd)
{
    int status;
    do status = fsync(fd);
    while (status && errno == EINTR);
    return status ? errno : 0;
}

int fd_truncate(int fd, off_t len)
{
    int status;
    do status = ftruncate(fd, len);
    while (status && errno == EINTR);
    return status ? errno : 0;
}

int fd_close(int fd)
{
    return close(fd) && errno != EINTR ? errno : 0;
}

bool is_of_path(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == EPERM || error == ELOOP ||
           error == ENAMETOOLONG || error == EINVAL;
}
