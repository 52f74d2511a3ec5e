/* Any bytes as a test file beside a fixed policy: read, checked against the policy, and run. */
#define _GNU_SOURCE /* memfd_create() */
#include "fuzz_desk.h"

#include "test_run.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TESTS_MAX = 4 }; /* of one file */

struct fuzz_file {
    struct arena *a;
    char path[64];
};

/* A date outside this century and the last. Millennia in which hours open and close every day take seconds to
 * pass. */
static bool far_away(const uint8_t *bytes, size_t len)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i + sizeof shape - 1 <= len; i++) {
        size_t k = 0;
        while (shape[k] &&
               (shape[k] == 'd' ? bytes[i + k] >= '0' && bytes[i + k] <= '9' : bytes[i + k] == '-'))
            k++;
        if (!shape[k] && memcmp(bytes + i, "20", 2) != 0 && memcmp(bytes + i, "19", 2) != 0) return true;
    }
    return false;
}

static void try_file(void *ctx)
{
    struct fuzz_file *f = ctx;
    const struct shunt_table *table = fuzz_desk_table();
    struct test_file *file = test_read(f->a, f->path);
    if (file->c->diags.fatal) return;
    test_check(file, table);
    if (file->c->diags.error_count) return;
    for (uint32_t i = 0; i < file->tests.count && i < TESTS_MAX; i++) {
        struct test_outcome outcome;
        if (test_run(table, file, &file->tests.at[i], NULL, &outcome) == 0) test_outcome_release(&outcome);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (far_away(bytes, len)) return 0;
    struct fuzz_file f = {.a = arena_new()};
    int fd = memfd_create("test", 0);
    if (fd < 0 || !f.a) abort();
    if (write(fd, bytes, len) != (ssize_t)len) abort();
    snprintf(f.path, sizeof f.path, "/proc/self/fd/%d", fd);
    arena_try(f.a, try_file, &f);
    arena_free(f.a);
    close(fd);
    return 0;
}
