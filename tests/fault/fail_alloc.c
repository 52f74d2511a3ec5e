/*
 * Preloaded into a program, makes its FAIL_AT-th allocation fail, and all after it where FAIL_ON is set; creates the
 * file FAIL_MARK when that happens, so that a test knows when it has gone past the last. glibc only: the allocator
 * below is reached by its own names.
 */
#define _GNU_SOURCE
#include "at_end.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *block, size_t len);

static atomic_long alloc_count;

static int fails(void)
{
    if (atomic_load(&is_ending)) return 0;
    const char *at = getenv("FAIL_AT"), *mark = getenv("FAIL_MARK");
    long wanted = at ? atol(at) : 0, count = atomic_fetch_add(&alloc_count, 1) + 1;
    int now = wanted && (count == wanted || (count > wanted && getenv("FAIL_ON")));
    if (now && mark) close(open(mark, O_CREAT | O_WRONLY, 0600));
    if (now) errno = ENOMEM;
    return now;
}

void *malloc(size_t len) { return fails() ? NULL : __libc_malloc(len); }
void *calloc(size_t count, size_t len) { return fails() ? NULL : __libc_calloc(count, len); }
void *realloc(void *block, size_t len) { return fails() ? NULL : __libc_realloc(block, len); }
