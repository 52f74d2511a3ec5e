/*
 * The `hours` section of a YAML policy to its declarations (language.md 2, 6).
 */
#include "yaml_shape.h"

static void read_intervals(struct shape *p, const struct yaml_node *value, intervals *out)
{
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value)) return;
    if (real->kind == YAML_MAP || yaml_is_null(real)) {
        yaml_wrong_shape(p, value, "times such as 09:00-17:30");
        return;
    }
    struct yaml_items items = yaml_items(value);
    for (uint32_t i = 0; i < items.count; i++) {
        const struct yaml_node *item = yaml_item(&items, i), *text = yaml_real(item);
        struct interval interval;
        if (!yaml_expect(p, item, YAML_TEXT, "times such as 09:00-17:30")) continue;
        if (read_interval(p->d, text->u.text, yaml_inner_span(p->t, text), &interval))
            *vec_push(p->a, out) = interval;
    }
}

static void read_week(struct shape *p, const struct yaml_node *value, void *out)
{
    week *days = out;
    if (!yaml_expect(p, value, YAML_MAP, "a map from days to times")) return;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *key = yaml_real(pairs[i].key);
        struct day_entry e = {.at = yaml_inner_span(p->t, key)};
        if (yaml_skip(pairs[i].key)) continue;
        bool right = read_day_range(p->d, key->u.text, e.at, &e.from, &e.to);
        read_intervals(p, pairs[i].value, &e.hours);
        if (right) *vec_push(p->a, days) = e;
    }
}

static void read_seasons(struct shape *p, const struct yaml_node *value, void *out)
{
    struct hours_decl *h = out;
    if (!yaml_expect(p, value, YAML_MAP, "a map from ranges of dates to weeks")) return;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *key = yaml_real(pairs[i].key);
        struct season_entry e = {.at = yaml_inner_span(p->t, key)};
        if (yaml_skip(pairs[i].key)) continue;
        bool right = read_date_range(p->d, key->u.text, e.at, &e.in);
        read_week(p, pairs[i].value, &e.week);
        if (right) *vec_push(p->a, &h->seasons) = e;
    }
}

static void read_special(struct shape *p, const struct yaml_node *value, void *out)
{
    struct hours_decl *h = out;
    if (!yaml_expect(p, value, YAML_MAP, "a map from dates to times")) return;
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *key = yaml_real(pairs[i].key);
        struct special_entry e = {.at = yaml_inner_span(p->t, key)};
        if (yaml_skip(pairs[i].key)) continue;
        bool right = read_date(p->d, key->u.text, e.at, &e.date);
        read_intervals(p, pairs[i].value, &e.hours);
        if (right) *vec_push(p->a, &h->special) = e;
    }
}

static void read_every_value(struct shape *p, const struct yaml_node *value, void *out)
{
    struct hours_decl *h = out;
    const struct yaml_node *real = yaml_real(value);
    h->every_at = yaml_inner_span(p->t, real);
    if (!yaml_expect(p, value, YAML_TEXT, "weeks and a date")) return;
    read_every(p->d, real->u.text, h->every_at, &h->every_weeks, &h->every_from);
}

#define ROW(word, reader, key_member, member, example)                                                       \
    YAML_ROW(struct hours_decl, word, reader, key_member, member, example)
/* Readers that fill in several members get the whole declaration: member `name`, which is its first. */
_Static_assert(offsetof(struct hours_decl, name) == 0, "the declaration is where its first member is");
static const struct yaml_row hours_rows[] = {
    ROW("timezone", yaml_read_name, timezone_key, timezone, "timezone: Europe/Stockholm"),
    ROW("weekly", read_week, weekly_key, weekly,
        "weekly: {mon-thu: 09:00-17:30, fri: [09:00-12:00, 13:00-16:00]}"),
    ROW("seasons", read_seasons, seasons_key, name, "seasons: {06-29..08-07: {mon-fri: 10:00-15:00}}"),
    ROW("closed", yaml_read_dates, closed_key, closed, "closed: [12-24..12-26, 2027-01-01]"),
    ROW("special", read_special, special_key, name, "special: {2026-12-27: 10:00-14:00}"),
    ROW("holidays", yaml_read_texts, holidays_key, holidays, "holidays: [se.ics]"),
    ROW("breaks", read_week, breaks_key, breaks, "breaks: {mon-fri: 11:00-12:00}"),
    ROW("like", yaml_read_name, like_key, like, "like: office"),
    ROW("outside", yaml_read_name, outside_key, outside, "outside: office"),
    ROW("every", read_every_value, every_key, name, "every: 6 weeks from 2026-03-02"),
};
#undef ROW

void yaml_read_hours(struct shape *p, const struct yaml_node *value, struct span key)
{
    (void)key;
    uint32_t count;
    if (!yaml_expect_section(p, value, YAML_MAP, "a map from names to hours")) return;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        struct hours_decl *h = arena_new_of(p->a, struct hours_decl);
        if (yaml_is_nameless(p, value, i, hours_rows, sizeof hours_rows / sizeof *hours_rows)) continue;
        if (!yaml_name(p, pairs[i].key, &h->name) || yaml_skip(pairs[i].value)) continue;
        struct item *item = yaml_item_add(p, ITEM_HOURS, yaml_pair_span(p, &pairs[i]), h->name.at);
        item->u.hours = h;
        if (yaml_expect(p, pairs[i].value, YAML_MAP, "a map for each name"))
            yaml_read_map(p, pairs[i].value, hours_rows, sizeof hours_rows / sizeof *hours_rows, h,
                          "an entry of hours");
    }
}
