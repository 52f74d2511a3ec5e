/*
 * Any bytes as a table: it is refused, or every call on it is safe: names, hours, matching, dumping, proofs.
 *
 * The checksum is mended first, since no fuzzer finds one; where the file's length is told wrong, that too is
 * mended.
 */
#include "dump.h"
#include "format.h"
#include "fuzz.h"
#include "proof/proof.h"
#include "shunt.h"

#include <stdlib.h>
#include <string.h>

/* CRC-32C, bit by bit: a second implementation, and fast enough here. */
static uint32_t crc32c(const uint8_t *bytes, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

static void mend(uint8_t *bytes, size_t len)
{
    struct tf_header h;
    if (len < sizeof h) return;
    memcpy(&h, bytes, sizeof h);
    h.file_len = to_le64(len);
    h.checksum = to_le32(0);
    memcpy(bytes, &h, sizeof h);
    h.checksum = to_le32(crc32c(bytes, len));
    memcpy(bytes, &h, sizeof h);
}

/* The names of everything, a little past the end too. */
static size_t read_names(const struct shunt_table *t)
{
    size_t sum = 0;
    for (uint32_t i = 0; i <= shunt_rule_count(t); i++) sum += shunt_rule_name(t, i, NULL).len;
    for (uint32_t i = 0; i <= shunt_team_count(t); i++) sum += shunt_team_name(t, i).len;
    for (uint32_t i = 0; i <= shunt_agent_count(t); i++) sum += shunt_agent_name(t, i).len;
    for (uint32_t i = 0; i <= shunt_hours_count(t); i++) sum += shunt_hours_name(t, i).len;
    return sum + shunt_table_name(t).len;
}

static void ask_hours(const struct shunt_table *t)
{
    static const int64_t instants[] = {SHUNT_TIME_MIN, -1, 0, INT64_C(1794900000), INT64_C(4102444800),
                                       SHUNT_TIME_MAX};
    for (uint32_t h = 0; h < shunt_hours_count(t) && h < 4; h++)
        for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
            int64_t when;
            bool isdst;
            shunt_hours_open(t, h, instants[i]);
            shunt_hours_next_opening(t, h, instants[i], &when);
            shunt_hours_next_closing(t, h, instants[i], &when);
            shunt_hours_seconds(t, h, instants[i], instants[i] + 86400 * 3);
            shunt_hours_offset(t, h, instants[i], &isdst);
        }
}

/* A value of every type for every attribute: texts and names of the table's own strings are not known here,
 * so a few that the corpus' policies use. */
static void fill(struct shunt_ticket *ticket, const struct shunt_table *t)
{
    static const char *const words[] = {"billing", "refund", "vip", "email", "urgent", "pro", "caf\xc3\xa9"};
    for (uint32_t a = 0; a < shunt_attr_count(t); a++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            shunt_ticket_set_name(ticket, a, words[i], strlen(words[i]));
            shunt_ticket_add_name(ticket, a, words[i], strlen(words[i]));
            shunt_ticket_set_text(ticket, a, words[i], strlen(words[i]));
            shunt_ticket_set_number(ticket, a, (double)i);
            shunt_ticket_set_bool(ticket, a, i % 2);
        }
}

static void match(const struct shunt_table *t)
{
    struct shunt_ticket *ticket;
    struct shunt_decision d;
    if (shunt_ticket_new(t, NULL, &ticket) != SHUNT_OK) return;
    for (int round = 0; round < 2; round++) {
        if (round) fill(ticket, t);
        shunt_ticket_set_at(ticket, INT64_C(1794900000));
        shunt_match(ticket, &d);
        for (uint32_t i = 0; i < d.step_count; i++) shunt_decision_step(t, &d, i);
        for (uint32_t i = 0; i < d.add_count; i++) shunt_label_name(t, d.add[i]);
        for (uint32_t i = 0; i < d.require_count; i++) shunt_skill_name(t, d.require[i]);
    }
    shunt_ticket_free(ticket);
}

/* ---- what reads the whole of it ---- */

struct fuzz_reading {
    struct arena *a;
    const struct shunt_table *table;
};

static void no_finding(void *ctx, const struct finding *f)
{
    *(uint32_t *)ctx += f->rule;
}

static void prove(void *ctx)
{
    struct fuzz_reading *r = ctx;
    struct proof_budget budget = {.given = 500, .left = 500};
    struct space *s = space_new(r->a, &r->table, 1, false);
    uint32_t sum = 0;
    prove_reach(s, &budget, REACH_RULES | REACH_PARTS, no_finding, &sum);
    prove_gaps(s, &budget, no_finding, &sum);
    prove_promises(s, 0, &budget, no_finding, &sum);
}

static void dump(void *ctx)
{
    struct fuzz_reading *r = ctx;
    struct table_view v;
    struct out o;
    struct dump d = {.o = &o, .v = &v};
    table_view(&v, r->table);
    out_init(&o, -1);
    buf_init(&d.words, r->a);
    dump_text(&d);
    dump_json(&d);
    out_free(&o);
}

static void read_all(const struct shunt_table *t)
{
    struct fuzz_reading r = {arena_new(), t};
    if (r.a && arena_try(r.a, dump, &r)) arena_try(r.a, prove, &r);
    arena_free(r.a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct shunt_table *t;
    uint8_t *copy = malloc(len ? len : 1); /* of its own length, and aligned */
    if (!copy) return 0;
    memcpy(copy, bytes, len);
    mend(copy, len);
    if (shunt_table_open(copy, len, NULL, &t, NULL) == SHUNT_OK) {
        read_names(t);
        ask_hours(t);
        match(t);
        read_all(t);
        shunt_table_close(t);
    }
    free(copy);
    return 0;
}
