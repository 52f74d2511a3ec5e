/* A saved desk as named values and back: see desk_values.h. */
#include "desk_values.h"

#include "../../runtime/shunt_desk.h"
#include "../../runtime/table.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct saved_values *m;
    const struct shunt_table *t;
    const uint8_t *at, *end;
};

/* ---- values ---- */

static __attribute__((format(printf, 3, 0))) struct saved_value *add(struct reader *r, enum saved_kind kind,
                                                                     const char *name, va_list names)
{
    ck_assert_uint_lt(r->m->count, sizeof r->m->at / sizeof *r->m->at);
    struct saved_value *i = &r->m->at[r->m->count++];
    i->kind = kind;
    ck_assert_int_lt(vsnprintf(i->name, sizeof i->name, name, names), sizeof i->name);
    return i;
}

static uint64_t read_leb(struct reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0;; shift += 7) {
        ck_assert(r->at < r->end);
        v |= (uint64_t)(*r->at & 0x7f) << shift;
        if (!(*r->at++ & 0x80)) return v;
    }
}

static __attribute__((format(printf, 2, 3))) uint64_t number(struct reader *r, const char *name, ...)
{
    va_list names;
    va_start(names, name);
    struct saved_value *i = add(r, SAVED_NUMBER, name, names);
    va_end(names);
    return i->number = read_leb(r);
}

static __attribute__((format(printf, 2, 3))) unsigned byte(struct reader *r, const char *name, ...)
{
    va_list names;
    va_start(names, name);
    struct saved_value *i = add(r, SAVED_BYTE, name, names);
    va_end(names);
    ck_assert(r->at < r->end);
    i->number = *r->at++;
    return (unsigned)i->number;
}

static __attribute__((format(printf, 2, 3))) const struct saved_value *text(struct reader *r,
                                                                            const char *name, ...)
{
    va_list names;
    va_start(names, name);
    struct saved_value *i = add(r, SAVED_TEXT, name, names);
    va_end(names);
    i->len = (size_t)read_leb(r);
    ck_assert_uint_le(i->len, sizeof i->bytes);
    ck_assert_uint_le(i->len, (size_t)(r->end - r->at));
    memcpy(i->bytes, r->at, i->len);
    r->at += i->len;
    return i;
}

/* ---- sections ---- */

static void read_names(struct reader *r, const char *of)
{
    uint64_t count = number(r, "%s.count", of);
    for (uint32_t i = 0; i < count; i++) text(r, "%s[%u]", of, i);
}

static void read_agents(struct reader *r)
{
    number(r, "agents.automatic");
    for (uint32_t a = 0; a < r->t->AGENT_count; a++) {
        unsigned flags = byte(r, "agent[%u].flags", a);
        number(r, "agent[%u].last", a);
        uint64_t channels = flags & 2 ? number(r, "agent[%u].channels", a) : 0;
        for (uint32_t i = 0; i < channels; i++) number(r, "agent[%u].channels[%u]", a, i);
        uint64_t devices = flags & 4 ? number(r, "agent[%u].devices", a) : 0;
        for (uint32_t i = 0; i < devices; i++) {
            number(r, "agent[%u].devices[%u].channel", a, i);
            text(r, "agent[%u].devices[%u].text", a, i);
        }
    }
}

static void read_rotations(struct reader *r)
{
    uint64_t count = number(r, "rotations.count");
    for (uint32_t i = 0; i < count; i++) {
        number(r, "rotation[%u].team", i);
        number(r, "rotation[%u].channel", i);
        number(r, "rotation[%u].last", i);
        byte(r, "rotation[%u].next", i);
        uint64_t sums = number(r, "rotation[%u].sums", i);
        for (uint32_t s = 0; s < sums; s++) number(r, "rotation[%u].sums[%u]", i, s);
    }
}

static void read_customers(struct reader *r)
{
    uint64_t count = number(r, "customers.count");
    for (uint32_t i = 0; i < count; i++) {
        number(r, "customer[%u].team", i);
        number(r, "customer[%u].agent", i);
        text(r, "customer[%u].text", i);
    }
}

static void read_list(struct reader *r, const char *id, const char *of)
{
    uint64_t count = number(r, "%s.%s", id, of);
    for (uint32_t i = 0; i < count; i++) number(r, "%s.%s[%u]", id, of, i);
}

static void read_steps(struct reader *r, const char *id)
{
    uint64_t count = number(r, "%s.steps", id);
    for (uint32_t i = 0; i < count; i++) {
        byte(r, "%s.steps[%u].kind", id, i);
        number(r, "%s.steps[%u].target", id, i);
        number(r, "%s.steps[%u].after", id, i);
        number(r, "%s.steps[%u].hours", id, i);
    }
}

static void read_ticket(struct reader *r, uint32_t place)
{
    static const char *const times[] = {"at", "first", "assigned", "response"};
    static const char *const whose[] = {"team", "agent", "wanted", "rule", "step"};
    char id[16];
    const struct saved_value *first = text(r, "id[%u]", place);
    snprintf(id, sizeof id, "%.*s", (int)first->len, (const char *)first->bytes);
    text(r, "%s.record", id);
    unsigned status = byte(r, "%s.status", id);
    byte(r, "%s.why", id);
    unsigned flags = byte(r, "%s.flags", id);
    byte(r, "%s.priority", id);
    uint64_t values[5];
    for (uint32_t i = 0; i < 4; i++) number(r, "%s.%s", id, times[i]);
    for (uint32_t i = 0; i < 5; i++) values[i] = number(r, "%s.%s", id, whose[i]);
    read_steps(r, id);
    read_list(r, id, "require");
    read_list(r, id, "add");
    if (status == SHUNT_OFFERED) read_list(r, id, "offered");
    if (status == SHUNT_HELD) number(r, "%s.until", id);
    if (flags & 2 && values[1] == 0) number(r, "%s.due", id);
    if (status == SHUNT_CLOSED) number(r, "%s.closed", id);
}

static void read_numbers(struct reader *r, const char *of, uint64_t count)
{
    for (uint32_t i = 0; i < count; i++) number(r, "%s[%u]", of, i);
}

static void read_values(struct reader *r, const char *of)
{
    uint64_t count = number(r, "%s.count", of);
    for (uint32_t i = 0; i < count; i++) {
        number(r, "%s[%u].seconds", of, i);
        number(r, "%s[%u].agent", of, i);
        number(r, "%s[%u].team", of, i);
    }
}

static void read_cells(struct reader *r)
{
    uint64_t count = number(r, "cells.count");
    for (uint32_t i = 0; i < count; i++) {
        number(r, "cell[%u].team", i);
        number(r, "cell[%u].channel", i);
        number(r, "cell[%u].agent", i);
        number(r, "cell[%u].automatic", i);
    }
}

static void read_figures(struct reader *r, uint64_t channels, uint64_t gone_rules)
{
    static const char *const sums[] = {"since", "arrived", "assigned", "automatic", "gone"};
    static const char *const of_agent[] = {"assigned", "automatic", "shift", "before", "since"};
    static const char *const of_team[] = {"assigned", "automatic", "carried"};
    for (uint32_t i = 0; i < 5; i++) number(r, "figures.%s", sums[i]);
    for (uint32_t a = 0; a < r->t->AGENT_count; a++)
        for (uint32_t i = 0; i < 5; i++) number(r, "figures.agent[%u].%s", a, of_agent[i]);
    for (uint32_t t = 0; t < r->t->TEAM_count; t++)
        for (uint32_t i = 0; i < 3; i++) number(r, "figures.team[%u].%s", t, of_team[i]);
    read_numbers(r, "figures.channel", channels + 1);
    read_numbers(r, "figures.rule", r->t->RULE_count + gone_rules);
    read_numbers(r, "figures.hour", SHUNT_WEEK_HOURS);
    read_numbers(r, "figures.online", SHUNT_WEEK_HOURS);
    read_cells(r);
    read_values(r, "responses");
    read_values(r, "assignments");
}

void saved_read(struct saved_values *m, const struct shunt_table *t, const uint8_t *bytes, size_t len)
{
    struct reader r = {m, t, bytes + 64, bytes + len};
    m->count = 0;
    memcpy(m->header, bytes, 64);
    byte(&r, "section1");
    size_t first = m->count;
    read_names(&r, "rules");
    uint64_t gone_rules = m->at[first].number;
    read_names(&r, "labels");
    read_names(&r, "skills");
    byte(&r, "section2");
    uint64_t count = number(&r, "teams.count");
    read_numbers(&r, "teams", count);
    byte(&r, "section3");
    read_agents(&r);
    byte(&r, "section4");
    read_rotations(&r);
    byte(&r, "section5");
    read_customers(&r);
    byte(&r, "section6");
    count = number(&r, "tickets.count");
    for (uint32_t i = 0; i < count; i++) read_ticket(&r, i);
    if (bytes[36] & 4) {
        byte(&r, "section7");
        read_figures(&r, le32(t->ATTR[TF_CHANNEL].atom_count), gone_rules);
    }
    ck_assert_ptr_eq(r.at, r.end);
}

/* ---- edits ---- */

static struct saved_value *find(struct saved_values *m, const char *name, size_t len)
{
    for (size_t i = 0; i < m->count; i++) {
        if (strlen(m->at[i].name) == len && !memcmp(m->at[i].name, name, len)) return &m->at[i];
    }
    ck_abort_msg("no value is called %.*s", (int)len, name);
    return NULL;
}

static void insert_before(struct saved_values *m, struct saved_value *i)
{
    ck_assert_uint_lt(m->count, sizeof m->at / sizeof *m->at);
    memmove(i + 1, i, (size_t)(m->at + m->count - i) * sizeof *i);
    m->count++;
    *i = (struct saved_value){.name = "new", .kind = SAVED_NUMBER};
}

/* What an edit gives the value: #…, $…, ='…' or =…; where it ends. */
static const char *give(struct saved_value *i, const char *at)
{
    if (*at == '#' || *at == '$') {
        i->kind = *at == '#' ? SAVED_RAW : SAVED_TEXT;
        i->len = 0;
        for (at++; *at && *at != ' '; at += 2) {
            char hex[3] = {at[0], at[1], 0};
            i->bytes[i->len++] = (uint8_t)strtoul(hex, NULL, 16);
        }
        return at;
    }
    ck_assert_int_eq(*at, '=');
    if (at[1] != '\'') {
        char *end;
        i->number = strtoull(at + 1, &end, 10);
        return end;
    }
    const char *end = strchr(at + 2, '\'');
    i->kind = SAVED_TEXT;
    i->len = (size_t)(end - at - 2);
    memcpy(i->bytes, at + 2, i->len);
    return end + 1;
}

void saved_edit(struct saved_values *m, const char *edits)
{
    while (*edits) {
        char how = *edits == '-' || *edits == '+' ? *edits++ : 0;
        size_t len = strcspn(edits, "=#$ ");
        struct saved_value *i = find(m, edits, len);
        edits += len;
        if (how == '-') i->kind = SAVED_GONE;
        if (how == '+') insert_before(m, i);
        if (how != '-') edits = give(i, edits);
        edits += *edits == ' ';
    }
}

/* ---- bytes ---- */

static size_t put_leb(uint8_t *out, uint64_t v)
{
    size_t len = 0;
    for (; v >= 0x80; v >>= 7) out[len++] = (uint8_t)(v | 0x80);
    out[len++] = (uint8_t)v;
    return len;
}

static size_t put(uint8_t *out, const struct saved_value *i)
{
    size_t len = 0;
    switch (i->kind) {
    case SAVED_NUMBER: return put_leb(out, i->number);
    case SAVED_BYTE: out[0] = (uint8_t)i->number; return 1;
    case SAVED_TEXT: len = put_leb(out, i->len); /* fallthrough */
    case SAVED_RAW: memcpy(out + len, i->bytes, i->len); return len + i->len;
    case SAVED_GONE: break;
    }
    return 0;
}

void saved_mend(uint8_t *bytes, size_t len)
{
    memset(bytes + 12, 0, 4);
    uint32_t sum = sh_crc32c(0, bytes, len);
    for (uint32_t i = 0; i < 4; i++) bytes[12 + i] = (uint8_t)(sum >> 8 * i);
}

uint8_t *saved_bytes(const struct saved_values *m, size_t *len)
{
    uint8_t *bytes = malloc(64 + m->count * 80);
    memcpy(bytes, m->header, 64);
    *len = 64;
    for (size_t i = 0; i < m->count; i++) *len += put(bytes + *len, &m->at[i]);
    for (uint32_t i = 0; i < 8; i++) bytes[16 + i] = (uint8_t)((uint64_t)*len >> 8 * i);
    saved_mend(bytes, *len);
    return realloc(bytes, *len);
}
