/*
 * What the commands of the program share: how a command is found and told its arguments, how it writes, and
 * how it comes by a policy.
 *
 * A command is a row of commands.def and one function, int cmd_NAME(struct cli *): it reads its options with
 * cli_options(), does its work and returns the exit status (commands.md 1). Answers go to cli->out,
 * everything else to cli->err; both are flushed by main(), which turns a failed write into status 2.
 */
#ifndef SHUNT_CLI_CLI_H
#define SHUNT_CLI_CLI_H

#include "compile.h"
#include "shunt.h"
#include "out.h"

enum exit_status {
    EXIT_FINE = 0,  /* done, and the answer is yes */
    EXIT_NO = 1,    /* done, and the answer is no: errors found, bad lines */
    EXIT_BROKEN = 2 /* the program could not do its work: usage, a file, memory */
};

struct cli {
    const char *command;   /* as in commands.def */
    char **args;           /* what follows the command's name; NULL at its end */
    const char **operands; /* after cli_options(): what is no option */
    size_t operand_count;
    bool quiet;  /* --quiet: no summaries */
    bool colour; /* standard error is a terminal and NO_COLOR is not set */
    struct out *out, *err;
    const void *kept; /* memory left to the end of the process, which frees it at once */
};

struct command {
    const char *name;
    int (*run)(struct cli *cli);
    const char *summary;
};
extern const struct command commands[];
extern const size_t command_count;

#define COMMAND(name, summary) int cmd_##name(struct cli *cli);
#include "commands.def"
#undef COMMAND

/* ---- options.c ---- */

/* An option that may be said several times. */
struct option_list {
    const char **at;
    size_t count;
};

enum option_kind {
    OPTION_SWITCH, /* into: bool */
    OPTION_TEXT,   /* into: const char *; said twice: an error */
    OPTION_TARGET, /* the same, of a file that the command writes */
    OPTION_LINES,  /* OPTION_TEXT, of a file of JSON lines that the command reads */
    OPTION_LIST    /* into: struct option_list */
};
struct option {
    const char *name; /* "format": said --format=x or --format x */
    char letter;      /* 'o': -o x and -ox too; 0: none */
    enum option_kind kind;
    void *into;
    const char *value; /* what stands for the value in the help: "FORMAT" */
    const char *help;
};
struct usage {
    const char *synopsis; /* "shunt check POLICY…" */
    const char *about;    /* a paragraph or two, its lines broken */
    const struct option *options;
    size_t option_count;
    size_t operands_min, operands_max;
};

/* Reads cli->args into the options and cli->operands. true: go on. false: *status is the exit status: help
 * was asked for and is written, or the arguments were wrong and that is said. --help and --quiet are every
 * command's. From here on the program writes nothing but the options' targets: sandbox.h. */
bool cli_options(struct cli *cli, const struct usage *usage, int *status);
/* The same for a command that reads JSON lines: from operand `lines_at`, or standard input where there is
 * none. */
bool cli_options_lines(struct cli *cli, const struct usage *usage, size_t lines_at, int *status);
/* The same for a command that then calls sandbox_enter() itself, with what it will write. */
bool cli_options_alone(struct cli *cli, const struct usage *usage, int *status);
/* "shunt check: …" and where help is to be had, on standard error; EXIT_BROKEN. */
int cli_usage_error(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "shunt check: …" on standard error; EXIT_BROKEN. */
int cli_broken(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The index of text in words[0, count), or count; an error that names the words was then written. */
size_t cli_word(struct cli *cli, const char *option, const char *text, const char *const *words,
                size_t count);
/* --proof-budget N, in solver conflicts; said NULL: `unsaid` of them. false: it is no number, and that is said. */
bool cli_proof_budget(struct cli *cli, const char *said, uint64_t unsaid, uint64_t *conflicts);

/* ---- policies: policy.c ---- */

/* A policy, read from its source or from a compiled table. */
struct policy {
    struct arena *a;
    struct compilation *compiled;    /* NULL: it was a table, or memory ran out */
    const struct shunt_table *table; /* NULL: none (errors, check_only, a damaged table) */
    const void *bytes;               /* the table's: the compilation's, or read_bytes */
    size_t len;
    void *read_bytes;                /* owned */
    enum shunt_status status; /* of opening the table */
    struct shunt_table_error error;
    bool unreadable; /* the file itself could not be read: status 2 */
};

/* Reads the policy at path: a table by its first bytes, else a source. Never prints. policy_close() in any
 * case. false: memory ran out. */
bool policy_read(struct policy *p, const char *path, const struct compile_options *options);
void policy_close(struct policy *p);
/* The same, for commands that need a table: what is wrong is written for people (errors alone), and *status
 * is the exit status. */
bool policy_open(struct cli *cli, struct policy *p, const char *path, int *status);
/* Whether nothing that the policy was read from is written over: what it includes is not on the command line.
 * Else that is said, and the status is EXIT_BROKEN. target: NULL, a file or "-". */
bool policy_stays(struct cli *cli, const struct policy *p, const char *target);

/* ---- files: files.c ---- */

/* The whole of a file; the caller frees *bytes, which has 64 readable bytes behind it. 0, or an errno. What
 * is longer than len_max, as a pipe may be without an end, is read somewhat further than that, so that *len
 * tells. */
int file_read(const char *path, size_t len_max, char **bytes, size_t *len);
/* The same of an open file, from where it stands. */
int file_read_rest(int fd, size_t len_max, char **bytes, size_t *len);
/* Replaces the file at path by a temporary one beside it and rename(): whole or not at all. mode 0: 0666 by
 * the umask. 0, or an errno, and then nothing is left behind. */
int file_replace(const char *path, const void *bytes, size_t len, unsigned mode);
/* Whether both lead to one file: a regular one, as nothing is lost of a device or a pipe. */
bool file_is_same(const char *a, const char *b);
/* Whether two paths' folders are one; false too where there is no memory. */
bool folder_is_same(const char *a, const char *b);
/* The folder of the file at path is synced, so that a new name in it survives a power cut too; a file system
 * that cannot is no failure. */
void folder_sync(const char *path);

#endif
