/*
 * What can be seen of a state file without SQLite: that it is one, and that nothing of it or beside it would
 * make SQLite write to it before it is known to be whole. And what lies where one is to be begun.
 */
#include "fd.h"
#include "state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Offsets in the first page: the database's header (sqlite.org/fileformat2.html, 1.3). */
enum {
    HEADER_LEN = 100,
    PAGE_LEN_OFF = 16,
    WRITE_VERSION_OFF = 18,
    READ_VERSION_OFF = 19,
    USER_VERSION_OFF = 60,
    APPLICATION_ID_OFF = 68
};

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The length of what lies beside the file under its name and a suffix; 0 where nothing does. */
static bool length_beside(struct state_db *d, const char *suffix, uint64_t *len)
{
    char *path = state_path_with(d->path, suffix);
    struct stat st;
    bool there = false, fine = path ? state_is_there(d, path, &st, &there) : state_fail(d, "out of memory");
    *len = there ? (uint64_t)st.st_size : 0;
    free(path);
    return fine;
}

static bool look_wal(struct state_db *d, uint64_t len)
{
    char *path = state_path_with(d->path, "-wal");
    if (!path) return state_fail(d, "out of memory");
    int fd = fd_open(path, O_RDONLY);
    bool fine = fd >= 0 ? state_wal_whole(d, fd, len)
                        : state_fail(d, "its -wal file cannot be read: %s", strerror(errno));
    if (fd >= 0) close(fd);
    free(path);
    return fine;
}

static bool look_kind(struct state_db *d, const uint8_t *header)
{
    uint32_t version = big32(header + USER_VERSION_OFF);
    if (memcmp(header, "SQLite format 3", 16) != 0) return state_fail(d, "is no state file of shunt");
    if (big32(header + APPLICATION_ID_OFF) != STATE_APPLICATION_ID)
        return state_fail(d, "is a database of another program, and no state file of shunt");
    if (version > STATE_VERSION)
        return state_fail(d,
                          "was written by a newer version of shunt (format %u, this one knows %d): use that",
                          version, STATE_VERSION);
    return version == STATE_VERSION || state_damaged(d, "its header has been changed");
}

/* Where it is not in WAL mode (a copy by VACUUM INTO), a -wal would be passed over. With a -wal the file's
 * own end may be in the making. */
static bool look_shape(struct state_db *d, const uint8_t *header, uint64_t len)
{
    uint64_t wal_len = 0, journal_len = 0;
    uint32_t page_len = (uint32_t)header[PAGE_LEN_OFF] << 8 | header[PAGE_LEN_OFF + 1];
    if (page_len == 1) page_len = 65536;
    uint8_t mode = header[WRITE_VERSION_OFF];
    if (!length_beside(d, "-wal", &wal_len) || !length_beside(d, "-journal", &journal_len)) return false;
    if (journal_len)
        return state_fail(d, "has a -journal file beside it, which shunt does not write: if sqlite3 was "
                             "working on it, open and close it there once more");
    bool fine = (mode == 1 || mode == 2) && header[READ_VERSION_OFF] == mode && page_len >= 512 &&
                (page_len & (page_len - 1)) == 0 && (mode == 2 || wal_len == 0);
    if (!fine) return state_damaged(d, "its header has been changed");
    d->has_wal = wal_len > 0;
    if (wal_len == 0 && len % page_len) return state_damaged(d, "it has been cut off");
    return wal_len == 0 || look_wal(d, wal_len);
}

bool state_look(struct state_db *d)
{
    struct stat st;
    uint8_t header[HEADER_LEN];
    if (fstat(d->fd, &st)) return state_fail(d, "cannot be read: %s", strerror(errno));
    if (st.st_size == 0)
        return state_fail(d, "is empty, and no state file of shunt: delete it to begin a new one");
    ssize_t n = fd_read_at(d->fd, header, sizeof header, 0);
    if (n < 0) return state_fail(d, "cannot be read: %s", strerror(errno));
    if (n < (ssize_t)sizeof header) return state_fail(d, "is no state file of shunt");
    return look_kind(d, header) && look_shape(d, header, (uint64_t)st.st_size);
}

/* ---- where one is to be begun ---- */

/* Another program's database, or a text, is not; what was not written any more when the power went is zeros.
 */
static bool is_begun_by_shunt(const uint8_t *header, size_t len)
{
    static const uint8_t nothing[HEADER_LEN];
    if (memcmp(header, nothing, HEADER_LEN) == 0) return true;
    if (memcmp(header, "SQLite format 3", len < 16 ? len : 16) != 0) return false;
    return len < HEADER_LEN || big32(header + APPLICATION_ID_OFF) == STATE_APPLICATION_ID;
}

/* In WAL mode it was complete, and what cannot be read of it is damaged; before, it may be half a file. One
 * that has a -wal with something in it was in use. */
static bool has_no_event(struct state_db *d, bool is_complete)
{
    uint64_t wal_len = 1;
    sqlite3_stmt *event = NULL;
    if (!length_beside(d, "-wal", &wal_len) || wal_len) return false;
    if (state_db_open(d) && state_prepare(d, "SELECT 1 FROM event", &event)) sqlite3_step(event);
    int rc = d->db ? sqlite3_errcode(d->db) & 0xff : SQLITE_NOMEM; /* without what extends it */
    sqlite3_finalize(event);
    sqlite3_close(d->db);
    d->db = NULL;
    return rc == SQLITE_DONE ||
           (!is_complete && (rc == SQLITE_ERROR || rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB));
}

bool state_may_begin(struct state_db *d)
{
    uint8_t header[HEADER_LEN] = {0};
    ssize_t n = fd_read_at(d->fd, header, sizeof header, 0);
    if (n < 0) return state_fail(d, "cannot be begun: %s", strerror(errno));
    if (n == 0) return true;
    bool fine = is_begun_by_shunt(header, (size_t)n) && has_no_event(d, header[WRITE_VERSION_OFF] == 2);
    return fine || state_fail(d, STATE_NEW_TAKEN);
}
