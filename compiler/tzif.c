/*
 * The bytes of a TZif file (RFC 9636, version 2 and later) to a zone in canonical form.
 *
 * Canonical: one type for each offset and isdst, in the order they are first needed; no change that changes
 * nothing; no change that the rule for ever after gives again (zic writes those up to 2037 where it is asked
 * to be generous). So the table does not depend on how the machine's tzdata was built. Any bytes may come:
 * what is not a whole TZif file is refused with a reason.
 */
#include "zone.h"
#include "../runtime/shunt.h"
#include "../runtime/zone_rule.h"

struct tzif {
    const unsigned char *p; /* the data block of the second header */
    size_t len;             /* from there to the end of the file */
    uint32_t isut_count, isstd_count, leap_count, time_count, type_count, char_count;
};

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

enum { HEADER_LEN = 44, COUNT_MAX = 100000 };

static bool read_header(const unsigned char *p, size_t len, struct tzif *f)
{
    if (len < HEADER_LEN || memcmp(p, "TZif", 4)) return false;
    f->isut_count = be32(p + 20), f->isstd_count = be32(p + 24), f->leap_count = be32(p + 28);
    f->time_count = be32(p + 32), f->type_count = be32(p + 36), f->char_count = be32(p + 40);
    f->p = p + HEADER_LEN;
    f->len = len - HEADER_LEN;
    return f->isut_count <= COUNT_MAX && f->isstd_count <= COUNT_MAX && f->leap_count <= COUNT_MAX &&
           f->time_count <= COUNT_MAX && f->type_count <= 256 && f->char_count <= COUNT_MAX;
}

/* The length of a data block whose times are time_len bytes long. */
static size_t data_len(const struct tzif *f, size_t time_len)
{
    return f->time_count * (time_len + 1) + f->type_count * 6u + f->char_count +
           f->leap_count * (time_len + 4) + f->isstd_count + f->isut_count;
}

/* Past the first header and its data of 32 bits to the second's. */
static bool open_tzif(struct str bytes, struct tzif *f, const char **why)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    *why = "it is not a TZif file";
    if (!read_header(p, bytes.len, f)) return false;
    *why = "it is a TZif file of version 1, without a rule for the years to come";
    if (p[4] < '2') return false;
    *why = "it is damaged";
    size_t skip = HEADER_LEN + data_len(f, 4);
    if (skip > bytes.len || !read_header(p + skip, bytes.len - skip, f)) return false;
    if (data_len(f, 8) > f->len || f->type_count == 0) return false;
    *why = "it counts leap seconds";
    return f->leap_count == 0;
}

/* The zone's type with that offset and isdst; a new one where it has none. */
static uint32_t type_of(struct arena *a, struct m_zone *z, int32_t offset_sec, bool isdst)
{
    for (uint32_t i = 0; i < z->types.count; i++) {
        if ((int32_t)le32(z->types.at[i].offset_sec) == offset_sec && z->types.at[i].isdst == isdst) return i;
    }
    struct tf_zone_type *t = vec_push(a, &z->types);
    t->offset_sec = to_le32((uint32_t)offset_sec);
    t->isdst = isdst;
    return z->types.count - 1;
}

/* Type `i` of the file as one of raw's types. */
static bool file_type(struct arena *a, const struct tzif *f, uint32_t i, struct m_zone *raw, uint32_t *out)
{
    if (i >= f->type_count) return false;
    const unsigned char *t = f->p + f->time_count * 9 + i * 6u;
    int32_t offset = (int32_t)be32(t);
    if (!zone_offset_ok(offset) || t[4] > 1) return false;
    *out = type_of(a, raw, offset, t[4]);
    return true;
}

/* Types and changes as the file has them, those before year 0 left out. */
static bool read_data(struct arena *a, const struct tzif *f, struct m_zone *raw)
{
    uint32_t type;
    int64_t last = INT64_MIN;
    if (!file_type(a, f, 0, raw, &type)) return false;
    *vec_push(a, &raw->changes) = (struct m_zone_change){INT64_MIN, type};
    for (uint32_t i = 0; i < f->time_count; i++) {
        int64_t at = be64(f->p + i * 8u);
        if ((i && at <= last) || !file_type(a, f, f->p[f->time_count * 8 + i], raw, &type)) return false;
        last = at;
        if (at <= SHUNT_TIME_MIN)
            raw->changes.at[0].type = type;
        else
            *vec_push(a, &raw->changes) = (struct m_zone_change){at, type};
    }
    return true;
}

static bool read_footer(const struct tzif *f, struct tf_zone *rule)
{
    const char *p = (const char *)f->p + data_len(f, 8), *end = (const char *)f->p + f->len;
    *rule = (struct tf_zone){0};
    if (end - p < 2 || *p != '\n') return false;
    const char *line_end = memchr(p + 1, '\n', (size_t)(end - p - 1));
    if (!line_end) return false;
    return line_end == p + 1 || posix_tz_parse((struct str){p + 1, (size_t)(line_end - p - 1)}, rule);
}

/* ---- canonical form; changes[0] is the state before the first change ---- */

static bool same(const struct zone_span *s, const struct tf_zone_type *t)
{
    return s->offset_sec == (int32_t)le32(t->offset_sec) && s->isdst == t->isdst;
}

/* Whether without the last change everything would stay as it is, the rule then counting from the one before.
 */
static bool rule_says_last(const struct m_zone *raw, uint32_t count)
{
    const struct m_zone_change *last = &raw->changes.at[count - 1], *before = last - 1;
    if (!raw->rule.has_rule) return last->type == before->type;
    struct zone_span ahead = zone_rule_span(&raw->rule, last->at - 1);
    struct zone_span then = zone_rule_span(&raw->rule, last->at);
    return ahead.from <= before->at && same(&ahead, &raw->types.at[before->type]) &&
           same(&then, &raw->types.at[last->type]);
}

/* Where the last change changes nothing it says from when the rule counts: the rule's own next change then
 * stands in for it, as it does in files that list more of them. */
static void replace_idle_last(struct arena *a, struct m_zone *z)
{
    struct m_zone_change *last = &z->changes.at[z->changes.count - 1];
    if (z->changes.count < 2 || last->type != last[-1].type || z->rule.has_rule != 1) return;
    struct zone_span next = zone_rule_span(&z->rule, last->at);
    last->at = next.until;
    next = zone_rule_span(&z->rule, next.until);
    last->type = type_of(a, z, next.offset_sec, next.isdst);
}

static void make_canonical(struct arena *a, const struct m_zone *raw, struct m_zone *out)
{
    /* Changes that change nothing go first, but for the last: it may say from when the rule counts. */
    struct m_zone lean = {.types = raw->types, .rule = raw->rule};
    for (uint32_t i = 0; i < raw->changes.count; i++) {
        bool last = i + 1 == raw->changes.count;
        bool idle = i > 0 && lean.changes.at[lean.changes.count - 1].type == raw->changes.at[i].type;
        if (!idle || last) *vec_push(a, &lean.changes) = raw->changes.at[i];
    }
    while (lean.changes.count > 1 && rule_says_last(&lean, lean.changes.count)) lean.changes.count--;
    replace_idle_last(a, &lean);
    out->rule = raw->rule;
    for (uint32_t i = 0; i < lean.changes.count; i++) {
        const struct tf_zone_type *t = &lean.types.at[lean.changes.at[i].type];
        uint32_t type = type_of(a, out, (int32_t)le32(t->offset_sec), t->isdst);
        if (i) *vec_push(a, &out->changes) = (struct m_zone_change){lean.changes.at[i].at, type};
    }
}

bool tzif_parse(struct arena *a, struct str bytes, struct m_zone *out, const char **why)
{
    struct tzif f;
    struct m_zone raw = {0};
    if (!open_tzif(bytes, &f, why)) return false;
    *why = "it is damaged";
    if (!read_data(a, &f, &raw)) return false;
    *why = "its rule for the years to come cannot be understood";
    if (!read_footer(&f, &raw.rule)) return false;
    make_canonical(a, &raw, out);
    return true;
}
