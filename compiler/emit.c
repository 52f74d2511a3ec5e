/*
 * Sections to the file's bytes: header, directory, sections, checksum (docs/TABLE-FORMAT.md 2). Assumes every
 * record is in the table's byte order already; promises that the same parts give the same bytes.
 */
#include "lower.h"
#include "../runtime/crc32c.h"

#include <string.h>

struct section {
    uint32_t id, record_len;
    void *records; /* NULL: SPAN's, which are made in the file */
    uint64_t count, cap;
};

enum {
#define X(id, name, type) SECTION_PLACE_##name,
    TF_SECTIONS(X)
#undef X
        SECTION_COUNT
};

/* Those that are not empty, by id. */
static uint32_t list_sections(const struct parts *parts, struct section list[SECTION_COUNT])
{
    uint32_t count = 0;
#define X(id, name, type)                                                                                    \
    if (parts->name.count)                                                                                   \
        list[count++] =                                                                                      \
            (struct section){id, sizeof(type), parts->name.at, parts->name.count, parts->name.cap};
    TF_SECTIONS(X)
#undef X
    return count;
}

static uint64_t padded(uint64_t len)
{
    return (len + 7) & ~UINT64_C(7);
}

static uint64_t records_len(const struct section *section)
{
    return (uint64_t)section->count * section->record_len;
}

static void put_records(struct lowering *l, const struct section *section, char *to)
{
    if (!section->records) return lower_write_spans(l, (struct tf_span *)(void *)to);
    memcpy(to, section->records,
           (size_t)records_len(section)); /* they are in memory: so much a size can say */
    arena_give_back(l->a, section->records, (size_t)section->cap * section->record_len);
}

struct str emit_table(struct arena *a, struct lowering *l, uint32_t flags)
{
    struct section list[SECTION_COUNT];
    l->parts.SPAN.count = lower_span_count(l);
    uint32_t count = list_sections(&l->parts, list);
    uint64_t off = sizeof(struct tf_header) + count * sizeof(struct tf_section), file_len = off;
    for (uint32_t i = 0; i < count; i++) file_len += padded(records_len(&list[i]));

    if (file_len > SIZE_MAX) arena_fail(a);
    char *file = arena_room(a, (size_t)file_len);
    struct tf_header *header = (struct tf_header *)file;
    memset(file, 0, (size_t)off);
    struct tf_section *directory = (struct tf_section *)(file + sizeof *header);
    for (uint32_t i = 0; i < count; i++) {
        directory[i] = (struct tf_section){to_le32(list[i].id), to_le32(list[i].record_len), to_le64(off),
                                           to_le64(list[i].count)};
        uint64_t len = records_len(&list[i]);
        put_records(l, &list[i], file + off);
        memset(file + off + len, 0, (size_t)(padded(len) - len));
        off += padded(len);
    }
    memcpy(header->magic, TF_MAGIC, sizeof header->magic);
    header->version = to_le16(TF_VERSION);
    header->last_compatible = to_le16(TF_LAST_COMPATIBLE);
    header->section_count = to_le32(count);
    header->file_len = to_le64(file_len);
    header->flags = to_le32(flags);
    header->checksum = to_le32(sh_crc32c(0, file, (size_t)file_len));
    l->parts = (struct parts){0};
    return (struct str){file, (size_t)file_len};
}
