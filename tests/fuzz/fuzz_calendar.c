/* Any bytes as an iCalendar file: faults, or dates in order from year 1 on. */
#include "fuzz.h"
#include "holidays.h"

#include <stdlib.h>

struct fuzz_calendar {
    struct arena *a;
    struct str text;
};

static void try_calendar(void *ctx)
{
    struct fuzz_calendar *f = ctx;
    struct holidays h;
    holidays_read(f->a, f->text, &h);
    for (uint32_t i = 0; i < h.ranges.count; i++) {
        const struct m_range *r = &h.ranges.at[i];
        if (r->yearly || r->from < -719162 || (!h.faults.count && r->to < r->from)) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct fuzz_calendar f = {arena_new(), {(const char *)bytes, len}};
    if (f.a) arena_try(f.a, try_calendar, &f);
    arena_free(f.a);
    return 0;
}
