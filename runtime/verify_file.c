/*
 * A table's header, directory and checksum: from bytes to typed sections (docs/TABLE-FORMAT.md 2 and 3).
 *
 * Afterwards every section lies within the bytes, sections neither overlap nor leave gaps, padding is zero,
 * and no byte has changed by accident. Nothing is known yet of what the sections hold.
 */
#include "verify.h"

static enum shunt_status fail(struct shunt_table_error *error, enum shunt_status status, uint32_t section,
                              const char *reason)
{
    *error = (struct shunt_table_error){status, section, 0, reason};
    return status;
}

static enum shunt_status damaged(struct shunt_table_error *error, uint32_t section, const char *reason)
{
    return fail(error, SHUNT_TABLE_DAMAGED, section, reason);
}

/* ---- the header ---- */

/* Of the whole file with the four bytes of the checksum taken as zero. */
static uint32_t checksum(const struct shunt_table *t)
{
    static const uint8_t zero[4];
    size_t at = offsetof(struct tf_header, checksum);
    uint32_t crc = sh_crc32c(sh_crc32c(0, t->bytes, at), zero, sizeof zero);
    return sh_crc32c(crc, t->bytes + at + sizeof zero, t->len - at - sizeof zero);
}

static enum shunt_status verify_header(const struct shunt_table *t, struct shunt_table_error *error)
{
    const struct tf_header *h = (const void *)t->bytes;
    if (t->len < sizeof h->magic || memcmp(t->bytes, TF_MAGIC, sizeof h->magic) != 0) {
        return fail(error, SHUNT_NOT_A_TABLE, 0, "");
    }
    if (t->len < sizeof *h) return damaged(error, 0, "it ends inside the header");
    if (le16(h->version) == 0 || le16(h->last_compatible) == 0 ||
        le16(h->last_compatible) > le16(h->version)) {
        return damaged(error, 0, "versions that cannot be");
    }
    if (le16(h->version) < TF_OLDEST)
        return fail(error, SHUNT_TABLE_VERSION, 0, "an older one, so compile the policy again");
    if (le16(h->last_compatible) > TF_VERSION)
        return fail(error, SHUNT_TABLE_VERSION, 0, "a newer one, so use that, or compile the policy again");
    if (le64(h->file_len) > t->len) return damaged(error, 0, "it is cut off");
    if (le64(h->file_len) < t->len) return damaged(error, 0, "there is something behind its end");
    if (le32(h->checksum) != checksum(t)) return damaged(error, 0, "the checksum is wrong");
    if (le32(h->flags) & ~(uint32_t)TF_FLAG_STRIPPED) return damaged(error, 0, "an unknown flag");
    if (!IS_ZERO(h->reserved)) return damaged(error, 0, "reserved bytes are not zero");
    return SHUNT_OK;
}

/* ---- the directory ---- */

/* Fills in the section's pointer and count in t; false: the id is not known. *record_len: what it has to be.
 */
static bool place_section(struct shunt_table *t, const struct tf_section *s, size_t *record_len)
{
    switch (le32(s->id)) {
#define X(number, name, type)                                                                                \
    case number:                                                                                             \
        t->name = (const void *)(t->bytes + le64(s->off));                                                   \
        t->name##_count = (uint32_t)le64(s->count);                                                          \
        *record_len = sizeof(type);                                                                          \
        return true;
        TF_SECTIONS(X)
#undef X
    default: return false;
    }
}

static uint64_t padded(uint64_t len)
{
    return (len + 7) & ~UINT64_C(7);
}

/* Where the section ends, or why it cannot be there. `at`: where it has to begin. */
static const char *section_end(const struct shunt_table *t, const struct tf_section *s, uint64_t at,
                               uint64_t *end)
{
    uint64_t count = le64(s->count), record_len = le32(s->record_len);
    if (le64(s->off) != at) return "it does not begin where the one before it ends";
    if (count == 0) return "a section without records";
    if (count >= TF_NONE) return "more records than can be numbered";
    if (record_len == 0 || record_len > (t->len - at) / count) return "it runs over the end of the file";
    *end = at + count * record_len;
    if (padded(*end) > t->len) return "it runs over the end of the file";
    if (!sh_is_zero(t->bytes + *end, (size_t)(padded(*end) - *end)))
        return "the padding behind it is not zero";
    return NULL;
}

static enum shunt_status verify_section(struct shunt_table *t, const struct tf_section *s, uint64_t *at,
                                        struct shunt_table_error *error)
{
    const struct tf_header *h = (const void *)t->bytes;
    uint64_t end;
    const char *reason = section_end(t, s, *at, &end);
    if (reason) return damaged(error, le32(s->id), reason);
    size_t record_len = le32(s->record_len);
    /* A newer version may add sections that this one can do without: last_compatible says so. */
    if (!place_section(t, s, &record_len) && le16(h->version) <= TF_VERSION) {
        return damaged(error, le32(s->id), "an unknown section");
    }
    if (record_len != le32(s->record_len)) return damaged(error, le32(s->id), "records of a wrong length");
    *at = padded(end);
    return SHUNT_OK;
}

static enum shunt_status verify_directory(struct shunt_table *t, struct shunt_table_error *error)
{
    const struct tf_header *h = (const void *)t->bytes;
    const struct tf_section *s = (const void *)(t->bytes + sizeof *h);
    uint32_t count = le32(h->section_count);
    if (count > (t->len - sizeof *h) / sizeof *s) return damaged(error, 0, "it is cut off");
    uint64_t at = sizeof *h + (uint64_t)count * sizeof *s;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && le32(s[i].id) <= le32(s[i - 1].id))
            return damaged(error, le32(s[i].id), "sections out of order");
        enum shunt_status status = verify_section(t, &s[i], &at, error);
        if (status != SHUNT_OK) return status;
    }
    return at == t->len ? SHUNT_OK : damaged(error, 0, "there is something behind the last section");
}

static void clear_sections(struct shunt_table *t)
{
#define X(id, name, type)                                                                                    \
    t->name = (const void *)t->bytes;                                                                        \
    t->name##_count = 0;
    TF_SECTIONS(X)
#undef X
}

enum shunt_status sh_verify_file(struct shunt_table *t, struct shunt_table_error *error)
{
    clear_sections(t);
    enum shunt_status status = verify_header(t, error);
    return status == SHUNT_OK ? verify_directory(t, error) : status;
}
