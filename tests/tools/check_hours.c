/*
 * Holds hours, zones and holidays against files of facts: offsets of every zone, schedules that are open or
 * closed, seconds between two instants, dates of calendar files. Each fact goes the whole way: a policy is
 * written, compiled, opened, and asked.
 *
 * Usage: check_hours FOLDER, a folder with hours/ (offsets.tsv.gz, offsets-changed-2026f.tsv, is_open.jsonl,
 * open_seconds.jsonl) and holidays/ (dates.tsv and the files it names). Prints what differs and how many
 * facts hold; exit status 1 where one does not.
 */
#include "../../compiler/compile.h"
#include "../../runtime/calendar.h"
#include "../../runtime/shunt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    struct arena *a;
    const char *folder;
    uint64_t held, failed;
};

static void expect(struct job *j, bool holds, const char *fact, long long got)
{
    if (holds) {
        j->held++;
    } else if (j->failed++ < 20) {
        printf("differs, got %lld: %s", got, fact);
    }
}

/* A policy's text to an open table; ends the program where it does not compile. */
static const struct shunt_table *table_of(struct job *j, struct str text, struct compilation **c)
{
    const struct shunt_table *t = NULL;
    struct shunt_table_error wrong;
    *c = compile_text(j->a, "facts.yaml", text, NULL);
    for (uint32_t i = 0; i < (*c)->diags.list.count; i++) {
        if (diag_is_error((*c)->diags.list.at[i]->id))
            fprintf(stderr, "%s\n", (*c)->diags.list.at[i]->message.p);
    }
    if (!(*c)->table.p || shunt_table_open((*c)->table.p, (*c)->table.len, NULL, &t, &wrong)) exit(2);
    return t;
}

static FILE *open_file(const struct job *j, const char *name, bool packed)
{
    char command[4200];
    snprintf(command, sizeof command, packed ? "gzip -dc '%s/%s'" : "%s/%s", j->folder, name);
    FILE *f = packed ? popen(command, "r") : fopen(command, "r");
    if (!f) exit(2);
    return f;
}

/* "2027-02-07T01:59:59Z" */
static int64_t instant(const char *s)
{
    unsigned y, mo, d, h, mi, sec;
    if (sscanf(s, "%u-%u-%uT%u:%u:%u", &y, &mo, &d, &h, &mi, &sec) != 6) exit(2);
    return cal_days(y, mo, d) * CAL_DAY_SEC + (h * 60 + mi) * 60 + sec;
}

/* ---- offsets ---- */

struct row {
    char line[200], zone[64], utc[32];
    int offset, isdst;
};
typedef VEC(struct row) rows;

static void read_rows(struct job *j, const char *name, bool packed, rows *out)
{
    struct row r;
    FILE *f = open_file(j, name, packed);
    for (bool head = true; fgets(r.line, sizeof r.line, f); head = false) {
        if (head) continue;
        if (sscanf(r.line, "%63s %31s %*s %d %d", r.zone, r.utc, &r.offset, &r.isdst) != 4) exit(2);
        *vec_push(j->a, out) = r;
    }
    packed ? pclose(f) : fclose(f);
}

static void replace_rows(struct job *j, rows *all, const rows *changed)
{
    struct strmap places = {0};
    for (uint32_t i = 0; i < all->count; i++)
        strmap_put(j->a, &places, arena_printf(j->a, "%s %s", all->at[i].zone, all->at[i].utc), i);
    for (uint32_t i = 0; i < changed->count; i++) {
        struct str key = arena_printf(j->a, "%s %s", changed->at[i].zone, changed->at[i].utc);
        uint32_t at = strmap_get(&places, key, NONE);
        if (at != NONE) all->at[at] = changed->at[i];
    }
}

static const struct shunt_table *zones_table(struct job *j, const rows *all, struct compilation **c)
{
    struct buf b;
    buf_init(&b, j->a);
    buf_puts(&b, "shunt: 1\ntimezone: UTC\nhours:\n");
    for (uint32_t i = 0; i < all->count; i++) {
        const char *zone = all->at[i].zone;
        if (!i || strcmp(zone, all->at[i - 1].zone))
            buf_printf(&b, "  \"%s\": {timezone: \"%s\", weekly: {mon-sun: 00:00-24:00}}\n", zone, zone);
    }
    return table_of(j, buf_done(&b), c);
}

static void check_offsets(struct job *j)
{
    rows all = {0}, changed = {0};
    struct compilation *c;
    read_rows(j, "hours/offsets.tsv.gz", true, &all);
    read_rows(j, "hours/offsets-changed-2026f.tsv", false, &changed);
    const struct shunt_table *t = zones_table(j, &all, &c);
    if (str_cmp(c->model.zone_release, S("2026f")) >= 0) replace_rows(j, &all, &changed);
    for (uint32_t i = 0; i < all.count; i++) {
        const struct row *r = &all.at[i];
        bool isdst;
        int32_t offset =
            shunt_hours_offset(t, shunt_hours_find(t, r->zone, strlen(r->zone)), instant(r->utc), &isdst);
        expect(j, offset == r->offset && isdst == r->isdst, r->line, offset);
    }
    shunt_table_close(t);
}

/* ---- schedules ---- */

/* What stands behind "key": on the line, NULL where the key is not there. */
static const char *value_of(const char *line, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *p = strstr(line, quoted);
    return p ? p + strlen(quoted) : NULL;
}

/* The list of texts at p, after `before`, joined by commas: ["a", "b"] to a, b. */
static void put_list(struct buf *b, const char *before, const char *p)
{
    buf_puts(b, before);
    for (; p && *p && *p != ']'; p++)
        if (*p != '[' && *p != '"') buf_putc(b, *p);
}

/* {"mon": [["09:00", "17:00"]], …} as YAML: the pairs joined by '-'. */
static void put_week(struct buf *b, const char *p)
{
    int depth = 0;
    for (; *p; p++) {
        depth += (*p == '[') - (*p == ']');
        if (depth == 2 && *p == ',')
            buf_putc(b, '-'), p++;
        else if (depth == 2 && *p == '[')
            continue;
        else if (depth == 1 && *p == ']')
            continue;
        else if (*p != '"')
            buf_putc(b, *p);
        if (*p == '}') break;
    }
}

static const struct shunt_table *schedule(struct job *j, const char *line)
{
    struct buf b;
    struct compilation *c;
    buf_init(&b, j->a);
    const char *tz = value_of(line, "tz") + 1;
    buf_printf(&b, "shunt: 1\ntimezone: %.*s\nhours:\n  h:\n    closed: [", (int)strcspn(tz, "\""), tz);
    const char *dated = value_of(line, "holidays"), *yearly = value_of(line, "yearly_holidays");
    put_list(&b, "", dated);
    put_list(&b, dated && dated[1] != ']' && yearly && yearly[1] != ']' ? ", " : "", yearly);
    buf_puts(&b, "]\n    weekly: ");
    put_week(&b, value_of(line, "hours"));
    buf_puts(&b, "\n");
    return table_of(j, buf_done(&b), &c);
}

static void check_is_open(struct job *j)
{
    char line[8192];
    FILE *f = open_file(j, "hours/is_open.jsonl", false);
    while (fgets(line, sizeof line, f)) {
        const struct shunt_table *t = schedule(j, line);
        bool open = shunt_hours_open(t, 1, instant(value_of(line, "t") + 1));
        expect(j, open == (*value_of(line, "open") == 't'), line, open);
        shunt_table_close(t);
    }
    fclose(f);
}

/* The last line counts wall-clock hours over a change of the zone: on it the seconds that pass are wanted. */
static void check_open_seconds(struct job *j)
{
    char line[8192];
    FILE *f = open_file(j, "hours/open_seconds.jsonl", false);
    while (fgets(line, sizeof line, f)) {
        const struct shunt_table *t = schedule(j, line);
        long long want = atoll(value_of(line, "python_ref"));
        int64_t got =
            shunt_hours_seconds(t, 1, instant(value_of(line, "from") + 1), instant(value_of(line, "to") + 1));
        expect(j, got == want, line, got);
        shunt_table_close(t);
    }
    fclose(f);
}

/* ---- holidays: each date of 2019 to 2028 is closed where dates.tsv has it, and open elsewhere ---- */

static const struct shunt_table *calendar(struct job *j, const char *file)
{
    char path[] = "/tmp/shunt-check-hours-XXXXXX", policy[64], command[9000];
    const struct shunt_table *t = NULL;
    struct shunt_table_error wrong;
    if (!mkdtemp(path)) exit(2);
    snprintf(policy, sizeof policy, "%s/p.yaml", path);
    snprintf(command, sizeof command, "cp '%s/holidays/%s' %s/", j->folder, file, path);
    FILE *f = fopen(policy, "w");
    if (!f || system(command)) exit(2);
    fprintf(f, "shunt: 1\ntimezone: UTC\nhours: {h: {weekly: {mon-sun: 00:00-24:00}, holidays: %s}}\n", file);
    fclose(f);
    struct compilation *c = compile_policy(j->a, policy, NULL);
    if (!c->table.p || shunt_table_open(c->table.p, c->table.len, NULL, &t, &wrong)) exit(2);
    snprintf(command, sizeof command, "rm -r %s", path);
    if (system(command)) exit(2);
    return t;
}

static void check_calendar(struct job *j, const char *file, const char *facts, int last_year)
{
    const struct shunt_table *t = calendar(j, file);
    for (int64_t day = cal_days(2019, 1, 1); day <= cal_days(last_year, 12, 31); day++) {
        struct cal_date d = cal_civil(day);
        char want[200];
        snprintf(want, sizeof want, "\n%s\t%04d-%02u-%02u\t", file, (int)d.year, d.month, d.day);
        bool open = shunt_hours_open(t, 1, day * CAL_DAY_SEC);
        expect(j, open == !strstr(facts, want), want, open);
    }
    shunt_table_close(t);
}

static void check_holidays(struct job *j)
{
    char *facts = arena_alloc(j->a, 1 << 20);
    FILE *f = open_file(j, "holidays/dates.tsv", false);
    if (!fread(facts, 1, (1 << 20) - 1, f)) exit(2);
    fclose(f);
    check_calendar(j, "gb-england-and-wales.ics", facts, 2028);
    check_calendar(j, "gb-scotland.ics", facts, 2028);
    check_calendar(j, "gb-northern-ireland.ics", facts, 2028);
    check_calendar(j, "se.ics", facts, 2027);
}

static void body(void *ctx)
{
    struct job *j = ctx;
    static const struct {
        const char *name;
        void (*check)(struct job *j);
    } parts[] = {{"offsets", check_offsets},
                 {"is_open", check_is_open},
                 {"open_seconds", check_open_seconds},
                 {"holidays", check_holidays}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t held = j->held, failed = j->failed;
        parts[i].check(j);
        printf("%s: %llu hold, %llu differ\n", parts[i].name, (unsigned long long)(j->held - held),
               (unsigned long long)(j->failed - failed));
    }
}

int main(int argc, char **argv)
{
    struct job j = {.a = arena_new()};
    if (argc != 2 || !j.a) return 2;
    j.folder = argv[1];
    bool whole = arena_try(j.a, body, &j);
    arena_free(j.a);
    return !whole || j.failed > 0;
}
