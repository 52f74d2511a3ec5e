/* Instants and dates as text (desk.md 1.1). */
#ifndef SHUNT_CLI_RFC3339_H
#define SHUNT_CLI_RFC3339_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "2026-03-02T09:15:00Z", with a zone, `T` and `Z` in either case; fractions are cut off. false: not of this
 * form, or no such date or time (a second of 60 included). The year is 0000 to 9999, in local time. */
bool parse_rfc3339(const char *text, size_t len, int64_t *at_sec);
/* "2026-11-20": days since 1970-01-01. */
bool parse_date(const char *cstring, int32_t *day);

enum { RFC3339_LEN = 20 };
/* "2026-03-02T09:15:00Z" and a NUL. at_sec: of the years 0000 to 9999. */
void write_rfc3339(int64_t at_sec, char text[RFC3339_LEN + 1]);

#endif
