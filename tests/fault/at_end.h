/*
 * For what is preloaded: is_ending is true from the end of main() on, or from exit(). What runs then (libgcov
 * writes its counts, and cannot do without memory) is no part of the program under test. Of a program that
 * ends by quick_exit() the destructors run as well: what is preloaded tells its findings there. glibc only;
 * to be included once.
 */
#ifndef FAULT_AT_END_H
#define FAULT_AT_END_H

#include <dlfcn.h> /* RTLD_NEXT: _GNU_SOURCE */
#include <stdatomic.h>
#include <stdbool.h>

typedef int (*main_function)(int, char **, char **);
typedef int (*start_function)(main_function, int, char **, void (*)(void), void (*)(void), void (*)(void),
                              void *);

static atomic_bool is_ending;
static main_function program_main;

static int main_and_end(int argc, char **argv, char **env)
{
    int status = program_main(argc, argv, env);
    atomic_store(&is_ending, true);
    return status;
}

int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
    start_function start = (start_function)dlsym(RTLD_NEXT, "__libc_start_main");
    program_main = main;
    return start(main_and_end, argc, argv, init, fini, rtld_fini, stack_end);
}

void exit(int status)
{
    atomic_store(&is_ending, true);
    ((__typeof__(&exit))dlsym(RTLD_NEXT, "exit"))(status);
    __builtin_unreachable();
}

void quick_exit(int status)
{
    exit(status);
}

#endif
