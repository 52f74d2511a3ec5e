/* The combinations of hours and active days that occur, against asking each of them at an instant
 * (docs/proof.md). */
#include "../../compiler/proof/times.h"
#include "../../runtime/calendar.h"
#include "../unit/random_run.h"
#include "../unit/with_hours.h"
#include "run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As ck_assert_msg(), for what is asked millions of times: that writes a file each time. */
#define EXPECT(truth, ...) ((truth) ? (void)0 : ck_abort_msg(__VA_ARGS__))

enum { TABLES = 2, SOURCES = 2048 };

static struct arena *a;
static const struct shunt_table *tables[TABLES];
static struct table_view views[TABLES];
static uint32_t table_count;
static struct time_source sources[SOURCES];
static uint32_t source_count;
static struct times *t;
static struct strmap cells; /* by the truths of the sources there */

static void setup(void)
{
    a = arena_new();
    table_count = source_count = 0;
}

static void teardown(void)
{
    for (uint32_t i = 0; i < table_count; i++) shunt_table_close(tables[i]);
    arena_free(a);
}

/* ---- what is asked about ---- */

/* All hours and all sets of days of a table. */
static void add_table(const struct shunt_table *table)
{
    uint32_t n = table_count++;
    tables[n] = table;
    table_view(&views[n], table);
    for (uint32_t i = 0; i < views[n].HOURS.count && source_count < SOURCES; i++)
        sources[source_count++] = (struct time_source){table, &views[n], TIME_HOURS, i};
    for (uint32_t i = 0; i < views[n].WINDOW_SET.count && source_count < SOURCES; i++)
        sources[source_count++] = (struct time_source){table, &views[n], TIME_WINDOWS, i};
}

/* Whether a local date is in a range of dates, by month and day where it is every year's. */
static bool in_range(const struct tf_range *r, bool yearly, int64_t day)
{
    int32_t from = (int32_t)le32(r->from), to = (int32_t)le32(r->to);
    if (!yearly) return from <= day && day <= to;
    struct cal_date d = cal_civil(day), x = cal_civil(cal_days(2000, 1, 1) + from),
                    y = cal_civil(cal_days(2000, 1, 1) + to);
    unsigned here = d.month * 100 + d.day, first = x.month * 100 + x.day, last = y.month * 100 + y.day;
    return first <= last ? first <= here && here <= last : first <= here || here <= last;
}

static bool window_has(const struct time_source *s, int64_t at)
{
    const struct tf_window_set *set = &s->view->WINDOW_SET.at[s->index];
    int64_t day = cal_floor_div(at + shunt_table_offset(s->table, at, NULL), CAL_DAY_SEC);
    uint32_t dated = le32(set->dated_count), count = dated + le32(set->yearly_count);
    for (uint32_t i = 0; i < count; i++)
        if (in_range(&s->view->WINDOW.at[le32(set->first) + i], i >= dated, day)) return true;
    return false;
}

static bool truth(uint32_t source, int64_t at)
{
    const struct time_source *s = &sources[source];
    return s->kind == TIME_HOURS ? shunt_hours_open(s->table, s->index, at) : window_has(s, at);
}

static bool said(uint32_t source, uint32_t cell)
{
    uint32_t atom = t->atom_of[source];
    if (atom == TIME_ALWAYS || atom == TIME_NEVER) return atom == TIME_ALWAYS;
    EXPECT(atom < t->atom_count, "source %u", source);
    return times_bit(t, atom, cell);
}

/* ---- what is checked ---- */

static uint32_t check_at(int64_t at)
{
    const int64_t shown = TIMES_SHOWN;
    char key[SOURCES];
    for (uint32_t i = 0; i < source_count; i++) key[i] = (char)('0' + truth(i, at));
    uint32_t cell = strmap_get(&cells, (struct str){key, source_count}, UINT32_MAX);
    EXPECT(cell != UINT32_MAX, "at %lld: %.*s occurs and is no cell", (long long)at, (int)source_count, key);
    if (at >= shown)
        EXPECT(t->at[cell] >= shown && t->at[cell] <= at, "cell %u is shown at %lld, and occurs at %lld",
               cell, (long long)t->at[cell], (long long)at);
    else
        EXPECT(t->at[cell] >= shown || t->at[cell] <= at, "cell %u is shown at %lld, and occurs at %lld",
               cell, (long long)t->at[cell], (long long)at);
    return cell;
}

static void check_around(int64_t at)
{
    for (int64_t i = at - 1; i <= at + 1; i++)
        if (i >= TIMES_FROM && i < TIMES_TO) check_at(i);
}

/* No two cells are alike, and each is what it is said to be where it is shown. */
static void check_cells(void)
{
    ck_assert_uint_ge(t->cell_count, 1);
    ck_assert_uint_eq(t->row_len, (t->cell_count + 63) / 64);
    cells = (struct strmap){0};
    for (uint32_t cell = 0; cell < t->cell_count; cell++) {
        char *key = arena_alloc(a, source_count);
        for (uint32_t i = 0; i < source_count; i++) {
            key[i] = (char)('0' + said(i, cell));
            EXPECT(said(i, cell) == truth(i, t->at[cell]), "cell %u, source %u at %lld", cell, i,
                   (long long)t->at[cell]);
        }
        ck_assert_uint_eq(strmap_put(a, &cells, (struct str){key, source_count}, cell), cell);
    }
    for (uint32_t cell = 0; cell < t->cell_count; cell++) check_around(t->at[cell]);
    check_at(TIMES_FROM);
    check_at(TIMES_TO - 1);
}

/* No two atoms are alike, and none is the same all the time. */
static void check_atoms(void)
{
    struct strmap rows = {0};
    for (uint32_t atom = 0; atom < t->atom_count; atom++) {
        uint32_t held = 0;
        for (uint32_t cell = 0; cell < t->cell_count; cell++) held += times_bit(t, atom, cell);
        ck_assert(held > 0 && held < t->cell_count);
        struct str row = {(const char *)&t->bits[(size_t)atom * t->row_len], t->row_len * sizeof *t->bits};
        ck_assert_uint_eq(strmap_put(a, &rows, row, atom), atom);
    }
}

/* Each opening and closing between two instants, a second before and after it too. */
static void check_changes(int64_t from, int64_t to)
{
    for (uint32_t i = 0; i < source_count; i++) {
        if (sources[i].kind != TIME_HOURS) continue;
        bool open = truth(i, from), found = true;
        for (int64_t at = from; found && at < to; open = !open) {
            found = open ? shunt_hours_next_closing(sources[i].table, sources[i].index, at, &at)
                         : shunt_hours_next_opening(sources[i].table, sources[i].index, at, &at);
            if (found) check_around(at);
        }
    }
}

/* Each midnight of the policies' zones between two instants, and each change of their offsets. */
static void check_days(int64_t from, int64_t to)
{
    for (uint32_t n = 0; n < table_count; n++) {
        int32_t offset = shunt_table_offset(tables[n], from, NULL);
        for (int64_t at = from; at < to; at += 1800) {
            int32_t now = shunt_table_offset(tables[n], at, NULL);
            if ((at + now) % CAL_DAY_SEC < 1800) check_around(at - (at + now) % CAL_DAY_SEC);
            if (now == offset) continue;
            int64_t change = at;
            while (shunt_table_offset(tables[n], change - 1, NULL) == now) change--;
            for (int64_t i = change - 5400; i <= change + 5400; i += 60) check_around(i);
            offset = now;
        }
    }
}

static void check_random(uint64_t seed, int count)
{
    struct gen g = {NULL, seed};
    for (int i = 0; i < count; i++)
        check_at(TIMES_FROM + (int64_t)(rng_next(&g) % (uint64_t)(TIMES_TO - TIMES_FROM)));
}

static void make_times(void)
{
    t = times_new(a, sources, source_count);
    ck_assert_ptr_nonnull(t);
    check_cells();
    check_atoms();
}

/* ---- policies by hand ---- */

static const char *policy, *zone;

static void run_given(void *ctx)
{
    (void)ctx;
    add_table(table_in(a, zone, policy));
    make_times();
}

/* Further ones are asked about together with those before. */
static void given_in(const char *in, const char *text)
{
    zone = in;
    policy = text;
    ck_assert(arena_try(a, run_given, NULL));
}

static void given(const char *text)
{
    given_in("Europe/Stockholm", text);
}

static uint32_t hours_atom(const char *name)
{
    uint32_t hours = shunt_hours_find(tables[table_count - 1], name, strlen(name)), at = 0;
    ck_assert_msg(hours != SHUNT_NONE, "%s", name);
    while (sources[at].table != tables[table_count - 1]) at++;
    return t->atom_of[at + hours];
}

/* Of the n-th of the last policy's window sets. */
static uint32_t window_atom(uint32_t n)
{
    uint32_t at = 0;
    while (sources[at].table != tables[table_count - 1] || sources[at].kind != TIME_WINDOWS) at++;
    return t->atom_of[at + n];
}

/* A policy with rules r0, r1 … that are active on these days. */
static const char *with_rules(const char *before, const char *const *active, uint32_t count)
{
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%s\nrules:\n", before);
    for (uint32_t i = 0; i < count; i++)
        buf_printf(&b, "  - {rule: r%u, when: true, active: [%s], to: unassigned}\n", i, active[i]);
    return buf_done(&b).p;
}

struct rules_job {
    const char *before, *const *active;
    uint32_t count;
    const char *text;
};
static void rules_body(void *ctx)
{
    struct rules_job *job = ctx;
    job->text = with_rules(job->before, job->active, job->count);
}

static void given_active(const char *in, const char *before, const char *const *active, uint32_t count)
{
    struct rules_job job = {before, active, count, NULL};
    ck_assert(arena_try(a, rules_body, &job));
    given_in(in, job.text);
}
#define GIVEN_ACTIVE(in, before, ...)                                                                        \
    do {                                                                                                     \
        static const char *const active_[] = {__VA_ARGS__};                                                  \
        given_active(in, before, active_, sizeof active_ / sizeof *active_);                                 \
    } while (0)

START_TEST(proof_times_without_changes_there_is_one_cell)
{
    given("");
    ck_assert_uint_eq(t->cell_count, 1);
    ck_assert_uint_eq(t->atom_count, 0);
    ck_assert_int_eq(t->at[0], TIMES_SHOWN);
    ck_assert_uint_eq(hours_atom("always"), TIME_ALWAYS);
}
END_TEST

START_TEST(proof_times_what_never_changes_is_no_atom)
{
    GIVEN_ACTIVE("Europe/Stockholm",
                 "hours: {never: {weekly: {mon: []}}, all: {weekly: {mon-sun: 00:00-24:00}},\n"
                 "  late: {weekly: {}, special: {2103-01-01: 09:00-10:00}}}",
                 "1990-01-01..2150-01-01", "2100-01-02..2100-03-01", "1990-01-01..1999-12-31",
                 "01-01..12-31");
    ck_assert_uint_eq(t->cell_count, 1);
    ck_assert_uint_eq(hours_atom("never"), TIME_NEVER);
    ck_assert_uint_eq(hours_atom("late"), TIME_NEVER);
    ck_assert_uint_eq(hours_atom("all"), TIME_ALWAYS);
    ck_assert_uint_eq(window_atom(0), TIME_ALWAYS);
    ck_assert_uint_eq(window_atom(1), TIME_NEVER);
    ck_assert_uint_eq(window_atom(2), TIME_NEVER); /* its last hour is before 2000 in UTC, too */
    ck_assert_uint_eq(window_atom(3), TIME_ALWAYS);
}
END_TEST

START_TEST(proof_times_the_ends_of_time)
{
    GIVEN_ACTIVE("America/New_York", "", "1999-12-31", "2099-12-31..2100-02-01", "2100-01-01");
    ck_assert_uint_eq(t->atom_count, 2); /* New York is 5 hours late: it is still 1999 at first, never 2100 */
    ck_assert_uint_eq(window_atom(2), TIME_NEVER);
    ck_assert_uint_eq(t->cell_count, 3);
    ck_assert_int_eq(t->at[0], TIMES_FROM);
    ck_assert_int_eq(t->at[1], TIMES_SHOWN);
    ck_assert_int_eq(t->at[2], instant("2099-12-31T00:00:00-05:00"));
}
END_TEST

START_TEST(proof_times_the_end_of_time_at_midnight)
{
    GIVEN_ACTIVE("Etc/UTC", "hours: {h: {weekly: {}, special: {2099-12-31: 00:00-24:00}}}", "2099-12-31",
                 "2100-01-01", "1999-12-31", "2000-01-01");
    ck_assert_uint_eq(window_atom(0), hours_atom("h"));
    ck_assert_uint_eq(window_atom(1), TIME_NEVER);
    ck_assert_uint_eq(window_atom(2), TIME_NEVER);
    ck_assert_uint_eq(t->cell_count, 3);
    ck_assert_int_eq(t->at[0], TIMES_FROM);
    ck_assert_int_eq(t->at[2], TIMES_TO - CAL_DAY_SEC);
}
END_TEST

START_TEST(proof_times_a_cell_is_shown_first_from_2026_on)
{
    GIVEN_ACTIVE("Europe/Stockholm", "", "2010-05-01, 2030-05-01", "2010-05-01", "2011-05-01");
    ck_assert_uint_eq(t->cell_count, 4);
    ck_assert_int_eq(t->at[0], TIMES_SHOWN);
    ck_assert_int_eq(t->at[1], instant("2010-05-01T00:00:00+02:00"));
    ck_assert_int_eq(t->at[2], instant("2011-05-01T00:00:00+02:00"));
    ck_assert_int_eq(t->at[3], instant("2030-05-01T00:00:00+02:00"));
}
END_TEST

START_TEST(proof_times_opposites_have_two_cells)
{
    given("hours:\n"
          "  office: {weekly: {mon-fri: 09:00-17:00}, special: {12-24: 09:00-12:00}, seasons: {07-01..07-31: "
          "{mon: 10:00-11:00}}}\n"
          "  duty: {outside: office}\n"
          "  again: {outside: duty}\n"
          "  alike: {like: office}\n");
    ck_assert_uint_eq(t->atom_count, 2);
    ck_assert_uint_eq(t->cell_count, 2);
    ck_assert_uint_eq(hours_atom("again"), hours_atom("office"));
    ck_assert_uint_eq(hours_atom("alike"), hours_atom("office"));
    check_changes(TIMES_FROM, TIMES_TO);
}
END_TEST

START_TEST(proof_times_a_rota_has_one_on_duty)
{
    given("hours:\n"
          "  a: {weekly: {mon-sun: 00:00-24:00}, every: 3 weeks from 2026-03-02}\n"
          "  b: {like: a, every: 3 weeks from 2026-03-09}\n"
          "  c: {like: a, every: 3 weeks from 2026-03-16}\n");
    ck_assert_uint_eq(t->atom_count, 3);
    ck_assert_uint_eq(t->cell_count, 3);
    for (uint32_t cell = 0; cell < 3; cell++)
        ck_assert_int_eq(times_bit(t, 0, cell) + times_bit(t, 1, cell) + times_bit(t, 2, cell), 1);
    check_days(instant("2019-01-01T00:00:00Z"), instant("2029-01-01T00:00:00Z"));
}
END_TEST

START_TEST(proof_times_hours_of_zones_meet_where_they_do)
{
    given("hours:\n"
          "  here: {timezone: Europe/Stockholm, weekly: {mon-fri: 09:00-15:00}}\n"
          "  there: {timezone: America/New_York, weekly: {mon-fri: 09:00-17:00}}\n"
          "  both: {outside: neither}\n"
          "  neither: {outside: either}\n"
          "  either: {timezone: Europe/Stockholm, weekly: {mon-fri: 09:00-15:00}}\n"
          "  few: {timezone: Europe/Stockholm, weekly: {sun: 08:00-09:00}}\n");
    /* Six hours apart they never meet, but for the weeks in which one of them has changed its clocks. */
    ck_assert_uint_eq(t->atom_count, 4);
    ck_assert_uint_eq(hours_atom("both"), hours_atom("here"));
    uint32_t met = 0;
    for (uint32_t cell = 0; cell < t->cell_count; cell++)
        if (times_bit(t, hours_atom("here"), cell) && times_bit(t, hours_atom("there"), cell)) met = cell;
    ck_assert_int_eq(t->at[met], instant("2026-03-09T14:00:00+01:00"));
    check_changes(instant("2024-01-01T00:00:00Z"), instant("2029-01-01T00:00:00Z"));
}
END_TEST

/* ---- days: as hours that are open on them all day ---- */

START_TEST(proof_times_a_date_that_was_left_out)
{
    GIVEN_ACTIVE("Pacific/Apia",
                 "hours: {h: {weekly: {}, special: {2011-12-29: 00:00-24:00, 2011-12-31: 00:00-24:00}}}",
                 "2011-12-30", "2011-12-29..2011-12-30, 2011-12-31", "2011-12-29..2011-12-30", "2011-12-29",
                 "2011-12-31");
    ck_assert_uint_eq(window_atom(0), TIME_NEVER);
    ck_assert_uint_eq(window_atom(1), hours_atom("h"));
    ck_assert_uint_eq(window_atom(2), window_atom(3));
    ck_assert_uint_eq(t->cell_count, 3);
    ck_assert_int_eq(t->at[1], instant("2011-12-29T10:00:00Z"));
    ck_assert_int_eq(t->at[2], instant("2011-12-30T10:00:00Z"));
    check_days(instant("2011-12-20T00:00:00Z"), instant("2012-01-10T00:00:00Z"));
}
END_TEST

START_TEST(proof_times_the_29th_of_february)
{
    GIVEN_ACTIVE("Etc/UTC",
                 "hours:\n"
                 "  h: {weekly: {}, seasons: {02-29..03-02: {mon-sun: 00:00-24:00}}}\n"
                 "  one: {weekly: {}, special: {02-29: 00:00-24:00}}\n"
                 "  round: {weekly: {}, seasons: {03-01..02-29: {mon-sun: 00:00-24:00}}}\n",
                 "02-29..03-02", "02-29", "03-01..02-29", "12-31..01-01", "03-01..02-28", "02-28");
    ck_assert_uint_eq(window_atom(0), hours_atom("h"));
    ck_assert_uint_eq(window_atom(1), hours_atom("one"));
    ck_assert_uint_eq(hours_atom("round"), TIME_ALWAYS);
    ck_assert_uint_eq(window_atom(2), TIME_ALWAYS);
    check_days(TIMES_FROM, TIMES_TO);
}
END_TEST

START_TEST(proof_times_odd_zones)
{
    static const char *const zones[] = {"Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo",
                                        "Australia/Lord_Howe", "America/Nuuk"};
    GIVEN_ACTIVE(zones[_i],
                 "hours: {h: {weekly: {mon-sun: 23:30-00:30}}, n: {weekly: {sat-sun: 01:00-03:00}}}",
                 "2011-12-29..2011-12-31", "10-15..02-20", "2018-11-04, 2018-02-17",
                 "2024-03-31, 2024-04-07, 2026-04-05");
    check_changes(instant("2011-01-01T00:00:00Z"), instant("2013-01-01T00:00:00Z"));
    check_days(TIMES_FROM, instant("2030-01-01T00:00:00Z"));
    check_random(2, 2000);
}
END_TEST

/* ---- several tables, many atoms, limits ---- */

START_TEST(proof_times_of_two_tables)
{
    GIVEN_ACTIVE("Europe/Stockholm",
                 "hours: {x: {weekly: {mon: 09:00-10:00}}, y: {weekly: {tue: 09:00-10:00}}}", "2026-03-01",
                 "2026-05-01");
    uint32_t x = hours_atom("x"), days = window_atom(0);
    GIVEN_ACTIVE("America/New_York",
                 "hours: {z: {weekly: {sun: 01:00-02:00}}, x: {timezone: Europe/Stockholm, weekly: {mon: "
                 "[09:00-09:30, "
                 "09:30-10:00]}}}",
                 "2026-05-01", "2026-03-01");
    ck_assert_uint_eq(hours_atom("x"), x);
    ck_assert_uint_ne(window_atom(0), days); /* the same dates begin six hours later */
    ck_assert_uint_ne(window_atom(1), days);
    ck_assert_uint_eq(t->atom_count, 7);
    check_changes(instant("2026-02-01T00:00:00Z"), instant("2026-06-01T00:00:00Z"));
    check_days(instant("2026-02-01T00:00:00Z"), instant("2026-06-01T00:00:00Z"));
}
END_TEST

static void many(void *ctx)
{
    enum { HOURS = 40, DAYS = 180 };
    struct buf b;
    (void)ctx;
    buf_init(&b, a);
    buf_puts(&b, "hours:\n");
    for (int i = 0; i < HOURS; i++)
        buf_printf(&b, "  h%d: {weekly: {mon: %02d:%02d-%02d:%02d}}\n", i, i / 4, i % 4 * 15, i / 3 + 8,
                   i % 3 * 20);
    buf_puts(&b, "rules:\n");
    for (int i = 0; i < DAYS; i++)
        buf_printf(&b,
                   "  - {rule: r%d, when: true, active: 2026-%02d-%02d..2027-%02d-%02d, to: unassigned}\n", i,
                   i / 28 + 1, i % 28 + 1, i / 28 + 3, i % 28 + 1);
    add_table(table_in(a, "Europe/Stockholm", buf_done(&b).p));
    make_times();
    ck_assert_uint_eq(t->atom_count, HOURS + DAYS);
}

START_TEST(proof_times_of_many_atoms)
{
    ck_assert(arena_try(a, many, NULL));
    check_random(3, 500);
    check_days(instant("2026-12-01T00:00:00Z"), instant("2027-02-01T00:00:00Z"));
}
END_TEST

static uint32_t within(uint32_t changes, uint32_t bits)
{
    struct times *x = times_within(a, sources, source_count, (struct times_limits){changes, bits});
    return x ? x->cell_count : 0;
}

static void limits(void *ctx)
{
    (void)ctx;
    ck_assert_uint_eq(within(4, 6), 3); /* two atoms with two changes each, in three cells */
    ck_assert_uint_eq(within(3, 6), 0);
    ck_assert_uint_eq(within(4, 5), 0);
    ck_assert_uint_eq(within(1, 6), 0);
    ck_assert_uint_eq(within(0, 0), 0);
}

START_TEST(proof_times_limits_are_met_and_not_passed)
{
    GIVEN_ACTIVE("Europe/Stockholm", "", "2026-03-01", "2026-05-01", "2026-03-01..2026-03-01",
                 "1900-01-01..2200-01-01");
    ck_assert_uint_eq(t->cell_count, 3);
    ck_assert(arena_try(a, limits, NULL));
}
END_TEST

START_TEST(proof_times_without_atoms_no_limit_is_met)
{
    given("hours: {all: {weekly: {mon-sun: 00:00-24:00}}}");
    ck_assert_uint_eq(within(0, 0), 1);
}
END_TEST

/* ---- random policies ---- */

static void random_policy(void *ctx)
{
    struct run *r = ctx;
    struct str table = run_compile(r, "policy.yaml");
    const struct shunt_table *opened;
    if (!table.p) return;
    ck_assert_int_eq(shunt_table_open(table.p, table.len, NULL, &opened, NULL), SHUNT_OK);
    add_table(opened);
    make_times();
    check_random(r->seed, 3000);
    check_changes(instant("2026-01-01T00:00:00Z"), instant("2027-06-01T00:00:00Z"));
    check_days(instant("2027-12-20T00:00:00Z"), instant("2028-04-10T00:00:00Z"));
    for (int i = 0; i < r->d.policy->hours.count; i++)
        for (int k = 0; k < 100; k++) check_around(gen_instant(&r->d.tickets, r->d.policy, i));
}

START_TEST(proof_times_of_random_policies)
{
    struct run r;
    run_open(&r, 5000 + (uint64_t)_i);
    ck_assert(arena_try(a, random_policy, &r));
    ck_assert_int_eq(r.complaints, 0);
    run_close(&r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("times");
    TCase *k = tcase_create("times");
    tcase_add_checked_fixture(k, setup, teardown);
    tcase_add_test(k, proof_times_without_changes_there_is_one_cell);
    tcase_add_test(k, proof_times_what_never_changes_is_no_atom);
    tcase_add_test(k, proof_times_the_ends_of_time);
    tcase_add_test(k, proof_times_the_end_of_time_at_midnight);
    tcase_add_test(k, proof_times_a_cell_is_shown_first_from_2026_on);
    tcase_add_test(k, proof_times_opposites_have_two_cells);
    tcase_add_test(k, proof_times_a_rota_has_one_on_duty);
    tcase_add_test(k, proof_times_hours_of_zones_meet_where_they_do);
    tcase_add_test(k, proof_times_a_date_that_was_left_out);
    tcase_add_test(k, proof_times_the_29th_of_february);
    tcase_add_loop_test(k, proof_times_odd_zones, 0, 5);
    tcase_add_test(k, proof_times_of_two_tables);
    tcase_add_test(k, proof_times_of_many_atoms);
    tcase_add_test(k, proof_times_limits_are_met_and_not_passed);
    tcase_add_test(k, proof_times_without_atoms_no_limit_is_met);
    tcase_add_loop_test(k, proof_times_of_random_policies, 0, 40);
    suite_add_tcase(s, k);
    return run_suite(s);
}
