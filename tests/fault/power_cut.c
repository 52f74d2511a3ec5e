/*
 * What a disk may hold after a power cut, from what record_disk.c wrote down; written into the current
 * folder.
 *
 *   power_cut RECORD AT SEED    the power fails before operation AT, of files as they lie here before it;
 * prints "ANSWERS OPERATIONS": how many lines were answered until then, and how many operations there are in
 * all
 *
 * What was synced is there. Of what was not: SEED 0: nothing; 1: all; else any part of it, sector by sector,
 * for writes go to the disk in any order. Of names that were not synced the first few are there: a file
 * system keeps their order.
 */
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 32, SECTOR_LEN = 512, FILE_LEN_MAX = 1 << 22 };

struct bytes {
    char *p;
    int64_t len;
};

struct file {
    struct bytes now, kept; /* kept: as last synced, and what of the rest the disk got */
};

/* A name, now and as the disk has it. */
struct name {
    char name[RECORD_NAME_LEN];
    int file; /* -1: none */
};
struct folder {
    struct name at[FILES_MAX];
    int count;
};

static struct file files[FILES_MAX];
static int file_count;
static struct folder now, kept;
static uint64_t state_of_random, seed;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "power_cut: %s\n", what);
    exit(2);
}

static bool lucky(void)
{
    uint64_t x = state_of_random += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return seed == 1 || (seed > 1 && (x >> 40 & 1));
}

static int *find(struct folder *f, const char *name)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->at[i].name, name) == 0) return &f->at[i].file;
    if (f->count == FILES_MAX) fail("too many names");
    memcpy(f->at[f->count].name, name, RECORD_NAME_LEN);
    f->at[f->count].file = -1;
    return &f->at[f->count++].file;
}

static void name_op(struct folder *f, const struct record *r, int created)
{
    if (r->what == RECORD_CREATE) *find(f, r->name) = created;
    if (r->what == RECORD_UNLINK) *find(f, r->name) = -1;
    if (r->what != RECORD_RENAME) return;
    int file = *find(f, r->name);
    *find(f, r->name) = -1;
    *find(f, r->to) = file;
}

static void set_len(struct bytes *b, int64_t len)
{
    if (len > FILE_LEN_MAX) fail("a file is too long");
    if (!b->p && !(b->p = calloc(1, FILE_LEN_MAX))) fail("memory");
    if (len < b->len) memset(b->p + len, 0, (size_t)(b->len - len));
    b->len = len;
}

static void put(struct bytes *b, int64_t off, const char *p, int64_t len)
{
    if (off + len > b->len) set_len(b, off + len);
    memcpy(b->p + off, p, (size_t)len);
}

/* A write since the last sync: each of its sectors may be on the disk. */
static void write_kept(struct bytes *b, const struct record *r, const char *p)
{
    for (int64_t at = 0, part; at < r->len; at += part) {
        part = SECTOR_LEN - (r->off + at) % SECTOR_LEN;
        if (part > r->len - at) part = r->len - at;
        if (lucky()) put(b, r->off + at, p + at, part);
    }
}

static void sync_file(struct file *f)
{
    set_len(&f->kept, 0);
    set_len(&f->kept, f->now.len);
    if (f->now.len) memcpy(f->kept.p, f->now.p, (size_t)f->now.len);
}

static struct bytes read_whole(const char *path, int64_t room)
{
    FILE *f = fopen(path, "rb");
    struct bytes b = {NULL, 0};
    if (!f || fseek(f, 0, SEEK_END)) fail(path);
    b.len = ftell(f);
    b.p = calloc(1, (size_t)(room > b.len ? room : b.len + 1));
    rewind(f);
    if (!b.p || fread(b.p, 1, (size_t)b.len, f) != (size_t)b.len) fail(path);
    fclose(f);
    return b;
}

/* A file that was there before, in the current folder. */
static int found_before(const char *name)
{
    int id = file_count++;
    if (id >= FILES_MAX) fail("too many files");
    files[id] = (struct file){read_whole(name, FILE_LEN_MAX), read_whole(name, FILE_LEN_MAX)};
    *find(&now, name) = *find(&kept, name) = id;
    return id;
}

/* One operation. Whether the disk gets it unsynced is drawn where its sync does not come before the cut: so
 * from `last_sync` of its file, or of the folder, on. */
static void replay(const struct record *r, const char *p, bool is_synced_later, bool *order)
{
    if (r->what == RECORD_CREATE || r->what == RECORD_UNLINK || r->what == RECORD_RENAME) {
        int created = -1;
        if (r->what == RECORD_CREATE) {
            if (file_count == FILES_MAX) fail("too many files");
            created = file_count++;
            set_len(&files[created].now, 0);
            set_len(&files[created].kept, 0);
        }
        name_op(&now, r, created);
        *order = *order && (is_synced_later || lucky());
        if (*order) name_op(&kept, r, created);
        return;
    }
    if (!r->name[0]) return;
    int id = *find(&now, r->name);
    struct file *f = &files[id >= 0 ? id : found_before(r->name)];
    if (r->what == RECORD_SYNC) sync_file(f);
    if (r->what == RECORD_WRITE) put(&f->now, r->off, p, r->len), write_kept(&f->kept, r, p);
    if (r->what == RECORD_TRUNCATE) {
        set_len(&f->now, r->off);
        if (lucky()) set_len(&f->kept, r->off);
    }
}

static const struct record *next(const struct bytes *b, int64_t *off, struct record *r)
{
    if (*off + (int64_t)sizeof *r > b->len) return NULL;
    memcpy(r, b->p + *off, sizeof *r);
    *off += (int64_t)sizeof *r + (r->what == RECORD_WRITE || r->what == RECORD_ANSWER ? r->len : 0);
    return r;
}

/* Of all operations, and of the last sync of the folder before the cut. */
static long count(const struct bytes *b, long at, long *folder_sync)
{
    struct record r;
    long n = 0;
    *folder_sync = -1;
    for (int64_t off = 0; next(b, &off, &r); n++)
        if (n < at && r.what == RECORD_SYNC_FOLDER) *folder_sync = n;
    return n;
}

static void write_image(void)
{
    for (int i = 0; i < kept.count; i++) {
        if (kept.at[i].file < 0) continue;
        const struct bytes *b = &files[kept.at[i].file].kept;
        FILE *f = fopen(kept.at[i].name, "wb");
        if (!f || fwrite(b->p, 1, (size_t)b->len, f) != (size_t)b->len || fclose(f)) fail("cannot write");
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) fail("usage: power_cut RECORD AT SEED");
    struct bytes b = read_whole(argv[1], 0);
    struct record r;
    long at = atol(argv[2]), folder_sync, answers = 0, all = count(&b, at, &folder_sync), n = 0;
    bool order = true;
    seed = strtoull(argv[3], NULL, 10);
    state_of_random = seed * 1000003 + (uint64_t)at;
    for (int64_t off = 0; n < at && next(&b, &off, &r); n++) {
        const char *p = b.p + off - r.len;
        if (r.what == RECORD_ANSWER)
            for (int64_t i = 0; i < r.len; i++) answers += p[i] == '\n';
        else
            replay(&r, p, n < folder_sync, &order);
    }
    write_image();
    printf("%ld %ld\n", answers, all);
    free(b.p);
    return 0;
}
