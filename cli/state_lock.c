/*
 * One program at a time on a state file; and beginning one whole or not at all.
 *
 * The lock is flock()'s on the file itself: gone with the process, whatever ends it, and no matter to
 * sqlite3's shell, which may read while shunt writes. A new file is made as FILE-new and gets its name once
 * it is complete and on the disk, so that no kill leaves half of one under the name. It is locked before: so
 * whoever comes to the name finds it locked.
 *
 * The descriptor is closed after SQLite's: closing any descriptor of a file drops the locks that SQLite's
 * own hold.
 */
#include "cli.h"
#include "fd.h"
#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 100 }; /* the file is replaced under our hands by one that begins it at the same moment */

/* Of the files beside a state: SQLite's, and the one that it is begun in. */
enum { SQLITE_SUFFIXES = 3, SUFFIXES };
static const char *const suffixes[SUFFIXES] = {"-journal", "-wal", "-shm", "-new"};

char *state_path_with(const char *path, const char *suffix)
{
    char *p = malloc(strlen(path) + strlen(suffix) + 1);
    return p ? strcat(strcpy(p, path), suffix) : NULL;
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool state_has_beside(const char *path, const char *other)
{
    const char *name = last_name(path), *of_other = last_name(other);
    size_t len = strlen(name);
    bool found = false;
    for (size_t i = 0; i < SUFFIXES; i++)
        found |= strncmp(of_other, name, len) == 0 && strcmp(of_other + len, suffixes[i]) == 0;
    return found && folder_is_same(path, other);
}

bool state_is_there(struct state_db *d, const char *path, struct stat *st, bool *there)
{
    *there = stat(path, st) == 0;
    if (*there || errno == ENOENT) return true;
    return state_fail(d, "cannot be looked at: %s", strerror(errno));
}

/* Whether the locked descriptor is still what the path leads to. */
static bool is_at(int fd, const char *path)
{
    struct stat of_fd, of_path;
    return fstat(fd, &of_fd) == 0 && stat(path, &of_path) == 0 && of_fd.st_dev == of_path.st_dev &&
           of_fd.st_ino == of_path.st_ino;
}

static void unlock(struct state_db *d)
{
    if (d->fd >= 0) close(d->fd);
    d->fd = -1;
}

static bool take_lock(struct state_db *d, const char *path, int flags)
{
    do d->fd = open(path, flags | O_RDWR | O_CLOEXEC | O_NONBLOCK, 0666);
    while (d->fd < 0 && errno == EINTR);
    if (d->fd < 0 && errno == ELOOP && (flags & O_NOFOLLOW)) return state_fail(d, STATE_NEW_TAKEN);
    if (d->fd < 0) return state_fail(d, "cannot be opened for writing: %s", strerror(errno));
    struct stat st;
    if (fstat(d->fd, &st) || !S_ISREG(st.st_mode)) return state_fail(d, "is no file");
    if (flock(d->fd, LOCK_EX | LOCK_NB) == 0) return true;
    return errno == EWOULDBLOCK
               ? state_fail(d, "is in use by another shunt: end that one first, or give this one a state "
                               "file of its own")
               : state_fail(d, "cannot be locked: %s", strerror(errno));
}

/* ---- beginning a file ---- */

/* What a beginning that was killed may have left. */
static void remove_beside(const char *path)
{
    for (size_t i = 0; i < SQLITE_SUFFIXES; i++) {
        char *beside = state_path_with(path, suffixes[i]);
        if (beside) unlink(beside);
        free(beside);
    }
}

static bool fill(struct state_db *d, const struct state_settings *settings, const struct shunt_table *table)
{
    int error = fd_truncate(d->fd, 0);
    if (error) return state_fail(d, "cannot be begun: %s", strerror(error));
    remove_beside(d->path);
    int rc = sqlite3_open_v2(d->path, &d->db, SQLITE_OPEN_READWRITE, NULL);
    bool fine = d->db && rc == SQLITE_OK && state_db_fill(d, settings, table);
    if (!d->db || (rc != SQLITE_OK && !fine)) state_fail(d, "cannot be begun: out of memory");
    sqlite3_close(d->db);
    d->db = NULL;
    error = fine ? fd_sync(d->fd) : 0;
    return error ? state_fail(d, "cannot be begun: %s", strerror(error)) : fine;
}

/* Whether there is nothing, or an empty file, under the name and a suffix; else `why`. */
static bool none_beside(struct state_db *d, const char *path, const char *suffix, const char *why)
{
    char *beside = state_path_with(path, suffix);
    struct stat st = {0};
    bool there, fine = beside ? state_is_there(d, beside, &st, &there) : state_fail(d, "out of memory");
    if (fine && st.st_size) fine = state_fail(d, "%s", why);
    free(beside);
    return fine;
}

/* A file's -wal without the file is what is left of a state, and would be taken for the new one's; so would
 * SQLite's journal, which is not ours. */
static bool nothing_left(struct state_db *d, const char *path)
{
    bool fine =
        none_beside(d, path, "-wal",
                    "is not there, but its -wal file is, with the last events in it: bring the file back, "
                    "or move the -wal file away to begin anew") &&
        none_beside(d, path, "-journal",
                    "is not there, but a -journal file of its name is, which shunt does not write: move that "
                    "away to begin anew");
    if (fine) remove_beside(path);
    return fine;
}

/* d->path is FILE-new until it has its name. */
static bool make(struct state_db *d, const char *path, const struct state_settings *settings,
                 const struct shunt_table *table)
{
    bool fine = nothing_left(d, path) && fill(d, settings, table);
    if (fine && rename(d->path, path)) fine = state_fail(d, "cannot be begun: %s", strerror(errno));
    if (fine)
        folder_sync(path);
    else
        unlink(d->path);
    return fine;
}

/* true with nothing locked: begin again, somebody else was quicker. */
static bool begin(struct state_db *d, const char *path, const struct state_settings *settings,
                  const struct shunt_table *table)
{
    char *name = d->path;
    d->path = state_path_with(path, "-new");
    bool fine = d->path ? take_lock(d, d->path, O_CREAT | O_NOFOLLOW) : state_fail(d, "out of memory");
    struct stat st;
    bool there = false, is_ours = fine && is_at(d->fd, d->path);
    if (is_ours) fine = state_may_begin(d) && state_is_there(d, path, &st, &there);
    if (fine && !is_ours) {
        unlock(d);
    } else if (fine && there) {
        unlink(d->path);
        unlock(d);
    } else if (fine) {
        fine = make(d, path, settings, table);
    }
    free(d->path);
    d->path = name;
    return fine;
}

/* ---- the whole ---- */

/* A link stays a link. A path as given may not begin as a URI, which SQLite would read it as. */
static bool find_path(struct state_db *d, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        d->path = realpath(path, NULL);
    else if (lstat(path, &st) == 0)
        return state_fail(d, "is a link that leads nowhere");
    else
        d->path = path[0] == '/' ? strdup(path) : state_path_with("./", path);
    return d->path ||
           state_fail(d, errno == ENOMEM ? "out of memory" : "cannot be found: %s", strerror(errno));
}

bool state_lock(struct state_db *d, const char *path, const struct state_settings *settings,
                const struct shunt_table *table)
{
    if (!find_path(d, path)) return false;
    for (int i = 0; i < TRIES; i++) {
        struct stat st;
        bool there, fine = state_is_there(d, d->path, &st, &there);
        if (fine) fine = there ? take_lock(d, d->path, 0) : begin(d, d->path, settings, table);
        if (!fine) return false;
        if (d->fd >= 0 && is_at(d->fd, d->path)) return true;
        unlock(d);
    }
    return state_fail(d, "is replaced again and again by another program");
}

void state_db_close(struct state_db *d)
{
    sqlite3_finalize(d->insert);
    sqlite3_finalize(d->find);
    sqlite3_close(d->db);
    unlock(d);
    free(d->path);
    *d = (struct state_db){.fd = -1};
}
