/* Calendar files to closed dates (language.md 6.5), and recurrence rules against libical's. */
#include "../../compiler/holidays.h"
#include "../../compiler/rrule.h"
#include "../../runtime/calendar.h"
#include "run_suite.h"
#include "with_hours.h"

#include <check.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static void setup(void)
{
    a = arena_new();
}
static void teardown(void)
{
    arena_free(a);
}

/* ---- events ---- */

/* What stands between BEGIN:VEVENT and END:VEVENT; the dates of 2024 to 2029 that it closes, or its fault. */
static const struct {
    const char *event, *dates;
} rows[] = {
    {"DTSTART;VALUE=DATE:20260102", "2026-01-02"},
    {"DTSTART:20260102", "2026-01-02"},
    {"dtstart;value=date:20260102\nDtEnd;Value=Date:20260103", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260105", "2026-01-02 2026-01-03 2026-01-04"},
    {"DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260102", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P2D", "2026-01-02 2026-01-03"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1W",
     "2026-01-02 2026-01-03 2026-01-04 2026-01-05 2026-01-06 2026-01-07 2026-01-08"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1DT1H", "2026-01-02 2026-01-03"},
    {"DTSTART;X-NOTE=\"a;b:c\";VALUE=DATE:20260102", "2026-01-02"},
    {"DTSTART;VALUE=DATE:2026\n 0102", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY", "2024-02-29 2028-02-29"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;COUNT=2", "2026-01-02 2027-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;UNTIL=20270102", "2026-01-02 2027-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;UNTIL=20280101T235959Z", "2026-01-02 2027-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260104\nRRULE:FREQ=MONTHLY;COUNT=2",
     "2026-01-02 2026-01-03 2026-02-02 2026-02-03"},
    {"DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY;COUNT=3", "2026-01-31 2026-03-31 2026-05-31"},
    {"DTSTART;VALUE=DATE:20241128\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3",
     "2024-11-28 2025-11-27 2026-11-26"},
    {"DTSTART;VALUE=DATE:20260525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", "2026-05-25 2027-05-31"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=3", "2026-01-02 2026-01-04 2026-01-06"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20260103,20260105",
     "2026-01-02 2026-01-04"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260102T000000Z",
     "2026-01-03 2026-01-04"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY;BYDAY=FR,SU;WKST=SU;INTERVAL=2;COUNT=4",
     "2026-01-02 2026-01-11 2026-01-16 2026-01-25"},
    {"DTSTART;VALUE=DATE:20260102\nSTATUS:CANCELLED", ""},
    {"DTSTART;VALUE=DATE:20260102\nSTATUS:CANCELLED\nRRULE:FREQ=SECONDLY", ""},
    {"DTSTART:20260102T090000Z\nRRULE:FREQ=HOURLY\nRDATE:20260103T090000Z", ""},
    {"DTSTART;TZID=Europe/Stockholm:20260102T000000\nDTEND;TZID=Europe/Stockholm:20260103T000000", ""},
    {"DTSTART;VALUE=DATE:20260102\nBEGIN:VALARM\nTRIGGER:-P1D\nDURATION:P9D\nEND:VALARM", "2026-01-02"},
    /* faults */
    {"DTSTART;VALUE=DATE:20260230", "line 3: this is not a date: \"20260230\""},
    {"DTSTART;VALUE=DATE:20260102T090000", "line 3: this is not a date: \"20260102T090000\""},
    {"DTSTART;VALUE=DATE:20260102\nDTEND:20260103T000000Z", "line 4: an all-day event ends at a time of day"},
    {"DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260101", "line 4: an event ends before it begins"},
    {"DTSTART;VALUE=DATE:20260102\nDTSTART;VALUE=DATE:20260103", "line 4: an event says twice \"DTSTART\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:-P1D", "line 4: this is not the length of a holiday: \"-P1D\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P", "line 4: this is not the length of a holiday: \"P\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P999999999D",
     "line 4: this is not the length of a holiday: \"P999999999D\""},
    {"DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260103\nDURATION:P1D",
     "line 5: an event has both DTEND and DURATION"},
    {"SUMMARY:nothing", "line 2: an event has no DTSTART"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=HOURLY", "line 4: FREQ=HOURLY"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:freq=minutely;count=1", "line 4: freq=minutely"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=SECONDLY", "line 4: FREQ=SECONDLY"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:RSCALE=CHINESE;FREQ=YEARLY", "line 4: RSCALE=CHINESE"},
    {"DTSTART;VALUE=DATE:20260102\nRDATE;VALUE=DATE:20260103", "line 4: RDATE"},
    {"DTSTART;VALUE=DATE:20260102\nEXRULE:FREQ=DAILY", "line 4: EXRULE"},
    {"DTSTART;VALUE=DATE:20260102\nRECURRENCE-ID;VALUE=DATE:20260101", "line 4: RECURRENCE-ID"},
    {"DTSTART:20260102T090000Z\nRECURRENCE-ID;VALUE=DATE:20260101", "line 4: RECURRENCE-ID"},
    {"DTSTART;VALUE=DATE:20260102\nRECURRENCE-ID;VALUE=DATE:20260101\nSTATUS:CANCELLED",
     "line 4: RECURRENCE-ID"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:COUNT=2",
     "line 4: this recurrence rule is wrong: \"it has no FREQ\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101",
     "line 4: this recurrence rule is wrong: \"COUNT and UNTIL together\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;COUNT=0",
     "line 4: this recurrence rule is wrong: \"COUNT=0\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;FREQ=DAILY",
     "line 4: this recurrence rule is wrong: \"FREQ=DAILY\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;BYDAY=1MO",
     "line 4: this recurrence rule is wrong: \"a number in BYDAY that counts nothing\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=MONTHLY;BYWEEKNO=1",
     "line 4: this recurrence rule is wrong: \"BYWEEKNO without FREQ=YEARLY\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=MONTHLY;BYYEARDAY=1",
     "line 4: this recurrence rule is wrong: \"BYYEARDAY without FREQ=YEARLY\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY;BYMONTHDAY=1",
     "line 4: this recurrence rule is wrong: \"BYMONTHDAY with FREQ=WEEKLY\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO",
     "line 4: this recurrence rule is wrong: \"a number in BYDAY that counts nothing\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=M",
     "line 4: this recurrence rule is wrong: \"BYDAY=M\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=XX",
     "line 4: this recurrence rule is wrong: \"BYDAY=XX\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=54MO",
     "line 4: this recurrence rule is wrong: \"BYDAY=54MO\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=xMO",
     "line 4: this recurrence rule is wrong: \"BYDAY=xMO\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=-0MO",
     "line 4: this recurrence rule is wrong: \"BYDAY=-0MO\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTH=13",
     "line 4: this recurrence rule is wrong: \"BYMONTH=13\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTH=x",
     "line 4: this recurrence rule is wrong: \"BYMONTH=x\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTH=",
     "line 4: this recurrence rule is wrong: \"BYMONTH=\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTHDAY=32",
     "line 4: this recurrence rule is wrong: \"BYMONTHDAY=32\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTHDAY=+",
     "line 4: this recurrence rule is wrong: \"BYMONTHDAY=+\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYYEARDAY=367",
     "line 4: this recurrence rule is wrong: \"BYYEARDAY=367\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYYEARDAY=1,x",
     "line 4: this recurrence rule is wrong: \"BYYEARDAY=1,x\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;WKST=XX",
     "line 4: this recurrence rule is wrong: \"WKST=XX\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;INTERVAL=99999999999", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;COUNT=1x",
     "line 4: this recurrence rule is wrong: \"COUNT=1x\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;UNTIL=20270231",
     "line 4: this recurrence rule is wrong: \"UNTIL=20270231\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;UNTIL=2027",
     "line 4: this recurrence rule is wrong: \"UNTIL=2027\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=FORTNIGHTLY",
     "line 4: this recurrence rule is wrong: \"FREQ=FORTNIGHTLY\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYEASTER=1",
     "line 4: this recurrence rule is wrong: \"BYEASTER=1\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:RSCALE=gregorian;FREQ=YEARLY;SKIP=omit;COUNT=1", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=FORWARD", "line 4: SKIP=FORWARD"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=MONTHLY;BYMONTHDAY=+2,-1;COUNT=3;BYHOUR=9",
     "2026-01-02 2026-01-31 2026-02-02"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYDAY=+1FR;BYMONTH=1;COUNT=2", "2026-01-02 2027-01-01"},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYYEARDAY=2,-1;COUNT=3;WKST=MO",
     "2026-01-02 2026-12-31 2027-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1", "line 4: this is not the length of a holiday: \"P1\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1X", "line 4: this is not the length of a holiday: \"P1X\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:D", "line 4: this is not the length of a holiday: \"D\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1D2", "line 4: this is not the length of a holiday: \"P1D2\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:PT1D", "line 4: this is not the length of a holiday: \"PT1D\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:PT", "line 4: this is not the length of a holiday: \"PT\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1H", "line 4: this is not the length of a holiday: \"P1H\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1DT", "line 4: this is not the length of a holiday: \"P1DT\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:-P1W", "line 4: this is not the length of a holiday: \"-P1W\""},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:+P1D", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:PT24H", "2026-01-02"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:p1dt1m1s", "2026-01-02 2026-01-03"},
    {"DTSTART;VALUE=DATE:20260102\nDURATION:P1D\nDURATION:P1D", "line 5: an event says twice \"DURATION\""},
    {"DTSTART;VALUE=DATE:20260102\nDTEND:20260103\nDTEND:20260103", "line 5: an event says twice \"DTEND\""},
    {"DTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:20260132", "line 4: this is not a date: \"20260132\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;COUNT=2\nEXDATE;VALUE=DATE:2027010",
     "line 5: this is not a date: \"2027010\""},
    {"DTSTART:20260102T0900", "line 3: this is not a date: \"20260102T0900\""},
    {"DTSTART:20260102X090000", "line 3: this is not a date: \"20260102X090000\""},
    {"DTSTART:20260102T090000ZZ", "line 3: this is not a date: \"20260102T090000ZZ\""},
    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY;COUNT=2\nSUMMARY:\xc3\xa9\nEXDATE:x\x07\xc3",
     "line 6: this is not a date: \"x??\""},
    {"no line", "line 3: this is not a line of a calendar: \"no line\""},
    {"DTSTART;VALUE=DATE:20260102\nEND:VCALENDAR", "line 4: END without its BEGIN: \"VCALENDAR\""},
};

static const struct holidays *read_text(const char *text)
{
    struct holidays *h = arena_new_of(a, struct holidays);
    holidays_read(a, str_from(text), h);
    return h;
}

/* Dates from 2024 to 2029, by day, a blank between them; or the first fault. */
static const char *answer(const struct holidays *h)
{
    struct buf b;
    buf_init(&b, a);
    if (h->faults.count) {
        const struct holiday_fault *f = &h->faults.at[0];
        return arena_printf(a, "line %u: %.*s", (unsigned)f->line, (int)f->what.len, f->what.p).p;
    }
    for (int32_t day = day_of("2024-01-01"); day < day_of("2030-01-01"); day++) {
        bool closed = false;
        for (uint32_t i = 0; i < h->ranges.count; i++)
            closed |= h->ranges.at[i].from <= day && day <= h->ranges.at[i].to;
        struct cal_date d = cal_civil(day);
        if (closed) buf_printf(&b, "%s%04d-%02u-%02u", b.len ? " " : "", (int)d.year, d.month, d.day);
    }
    return buf_done(&b).p;
}

static int row;
static void check_row(void *ctx)
{
    (void)ctx;
    struct str text =
        arena_printf(a, "BEGIN:VCALENDAR\nBEGIN:VEVENT\n%s\nEND:VEVENT\nEND:VCALENDAR\n", rows[row].event);
    ck_assert_str_eq(answer(read_text(text.p)), rows[row].dates);
}

START_TEST(language_6_5_what_an_event_closes)
{
    row = _i;
    ck_assert(arena_try(a, check_row, NULL));
}
END_TEST

static void check_files(void *ctx)
{
    (void)ctx;
    static const struct {
        const char *text, *answer;
    } files[] = {
        {"", "line 1: the file is empty"},
        {"\n\r\n", "line 1: the file is empty"},
        {"date,name\n", "line 1: this is not an iCalendar file: \"date,name\""},
        {"BEGIN:VCARD\nEND:VCARD\n", "line 1: this is not an iCalendar file"},
        {"\xef\xbb\xbf"
         "BEGIN:VCALENDAR\r\nEND:VCALENDAR",
         ""},
        {"begin:vcalendar\nend:VCALENDAR\n", ""},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "line 3: the file ends before the END of \"VEVENT\""},
        {"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nBEGIN:STANDARD\nRDATE:x\nRRULE:FREQ=HOURLY\nEND:STANDARD\nEND:"
         "VTIMEZONE\nEND:VCALENDAR\n",
         ""},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        ck_assert_str_eq(answer(read_text(files[i].text)), files[i].answer);
}

START_TEST(language_6_5_what_is_no_calendar)
{
    ck_assert(arena_try(a, check_files, NULL));
}
END_TEST

static struct str file_text(const char *path)
{
    char *p = arena_alloc(a, 1 << 16);
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    size_t len = fread(p, 1, (1 << 16) - 1, f);
    fclose(f);
    return (struct str){p, len};
}

static void check_sweden(void *ctx)
{
    (void)ctx;
    struct holidays h;
    struct buf b;
    holidays_read(a, file_text("tests/data/holidays/se.ics"), &h);
    buf_init(&b, a);
    for (const char *p = answer(&h); *p; p += *p == ' ')
        if (strncmp(p, "2028", 4) < 0)
            buf_printf(&b, "%.10s\n", p), p += 10;
        else
            break;
    ck_assert_str_eq(buf_done(&b).p, file_text("tests/data/holidays/se.dates").p);
}

START_TEST(language_6_5_a_country_s_holidays)
{
    ck_assert(arena_try(a, check_sweden, NULL));
}
END_TEST

static void check_ends_2099(void *ctx)
{
    (void)ctx;
    const struct holidays *h =
        read_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY\n"
                  "END:VEVENT\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260102\nDTEND;VALUE=DATE:99991231\n"
                  "END:VEVENT\nEND:VCALENDAR\n");
    ck_assert_uint_eq(h->ranges.count, 74 + 1);
    ck_assert_int_eq(h->ranges.at[73].from, day_of("2099-01-02"));
    ck_assert_int_eq(h->ranges.at[74].to, day_of("9999-12-30"));
}

START_TEST(language_6_5_recurrences_go_to_the_end_of_2099)
{
    ck_assert(arena_try(a, check_ends_2099, NULL));
}
END_TEST

/* As many daily rules as the work suffices for, and one more. */
static void check_limit(void *ctx)
{
    (void)ctx;
    struct buf b;
    unsigned days = (unsigned)(day_of("2099-12-31") - day_of("1600-01-01")),
             most = HOLIDAY_WORK_MAX / (2 * days);
    for (unsigned count = most - 1; count <= most + 1; count += 2) {
        buf_init(&b, a);
        buf_puts(&b, "BEGIN:VCALENDAR\n");
        for (unsigned i = 0; i < count; i++)
            buf_puts(
                &b,
                "BEGIN:VEVENT\nDTSTART;VALUE=DATE:16000101\nRRULE:FREQ=DAILY;COUNT=99999999\nEND:VEVENT\n");
        buf_puts(&b, "END:VCALENDAR\n");
        const struct holidays *h = read_text(buf_done(&b).p);
        ck_assert_uint_eq(h->faults.count, count > most);
        if (count > most) ck_assert_int_eq(h->faults.at[0].kind, HOLIDAY_TOO_MUCH);
    }
}

START_TEST(limit_the_days_that_recurrences_look_at)
{
    ck_assert(arena_try(a, check_limit, NULL));
}
END_TEST

static void check_damage(void *ctx)
{
    (void)ctx;
    struct str whole = file_text("tests/data/holidays/se.ics");
    for (size_t len = 0; len + 2 < whole.len; len += 7) {
        char *cut = malloc(len ? len : 1);
        struct holidays h;
        memcpy(cut, whole.p, len);
        holidays_read(a, (struct str){cut, len}, &h);
        ck_assert_uint_gt(h.faults.count, 0);
        free(cut);
    }
    for (size_t bit = 0; bit < whole.len * 8; bit += 29) {
        struct holidays h;
        char *bytes = malloc(whole.len);
        memcpy(bytes, whole.p, whole.len);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        holidays_read(a, (struct str){bytes, whole.len}, &h);
        free(bytes);
    }
}

START_TEST(language_6_5_a_damaged_file_is_never_read_past)
{
    ck_assert(arena_try(a, check_damage, NULL));
}
END_TEST

/* ---- recurrence rules: libical as the oracle ----
 *
 * It is not used by the compiler: it does not survive a failed allocation, takes the weekday of
 * FREQ=YEARLY;BYWEEKNO and the months of FREQ=YEARLY;BYMONTHDAY otherwise than RFC 5545, loses
 * FREQ=DAILY;BYMONTHDAY=-2, keeps INTERVAL in 16 bits, and spends 0.7 s on
 * FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30. Where it is right the two must agree. */

static const struct {
    const char *start, *rule;
} oracle[] = {
    {"20240106", "FREQ=YEARLY"},
    {"20240229", "FREQ=YEARLY"},
    {"20240106", "FREQ=YEARLY;INTERVAL=4"},
    {"20240115", "FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=15,-1"},
    {"20240101", "FREQ=YEARLY;BYYEARDAY=1,100,-1"},
    {"20241128", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"},
    {"20240527", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"},
    {"20240101", "FREQ=YEARLY;BYDAY=1MO,-1SU"},
    {"20240513", "FREQ=YEARLY;BYDAY=20MO"},
    {"20241105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"},
    {"20240513", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"},
    {"20240131", "FREQ=MONTHLY"},
    {"20240131", "FREQ=MONTHLY;BYMONTHDAY=-1"},
    {"20240913", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"},
    {"20240131", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"},
    {"20240102", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2"},
    {"20240105", "FREQ=MONTHLY;BYDAY=1FR,-1FR"},
    {"20240101", "FREQ=MONTHLY;INTERVAL=7;BYMONTHDAY=1,31;BYMONTH=1,3,8"},
    {"20240102", "FREQ=WEEKLY;BYDAY=TU,SU;WKST=MO;INTERVAL=2"},
    {"20240102", "FREQ=WEEKLY;BYDAY=TU,SU;WKST=SU;INTERVAL=2"},
    {"20240102", "FREQ=WEEKLY;BYMONTH=1,7"},
    {"20240102", "FREQ=DAILY;INTERVAL=10"},
    {"20240103", "FREQ=DAILY;BYDAY=MO,WE;BYMONTH=1"},
    {"20240102", "FREQ=DAILY;COUNT=1000"},
    {"20240102", "FREQ=DAILY;UNTIL=20240110"},
};

/* libical counts in a time_t: on a processor of 32 bits Debian's ends in January 2038. */
enum { LIBICAL_END = sizeof(long) == 4 ? 2038 : 2100 };

static void check_oracle(void *ctx)
{
    (void)ctx;
    struct rrule rule;
    struct rrule_walk w;
    struct str what;
    int32_t start, day;
    unsigned count = 0;
    ck_assert(ical_date(str_from(oracle[row].start), &start));
    ck_assert_int_eq(rrule_parse(str_from(oracle[row].rule), &rule, &what), RRULE_OK);
    rrule_begin(&w, &rule, start, (int32_t)cal_days(LIBICAL_END, 1, 1) - 1);
    struct icaltimetype from = icaltime_from_string(oracle[row].start), at;
    icalrecur_iterator *i = icalrecur_iterator_new(icalrecurrencetype_from_string(oracle[row].rule), from);
    ck_assert_ptr_nonnull(i);
    for (; at = icalrecur_iterator_next(i), !icaltime_is_null_time(at) && at.year < LIBICAL_END; count++) {
        ck_assert_msg(rrule_next(&w, UINT64_MAX, &day), "%s ends before %s", oracle[row].rule,
                      icaltime_as_ical_string(at));
        int64_t want = cal_days(at.year, (unsigned)at.month, (unsigned)at.day);
        ck_assert_msg(day == want, "%s: %d is not %s", oracle[row].rule, day, icaltime_as_ical_string(at));
    }
    ck_assert_msg(!rrule_next(&w, UINT64_MAX, &day), "%s goes on", oracle[row].rule);
    ck_assert_uint_gt(count, 3);
    icalrecur_iterator_free(i);
}

START_TEST(language_6_5_rules_as_libical_has_them)
{
    row = _i;
    ck_assert(arena_try(a, check_oracle, NULL));
    icalmemory_free_ring();
}
END_TEST

/* What libical has otherwise, by RFC 5545's own table and examples. */
static const struct {
    const char *start, *rule, *dates;
} rfc[] = {
    {"20240115", "FREQ=YEARLY;BYMONTHDAY=15;COUNT=3",
     "2024-01-15 2024-02-15 2024-03-15"}, /* "expand" in a year */
    {"20240106", "FREQ=YEARLY;BYWEEKNO=1;COUNT=3",
     "2024-01-06 2025-01-04 2026-01-03"}, /* DTSTART's weekday, Saturday */
    {"20241230", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=3", "2024-12-30 2025-12-29 2027-01-04"},
    {"20201231", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH;COUNT=2", "2020-12-31 2026-12-31"},
    {"20201231", "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH;COUNT=2", "2020-12-31 2021-12-30"},
    {"20240102", "FREQ=DAILY;BYMONTHDAY=2,-2;COUNT=3", "2024-01-02 2024-01-30 2024-02-02"},
    {"20240101", "FREQ=DAILY;INTERVAL=70000;COUNT=2", "2024-01-01"},
    {"20240103", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
     "2024-01-03"}, /* DTSTART counts, whether it meets the rule or not */
    {"20240103", "FREQ=YEARLY;BYMONTH=3;COUNT=2", "2024-01-03 2024-03-03"},
    {"20240102", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0;COUNT=2",
     "2024-01-02 2024-01-03"}, /* ignored for whole days */
};

static void check_rfc(void *ctx)
{
    (void)ctx;
    struct str text = arena_printf(
        a, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:%s\nRRULE:%s\nEND:VEVENT\nEND:VCALENDAR\n",
        rfc[row].start, rfc[row].rule);
    struct holidays h;
    struct buf b;
    holidays_read(a, text, &h);
    buf_init(&b, a);
    for (uint32_t i = 0; i < h.ranges.count; i++)
        for (int32_t day = h.ranges.at[i].from; day <= h.ranges.at[i].to && day < day_of("2100-01-01");
             day++) {
            struct cal_date d = cal_civil(day);
            buf_printf(&b, "%s%04d-%02u-%02u", b.len ? " " : "", (int)d.year, d.month, d.day);
        }
    ck_assert_str_eq(buf_done(&b).p, rfc[row].dates);
}

START_TEST(language_6_5_rules_as_rfc_5545_has_them)
{
    row = _i;
    ck_assert(arena_try(a, check_rfc, NULL));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("holidays");
    TCase *c = tcase_create("holidays");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, language_6_5_what_an_event_closes, 0, sizeof rows / sizeof *rows);
    tcase_add_test(c, language_6_5_what_is_no_calendar);
    tcase_add_test(c, language_6_5_a_country_s_holidays);
    tcase_add_test(c, language_6_5_recurrences_go_to_the_end_of_2099);
    tcase_add_test(c, limit_the_days_that_recurrences_look_at);
    tcase_add_test(c, language_6_5_a_damaged_file_is_never_read_past);
    tcase_add_loop_test(c, language_6_5_rules_as_libical_has_them, 0, sizeof oracle / sizeof *oracle);
    tcase_add_loop_test(c, language_6_5_rules_as_rfc_5545_has_them, 0, sizeof rfc / sizeof *rfc);
    suite_add_tcase(s, c);
    return run_suite(s);
}
