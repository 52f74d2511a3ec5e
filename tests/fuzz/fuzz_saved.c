/*
 * Any bytes as a saved desk: refused, or a desk that carries on, and saves to the bytes it was loaded from.
 *
 * The checksum, the lengths and the table's digest are mended first, since no fuzzer finds them.
 */
#include "fuzz_desk.h"

#include "desk_format.h"

static uint32_t crc32c(const uint8_t *bytes, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

static void mend(uint8_t *bytes, size_t len, const struct shunt_table *table)
{
    struct df_header h;
    size_t table_len;
    const void *table_bytes = shunt_table_bytes(table, &table_len);
    if (len < sizeof h) return;
    memcpy(&h, bytes, sizeof h);
    h.file_len = to_le64(len);
    h.table_len = to_le64(table_len);
    h.table_checksum = ((const struct tf_header *)table_bytes)->checksum;
    h.checksum = to_le32(0);
    memcpy(bytes, &h, sizeof h);
    h.checksum = to_le32(crc32c(bytes, len));
    memcpy(bytes, &h, sizeof h);
}

static void decided(void *ctx, const struct shunt_desk_decision *decision)
{
    *(uint64_t *)ctx += decision->ticket.len;
}

/* A day of it: everyone comes, tickets come and go, a year passes. */
static void carry_on(struct shunt_desk *desk)
{
    static const char *const agents[] = {"x", "y", "z"};
    uint64_t sum = 0;
    struct shunt_sink sink = {decided, &sum};
    int64_t at;
    for (uint32_t i = 0; i < 8; i++) {
        struct shunt_event e = {.kind = i < 3 ? SHUNT_EVENT_ONLINE : SHUNT_EVENT_TICK, .has_at = true};
        e.at_sec = shunt_desk_due(desk, &at) ? at : INT64_C(1794900000);
        if (i < 3) e.agent = (struct shunt_string){agents[i], 1};
        if (i == 7) e.at_sec += 366 * INT64_C(86400);
        (void)shunt_desk_event(desk, &e, &sink, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct shunt_table *table = fuzz_desk_table();
    struct shunt_desk *desk;
    const char *reason;
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy) return 0;
    memcpy(copy, bytes, len);
    mend(copy, len, table);
    if (shunt_desk_load(table, copy, len, NULL, &desk, &reason) == SHUNT_OK) {
        void *again;
        size_t again_len;
        if (shunt_desk_save(desk, NULL, &again, &again_len) != SHUNT_OK) abort();
        if (again_len != len || memcmp(again, copy, len) != 0) abort();
        free(again);
        carry_on(desk);
        shunt_desk_free(desk);
    }
    free(copy);
    return 0;
}
