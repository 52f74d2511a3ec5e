/*
 * Expected and got: see test_compare.h.
 *
 * A map is compared with one decision: the last of its step for the ticket that it names itself, or else
 * that the step's event is about, or else for the only ticket decided. Where the step decides nothing about
 * that ticket, it stands as it was decided last: what nobody reports has not changed. A list is compared with
 * all that its step answered, one by one.
 *
 * Values are compared as the bytes that desk.md 7.1 writes, names in NFC, times as instants.
 */
#include "test_compare.h"
#include "rfc3339.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void verdict_init(struct verdict *v)
{
    *v = (struct verdict){.good = true};
    out_init(&v->message, -1);
    out_init(&v->detail, -1);
    out_init(&v->ticket, -1);
    out_init(&v->room, -1);
}

void verdict_release(struct verdict *v)
{
    out_free(&v->message);
    out_free(&v->detail);
    out_free(&v->ticket);
    out_free(&v->room);
}

static struct str str_of(const struct out *o)
{
    return (struct str){o->p ? o->p : "", o->len};
}

/* ---- single values ---- */

static bool is_instant(struct str json, int64_t *at_sec)
{
    return json.len > 2 && json.p[0] == '"' && parse_rfc3339(json.p + 1, json.len - 2, at_sec);
}

static bool equal_nfc(struct out *room, struct str a, struct str b)
{
    char *x = NULL, *y = NULL;
    size_t x_len, y_len;
    enum shunt_status one = shunt_text_nfc(a.p, a.len, NULL, &x, &x_len),
                      other = shunt_text_nfc(b.p, b.len, NULL, &y, &y_len);
    if (one == SHUNT_NO_MEMORY || other == SHUNT_NO_MEMORY) room->error = ENOMEM;
    bool equal =
        one == SHUNT_OK && other == SHUNT_OK && str_eq((struct str){x, x_len}, (struct str){y, y_len});
    free(x);
    free(y);
    return equal;
}

/* expected: JSON; "null" is met by a key that is not there. */
static bool equal_value(struct out *room, struct str key, struct str expected, struct str got)
{
    int64_t a, b;
    if (!got.p) return str_eq(expected, S("null"));
    if (str_eq(expected, got)) return true;
    if ((str_eq(key, S("at")) || str_eq(key, S("until"))) && is_instant(expected, &a) && is_instant(got, &b))
        return a == b;
    return !str_eq(key, S("ticket")) && equal_nfc(room, expected, got); /* ids are compared byte for byte */
}

static void field_json(struct out *o, const struct test_field *f)
{
    o->len = 0;
    test_expected_json(o, f);
}

static bool equal_field(struct out *room, const struct test_field *f, struct str line)
{
    struct str got = json_member(line, f->key.s);
    field_json(room, f);
    if (str_eq(f->key.s, S("error"))) {
        struct str code = got.p ? json_member(got, S("code")) : got;
        return str_eq(str_of(room), S("\"true\"")) ? code.p != NULL
                                                   : equal_value(room, f->key.s, str_of(room), code);
    }
    return equal_value(room, f->key.s, str_of(room), got);
}

static bool equal_all(struct out *room, const struct test_expect *e, struct str line)
{
    bool equal = true;
    for (uint32_t i = 0; i < e->fields.count; i++) equal &= equal_field(room, &e->fields.at[i], line);
    return equal;
}

/* ---- what is shown ---- */

/* JSON as a test file would say it: texts without quotes where they need none. */
static void show_json(struct out *o, struct str json)
{
    size_t i = 0;
    while (i < json.len) {
        size_t from = i;
        bool plain = json.p[i] == '"';
        if (!plain) {
            out_putc(o, json.p[i]);
            if (json.p[i] == ',' || json.p[i] == ':') out_putc(o, ' ');
            i++;
            continue;
        }
        for (i++; i < json.len && json.p[i] != '"'; i++) {
            plain &= json.p[i] != '\\' && !strchr(",:{}[]#&*!|>'%@`", json.p[i]);
            i += json.p[i] == '\\';
        }
        i++;
        struct str inner = {json.p + from + 1, i - from - 2};
        int64_t at_sec;
        plain = (plain && inner.len > 0) || parse_rfc3339(inner.p, inner.len, &at_sec);
        if (plain)
            out_str(o, inner);
        else
            out_bytes(o, json.p + from, i - from);
    }
}

static void show_pair(struct out *o, bool first, struct str key, struct str json)
{
    if (!first) out_puts(o, ", ");
    out_str(o, key);
    out_puts(o, ": ");
    show_json(o, json);
}

/* What is expected; where `line` is there, of it alone what that does not meet. */
static void show_expected(struct out *o, struct out *room, const struct test_expect *e, struct str line)
{
    bool first = true;
    out_putc(o, '{');
    for (uint32_t i = 0; i < e->fields.count; i++) {
        const struct test_field *f = &e->fields.at[i];
        if (line.p && equal_field(room, f, line)) continue;
        field_json(room, f);
        show_pair(o, first, f->key.s, str_of(room));
        first = false;
    }
    out_putc(o, '}');
}

/* What the line has under the keys that it does not meet. */
static void show_got(struct out *o, struct out *room, const struct test_expect *e, struct str line)
{
    bool first = true;
    out_putc(o, '{');
    for (uint32_t i = 0; i < e->fields.count; i++) {
        const struct test_field *f = &e->fields.at[i];
        if (equal_field(room, f, line)) continue;
        struct str got = json_member(line, f->key.s);
        show_pair(o, first, f->key.s, got.p ? got : S("null"));
        first = false;
    }
    out_putc(o, '}');
}

static void show_line(struct out *o, const char *head, struct str line)
{
    out_puts(o, head);
    out_str(o, line);
    out_putc(o, '\n');
}

static void show_differing(struct verdict *v, const struct test_expect *e, struct str line)
{
    out_puts(&v->detail, "expected  ");
    show_expected(&v->detail, &v->room, e, line);
    out_puts(&v->detail, "\ngot       ");
    show_got(&v->detail, &v->room, e, line);
    out_putc(&v->detail, '\n');
    show_line(&v->detail, "decision  ", line);
}

/* A step under comparison. */
struct comparing {
    struct verdict *v;
    const struct test_step *s;
    const struct answers *all;
    size_t first; /* of the answers that are the step's */
};

static void say(struct comparing *k, struct place place, const char *what)
{
    struct verdict *v = k->v;
    v->good = false;
    v->place = place;
    if (k->s->number) out_printf(&v->message, "step %u: ", k->s->number);
    out_puts(&v->message, what);
}

/* The keys that differ: "`status`, `until`". */
static void say_keys(struct verdict *v, const struct test_expect *e, struct str line)
{
    bool first = true;
    for (uint32_t i = 0; i < e->fields.count; i++) {
        if (equal_field(&v->room, &e->fields.at[i], line)) continue;
        out_puts(&v->message, first ? "`" : ", `");
        out_str(&v->message, e->fields.at[i].key.s);
        out_putc(&v->message, '`');
        first = false;
    }
}

static void differ(struct comparing *k, const struct test_expect *e, size_t i)
{
    struct str line = answer_line(k->all, i), ticket = json_member(line, S("ticket"));
    say(k, e->place, "");
    say_keys(k->v, e, line);
    out_puts(&k->v->message, " not as expected");
    show_differing(k->v, e, line);
    if (!ticket.p) return;
    out_json_plain(&k->v->ticket, ticket);
    k->v->event = k->all->at[i].event;
}

static void show_answers(struct comparing *k)
{
    struct out *o = &k->v->detail;
    for (size_t i = k->first; i < k->all->count; i++) show_line(o, "decision  ", answer_line(k->all, i));
    if (k->first == k->all->count) out_puts(o, "got       no decision\n");
}

static void show_refusal(struct comparing *k, size_t i)
{
    struct str error = answer_value(k->all, i, S("error"));
    struct out *o = &k->v->detail;
    out_puts(o, "refused   ");
    out_json_plain(o, json_member(error, S("message")));
    out_puts(o, " (error: ");
    out_json_plain(o, json_member(error, S("code")));
    out_puts(o, ")\n");
}

static void show_whole(struct comparing *k, const struct test_expect *e)
{
    out_puts(&k->v->detail, "expected  ");
    show_expected(&k->v->detail, &k->v->room, e, (struct str){NULL, 0});
    out_putc(&k->v->detail, '\n');
}

/* ---- a map: one decision ---- */

/* The ticket that the expectation is about, as JSON; empty: neither it nor the event says one. */
static void ticket_meant(struct out *o, const struct test_step *s, const struct test_expect *e)
{
    for (uint32_t i = 0; i < e->fields.count; i++)
        if (str_eq(e->fields.at[i].key.s, S("ticket"))) field_json(o, &e->fields.at[i]);
    if (o->len || !s->has_event) return;
    if (s->id.p) out_json(o, s->id);
    struct str key = s->event == EVENT_TICKET ? S("id") : S("ticket");
    for (uint32_t i = 0; !s->id.p && i < s->fields.count; i++)
        if (str_eq(s->fields.at[i].key.s, key)) field_json(o, &s->fields.at[i]);
}

/* The only ticket among the step's decisions; false: none, or several. */
static bool only_ticket(const struct comparing *k, struct out *o, size_t *count)
{
    struct str found = {NULL, 0};
    *count = 0;
    for (size_t i = k->first; i < k->all->count; i++) {
        struct str ticket = answer_value(k->all, i, S("ticket"));
        if (!ticket.p || (found.p && str_eq(found, ticket))) continue;
        found = ticket;
        ++*count;
    }
    if (*count == 1) out_str(o, found);
    return *count == 1;
}

/* The last decision for the ticket, of this step or an earlier one; all->count: none. */
static size_t last_of(const struct answers *all, struct str ticket)
{
    for (size_t i = all->count; i-- > 0;) {
        struct str is = answer_value(all, i, S("ticket"));
        if (is.p && str_eq(is, ticket)) return i;
    }
    return all->count;
}

/* The event's own refusal is the last line of its step: nothing is drained after it. */
static size_t refusal(const struct comparing *k)
{
    bool refused = k->all->count > k->first && answer_error(k->all, k->all->count - 1).p;
    return refused ? k->all->count - 1 : k->all->count;
}

static bool expects_error(const struct test_expect *e)
{
    for (uint32_t i = 0; i < e->fields.count; i++)
        if (str_eq(e->fields.at[i].key.s, S("error")) && !yaml_is_null(yaml_real(e->fields.at[i].value)))
            return true;
    return false;
}

static void compare_error(struct comparing *k, const struct test_expect *e)
{
    size_t refused = refusal(k);
    bool any = refused < k->all->count;
    if (any && equal_all(&k->v->room, e, answer_line(k->all, refused))) return;
    say(k, e->place, any ? "refused for another reason than expected" : "not refused, as was expected");
    show_whole(k, e);
    if (any)
        show_refusal(k, refused);
    else
        show_answers(k);
}

static void compare_ticket(struct comparing *k, const struct test_expect *e, struct str ticket)
{
    size_t last = last_of(k->all, ticket);
    if (last < k->all->count) {
        if (!equal_all(&k->v->room, e, answer_line(k->all, last))) differ(k, e, last);
        return;
    }
    say(k, e->place, "nothing was ever decided about the ticket ");
    out_str(&k->v->message, ticket);
    show_whole(k, e);
    show_answers(k);
}

static void compare_decision(struct comparing *k, const struct test_expect *e)
{
    struct out ticket;
    size_t count = 0;
    out_init(&ticket, -1);
    ticket_meant(&ticket, k->s, e);
    if (ticket.len || only_ticket(k, &ticket, &count)) {
        compare_ticket(k, e, str_of(&ticket));
    } else {
        say(k, e->place,
            count ? "several tickets were decided: say which with `ticket: …`, or expect a list"
                  : "nothing was decided");
        show_whole(k, e);
        show_answers(k);
    }
    out_free_part(&ticket, &k->v->room);
}

static void compare_one(struct comparing *k)
{
    const struct test_expect *e = &k->s->expected.at[0];
    size_t refused = refusal(k);
    if (expects_error(e)) {
        compare_error(k, e);
    } else if (refused < k->all->count) {
        say(k, e->place, "the event was refused");
        show_whole(k, e);
        show_refusal(k, refused);
    } else {
        compare_decision(k, e);
    }
}

/* ---- a list: every decision ---- */

static void compare_all(struct comparing *k)
{
    size_t count = k->all->count - k->first;
    const struct test_step *s = k->s;
    for (uint32_t i = 0; i < s->expected.count && count == s->expected.count && k->v->good; i++)
        if (!equal_all(&k->v->room, &s->expected.at[i], answer_line(k->all, k->first + i)))
            differ(k, &s->expected.at[i], k->first + i);
    if (count == s->expected.count) return;
    say(k, s->expect_place, "");
    out_printf(&k->v->message, "%u decision%s expected, and %zu came", s->expected.count,
               s->expected.count == 1 ? "" : "s", count);
    for (uint32_t i = 0; i < s->expected.count; i++) show_whole(k, &s->expected.at[i]);
    if (!s->expected.count) out_puts(&k->v->detail, "expected  no decision\n");
    show_answers(k);
}

void test_compare(struct verdict *v, const struct test_step *s, const struct answers *all, size_t first)
{
    struct comparing k = {v, s, all, first};
    if (s->expects == EXPECT_ONE && s->expected.count) compare_one(&k);
    if (s->expects == EXPECT_ALL) compare_all(&k);
}
