/* Tables, tickets and decisions of tests: see matched.h. */
#include "matched.h"
#include "../../compiler/compile.h"
#include "../../runtime/batch.h"
#include "../../runtime/scan.h"
#include "image.h"
#include "widened.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- an open table and a ticket ---- */

static void open_bytes(struct matched *d, size_t len)
{
    struct shunt_table_error error;
    d->memory = calloc(1, sizeof *d->memory);
    d->memory->left = UINT64_MAX;
    struct shunt_hooks hooks = failing_hooks(d->memory);
    enum shunt_status status = shunt_table_open(d->bytes, len, &hooks, &d->t, &error);
    ck_assert_msg(status == SHUNT_OK, "section %u record %lu: %s", error.section, (unsigned long)error.record,
                  error.reason);
    ck_assert_int_eq(shunt_ticket_new(d->t, &hooks, &d->k), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(d->t, &hooks, &d->room), SHUNT_OK);
    ck_assert_int_eq(shunt_batch_new(d->t, &hooks, &d->batch), SHUNT_OK);
}

/* Its own memory: who fails the one's does not fail the other's. */
static void open_wide(struct matched *d, size_t len)
{
    uint32_t count = d->t->INDEX_ENTRY_count;
    d->wide = NULL;
    if (count == 0 || d->t->INDEX_SIG_count != TF_SIG_LEN * count + TF_SIG_SPARE) return;
    d->wide = calloc(1, sizeof *d->wide);
    d->wide->bytes = widened_table(d->bytes, len, &len);
    open_bytes(d->wide, len);
    ck_assert_uint_eq(d->wide->t->INDEX_SIG_count, (TF_SIG_LEN + 1) * count + TF_SIG_SPARE);
}

struct matched matched_sample(void)
{
    struct matched d;
    struct image m;
    size_t len;
    image_sample(&m);
    d.bytes = image_bytes(&m, &len);
    image_free(&m);
    open_bytes(&d, len);
    open_wide(&d, len);
    return d;
}

struct compiling {
    struct arena *a;
    struct str text;
    uint8_t *bytes;
    size_t len;
};

static void compile(void *ctx)
{
    struct compiling *x = ctx;
    struct compile_options options = {.strip = true};
    struct compilation *c = compile_text(x->a, "test.yaml", x->text, &options);
    ck_assert_ptr_nonnull(c->table.p);
    x->len = c->table.len;
    x->bytes = malloc(x->len);
    memcpy(x->bytes, c->table.p, x->len);
}

struct matched matched_policy(const char *yaml)
{
    struct compiling x = {.a = arena_new(), .text = str_from(yaml)};
    ck_assert(arena_try(x.a, compile, &x));
    arena_free(x.a);
    struct matched d = {.bytes = x.bytes};
    open_bytes(&d, x.len);
    open_wide(&d, x.len);
    return d;
}

void matched_close(struct matched *d)
{
    shunt_batch_free(d->batch);
    shunt_ticket_free(d->room);
    shunt_ticket_free(d->k);
    shunt_table_close(d->t);
    ck_assert_uint_eq(d->memory->bytes, 0);
    free(d->memory);
    free(d->bytes);
    if (d->wide) matched_close(d->wide);
    free(d->wide);
}

/* ---- tickets and decisions as one line each ---- */

void matched_say(struct matched *d, const char *ticket)
{
    char line[1000], *next = NULL;
    shunt_ticket_reset(d->k);
    snprintf(line, sizeof line, "%s", ticket);
    for (char *word = strtok_r(line, " ", &next); word; word = strtok_r(NULL, " ", &next)) {
        char *value = strchr(word, '=') + 1;
        value[-1] = 0;
        uint32_t attr = shunt_attr_find(d->t, word, strlen(word));
        size_t len = strlen(value);
        if (strcmp(word, "at") == 0) {
            if (shunt_ticket_set_at(d->k, strtoll(value, NULL, 10))) ck_abort_msg("at=%s", value);
            continue;
        }
        if (attr == SHUNT_NONE) ck_abort_msg("the policy has no attribute %s", word);
        switch (shunt_attr_type(d->t, attr)) {
        case SHUNT_TYPE_SET: shunt_ticket_add_name(d->k, attr, value, len); break;
        case SHUNT_TYPE_TEXT: shunt_ticket_set_text(d->k, attr, value, len); break;
        case SHUNT_TYPE_NUMBER: shunt_ticket_set_number(d->k, attr, strtod(value, NULL)); break;
        case SHUNT_TYPE_BOOL: shunt_ticket_set_bool(d->k, attr, value[0] == 't'); break;
        default: shunt_ticket_set_name(d->k, attr, value, len);
        }
    }
}

void matched_answer(const struct matched *d, const struct shunt_decision *x, char *out, size_t len)
{
    bool takes;
    struct shunt_string rule = shunt_rule_name(d->t, x->rule, &takes);
    int n = snprintf(out, len, "%s%s %s", takes ? "team " : "", rule.bytes, shunt_priority_name(x->priority));
    for (uint32_t i = 0; i < x->step_count; i++) {
        struct shunt_step s = shunt_decision_step(d->t, x, i);
        const char *name = s.kind == SHUNT_TO_TEAM    ? shunt_team_name(d->t, s.target).bytes
                           : s.kind == SHUNT_TO_AGENT ? shunt_agent_name(d->t, s.target).bytes
                                                      : "nobody";
        n += snprintf(out + n, len - (size_t)n, i ? ",%s@%u" : " %s", name, s.after_sec);
        if (s.of_hours != SHUNT_NONE)
            n += snprintf(out + n, len - (size_t)n, "%s", shunt_hours_name(d->t, s.of_hours).bytes);
    }
    for (uint32_t i = 0; i < x->add_count; i++)
        n += snprintf(out + n, len - (size_t)n, " +%s", shunt_label_name(d->t, x->add[i]).bytes);
    for (uint32_t i = 0; i < x->require_count; i++)
        n += snprintf(out + n, len - (size_t)n, " !%s", shunt_skill_name(d->t, x->require[i]).bytes);
}

static void expect(const struct matched *d, const struct shunt_decision *x, const char *ticket,
                   const char *by, const char *want)
{
    char got[1000];
    matched_answer(d, x, got, sizeof got);
    ck_assert_msg(strcmp(got, want) == 0, "%s: by %s %s, not %s", ticket, by, got, want);
}

/* What was said, as the last ticket of a batch, behind the one before it. */
static void expect_of_batch(struct matched *d, const char *ticket, const char *want)
{
    struct shunt_decision x;
    size_t last = shunt_batch_count(d->batch);
    ck_assert_int_eq(shunt_batch_add(d->batch, d->k), SHUNT_OK);
    if (last > 0) shunt_batch_match(d->batch, last - 1, d->room, &x);
    shunt_batch_match(d->batch, last, d->room, &x);
    expect(d, &x, ticket, "a batch", want);
    sh_batch_match_plain(d->batch, last, d->room, &x);
    expect(d, &x, ticket, "a batch and the plain index", want);
    shunt_batch_say(d->batch, last, d->room);
    shunt_match(d->room, &x);
    expect(d, &x, ticket, "what a batch says, and the index", want);
    sh_match_scan(d->room, &x);
    expect(d, &x, ticket, "what a batch says, and the scan", want);
}

void matched_expect(struct matched *d, const char *ticket, const char *want)
{
    struct shunt_decision x;
    matched_say(d, ticket);
    shunt_match(d->k, &x);
    expect(d, &x, ticket, "the index", want);
    sh_match_plain(d->k, &x);
    expect(d, &x, ticket, "the plain index", want);
    sh_match_scan(d->k, &x);
    expect(d, &x, ticket, "the scan", want);
    expect_of_batch(d, ticket, want);
    if (d->wide) matched_expect(d->wide, ticket, want);
}
