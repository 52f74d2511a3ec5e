/* Second hashes for tables that have none: see widened.h. */
#include "widened.h"
#include "image.h"

#include <stdlib.h>
#include <string.h>

enum { SPARE = 32 };

uint8_t widened_hash(uint32_t also, uint32_t third, uint32_t atom_count)
{
    static const int order[] = {7, 2, 1, 0, 6, 5, 4, 3};
    uint32_t fact = also, hash = 0;
    if (third % 2 == 0 && third / 2 < atom_count) fact = third / 2;
    if (fact >= atom_count) return 0;
    uint32_t product = (uint32_t)((uint64_t)fact * 2654435761u % (UINT64_C(1) << 32));
    for (int i = 0; i < 8; i++) hash = 2 * hash + (product >> (16 + order[i])) % 2;
    return (uint8_t)hash;
}

static void widen(struct image *m, uint32_t bucket, uint32_t sig, uint32_t entry)
{
    uint32_t atom_count = (uint32_t)image_count(m, TF_ATOM), entry_count = (uint32_t)image_count(m, entry);
    if (entry_count == 0 || image_count(m, sig) != 3 * (size_t)entry_count + SPARE) return;
    size_t len = 4 * (size_t)entry_count + SPARE;
    uint8_t *wide = calloc(len, 1), *at = wide;
    for (uint32_t b = 0; b <= atom_count; b++) {
        const le32_t *bound = image_at(m, bucket, b);
        uint32_t from = le32(bound[0]), count = le32(bound[1]) - from;
        memcpy(at, m->section[sig].bytes + 3 * (size_t)from, 3 * (size_t)count);
        at += 3 * (size_t)count;
        for (uint32_t i = from; i < from + count; i++) {
            const struct tf_entry *e = image_at(m, entry, i);
            *at++ = widened_hash(le32(e->also), le32(e->third), atom_count);
        }
    }
    image_remove(m, sig);
    image_add(m, sig, wide, 1, len);
    free(wide);
}

uint8_t *widened_table(const void *bytes, size_t len, size_t *widened_len)
{
    struct image m;
    image_load(&m, bytes, len);
    widen(&m, TF_INDEX_BUCKET, TF_INDEX_SIG, TF_INDEX_ENTRY);
    widen(&m, TF_CONT_BUCKET, TF_CONT_SIG, TF_CONT_ENTRY);
    uint8_t *wide = image_bytes(&m, widened_len);
    image_free(&m);
    return wide;
}
