/*
 * Preloaded into a program, tries as the last thing what the sandbox takes away, in the process as it is
 * then, and says on standard error what it got: "forbidden: write no, elsewhere no, …". cli/sandbox.h;
 * tests/cli/test_sandbox.sh.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file in the folder that TRY_IN names. */
static int can_write(const char *folder)
{
    char path[4000];
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/tried", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static int can_fork(void)
{
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child > 0 && waitpid(child, NULL, 0) == child;
}

static int can_connect(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0);
    return fd >= 0 || other >= 0;
}

/* Where it can, this is the end of it, and nothing is said. */
static int can_execute(void)
{
    char *const args[] = {"true", NULL}, *const nothing[] = {NULL};
    execve("/bin/true", args, nothing);
    return 0;
}

static int can_run_memory(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

/* The program ends by it, and destructors would not run. */
void quick_exit(int status)
{
    exit(status);
}

__attribute__((destructor)) static void try_all(void)
{
    static const char *const words[] = {"no", "YES"};
    char said[200];
    int len =
        snprintf(said, sizeof said,
                 "forbidden: write %s, elsewhere %s, remove %s, network %s, fork %s, code %s, exec %s\n",
                 words[can_write(getenv("TRY_IN"))], words[can_write(getenv("TRY_ELSEWHERE"))],
                 words[unlink(getenv("TRY_REMOVE") ? getenv("TRY_REMOVE") : "") == 0], words[can_connect()],
                 words[can_fork()], words[can_run_memory()], words[can_execute()]);
    if (write(STDERR_FILENO, said, (size_t)len) < 0) _exit(3);
}
