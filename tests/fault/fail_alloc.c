/*
 * Preloaded into a program, makes its allocations fail as control.h says, and looks for leaks when it ends.
 *
 * FORK_EACH: before an allocation the program is forked. The child's fails, and the child goes on to its end;
 * then the parent, whose does not, goes on to the next. So all of n allocations cost n ends of the program,
 * and not n whole runs. It wants one thread, and no file open that a child might write to.
 *
 * A leak is a block that nothing points to when the program exits: not from its data, its stack, or another
 * block that something points to. glibc on Linux only: the allocator below is reached by its own names.
 */
#define _GNU_SOURCE
#include "at_end.h"
#include "control.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *block, size_t len);
void *__libc_memalign(size_t align, size_t len);
void __libc_free(void *block);
extern void *__libc_stack_end;

enum { FD_MAX = 64, CHILD_SEC_MAX = 60 };

static struct control *control; /* NULL: nothing is said */
static bool is_child, is_busy;  /* is_busy: what the shim itself allocates neither fails nor counts */
static bool child_on;
static int64_t child_at;
static _Atomic int64_t count;
static bool was_open[FD_MAX];

/* ---- which allocation fails ---- */

static void begin(void)
{
    static bool looked;
    if (looked || !environ) return;
    looked = true;
    const char *fd = getenv("FAULT_CONTROL");
    if (!fd) return;
    void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0);
    if (page == MAP_FAILED) _exit(126);
    control = page;
    for (int i = 0; i < FD_MAX; i++) was_open[i] = fcntl(i, F_GETFD) >= 0;
}

/* SQLite takes small pieces out of blocks of its own: not here, so that each can fail. */
__attribute__((constructor)) static void ask_sqlite(void)
{
    enum { SQLITE_CONFIG_PAGECACHE = 7, SQLITE_CONFIG_LOOKASIDE = 13 };
    int (*config)(int, ...) = (int (*)(int, ...))dlsym(RTLD_DEFAULT, "sqlite3_config");
    if (config && (config(SQLITE_CONFIG_LOOKASIDE, 0, 0) || config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0)))
        _exit(126);
}

static void ask(int64_t n, bool on, int status)
{
    struct told told = {n, status, on};
    char answer;
    if (write(control->talk_fd, &told, sizeof told) != sizeof told || read(control->talk_fd, &answer, 1) != 1)
        _exit(126); /* the driver is gone */
}

/* Where the parent's files stood: a child shares their offsets. What it wrote to standard output is taken
 * back. */
static void keep_offsets(off_t *off)
{
    for (int fd = 0; fd < FD_MAX; fd++) off[fd] = lseek(fd, 0, SEEK_CUR);
}

static void restore_offsets(const off_t *off)
{
    for (int fd = 0; fd < FD_MAX; fd++)
        if (off[fd] >= 0) lseek(fd, off[fd], SEEK_SET);
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
        if (off[fd] >= 0 && ftruncate(fd, off[fd])) continue; /* /dev/null */
}

/* true: in a child, whose allocation is to fail. */
static bool fork_here(int64_t n, bool on)
{
    off_t off[FD_MAX];
    int status;
    ask(n, on, -1);
    keep_offsets(off);
    control->ended = false;
    control->leak_count = 0;
    control->fd_count = 0;
    control->call[0] = 0;
    pid_t pid = fork();
    if (pid == 0) {
        is_child = true;
        child_at = n;
        child_on = on;
        alarm(CHILD_SEC_MAX);
        return true;
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) _exit(126);
    ask(n, on, status);
    restore_offsets(off);
    return false;
}

static void tell_who(const void *by)
{
    Dl_info info;
    is_busy = true;
    snprintf(control->call, CALL_NAME_LEN, "in %s",
             dladdr(by, &info) && info.dli_sname ? info.dli_sname : "a library");
    is_busy = false;
}

static bool chosen(void)
{
    begin();
    if (!control || is_busy || atomic_load(&is_ending)) return false;
    int64_t n = atomic_fetch_add(&count, 1) + 1;
    if (is_child) return child_on;
    control->count = n;
    if (control->mode == FAIL_ONE) return n == control->at || (n > control->at && control->on);
    if (control->mode != FORK_EACH || n % control->step != control->first) return false;
    is_busy = true;
    bool failed = fork_here(n, false) || fork_here(n, true);
    is_busy = false;
    return failed;
}

static bool fails(const void *by)
{
    if (!chosen()) return false;
    if (!control->call[0]) tell_who(by);
    return true;
}

/* ---- the live blocks: a table by address, linear probing ---- */

struct live {
    char *p;
    size_t len;
    void *by; /* NULL: free */
    bool is_reached;
};

static struct live *table;
static size_t table_cap, table_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t slot_of(const struct live *t, size_t cap, const char *p)
{
    size_t i = ((uintptr_t)p >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
    for (i &= cap - 1; t[i].p && t[i].p != p; i = (i + 1) & (cap - 1)) continue;
    return i;
}

static void grow(void)
{
    size_t cap = table_cap ? 2 * table_cap : 1 << 12;
    void *more = mmap(NULL, cap * sizeof *table, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (more == MAP_FAILED) _exit(126);
    struct live *t = more;
    for (size_t i = 0; i < table_cap; i++)
        if (table[i].p) t[slot_of(t, cap, table[i].p)] = table[i];
    if (table) munmap(table, table_cap * sizeof *table);
    table = t;
    table_cap = cap;
}

static void *note(void *p, size_t len, void *by)
{
    if (!p || !control || is_busy) return p;
    pthread_mutex_lock(&lock);
    if (2 * (table_count + 1) > table_cap) grow();
    size_t i = slot_of(table, table_cap, p);
    if (!table[i].p) table_count++;
    table[i] = (struct live){p, len, by, false};
    pthread_mutex_unlock(&lock);
    return p;
}

/* Its length; 0: it is not known. What stood behind the hole moves into it where it belongs before it. */
static size_t forget(const void *p)
{
    size_t len = 0;
    if (!p || !table_cap) return 0;
    pthread_mutex_lock(&lock);
    size_t i = slot_of(table, table_cap, p);
    if (table[i].p) {
        len = table[i].len;
        table_count--;
        table[i].p = NULL;
        for (size_t k = (i + 1) & (table_cap - 1); table[k].p; k = (k + 1) & (table_cap - 1)) {
            struct live moved = table[k];
            table[k].p = NULL;
            table[slot_of(table, table_cap, moved.p)] = moved;
        }
    }
    pthread_mutex_unlock(&lock);
    return len;
}

/* ---- the allocator ---- */

#define BY __builtin_return_address(0)
#define FAILS fails(BY)

static void *none(void)
{
    errno = ENOMEM;
    return NULL;
}

/* New bytes are no zeros, freed ones are no longer what they were, and a block that grows moves: so that what
 * is used before or after its time shows. */
static void *fresh(size_t len)
{
    void *p = __libc_malloc(len);
    return p && control ? memset(p, 0xa5, len) : p;
}

static void release(void *block)
{
    size_t len = forget(block);
    if (len) memset(block, 0xdd, len);
    __libc_free(block);
}

static void *moved(void *block, size_t len)
{
    size_t old_len = forget(block);
    void *p = block && !old_len ? __libc_realloc(block, len) : fresh(len);
    if (!p || !old_len) return p;
    memcpy(p, block, old_len < len ? old_len : len);
    memset(block, 0xdd, old_len);
    __libc_free(block);
    return p;
}

void *malloc(size_t len)
{
    return FAILS ? none() : note(fresh(len), len, BY);
}
void *calloc(size_t count, size_t len)
{
    return FAILS ? none() : note(__libc_calloc(count, len), count * len, BY);
}
void *realloc(void *block, size_t len)
{
    if (FAILS) return none();
    return note(moved(block, len), len, BY);
}
void *memalign(size_t align, size_t len)
{
    return FAILS ? none() : note(__libc_memalign(align, len), len, BY);
}
void *aligned_alloc(size_t align, size_t len)
{
    return FAILS ? none() : note(__libc_memalign(align, len), len, BY);
}
int posix_memalign(void **out, size_t align, size_t len)
{
    void *p = FAILS ? NULL : note(__libc_memalign(align, len), len, BY);
    if (!p) return ENOMEM;
    *out = p;
    return 0;
}
void free(void *block)
{
    release(block);
}

/* ---- leaks ---- */

static struct live *sorted;
static size_t sorted_count;

static int by_address(const void *a, const void *b)
{
    const struct live *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

static struct live *block_at(const char *p)
{
    size_t from = 0, to = sorted_count;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (sorted[mid].p <= p)
            from = mid + 1;
        else
            to = mid;
    }
    struct live *b = from ? &sorted[from - 1] : NULL;
    return b && p < b->p + (b->len ? b->len : 1) ? b : NULL;
}

/* Blocks that are reached and not yet looked into. */
static struct live **found;
static size_t found_count;

static void look_into(const void *from, const void *to)
{
    for (const char *p = (const char *)(((uintptr_t)from + 7) & ~(uintptr_t)7); p + 8 <= (const char *)to;
         p += 8) {
        struct live *b = block_at(*(char *const *)(const void *)p);
        if (!b || b->is_reached) continue;
        b->is_reached = true;
        found[found_count++] = b;
    }
}

/* An object's data, and the calling thread's own. */
static int look_into_object(struct dl_phdr_info *info, size_t len, void *ctx)
{
    (void)ctx, (void)len;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        const char *from = (const char *)info->dlpi_addr + h->p_vaddr;
        bool is_ours = (const char *)&sorted >= from && (const char *)&sorted < from + h->p_memsz;
        if (h->p_type == PT_LOAD && (h->p_flags & PF_W) && !is_ours) look_into(from, from + h->p_memsz);
        if (h->p_type == PT_TLS && info->dlpi_tls_data)
            look_into(info->dlpi_tls_data, (char *)info->dlpi_tls_data + h->p_memsz);
    }
    return 0;
}

static void tell_leak(const struct live *b)
{
    Dl_info by;
    if (control->leak_count < LEAKS_TOLD)
        snprintf(control->leaks[control->leak_count], LEAK_NAME_LEN, "%zu bytes of %s", b->len,
                 dladdr(b->by, &by) && by.dli_sname ? by.dli_sname : "somebody");
    control->leak_count++;
}

/* What the loader allocates (a thread's own data) is reached from where nobody looks here. */
static bool is_the_loaders(const struct live *b)
{
    Dl_info by;
    return dladdr(b->by, &by) && by.dli_fname && strstr(by.dli_fname, "/ld-linux");
}

static void look_for_leaks(void)
{
    size_t room = (table_count + 1) * (sizeof *sorted + sizeof *found);
    void *p = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) _exit(126);
    sorted = p;
    found = (void *)(sorted + table_count + 1);
    for (size_t i = 0; i < table_cap; i++)
        if (table[i].p) sorted[sorted_count++] = table[i];
    qsort(sorted, sorted_count, sizeof *sorted, by_address);
    look_into(__builtin_frame_address(0), __libc_stack_end);
    dl_iterate_phdr(look_into_object, NULL);
    while (found_count) {
        const struct live *b = found[--found_count];
        look_into(b->p, b->p + b->len);
    }
    for (size_t i = 0; i < sorted_count; i++)
        if (!sorted[i].is_reached && !is_the_loaders(&sorted[i])) tell_leak(&sorted[i]);
}

__attribute__((destructor)) static void end(void)
{
    if (!control) return;
    is_busy = true;
    __builtin_unwind_init(); /* registers go to the stack */
    look_for_leaks();
    for (int i = 0; i < FD_MAX; i++) control->fd_count += !was_open[i] && fcntl(i, F_GETFD) >= 0;
    control->ended = true;
}
