/*
 * Gives up what the program does not need: see sandbox.h.
 *
 * seccomp says which system calls are left, Landlock in which folders files may be written. The filter is a
 * program for the kernel's interpreter, made here: a bit for each call that is allowed (sandbox_calls.def),
 * in words of 32, and a closer look at some calls' arguments before. A chain of comparisons, one for each
 * call, would be simpler; it took 115 us to install, a fifth of an empty program's whole time. This takes 27,
 * of which 10 are any filter's.
 */
#define _GNU_SOURCE /* O_PATH, syscall() */
#include "sandbox.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__)) && !defined(SHUNT_NO_SANDBOX)

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define THIS_ARCH AUDIT_ARCH_X86_64
#else
#define THIS_ARCH AUDIT_ARCH_AARCH64
#endif

/* ---- the filter ---- */

enum { WORDS = 16, FILTER_MAX = 128 };

struct filter {
    struct sock_filter at[FILTER_MAX];
    unsigned short count;
    uint32_t allowed[WORDS];
};

static void put(struct filter *f, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
    f->at[f->count++] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static void load(struct filter *f, size_t off)
{
    put(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)off, 0, 0);
}

static void answer(struct filter *f, uint32_t what)
{
    put(f, BPF_RET | BPF_K, what, 0, 0);
}

/* The lower half of an argument: those looked at here are ints. */
static size_t argument(unsigned index)
{
    return offsetof(struct seccomp_data, args) + index * sizeof(uint64_t);
}

enum test { ANY_BIT, EQUAL };

/* Where a jump may lead but to what follows: the ends, which put_ends() makes. */
enum { TO_LOOK_UP = 253, TO_FORBIDDEN, TO_ALLOWED };

/* Call `number`, whose number is loaded, is answered at once: allowed where its argument passes the test (or
 * does not). */
static void look(struct filter *f, uint32_t number, unsigned index, enum test test, uint32_t value,
                 bool passes)
{
    put(f, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 2);
    load(f, argument(index));
    put(f, BPF_JMP | (test == EQUAL ? BPF_JEQ : BPF_JSET) | BPF_K, value, passes ? TO_ALLOWED : TO_FORBIDDEN,
        passes ? TO_FORBIDDEN : TO_ALLOWED);
}

static void look_closer(struct filter *f, bool writes)
{
    enum { FOR_WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC };
    look(f, SYS_mmap, 2, ANY_BIT, PROT_EXEC, false);
    look(f, SYS_mprotect, 2, ANY_BIT, PROT_EXEC, false);
    look(f, SYS_clone, 0, ANY_BIT, CLONE_THREAD, true);
    look(f, SYS_tgkill, 0, EQUAL, (uint32_t)getpid(), true);
    look(f, SYS_ioctl, 1, EQUAL, TCGETS, true); /* isatty() */
    if (writes) return;
    look(f, SYS_openat, 2, ANY_BIT, FOR_WRITING, false);
#ifdef SYS_open
    look(f, SYS_open, 1, ANY_BIT, FOR_WRITING, false);
#endif
}

/* The number's lowest five bits go to X, and it is loaded. That X is used before anything is decided keeps
 * the kernel from trying the filter for each call there is, to remember which it always allows: 10 us, and a
 * program that makes thirty calls gains two. */
static void load_number(struct filter *f)
{
    load(f, offsetof(struct seccomp_data, nr));
    put(f, BPF_ALU | BPF_AND | BPF_K, 31, 0, 0);
    put(f, BPF_MISC | BPF_TAX, 0, 0, 0);
    load(f, offsetof(struct seccomp_data, nr));
}

/* The number's word is loaded; where there is none no call of it is allowed. */
static void look_up(struct filter *f)
{
    put(f, BPF_ALU | BPF_RSH | BPF_K, 5, 0, 0);
    for (uint32_t i = 0; i < WORDS; i++) {
        if (!f->allowed[i]) continue;
        put(f, BPF_JMP | BPF_JEQ | BPF_K, i, 0, 2);
        put(f, BPF_LD | BPF_IMM, f->allowed[i], 0, 0);
        put(f, BPF_JMP | BPF_JA, TO_LOOK_UP, 0, 0);
    }
}

static unsigned distance(const unsigned to[3], unsigned jump, unsigned from)
{
    return jump < TO_LOOK_UP ? jump : to[jump - TO_LOOK_UP] - from - 1;
}

/* Shifted right by X, a word has the call's bit at the end. Then jumps are told how far that is. */
static void put_ends(struct filter *f)
{
    answer(f, SECCOMP_RET_ERRNO | ENOSYS);
    const unsigned to[3] = {f->count, f->count + 4u, f->count + 2u};
    put(f, BPF_ALU | BPF_RSH | BPF_X, 0, 0, 0);
    put(f, BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1);
    answer(f, SECCOMP_RET_ALLOW);
    answer(f, SECCOMP_RET_ERRNO | ENOSYS);
    answer(f, SECCOMP_RET_ERRNO | EPERM);
    for (unsigned i = 0; i < to[0]; i++) {
        struct sock_filter *at = &f->at[i];
        if (BPF_CLASS(at->code) != BPF_JMP) continue;
        at->jt = (uint8_t)distance(to, at->jt, i);
        at->jf = (uint8_t)distance(to, at->jf, i);
        if (BPF_OP(at->code) == BPF_JA) at->k = distance(to, at->k, i);
    }
}

static void make_filter(struct filter *f, bool writes)
{
    static const struct call {
        uint16_t number;
        bool writer;
    } calls[] = {
#define CALL(name) {SYS_##name, false},
#define WRITER(name) {SYS_##name, true},
#include "sandbox_calls.def"
#undef CALL
#undef WRITER
    };
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (writes || !calls[i].writer)
            f->allowed[calls[i].number / 32] |= UINT32_C(1) << calls[i].number % 32;
    load(f, offsetof(struct seccomp_data, arch));
    put(f, BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0);
    answer(f, SECCOMP_RET_ERRNO | ENOSYS);
    load_number(f);
    look_closer(f, writes);
    look_up(f);
    put_ends(f);
}

static bool enter_filter(bool writes)
{
    struct filter f;
    make_filter(&f, writes);
    const struct sock_fprog program = {f.count, f.at};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

/* ---- folders ---- */

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif
enum { TRUNCATE_SINCE = 3 }; /* the version of Landlock that knows of it */

/* All that changes a file or a folder, and execution. */
static const uint64_t everything =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
    LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_TRUNCATE;
/* A file is written beside the target and renamed. */
static const uint64_t replacing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                  LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_TRUNCATE;

static bool is_target(const char *target)
{
    return target && strcmp(target, "-") != 0;
}

/* The folder in which the target is, or, where it is a link, what it leads to (a link stays a link:
 * file_replace()). Where there is no such folder, writing there will fail by itself. */
static int open_folder(const char *target)
{
    char path[PATH_MAX + 2];
    if (!realpath(target, path)) snprintf(path, sizeof path, "%s%s", strchr(target, '/') ? "" : "./", target);
    strrchr(path, '/')[1] = 0;
    return open(path, O_PATH | O_CLOEXEC);
}

static void allow_folder(int rules, const char *target, uint64_t known)
{
    int fd = open_folder(target);
    struct landlock_path_beneath_attr rule = {.allowed_access = replacing & known, .parent_fd = fd};
    if (fd < 0) return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
}

static void enter_folders(const char *const *targets, size_t count)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return;
    uint64_t known = version < TRUNCATE_SINCE ? everything & ~LANDLOCK_ACCESS_FS_TRUNCATE : everything;
    const struct landlock_ruleset_attr attr = {.handled_access_fs = known};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0) return;
    for (size_t i = 0; i < count; i++)
        if (is_target(targets[i])) allow_folder(rules, targets[i], known);
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

/* ---- both ---- */

static bool is_wanted(void)
{
    const char *said = getenv("SHUNT_SANDBOX");
    return !said || strcmp(said, "off") != 0;
}

/* The filter comes last: it would not let Landlock's calls through. */
bool sandbox_enter(const char *const *targets, size_t count)
{
    int before = errno;
    bool writes = false, entered = false;
    for (size_t i = 0; i < count; i++) writes |= is_target(targets[i]);
    if (is_wanted() && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        if (writes) enter_folders(targets, count);
        entered = enter_filter(writes);
    }
    errno = before;
    return entered;
}

#else
bool sandbox_enter(const char *const *targets, size_t count)
{
    (void)targets, (void)count;
    return false;
}
#endif
