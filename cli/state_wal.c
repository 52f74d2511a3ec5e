/*
 * Whether a -wal file can be believed (sqlite.org/fileformat2.html, 4).
 *
 * SQLite takes the first frame with a wrong checksum for the torn end of the last transaction, and passes
 * over it and all that follows. That is right after a kill or a power cut: what is torn was not answered. Of
 * a file that was damaged it would drop answered events without a word. What tells them apart: behind a torn
 * end there is at most the end of that same transaction. So two or more transactions that end behind the
 * first wrong frame are damage.
 */
#include "fd.h"
#include "state_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAL_HEADER_LEN = 32, FRAME_HEADER_LEN = 24, WAL_MAGIC = 0x377f0682, WAL_VERSION = 3007000 };

struct wal {
    bool big_endian; /* how the checksum reads words */
    uint32_t page_len;
    uint32_t sum[2];
    uint8_t salts[8];
};

static uint32_t word(const uint8_t *p, bool big_endian)
{
    return big_endian ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                      : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void add_up(struct wal *w, const uint8_t *p, size_t len)
{
    for (const uint8_t *end = p + len; p < end; p += 8) {
        w->sum[0] += word(p, w->big_endian) + w->sum[1];
        w->sum[1] += word(p + 4, w->big_endian) + w->sum[0];
    }
}

static bool sums_up(const struct wal *w, const uint8_t *at)
{
    return word(at, true) == w->sum[0] && word(at + 4, true) == w->sum[1];
}

static bool read_at(struct state_db *d, int fd, uint8_t *p, size_t len, uint64_t off)
{
    ssize_t n = fd_read_at(fd, p, len, (off_t)off);
    if (n < 0) return state_fail(d, "its -wal file cannot be read: %s", strerror(errno));
    return n == (ssize_t)len || state_damaged(d, "its -wal file has been cut off");
}

/* A header that is wrong makes SQLite pass over the whole file. It is written, and synced, before the first
 * frame: so where there is more than a header, it is whole. */
static bool read_header(struct state_db *d, int fd, struct wal *w)
{
    uint8_t header[WAL_HEADER_LEN];
    if (!read_at(d, fd, header, sizeof header, 0)) return false;
    w->big_endian = header[3] & 1;
    add_up(w, header, 24);
    w->page_len = word(header + 8, true);
    memcpy(w->salts, header + 16, sizeof w->salts);
    bool fine = (word(header, true) & ~1u) == WAL_MAGIC && word(header + 4, true) == WAL_VERSION &&
                sums_up(w, header + 24) && w->page_len >= 512 && w->page_len <= 65536;
    return fine || state_damaged(d, "its -wal file has been changed");
}

/* Of this file's frames those that do not belong to an earlier round, told by their salts. */
static bool count_ends(struct state_db *d, struct wal *w, int fd, uint64_t len, uint8_t *frame,
                       uint32_t *ends_behind)
{
    size_t frame_len = FRAME_HEADER_LEN + w->page_len;
    bool whole = true;
    *ends_behind = 0;
    for (uint64_t off = WAL_HEADER_LEN; off + frame_len <= len; off += frame_len) {
        if (!read_at(d, fd, frame, frame_len, off)) return false;
        bool ours = memcmp(frame + 8, w->salts, sizeof w->salts) == 0;
        if (whole) {
            add_up(w, frame, 8);
            add_up(w, frame + FRAME_HEADER_LEN, w->page_len);
            whole = ours && sums_up(w, frame + 16);
        }
        if (!whole && ours && word(frame + 4, true)) ++*ends_behind;
    }
    return true;
}

bool state_wal_whole(struct state_db *d, int fd, uint64_t len)
{
    struct wal w = {0};
    if (len <= WAL_HEADER_LEN) return true;
    if (!read_header(d, fd, &w)) return false;
    uint8_t *frame = malloc(FRAME_HEADER_LEN + (size_t)w.page_len);
    if (!frame) return state_fail(d, "out of memory");
    uint32_t ends_behind;
    bool fine = count_ends(d, &w, fd, len, frame, &ends_behind);
    free(frame);
    if (!fine) return false;
    return ends_behind < 2 || state_damaged(d, "its -wal file has been changed");
}
