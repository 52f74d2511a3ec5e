/*
 * A test file (commands.md 11) as it was written: which policy, tests of steps, each with what is to happen
 * and what is to come of it, and promises.
 *
 * Made by test_read() out of YAML by the compiler's own reader, checked against the policy by test_check().
 * What is wrong is a diagnostic of the compilation `c`, which is no policy's: it holds the one source, for
 * places and for showing them. Everything lives in c->a. Values stay nodes of YAML: what an attribute or an
 * answer makes of a plain `12` is known only beside the policy (test_json.c).
 */
#ifndef SHUNT_CLI_TEST_FILE_H
#define SHUNT_CLI_TEST_FILE_H

#include "event_in.h"
#include "proof/asserted.h"
#include "yaml_tree.h"

/* A key and its value. */
struct test_field {
    struct name key;
    const struct yaml_node *value;
};
typedef VEC(struct test_field) test_fields;

struct test_expect {
    struct span at;
    struct place place;
    test_fields fields;
};

enum test_expects { EXPECT_NOTHING, EXPECT_ONE, EXPECT_ALL };

/* First the time, then who is online, then the event, then what is compared. */
struct test_step {
    struct span at;
    uint32_t
        number; /* among the test's `steps`, from 1; 0: it is the test itself, or what stands beside them */
    struct place place;
    struct name time; /* as written; .s.p NULL: not said */
    int64_t time_sec;
    bool sets_online, has_event;
    names online; /* in the order in which they come online */
    enum event_kind event;
    test_fields fields; /* of the event, as a line of events has them; without `at` and `event` */
    struct str id;      /* of a new ticket that is given none: its own; .p NULL: it is, or there is none */
    enum test_expects expects;
    struct span expect_at;
    struct place expect_place;
    VEC(struct test_expect) expected; /* EXPECT_ONE: one; EXPECT_ALL: so many decisions there must be */
};

struct test_case {
    struct name name;
    struct place place;
    bool has_seed;
    uint64_t seed;
    VEC(struct test_step) steps;
};

/* As a test: named by its text, without steps. */
struct test_promise {
    struct test_case as_test;
    const struct yaml_node *value;
};

struct test_file {
    struct compilation *c;
    struct yaml_tree *tree;
    struct text policy; /* as written: relative to the test file's folder */
    bool has_seed;
    uint64_t seed;
    VEC(struct test_case) tests;
    VEC(struct test_promise) promises;
    struct asserted asserted; /* the promises beside the policy: test_promises_check() */
};

/* Reads the file at path; always returns: c->diags.fatal where it could not be read. Within arena_try(). */
struct test_file *test_read(struct arena *a, const char *path);
/* What only the policy can tell: agents that are none, attributes that nearly are. Within arena_try(). */
void test_check(struct test_file *f, const struct shunt_table *table);
/* The words that a decision can hold under a key ("status", "why", "priority", "error"): the i-th, NULL
 * behind the last, and for keys whose words are not fixed. */
const char *test_word(struct str key, unsigned i);

/* ---- the reader's parts; each takes what yaml_shape.h says of readers ---- */

struct shape;
/* test_event.c. `event: claim`, the step's other keys, and `ticket: {…}`; out: the step. */
void test_read_event(struct shape *p, const struct yaml_node *value, void *out);
void test_read_event_key(struct shape *p, const struct yaml_pair *pair, struct test_step *step);
void test_read_ticket(struct shape *p, const struct yaml_node *value, void *out);
/* test_expect.c. `expect: …`; out: the step. */
void test_read_expect(struct shape *p, const struct yaml_node *value, void *out);
/* test_read.c. `at: …`; out: the step. */
void test_read_time(struct shape *p, const struct yaml_node *value, void *out);
void test_add_field(struct shape *p, test_fields *fields, const struct yaml_pair *pair);

/* ---- test_json.c: steps and expectations as JSON ---- */

/* A step's event as a line of events, without the line's end. */
void test_event_json(struct out *o, const struct test_step *step, const struct shunt_table *table);
/* What a decision holds under the key where the expectation is met, as desk.md 7.1 writes it: so that equal
 * values are equal bytes (times apart). */
void test_expected_json(struct out *o, const struct test_field *field);
/* A list of YAML's, or a text, as a person would write it in one line. */
void test_show(struct out *o, const struct yaml_node *value);

#endif
