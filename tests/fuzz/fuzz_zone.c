/* Any bytes as a TZif file: refused, or a zone whose offset can be asked at any time. */
#include "fuzz.h"
#include "shunt.h"
#include "zone.h"
#include "zone_rule.h"

#include <stdlib.h>

struct fuzz_zone {
    struct arena *a;
    struct str bytes;
};

static void try_zone(void *ctx)
{
    struct fuzz_zone *f = ctx;
    struct m_zone z = {0};
    const char *why;
    if (!tzif_parse(f->a, f->bytes, &z, &why)) return;
    for (int64_t at = SHUNT_TIME_MIN; at <= SHUNT_TIME_MAX; at += INT64_C(86400) * 3650) {
        struct zone_span s = zone_span_at(&z, at);
        if (s.from > at || s.until <= at || !zone_offset_ok(s.offset_sec)) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct fuzz_zone f = {arena_new(), {(const char *)bytes, len}};
    if (f.a) arena_try(f.a, try_zone, &f);
    arena_free(f.a);
    return 0;
}
