/*
 * Hostile tables: truncated at every byte, every bit turned round, numbers at their edges, parts of a table
 * laid over others; each with a checksum that fits. Opening must say what is wrong or give a table on which
 * every call is safe: the sanitizers, a guard page and the test's time limit are the judges.
 *
 *     test_corrupt [ROUNDS]   random changes to try on each table; 3,000 unless told
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../compiler/compile.h"
#include "../../runtime/scan.h"
#include "../unit/image.h"
#include "ask_desk.h"
#include "run_suite.h"

/* ---- the tables ---- */

static const char policy[] =
    "shunt: 1\n"
    "name: everything\n"
    "timezone: Europe/Stockholm\n"
    "labels: [billing, refund, bug, \"needs reply\", \"h\\u00e4lsa\"]\n"
    "segments: {vip: the best, wholesale: \"\"}\n"
    "fields: {plan: [free, pro, enterprise], total: number, language: text, interests: set, gold: bool}\n"
    "hours:\n"
    "  office:\n"
    "    weekly: {mon-thu: 09:00-17:30, fri: [09:00-12:00, 13:00-16:00], sat: 22:00-02:00}\n"
    "    seasons: {06-29..08-07: {mon-fri: 10:00-15:00}, 2027-02-01..2027-02-20: {mon: 10:00-11:00}}\n"
    "    closed: [12-24..12-26, 2027-01-01, 12-31..01-02]\n"
    "    special: {2026-12-27: 10:00-14:00, 04-30: [09:00-10:00, 11:00-12:00]}\n"
    "  early: {like: office, timezone: America/New_York, breaks: {mon-fri: 11:00-12:00}}\n"
    "  duty: {outside: office}\n"
    "  duty2: {outside: duty, every: 3 weeks from 2026-03-02}\n"
    "agents:\n"
    "  anna: {name: Anna K, role: manager, rank: {webchat: 1, other: 20}, weight: 2, skills: [swedish, "
    "refunds],\n"
    "    channels: [webchat, email, phone], limits: {webchat: 3, email: 10, total: 12}, devices: {phone: "
    "\"+46\"},\n"
    "    hours: early, away: [2026-12-20..2027-01-06, 07-01..07-14]}\n"
    "  bo: {skills: [refunds]}\n"
    "  cy: {role: owner, hours: duty2}\n"
    "teams:\n"
    "  billing: {description: Invoices, agents: [anna, bo], takes: [{labels: billing}, {segments: wholesale, "
    "channel: email}],\n"
    "    assign: {webchat: most-busy, phone: random, other: pull}, rotation: channel,\n"
    "    hours: {webchat: office, other: always}, after_hours: {to: general}, sticky: true, members_only: "
    "true}\n"
    "  general: {agents: all, hours: duty, after_hours: leave, backlog: leave, present: on-shift}\n"
    "rules:\n"
    "  - {rule: vip-refund, description: ours, when: 'labels has refund and segments has vip and not plan == "
    "free',\n"
    "    active: [2026-11-20..2026-12-01, 02-10..02-12], require: {skills: refunds}, set: {priority: "
    "urgent},\n"
    "    add: {labels: [bug, billing]}, to: [billing, {agent: cy, after: 2h of office}, {unassigned: true, "
    "after: 3d}]}\n"
    "  - {rule: texts, when: 'subject contains any (\"ab\", \"abab\", \"b\", \"hello w\", \"\") or subject "
    "starts with \"re:\"\n"
    "    or subject ends with any (\"now\", \"ow\") or subject == \"help\" or language in (\"sv\", \"en\")', "
    "raise: {priority: high},\n"
    "    add: {labels: needs reply}, continue: true}\n"
    "  - {rule: numbers, when: 'total in (1, 2.5, 1e300) or total >= 99 and (gold or not interests has any "
    "(a, b, c))\n"
    "    or labels has all (bug, refund) and priority in (low, urgent)', to: {agent: anna}}\n"
    "  - {rule: times, when: '(during office or during duty2) and customer exists and channel in (sms, "
    "social) and plan >= pro', to: unassigned}\n"
    "  - {rule: more, when: 'outside early and not (labels has any (billing, bug) or segments has none (vip, "
    "wholesale))', require: {skills: [swedish, refunds]}, continue: true}\n"
    "otherwise: [general, {team: billing, after: 1h}]\n"
    "promises: [labels has refund => not team general and priority >= low, plan == pro => rule numbers]\n";

struct table {
    uint8_t *bytes;
    size_t len;
};

static struct table sample_table(void)
{
    struct table x;
    struct image m;
    image_sample(&m);
    x.bytes = image_bytes(&m, &x.len);
    image_free(&m);
    return x;
}

struct compiling {
    struct arena *a;
    const char *path; /* NULL: the text above */
    struct table table;
};

static void compile(void *ctx)
{
    struct compiling *x = ctx;
    struct compile_options options = {.strip = false};
    struct compilation *c = x->path ? compile_policy(x->a, x->path, &options)
                                    : compile_text(x->a, "everything.yaml", S(policy), &options);
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        if (!c->table.p) fprintf(stderr, "%s\n", c->diags.list.at[i]->message.p);
    }
    ck_assert_ptr_nonnull(c->table.p);
    x->table.len = c->table.len;
    x->table.bytes = malloc(c->table.len);
    memcpy(x->table.bytes, c->table.p, c->table.len);
}

static struct table compiled_table(const char *path)
{
    struct compiling x = {.a = arena_new(), .path = path};
    ck_assert(arena_try(x.a, compile, &x));
    arena_free(x.a);
    return x.table;
}

/* By the way of: an include in the other spelling, holidays from a calendar, a zone with many changes. */
static const char *const files[][2] = {
    {"root.yaml", "shunt: 1\nname: parts\ntimezone: Europe/Lisbon\ninclude: [part.shunt]\nlabels: [a, b]\n"
                  "hours: {office: {weekly: {mon-sun: 00:00-24:00}, holidays: days.ics}}\n"
                  "rules: [{rule: r, when: labels has a and during office, to: t}]\notherwise: u\n"},
    {"part.shunt", "version 1\nfield kind is one of x, y, z\nagent m { role manager; limit total 4; away "
                   "2026-07-01..2026-07-14 }\n"
                   "agent n { weight 5; hours office }\nagent o { rank 3; channels email, sms }\n"
                   "team t { agents m, n; assign weighted for email; assign longest-idle for other; after "
                   "hours hold; hours office }\n"
                   "team u { agents all; assign spare-capacity; sticky; rotation channel }\n"
                   "team v { agents n, o; assign ring-all for phone; assign manual for social; assign "
                   "least-busy for other }\n"
                   "rule s { when kind in (x, z) or body contains any (\"one\", \"none\", \"on\"); set "
                   "priority high; to v, then u after 5m of office }\n"
                   "promise kind == x and not labels has a => team v\n"},
    {"days.ics", "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ="
                 "YEARLY;COUNT=9\n"
                 "END:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:"
                 "20260504\nEND:VEVENT\nEND:VCALENDAR\n"}};
enum { FILES = sizeof files / sizeof *files };

static struct table table_of_files(void)
{
    char folder[] = "/tmp/shunt-corrupt-XXXXXX", path[FILES][64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int i = 0; i < FILES; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", folder, files[i][0]);
        FILE *f = fopen(path[i], "w");
        ck_assert(f && fputs(files[i][1], f) >= 0 && fclose(f) == 0);
    }
    struct table x = compiled_table(path[0]);
    for (int i = 0; i < FILES; i++) unlink(path[i]);
    rmdir(folder);
    return x;
}

enum { TABLES = 3 };
static struct table table_number(int i)
{
    return i == 0 ? sample_table() : i == 1 ? compiled_table(NULL) : table_of_files();
}

/* xorshift64*: the same on every machine. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state ^= *state >> 12, *state ^= *state << 25, *state ^= *state >> 27;
    return below ? (uint32_t)((*state * UINT64_C(2685821657736338717)) >> 32) % below : 0;
}

/* ---- every call on an open table ---- */

/* Adds up what it is given, so that it is read. */
static uint32_t touch(struct shunt_string s)
{
    uint32_t sum = 0;
    for (size_t i = 0; s.bytes && i <= s.len; i++) sum += (unsigned char)s.bytes[i];
    return sum;
}

static uint32_t ask_names(const struct shunt_table *t)
{
    uint32_t sum = touch(shunt_table_name(t));
    bool takes;
    for (uint32_t i = 0; i <= shunt_rule_count(t); i++) sum += touch(shunt_rule_name(t, i, &takes));
    for (uint32_t i = 0; i <= shunt_team_count(t); i++) sum += touch(shunt_team_name(t, i));
    for (uint32_t i = 0; i <= shunt_agent_count(t); i++) sum += touch(shunt_agent_name(t, i));
    for (uint32_t i = 0; i <= shunt_hours_count(t); i++) sum += touch(shunt_hours_name(t, i));
    for (uint32_t i = 0; i <= shunt_attr_count(t); i++) {
        sum += touch(shunt_attr_name(t, i)) + shunt_attr_is_read(t, i);
        if (i < shunt_attr_count(t)) sum += shunt_attr_type(t, i);
    }
    for (uint32_t i = 0; touch(shunt_label_name(t, i)); i++) sum++;
    for (uint32_t i = 0; touch(shunt_skill_name(t, i)); i++) sum++;
    return sum + shunt_hours_find(t, "office", 6) + shunt_attr_find(t, "plan", 4);
}

static uint32_t ask_maps(const struct shunt_table *t)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < t->AGENT_count; i++) {
        sum += sh_by_channel(t, &t->AGENT[i].rank, i) + sh_by_channel(t, &t->AGENT[i].limit, 1);
        sum += touch(sh_string(t, sh_by_channel(t, &t->AGENT[i].device, i)));
    }
    for (uint32_t i = 0; i < t->TEAM_count; i++) {
        uint32_t hours = sh_by_channel(t, &t->TEAM[i].hours, 0);
        sum += touch(shunt_hours_name(t, hours)) + sh_by_channel(t, &t->TEAM[i].assign, TF_NONE);
        for (uint32_t m = 0; m < le32(t->TEAM[i].member_count); m++) {
            sum += touch(shunt_agent_name(t, le32(t->LIST[le32(t->TEAM[i].member_first) + m])));
        }
    }
    return sum;
}

static int64_t some_time(uint64_t *r)
{
    switch (draw(r, 4)) {
    case 0: return SHUNT_TIME_MIN;
    case 1: return SHUNT_TIME_MAX;
    case 2: return (int64_t)draw(r, UINT32_MAX) * 100 + SHUNT_TIME_MIN;
    default: return INT64_C(1767225600) + draw(r, 86400 * 365 * 2); /* 2026, 2027 */
    }
}

static int64_t ask_hours(const struct shunt_table *t, uint64_t *r)
{
    uint32_t hours = draw(r, shunt_hours_count(t));
    int64_t at = some_time(r), sum = 0, when = 0;
    bool isdst;
    sum += shunt_hours_open(t, hours, at) + shunt_hours_offset(t, hours, at, &isdst);
    sum += shunt_hours_seconds(t, hours, at, at + 86400 * 20);
    if (shunt_hours_next_opening(t, hours, at, &when)) sum += when;
    if (shunt_hours_next_closing(t, hours, at, &when)) sum += when;
    return sum;
}

/* Names and texts that the table itself holds. */
static void carry_something(const struct shunt_table *t, struct shunt_ticket *k, uint64_t *r)
{
    char text[300];
    for (uint32_t attr = 0; attr < shunt_attr_count(t); attr++) {
        uint32_t first = le32(t->ATTR[attr].atom_first), count = le32(t->ATTR[attr].atom_count);
        size_t len = 0;
        for (uint32_t i = draw(r, 5); i > 0; i--) {
            struct shunt_string s = count ? sh_string(t, le32(t->ATOM[first + draw(r, count)].string))
                                          : sh_string(t, draw(r, t->STRING_OFFS_count - 1));
            shunt_ticket_add_name(k, attr, s.bytes, s.len);
            shunt_ticket_set_name(k, attr, s.bytes, s.len);
            if (s.len < sizeof text - len) memcpy(text + len, s.bytes, s.len), len += s.len;
        }
        shunt_ticket_set_text(k, attr, text, len);
        shunt_ticket_set_number(k, attr, draw(r, 120));
        shunt_ticket_set_bool(k, attr, draw(r, 2));
    }
    shunt_ticket_set_at(k, some_time(r));
}

static uint32_t read_decision(const struct shunt_table *t, const struct shunt_decision *d)
{
    uint32_t sum = d->priority + touch(shunt_rule_name(t, d->rule, NULL));
    ck_assert_uint_ge(d->step_count, 1);
    for (uint32_t i = 0; i < d->step_count; i++) {
        struct shunt_step s = shunt_decision_step(t, d, i);
        if (s.kind == SHUNT_TO_TEAM) ck_assert_uint_lt(s.target, shunt_team_count(t));
        if (s.kind == SHUNT_TO_AGENT) ck_assert_uint_lt(s.target, shunt_agent_count(t));
        if (s.of_hours != SHUNT_NONE) ck_assert_uint_lt(s.of_hours, shunt_hours_count(t));
    }
    for (uint32_t i = 0; i < d->add_count; i++) sum += touch(shunt_label_name(t, d->add[i]));
    for (uint32_t i = 0; i < d->require_count; i++) sum += touch(shunt_skill_name(t, d->require[i]));
    return sum;
}

static uint32_t ask_matches(const struct shunt_table *t, uint64_t *r)
{
    struct shunt_ticket *k;
    uint32_t sum = 0;
    ck_assert_int_eq(shunt_ticket_new(t, NULL, &k), SHUNT_OK);
    for (int i = 0; i < 3; i++) {
        struct shunt_decision d;
        shunt_ticket_reset(k);
        carry_something(t, k, r);
        shunt_match(k, &d);
        sum += read_decision(t, &d);
        sh_match_plain(k, &d);
        sum += read_decision(t, &d);
        sh_match_scan(k, &d);
        sum += read_decision(t, &d);
    }
    shunt_ticket_free(k);
    return sum;
}

/* Opens the bytes; where they are a table, everything is asked of it; its desk a day of one in so many. */
static enum shunt_status try_one_in(uint32_t days, const void *bytes, size_t len, uint64_t *r)
{
    static volatile int64_t keep; /* so that no question is optimised away */
    const struct shunt_table *t;
    struct shunt_table_error error;
    enum shunt_status status = shunt_table_open(bytes, len, NULL, &t, &error);
    ck_assert_int_eq(error.status, status);
    if (status != SHUNT_OK) return status;
    keep += ask_names(t) + ask_maps(t) + ask_hours(t, r) + ask_matches(t, r);
    if (draw(r, days) == 0) keep += ask_desk(t, draw, carry_something, r);
    shunt_table_close(t);
    return status;
}

static enum shunt_status try_table(const void *bytes, size_t len, uint64_t *r)
{
    return try_one_in(1, bytes, len, r);
}

/* ---- truncation ---- */

/* At every byte; then with a header that says so. */
START_TEST(truncated_at_every_byte)
{
    struct table x = table_number(_i);
    uint64_t r = 1;
    for (size_t len = 0; len < x.len; len++) {
        uint8_t *cut = aligned_alloc(8, (len + 8) & ~(size_t)7);
        cut = realloc(cut, len + (len == 0)); /* exactly so long: the sanitizer sees a byte too far */
        memcpy(cut, x.bytes, len);
        enum shunt_status status = try_table(cut, len, &r);
        ck_assert_int_eq(status, len < 8 ? SHUNT_NOT_A_TABLE : SHUNT_TABLE_DAMAGED);
        if (len >= sizeof(struct tf_header)) {
            ((struct tf_header *)cut)->file_len = to_le64(len);
            image_fit_checksum(cut, len);
            ck_assert_int_eq(try_table(cut, len, &r), SHUNT_TABLE_DAMAGED);
        }
        free(cut);
    }
    free(x.bytes);
}
END_TEST

/* ---- sections gone ---- */

/* Each two and each three of them together: what names each other must not be missed by being gone at once.
 */
START_TEST(sections_gone_together)
{
    uint64_t r = 1;
    uint32_t there[TF_SPAN + 1], count = 0;
    struct image whole;
    image_sample(&whole);
    for (uint32_t id = 1; id <= TF_SPAN; id++) {
        if (image_count(&whole, id) > 0) there[count++] = id;
    }
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = a; b < count; b++) {
            for (uint32_t c = b; c < count; c++) {
                struct image m = whole; /* its sections are only left out, not changed */
                m.section[there[a]].len = m.section[there[b]].len = m.section[there[c]].len = 0;
                size_t len;
                uint8_t *bytes = image_bytes(&m, &len);
                try_table(bytes, len, &r);
                free(bytes);
            }
        }
    }
    ck_assert_uint_gt(count, 30);
    image_free(&whole);
}
END_TEST

/* ---- bits ---- */

START_TEST(every_bit_flipped_is_noticed)
{
    struct table x = table_number(_i);
    uint64_t r = 1;
    for (size_t bit = 0; bit < 8 * x.len; bit++) {
        x.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_ne(try_table(x.bytes, x.len, &r), SHUNT_OK);
        x.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    free(x.bytes);
}
END_TEST

START_TEST(every_bit_flipped_with_a_checksum_that_fits)
{
    struct table x = table_number(_i);
    uint64_t r = 1;
    size_t opened = 0;
    for (size_t bit = 0; bit < 8 * x.len; bit++) {
        x.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        image_fit_checksum(x.bytes, x.len);
        opened += try_one_in(_i ? 16 : 1, x.bytes, x.len, &r) == SHUNT_OK;
        x.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    ck_assert_uint_gt(opened, 0); /* some bits are free: letters in names, limits, times */
    free(x.bytes);
}
END_TEST

/* ---- edges ---- */

static const uint64_t edges[] = {0,
                                 1,
                                 2,
                                 7,
                                 8,
                                 9,
                                 63,
                                 64,
                                 65,
                                 255,
                                 256,
                                 0x7fffffff,
                                 0x80000000,
                                 0xfffffffe,
                                 0xffffffff,
                                 0x100000000,
                                 0x7fffffffffffffff,
                                 0x8000000000000000,
                                 0xffffffffffffffff};

/* Every number of the header and the directory, at its edges and beside its right value. */
START_TEST(directory_numbers_at_their_edges)
{
    struct table x = table_number(_i);
    uint64_t r = 1;
    uint32_t count = le32(((struct tf_header *)x.bytes)->section_count);
    for (size_t at = 8; at < sizeof(struct tf_header) + count * sizeof(struct tf_section); at += 4) {
        uint32_t right;
        memcpy(&right, x.bytes + at, 4);
        for (size_t i = 0; i < sizeof edges / sizeof *edges + 8; i++) {
            size_t near = i - sizeof edges / sizeof *edges;
            le32_t v =
                to_le32(i < sizeof edges / sizeof *edges ? (uint32_t)edges[i] : right + (uint32_t)near - 4);
            memcpy(x.bytes + at, &v, 4);
            image_fit_checksum(x.bytes, x.len);
            enum shunt_status status = try_table(x.bytes, x.len, &r);
            ck_assert_int_ne(status, SHUNT_NOT_A_TABLE);
        }
        memcpy(x.bytes + at, &right, 4);
    }
    free(x.bytes);
}
END_TEST

/* Every four bytes of the sections, at their edges. */
START_TEST(numbers_at_their_edges)
{
    struct table x = table_number(_i);
    uint64_t r = 1;
    for (size_t at = sizeof(struct tf_header); at < x.len; at += _i ? 12 : 4) {
        uint8_t right[4];
        memcpy(right, x.bytes + at, 4);
        for (size_t i = 0; i < 15; i++) {
            le32_t v = to_le32((uint32_t)edges[i]);
            memcpy(x.bytes + at, &v, 4);
            image_fit_checksum(x.bytes, x.len);
            try_table(x.bytes, x.len, &r);
        }
        memcpy(x.bytes + at, right, 4);
    }
    free(x.bytes);
}
END_TEST

/* ---- a guard page ---- */

/* The bytes end where the process's memory does. */
START_TEST(nothing_behind_the_table_is_read)
{
    struct table x = table_number(_i);
    uint64_t r = 1;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (x.len + page - 1) / page * page;
    uint8_t *map = mmap(NULL, pages + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(map, MAP_FAILED);
    ck_assert_int_eq(mprotect(map + pages, page, PROT_NONE), 0);
    for (size_t len = x.len % 8; len <= x.len; len += 8) {
        uint8_t *at = map + pages - len;
        memcpy(at, x.bytes, len);
        ck_assert_int_eq(try_table(at, len, &r) == SHUNT_OK, len == x.len);
    }
    for (uint64_t seed = 1; seed < 200; seed++) {
        uint8_t *at = map + pages - x.len;
        memcpy(at, x.bytes, x.len);
        at[64 + draw(&r, (uint32_t)x.len - 64)] ^= (uint8_t)(1 + draw(&r, 255));
        image_fit_checksum(at, x.len);
        try_table(at, x.len, &r);
    }
    munmap(map, pages + page);
    free(x.bytes);
}
END_TEST

/* ---- random changes ---- */

static int rounds = 3000;

/* One change within a section: most keep to fields of four bytes, and to values that stand in the table. */
static void change(uint8_t *bytes, size_t len, uint64_t *r)
{
    size_t from = sizeof(struct tf_header) + draw(r, (uint32_t)(len - sizeof(struct tf_header)) / 4) * 4;
    size_t to = sizeof(struct tf_header) + draw(r, (uint32_t)(len - sizeof(struct tf_header)) / 4) * 4;
    uint32_t v;
    memcpy(&v, bytes + from, 4);
    switch (draw(r, 6)) {
    case 0: v += draw(r, 3) - 1; break;
    case 1: v = (uint32_t)edges[draw(r, 15)]; break;
    case 2: v = draw(r, 20); break;
    case 3: memcpy(&v, bytes + to, 4); break;
    case 4: /* a run of bytes over another */
        v = 4 * (1 + draw(r, 16));
        if (from + v <= len && to + v <= len) memmove(bytes + to, bytes + from, v);
        return;
    default: bytes[from + draw(r, 4)] = (uint8_t)draw(r, 256); return;
    }
    memcpy(bytes + from, &v, 4);
}

START_TEST(random_changes)
{
    struct table x = table_number(_i);
    uint8_t *changed = malloc(x.len);
    int opened = 0;
    for (int seed = 1; seed <= rounds; seed++) {
        uint64_t r = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)seed;
        memcpy(changed, x.bytes, x.len);
        for (uint32_t n = 1 + draw(&r, 3); n > 0; n--) change(changed, x.len, &r);
        image_fit_checksum(changed, x.len);
        opened += try_table(changed, x.len, &r) == SHUNT_OK;
    }
    ck_assert_int_gt(opened, rounds / 100); /* else nothing but the first check is tried */
    free(changed), free(x.bytes);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1) rounds = atoi(argv[1]);
    Suite *suite = suite_create("corrupt");
    TCase *t = tcase_create("corrupt");
    tcase_set_timeout(t, argc > 1 ? 0 : 120);
    tcase_add_loop_test(t, truncated_at_every_byte, 0, TABLES);
    tcase_add_test(t, sections_gone_together);
    tcase_add_loop_test(t, every_bit_flipped_is_noticed, 0, TABLES);
    tcase_add_loop_test(t, every_bit_flipped_with_a_checksum_that_fits, 0, TABLES);
    tcase_add_loop_test(t, directory_numbers_at_their_edges, 0, TABLES);
    tcase_add_loop_test(t, numbers_at_their_edges, 0, TABLES);
    tcase_add_loop_test(t, nothing_behind_the_table_is_read, 0, TABLES);
    tcase_add_loop_test(t, random_changes, 0, TABLES);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
