/*
 * What the program gives up before it reads anything of other people's: network, other programs, new
 * processes, and files to write, but in the folders of what it was told to write. What stays: reading files,
 * writing to what is open already, memory, threads, the clock.
 *
 * docs/decisions/0017-hardening.md says how and what it costs; SECURITY.md what is promised. Linux on x86-64
 * and ARM64; elsewhere, in builds with sanitizers or coverage (SHUNT_NO_SANDBOX), and where the kernel has
 * neither seccomp nor Landlock, nothing is given up and nothing is said. SHUNT_SANDBOX=off in the environment
 * is for whoever looks into the running program.
 */
#ifndef SHUNT_CLI_SANDBOX_H
#define SHUNT_CLI_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* For the whole process, for good: call it before there are threads. targets: what will be written, each
 * replaced by a file beside it; NULL and "-" (standard output) are none. Without any, no file at all is
 * opened for writing. true: the process gave up what is said above, as far as the kernel goes. errno is as
 * before. */
bool sandbox_enter(const char *const *targets, size_t count);

#endif
