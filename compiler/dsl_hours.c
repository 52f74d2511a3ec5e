/*
 * What hours say - days, seasons, breaks, dates - from the grammar's actions to the tree.
 *
 * A date or time that is wrong is reported by units.c and left out.
 */
#include "dsl_build.h"

static struct hours_decl *hours_of(struct parse *p)
{
    return p->decl;
}

void read_dates(struct parse *p, const unit_list *list, dates *out)
{
    for (uint32_t i = 0; list && i < list->count; i++) {
        struct date_range r;
        if (read_date_range(p->d, list->at[i].s, list->at[i].at, &r)) *vec_push(p->a, out) = r;
    }
}

static void read_intervals(struct parse *p, const unit_list *list, intervals *out)
{
    for (uint32_t i = 0; list && i < list->count; i++) {
        struct interval in;
        if (read_interval(p->d, list->at[i].s, list->at[i].at, &in)) *vec_push(p->a, out) = in;
    }
}

/* A day's entry at the end of a week. An interval that is wrong does not make the day a closed one. */
static void add_day(struct parse *p, week *w, const struct token *days, const unit_list *list)
{
    struct day_entry entry = {.at = days->at};
    if (!read_day_range(p->d, days->s, days->at, &entry.from, &entry.to)) return;
    read_intervals(p, list, &entry.hours);
    *vec_push(p->a, w) = entry;
}

void add_days(struct parse *p, const struct token *days, const unit_list *list)
{
    struct hours_decl *h = hours_of(p);
    week *w =
        p->block_depth == 2 ? &h->seasons.at[h->seasons.count - 1].week : say_more(p, HOURS_WEEKLY, days);
    if (w) add_day(p, w, days, list);
}

void add_break(struct parse *p, const struct token *word, const struct token *days, const unit_list *list)
{
    week *w = say_more(p, HOURS_BREAKS, word);
    if (w) add_day(p, w, days, list);
}

static void set_none(struct parse *p, const struct token *word, enum slot_id id)
{
    if (say(p, id, word)) p->none_said |= UINT64_C(1) << id;
}

void set_weekly_none(struct parse *p, const struct token *word)
{
    set_none(p, word, HOURS_WEEKLY);
}
void set_seasons_none(struct parse *p, const struct token *word)
{
    set_none(p, word, HOURS_SEASONS);
}
void set_special_none(struct parse *p, const struct token *word)
{
    set_none(p, word, HOURS_SPECIAL);
}
void set_breaks_none(struct parse *p, const struct token *word)
{
    set_none(p, word, HOURS_BREAKS);
}

/* A season whose range is wrong stays until the block ends, for its days to be read into. */
void open_season(struct parse *p, const struct token *word, const struct token *range)
{
    struct hours_decl *h = hours_of(p);
    struct season_entry season = {.at = range ? range->at : word->at, .whole = word->at};
    if (range && !read_date_range(p->d, range->s, range->at, &season.in)) season.in.from.month = 0;
    say_more(p, HOURS_SEASONS, word);
    *vec_push(p->a, &h->seasons) = season;
}

void close_season(struct parse *p)
{
    struct hours_decl *h = hours_of(p);
    struct season_entry *season = &h->seasons.at[h->seasons.count - 1];
    season->whole = said_from(p, season->whole);
}

void drop_wrong_seasons(struct parse *p)
{
    struct hours_decl *h = hours_of(p);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < h->seasons.count; i++)
        if (h->seasons.at[i].in.from.month) h->seasons.at[kept++] = h->seasons.at[i];
    h->seasons.count = kept;
}

void set_closed(struct parse *p, const struct token *word, const unit_list *list)
{
    dates *out = say(p, HOURS_CLOSED, word);
    if (out) read_dates(p, list, out);
}

void add_special(struct parse *p, const struct token *word, const struct token *date, const unit_list *list)
{
    struct special_entry entry = {.at = date->at};
    struct hours_decl *h = hours_of(p);
    if (!read_date(p->d, date->s, date->at, &entry.date) || !say_more(p, HOURS_SPECIAL, word)) return;
    read_intervals(p, list, &entry.hours);
    *vec_push(p->a, &h->special) = entry;
}

void set_holidays(struct parse *p, const struct token *word, const text_list *paths)
{
    struct hours_decl *h = hours_of(p);
    if (!say(p, HOURS_HOLIDAYS, word)) return;
    for (uint32_t i = 0; paths && i < paths->count; i++) *vec_push(p->a, &h->holidays) = paths->at[i];
}

void set_every(struct parse *p, const struct token *word, const struct token *weeks, const struct token *from)
{
    struct hours_decl *h = hours_of(p);
    if (!say(p, HOURS_EVERY, word)) return;
    h->every_at = span_join(weeks->at, from->at);
    struct str text = arena_printf(p->a, "%.*s weeks from %.*s", (int)weeks->s.len, weeks->s.p,
                                   (int)from->s.len, from->s.p);
    if (!read_every(p->d, text, h->every_at, &h->every_weeks, &h->every_from)) h->every_key.len = 0;
}
