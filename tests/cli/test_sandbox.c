/*
 * cli/sandbox.h, of the function itself: what is left and what is not, in a process of its own for each test.
 * What whole commands give up: test_sandbox.sh.
 */
#define _GNU_SOURCE
#include "../../cli/sandbox.h"
#include "run_suite.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nothing but this excuses a process that is not held: the build (sanitizers, another processor than those of
 * SECURITY.md), or a kernel without seccomp. */
static bool may_be_without(void)
{
#if defined(SHUNT_NO_SANDBOX) || !(defined(__x86_64__) || defined(__aarch64__))
    return true;
#else
    char known[256] = "";
    FILE *f = fopen("/proc/sys/kernel/seccomp/actions_avail", "r");
    if (f) known[fread(known, 1, sizeof known - 1, f)] = 0;
    if (f) fclose(f);
    return !strstr(known, "errno");
#endif
}

/* Runs the test in a child, as it is for good; the child's status: 0 fine, 1 not, 77 there is no sandbox
 * here. */
static int in_child(int (*test)(void))
{
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) _exit(sandbox_enter(NULL, 0) ? test() : 77);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

#define EXPECT_IN_SANDBOX(test)                                                                              \
    do {                                                                                                     \
        int status = in_child(test);                                                                         \
        ck_assert_msg(status == 0 || (status == 77 && may_be_without()), "%s: %d", #test, status);                                 \
    } while (0)

static int reading_is_left(void)
{
    char bytes[16];
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC), out = dup(fd);
    return !(fd >= 0 && read(fd, bytes, sizeof bytes) == sizeof bytes && out < 0 && errno == ENOSYS);
}

static int writing_is_not(void)
{
    static const int flags[] = {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT, O_RDONLY | O_TRUNC, O_RDWR | O_TMPFILE};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (open("/dev/null", flags[i], 0600) >= 0 || errno != EPERM) return 1;
    return creat("/dev/null", 0600) >= 0 || truncate("/dev/null", 0) == 0 || mkdir("/dev/shm/x", 0700) == 0;
}

static int network_is_not(void)
{
    int pair[2];
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
           !socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static int programs_and_processes_are_not(void)
{
    char *const args[] = {"true", NULL};
    execv("/bin/true", args);
    return errno != ENOSYS || fork() >= 0;
}

static void *try_in_thread(void *wrong)
{
    *(int *)wrong = open("/dev/null", O_WRONLY) >= 0 || socket(AF_INET, SOCK_STREAM, 0) >= 0;
    return NULL;
}

static int threads_are_left_and_held(void)
{
    pthread_t thread;
    int wrong = 2;
    if (pthread_create(&thread, NULL, try_in_thread, &wrong)) return 3;
    pthread_join(thread, NULL);
    return wrong;
}

static int memory_is_left(void)
{
    char *small = malloc(100), *large = malloc((size_t)1 << 24);
    if (!small || !large) return 1;
    memset(large, 1, (size_t)1 << 24);
    large = realloc(large, (size_t)1 << 25);
    int wrong = !large;
    free(large);
    free(small);
    return wrong;
}

static int signals_are_not(void)
{
    return kill(getppid(), 0) == 0;
}

START_TEST(sandbox_reading_memory_and_threads_are_left)
{
    EXPECT_IN_SANDBOX(reading_is_left);
    EXPECT_IN_SANDBOX(memory_is_left);
    EXPECT_IN_SANDBOX(threads_are_left_and_held);
}
END_TEST

START_TEST(sandbox_writing_network_and_programs_are_not)
{
    EXPECT_IN_SANDBOX(writing_is_not);
    EXPECT_IN_SANDBOX(network_is_not);
    EXPECT_IN_SANDBOX(programs_and_processes_are_not);
    EXPECT_IN_SANDBOX(signals_are_not);
}
END_TEST

START_TEST(sandbox_errno_is_as_before)
{
    pid_t child = fork();
    int status;
    if (child == 0) {
        errno = EXDEV;
        sandbox_enter((const char *const[]){NULL, "-", "/nowhere/at/all"}, 3);
        _exit(errno != EXDEV);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(sandbox_off_gives_nothing_up)
{
    setenv("SHUNT_SANDBOX", "off", 1);
    ck_assert_int_eq(in_child(reading_is_left), 77);
    unsetenv("SHUNT_SANDBOX");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sandbox");
    TCase *c = tcase_create("sandbox");
    tcase_add_test(c, sandbox_reading_memory_and_threads_are_left);
    tcase_add_test(c, sandbox_writing_network_and_programs_are_not);
    tcase_add_test(c, sandbox_errno_is_as_before);
    tcase_add_test(c, sandbox_off_gives_nothing_up);
    suite_add_tcase(s, c);
    return run_suite(s);
}
