/*
 * What test_random does with one seed: its policy on files, compiled, converted, laid out, matched;
 * complaints counted and printed with all it takes to see them again.
 */
#ifndef SHUNT_TESTS_RANDOM_RUN_H
#define SHUNT_TESTS_RANDOM_RUN_H

#include "../../compiler/compile.h"
#include "../gen/gen.h"

struct run {
    uint64_t seed;
    struct gen_pool pool;
    struct draw d;
    struct arena *a;
    char dir[256]; /* the run's own folder, with the policy's holidays in it */
    int complaints;
    bool desk; /* it is a desk's policy */
    bool flat; /* run_tickets() had a table whose index is one bucket */
};

/* Draws the seed's policy and writes policy.yaml, policy.shunt and their .ics files. */
void run_open(struct run *r, uint64_t seed);
/* The same in two steps, for another policy in r->d than the seed's own. */
void run_begin(struct run *r, uint64_t seed);
void run_write_policy(struct run *r);
/* random_spell.c: the file compiles to the table's bytes; converting both files there and back does; so does laying `name` out,
 * into `once`, which laid out again (into `twice`) stays as it is. */
void run_expect_same(struct run *r, struct str table, const char *name);
void run_convert(struct run *r, struct str table);
void run_layout(struct run *r, struct str table, const char *name, const char *once, const char *twice);
/* Both spellings compile to the same bytes, convert to each other and back, and lay out twice alike; tickets are matched alike by
 * index, scan and oracle. */
void run_everything(struct run *r, int tickets);
void run_leave(struct run *r); /* removes the folder, but where there were complaints */
void run_close(struct run *r); /* and frees it all */

/* A file of the folder, NUL-terminated; "" where there is none. */
const char *run_read(struct run *r, const char *name);
struct str run_read_bytes(struct run *r, const char *name);
void run_write(struct run *r, const char *name, const char *text, size_t len);
/* dir/name; lives as long as the run. */
const char *run_path(struct run *r, const char *name);
void complain(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Complains of the first line that differs. */
void compare_texts(struct run *r, const char *what, const char *expected, const char *got);

/* The table's bytes, stripped; .p NULL where it had errors, which are complained of. */
struct str run_compile(struct run *r, const char *name);
/* A file in the spelling of `to`'s ending (fmt: the same as its own); written to `to`. false: complained of.
 */
bool run_print(struct run *r, const char *from, const char *to);
/* Whether every comment of `from` that stands on a line of its own (or: any) stands in `to` too. */
void check_notes(struct run *r, const char *from, const char *to, bool any);

/* random_match.c: index = scan = oracle for each of `count` tickets; what the program answers too. */
void run_tickets(struct run *r, struct str table, int count);
/* random_hours.c: open, next opening and closing, seconds between, at `count` instants for each of the hours.
 */
void run_hours(struct run *r, struct str table, int count);

#endif
