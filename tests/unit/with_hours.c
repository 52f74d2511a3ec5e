/* See with_hours.h. */
#include "with_hours.h"
#include "../../runtime/calendar.h"

#include <check.h>
#include <stdio.h>

int64_t instant(const char *rfc3339)
{
    unsigned y, mo, d, h, mi, s, zh, zm;
    char zone;
    int fields = sscanf(rfc3339, "%u-%u-%uT%u:%u:%u%c%u:%u", &y, &mo, &d, &h, &mi, &s, &zone, &zh, &zm);
    ck_assert_msg(fields == 9 || (fields == 7 && zone == 'Z'), "%s", rfc3339);
    int64_t at = cal_days(y, mo, d) * CAL_DAY_SEC + (h * 60 + mi) * 60 + s;
    if (zone == 'Z') return at;
    return zone == '-' ? at + (zh * 60 + zm) * 60 : at - (zh * 60 + zm) * 60;
}

int32_t day_of(const char *date)
{
    unsigned y, m, d;
    ck_assert_int_eq(sscanf(date, "%u-%u-%u", &y, &m, &d), 3);
    return (int32_t)cal_days(y, m, d);
}

static struct compilation *compile_in(struct arena *a, const char *zone, const char *text)
{
    struct compile_options options = {.zoneinfo_dir = S("tests/data/zoneinfo")};
    struct str policy = arena_printf(a, "shunt: 1\ntimezone: %s\n%s", zone, text);
    return compile_text(a, "test.yaml", policy, &options);
}

struct compilation *compile_with(struct arena *a, const char *text)
{
    return compile_in(a, "Europe/Stockholm", text);
}

const struct shunt_table *table_with(struct arena *a, const char *text)
{
    return table_in(a, "Europe/Stockholm", text);
}

const struct shunt_table *table_in(struct arena *a, const char *zone, const char *text)
{
    struct compilation *c = compile_in(a, zone, text);
    const struct shunt_table *t = NULL;
    struct shunt_table_error wrong = {0};
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        ck_assert_msg(!diag_is_error(c->diags.list.at[i]->id), "%s", c->diags.list.at[i]->message.p);
    ck_assert_ptr_nonnull(c->table.p);
    enum shunt_status s = shunt_table_open(c->table.p, c->table.len, NULL, &t, &wrong);
    ck_assert_msg(s == SHUNT_OK, "section %u record %u: %s", wrong.section, (unsigned)wrong.record,
                  wrong.reason);
    return t;
}

const char *first_error(struct arena *a, const char *text)
{
    struct compilation *c = compile_with(a, text);
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        if (diag_is_error(c->diags.list.at[i]->id)) return c->diags.list.at[i]->message.p;
    return "";
}

const char *day_text(struct arena *a, const struct view_day *d)
{
    struct buf b;
    buf_init(&b, a);
    for (uint32_t i = 0; i < d->count; i++)
        buf_printf(&b, "%s%02d:%02d-%02d:%02d", i ? " " : "", d->at[i].from_min / 60, d->at[i].from_min % 60,
                   d->at[i].to_min / 60, d->at[i].to_min % 60);
    return buf_done(&b).p;
}
