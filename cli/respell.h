/* A policy's text in its canonical layout, in its own spelling or the other: what fmt and convert share. */
#ifndef SHUNT_CLI_RESPELL_H
#define SHUNT_CLI_RESPELL_H

#include "cli.h"

enum respell_to { RESPELL_SAME, RESPELL_YAML, RESPELL_DSL };

struct respelled {
    struct arena *a; /* owns what follows; arena_free() it in any case */
    char *original;  /* the file's bytes as they are; the caller's to free */
    size_t original_len;
    struct str text; /* the new text */
};

/* Reads the file ("-": standard input, whose spelling is guessed). true: done. false: what is wrong is
 * written, and *status is the exit status. */
bool respell(struct cli *cli, const char *path, enum respell_to to, struct respelled *out, int *status);

#endif
