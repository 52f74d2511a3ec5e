/* A second thread and its arena: see beside.h. */
#define _GNU_SOURCE /* sched_getaffinity() */
#include "beside.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* Nothing that threads do here goes deeper than the nesting of a policy. */
enum { STACK_LEN = 512 << 10 };
/* glibc reserves 128 MB for a thread's heap; and what else is needed meanwhile. */
enum { ADDRESSES_LEN = 256 << 20 };

static bool second_processor(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set) > 1;
#endif
    return sysconf(_SC_NPROCESSORS_ONLN) > 1;
}

/* malloc() takes addresses for each thread, and where it cannot have them tries anew at each call: under
 * `ulimit -v` a policy took 44 s instead of 0.4. So it is tried once; a limit cannot be asked for, as the
 * program has given up that call (cli/sandbox.c). */
static bool addresses_for_both(void)
{
    void *at = mmap(NULL, ADDRESSES_LEN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at != MAP_FAILED && munmap(at, ADDRESSES_LEN) == 0;
}

bool thread_pays(void)
{
    return second_processor() && addresses_for_both();
}

bool thread_start(pthread_t *thread, void *run(void *ctx), void *ctx)
{
    pthread_attr_t attr;
    sigset_t all, before;
    if (pthread_attr_init(&attr) != 0) return false;
    pthread_attr_setstacksize(&attr, STACK_LEN);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(thread, &attr, run, ctx) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return started;
}

struct beside {
    struct arena *of, *own;
    void (*body)(struct arena *own, void *ctx);
    void *ctx;
    pthread_t thread;
    bool running, whole; /* whole: memory did not run out */
};

static void call_body(void *ctx)
{
    struct beside *b = ctx;
    b->body(b->own, b->ctx);
}

static void *run(void *ctx)
{
    struct beside *b = ctx;
    b->whole = arena_try(b->own, call_body, b);
    return NULL;
}

static void join(struct beside *b)
{
    if (b->running) pthread_join(b->thread, NULL);
    b->running = false;
}

/* Also where control goes back in the midst. */
static void release(void *object)
{
    struct beside *b = object;
    join(b);
    arena_free(b->own);
}

struct beside *beside_start(struct arena *a, void (*body)(struct arena *own, void *ctx), void *ctx)
{
    struct beside *b = arena_new_of(a, struct beside);
    *b = (struct beside){.of = a, .own = arena_new_beside(a), .body = body, .ctx = ctx};
    arena_defer(a, release, b);
    b->running = b->own && thread_start(&b->thread, run, b);
    return b->running ? b : NULL;
}

void beside_end(struct beside *b)
{
    join(b);
    if (!b->whole) arena_fail(b->of);
}
