/*
 * What a driver (sweep.c) and the shims in the program under test say to each other: a page that both have
 * mapped. Its descriptor is in the environment, FAULT_CONTROL; without that the shims do nothing.
 */
#ifndef FAULT_CONTROL_H
#define FAULT_CONTROL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { LEAKS_TOLD = 4, LEAK_NAME_LEN = 96, CALL_NAME_LEN = 96 };

/* How allocations fail. */
enum { COUNT_ONLY, FAIL_ONE, FORK_EACH };

struct control {
    /* Said by the driver: allocations. */
    int mode;
    int64_t at;          /* FAIL_ONE: the at-th fails, */
    bool on;             /* and all after it */
    int64_t first, step; /* FORK_EACH: of which allocations a child is made that fails it */
    int talk_fd;         /* and where that is told, and an answer waited for */

    /* Calls of files: the call_at-th fails, and all after it where call_on is set; which errno of those that
     * the call may give is chosen by turns. short_len: no more than that is read or written at once. */
    int64_t call_at;
    bool call_on, interrupt_all;
    int call_turn;
    int64_t short_len;

    /* Said by the shims. */
    _Atomic int64_t count, call_count;
    char call[CALL_NAME_LEN]; /* which call failed, and with what */
    bool is_mute;             /* writing to standard error failed: nothing can be said */
    bool ended;               /* it came as far as its exit handlers: leaks were looked for */
    int64_t leak_count;
    char leaks[LEAKS_TOLD][LEAK_NAME_LEN]; /* who allocated them */
    int fd_count;                          /* left open */
};

/* FORK_EACH. The shim says that it is about to make a child; the driver answers with a byte. Then the child's
 * end, as waitpid() gives it; the driver looks at what the child did, undoes it, and answers again. */
struct told {
    int64_t n;
    int status; /* -1: a child is about to be made */
    bool on;
};

#endif
