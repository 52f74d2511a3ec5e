/*
 * What the parts of resolving hours share. Internal to resolve_hours.c, resolve_week.c, resolve_dates.c,
 * resolve_zone.c and check_hours.c.
 *
 * Checking and making are two things: what an admin wrote is checked once, where it stands; what counts
 * (through `like` too) is then made from it without a word.
 */
#ifndef SHUNT_COMPILER_RESOLVE_HOURS_H
#define SHUNT_COMPILER_RESOLVE_HOURS_H

#include "compile.h"

/* resolve_zone.c: the zones that hours name, sorted by name, to the end of model->zones. */
void resolve_zones(struct compilation *c);
/* Among the model's zones; NONE: it is none of them. */
uint32_t find_zone(const struct model *m, struct str name);

/* resolve_week.c */

/* Reports days named twice and intervals that overlap. */
void check_week(struct compilation *c, const week *w);
/* The same of the one date of special hours; and intervals that leave it. */
void check_day(struct compilation *c, const intervals *day);
/* Nights are split at midnight. */
void make_week(struct arena *a, const week *w, struct m_week *out);
void make_day(struct arena *a, const intervals *day, m_day *out);

/* resolve_dates.c */

struct m_range range_of_dates(const struct date_range *r);
/* Sorts and joins ranges, as model.h has them. */
void merge_ranges(struct arena *a, m_ranges *r);
void check_seasons(struct compilation *c, const struct hours_decl *d);
void check_special(struct compilation *c, const struct hours_decl *d);
void make_seasons(struct arena *a, const struct hours_decl *d, struct m_hours *out);
void make_special(struct arena *a, const struct hours_decl *d, struct m_hours *out);

/* resolve_holidays.c: calendar files by number. Each is read once, and what is wrong with it is reported
 * where it is first named. */
struct holiday_files;
struct holiday_files *holiday_files_new(struct arena *a);
uint32_t holiday_file(struct compilation *c, struct holiday_files *files, const struct text *path);
const m_ranges *holiday_dates(const struct holiday_files *files, uint32_t file); /* sorted and joined */

/* check_hours.c: whether hours are open, from the model: slower than the runtime, and apart from it. */

/* The state at an instant, and the first later instant at which it may change. */
bool hours_at(const struct model *m, uint32_t hours, int64_t at_sec, int64_t *until);
/* Of hours that are not outside of others. */
bool hours_always_open(const struct m_hours *h);
bool day_is_open(const m_day *day);
bool week_is_open(const struct m_week *w);
/* Whether there is no open second from 2000 to 2099. *work: how many segments may be looked at, and are left;
 * where they do not suffice the answer is false. */
bool hours_never_open(const struct model *m, uint32_t hours, uint32_t *work);

#endif
