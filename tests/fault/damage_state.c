/*
 * Damages a state file in random places, and shows that `shunt route` either refuses it and leaves it as it is, byte
 * for byte, or answers as if nothing had happened (the place meant nothing).
 *
 *   damage_state SHUNT POLICY STATE PROBES TRIALS SEED
 *
 * STATE may have a STATE-wal beside it, as a kill leaves one: then half of the damage is done there. PROBES are events
 * that are routed into each copy. Prints how many were refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct bytes {
    uint8_t *p;
    size_t len;
};

static uint64_t state_of_random;

static _Noreturn void fail(const char *what, const char *more)
{
    printf("%s: %s\n", what, more);
    exit(1);
}

static size_t draw(size_t below)
{
    uint64_t x = state_of_random += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return below ? (size_t)((x ^ x >> 31) % below) : 0;
}

/* p NULL: there is no such file. */
static struct bytes read_file(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &st)) return (struct bytes){NULL, 0};
    struct bytes b = {malloc((size_t)st.st_size + 1), (size_t)st.st_size};
    if (!b.p || read(fd, b.p, b.len) != (ssize_t)b.len) fail("cannot read", path);
    close(fd);
    return b;
}

static void write_file(const char *path, struct bytes b)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, b.p, b.len) != (ssize_t)b.len || close(fd)) fail("cannot write", path);
}

static struct bytes copy(struct bytes b)
{
    struct bytes c = {malloc(b.len + 1), b.len};
    if (!c.p) fail("memory", "none");
    memcpy(c.p, b.p, b.len);
    return c;
}

static bool same(struct bytes a, struct bytes b)
{
    return !a.p == !b.p && a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* In what way is told for the message. */
static const char *damage(struct bytes *b)
{
    size_t at = draw(b->len), len = 1 + draw(64);
    if (len > b->len - at) len = b->len - at;
    switch (draw(8)) {
    case 0: b->len = at; return "cut off";
    case 1:
        for (size_t i = 0; i < len; i++) b->p[at + i] = (uint8_t)draw(256);
        return "random bytes";
    case 2: at -= at % 512; memset(b->p + at, 0, b->len - at < 512 ? b->len - at : 512); return "512 zeros";
    case 3: memmove(b->p + at, b->p + draw(b->len - len), len); return "bytes from elsewhere";
    default: b->p[at] ^= (uint8_t)(1u << draw(8)); return "a bit";
    }
}

static int route(char **argv, const char *state, const char *probes)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        int in = open(probes, O_RDONLY), out = open("damage.out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int err = open("damage.err", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) _exit(127);
        execl(argv[1], argv[1], "route", "--virtual-time", "--state", state, argv[2], (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static const char *const file = "damage.state", *const wal = "damage.state-wal";

static void put(struct bytes main_bytes, struct bytes wal_bytes)
{
    write_file(file, main_bytes);
    unlink(wal);
    unlink("damage.state-shm");
    if (wal_bytes.p) write_file(wal, wal_bytes);
}

/* Whether the program left both files as they were; an empty -wal is none. */
static bool untouched(struct bytes main_bytes, struct bytes wal_bytes)
{
    struct bytes m = read_file(file), w = read_file(wal);
    bool fine = same(m, main_bytes) && (same(w, wal_bytes) || (!wal_bytes.p && w.len == 0));
    free(m.p);
    free(w.p);
    return fine;
}

/* Whether it was refused. */
static bool trial(char **argv, struct bytes main_bytes, struct bytes wal_bytes, struct bytes wanted,
                  int wanted_status)
{
    struct bytes m = copy(main_bytes), w = wal_bytes.p ? copy(wal_bytes) : wal_bytes;
    const char *how = damage(w.p && draw(2) ? &w : &m);
    put(m, w);
    int status = route(argv, file, argv[4]);
    struct bytes out = read_file("damage.out"), err = read_file("damage.err");
    if (status == 2) {
        if (out.len || !err.len) fail("a damaged file was refused with an answer, or without a word", how);
        if (!untouched(m, w)) fail("a damaged file was changed", how);
    } else if (status != wanted_status || !same(out, wanted)) {
        fail("a damaged file was taken for a whole one", how);
    }
    free(m.p);
    free(w.p);
    free(out.p);
    free(err.p);
    return status == 2;
}

int main(int argc, char **argv)
{
    if (argc != 7) fail("usage", "damage_state SHUNT POLICY STATE PROBES TRIALS SEED");
    char wal_path[4096];
    snprintf(wal_path, sizeof wal_path, "%s-wal", argv[3]);
    struct bytes main_bytes = read_file(argv[3]), wal_bytes = read_file(wal_path);
    size_t trials = strtoul(argv[5], NULL, 10), refused = 0;
    state_of_random = strtoull(argv[6], NULL, 10);
    if (!main_bytes.p) fail("cannot read", argv[3]);
    put(main_bytes, wal_bytes);
    int wanted_status = route(argv, file, argv[4]);
    struct bytes wanted = read_file("damage.out");
    if (wanted_status > 1 || wanted.len == 0) fail("the whole file is refused", argv[3]);
    for (size_t i = 0; i < trials; i++) refused += trial(argv, main_bytes, wal_bytes, wanted, wanted_status);
    printf("%zu of %zu refused\n", refused, trials);
    free(main_bytes.p);
    free(wal_bytes.p);
    free(wanted.p);
    return refused * 5 < trials; /* a test that finds hardly a place with a meaning shows nothing */
}
