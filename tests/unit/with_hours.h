/* For tests of hours and zones: instants by name, policies to open tables, with the zones of
 * tests/data/zoneinfo. */
#ifndef SHUNT_TESTS_WITH_HOURS_H
#define SHUNT_TESTS_WITH_HOURS_H

#include "../../compiler/compile.h"
#include "../../compiler/view_hours.h"
#include "../../runtime/shunt.h"

/* "2026-03-29T00:30:00Z", or with an offset: "2026-03-29T01:30:00+01:00". */
int64_t instant(const char *rfc3339);
/* "2026-03-29" as days since 1970. */
int32_t day_of(const char *date);
/* The policy `shunt: 1`, `timezone: Europe/Stockholm` and what the text adds. */
struct compilation *compile_with(struct arena *a, const char *text);
/* The same, open; the test fails where there are errors. To be closed. */
const struct shunt_table *table_with(struct arena *a, const char *text);
/* With another time zone. */
const struct shunt_table *table_in(struct arena *a, const char *zone, const char *text);
/* The message of the first error, "" where there is none. */
const char *first_error(struct arena *a, const char *text);
/* "09:00-12:00 13:00-17:00". */
const char *day_text(struct arena *a, const struct view_day *d);

#endif
