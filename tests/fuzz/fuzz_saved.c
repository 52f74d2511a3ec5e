/*
 * Any bytes as a saved desk: refused, or a desk that carries on, and saves to the bytes it was loaded from.
 *
 * The checksum, the lengths, the version and the table's digest are mended first, since no fuzzer finds them.
 * Bytes that begin with "edit" are edits of a desk with something of everything, since no fuzzer finds one
 * from nothing: each four bytes of them are a place (two), what is done there, and a byte.
 */
#include "fuzz_desk.h"
#include "fuzz_lines.h"

#include "desk_run.h"

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
    static uint32_t table_checksum;
    struct df_header h;
    size_t table_len;
    const void *table_bytes = shunt_table_bytes(table, &table_len);
    if (!table_checksum) table_checksum = crc32c(table_bytes, table_len);
    if (len < sizeof h) return;
    memcpy(&h, bytes, sizeof h);
    h.version = to_le16(DF_VERSION); /* with which it is saved again */
    h.last_compatible = to_le16(DF_LAST_COMPATIBLE);
    h.file_len = to_le64(len);
    h.table_len = to_le64(table_len);
    h.table_checksum = to_le32(table_checksum);
    h.checksum = to_le32(0);
    memcpy(bytes, &h, sizeof h);
    h.checksum = to_le32(crc32c(bytes, len));
    memcpy(bytes, &h, sizeof h);
}

/* ---- a desk that is there already ---- */

static const char log_lines[] =
    "{\"event\":\"online\",\"agent\":\"x\",\"at\":\"2026-11-23T10:00:00Z\"}\n"
    "{\"event\":\"online\",\"agent\":\"y\",\"channels\":[\"email\"],\"devices\":{\"email\":\"+46\"}}\n"
    "{\"event\":\"online\",\"agent\":\"z\"}\n"
    "{\"id\":\"T1\",\"channel\":\"email\",\"labels\":[\"vip\"],\"subject\":\"refund\",\"customer\":\"c1\"}\n"
    "{\"id\":\"T2\",\"channel\":\"phone\",\"labels\":[\"a\"],\"fields\":{\"n\":7,\"plan\":\"pro\",\"tags\":["
    "\"q\"]}}\n"
    "{\"id\":\"T3\",\"channel\":\"email\",\"fields\":{\"tags\":[\"q\",\"r\"],\"eu\":true}}\n"
    "{\"id\":\"T4\",\"channel\":\"webchat\",\"customer\":\"c2\",\"body\":\"any text\"}\n"
    "{\"id\":\"T5\",\"channel\":\"sms\"}\n{\"id\":\"T6\",\"channel\":\"email\",\"customer\":\"c1\"}\n"
    "{\"event\":\"assign\",\"tickets\":[\"T5\"],\"team\":\"w\",\"by\":\"x\"}\n"
    "{\"event\":\"claim\",\"agent\":\"z\",\"ticket\":\"T5\"}\n"
    "{\"event\":\"reply\",\"agent\":\"x\",\"ticket\":\"T1\"}\n"
    "{\"event\":\"pending\",\"ticket\":\"T3\",\"until\":\"2026-11-24T09:00:00Z\"}\n"
    "{\"event\":\"close\",\"ticket\":\"T4\"}\n{\"event\":\"offline\",\"agent\":\"z\"}\n";

/* Its saved bytes, made once. */
static const uint8_t *busy_desk(size_t *len)
{
    static void *bytes;
    static size_t bytes_len;
    *len = bytes_len;
    if (bytes) return bytes;
    struct shunt_desk_options options = {.keep_days = 30, .figures = true, .customers_max = 3};
    struct desk_run_options run_options = {.keep_days = 30};
    struct shunt_desk *desk;
    struct desk_run *run;
    struct journal *journal = memory_journal_new(30);
    struct json_reader *json = json_reader_new();
    struct line line = {0};
    struct out answers;
    char *copy = fuzz_copy((const uint8_t *)log_lines, sizeof log_lines - 1);
    if (!journal || !json || shunt_desk_new(fuzz_desk_table(), &options, NULL, &desk) != SHUNT_OK) abort();
    run_options.journal = *journal;
    out_init(&answers, -1);
    if (desk_run_new(desk, &run_options, &run)) abort();
    for (size_t at = 0; fuzz_next_line(copy, sizeof log_lines - 1, &at, &line);)
        if (desk_run_line(run, &line, &answers)) abort();
    if (desk_run_bad_count(run) || shunt_desk_save(desk, NULL, &bytes, &bytes_len) != SHUNT_OK) abort();
    *len = bytes_len;
    desk_run_free(run);
    memory_journal_free(journal);
    json_reader_free(json);
    out_free(&answers);
    free(copy);
    return bytes;
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

/* A copy of the desk that is there, cut short or with single bytes changed; *len: of the edits, then of it.
 */
static uint8_t *edited(const uint8_t *edits, size_t *len)
{
    size_t desk_len, edits_len = *len;
    const uint8_t *desk = busy_desk(&desk_len);
    uint8_t *copy = malloc(desk_len);
    if (!copy) abort();
    memcpy(copy, desk, desk_len);
    *len = desk_len;
    for (size_t i = 0; i + 4 <= edits_len; i += 4) {
        size_t at = (size_t)(edits[i] | edits[i + 1] << 8) % desk_len;
        switch (edits[i + 2] % 8) {
        case 0: copy[at] ^= (uint8_t)(1 << edits[i + 3] % 8); break;
        case 1: copy[at] += edits[i + 3]; break;
        case 2: copy[at] = copy[edits[i + 3] % desk_len]; break;
        case 3: *len = edits[i + 3] ? *len : at; break;
        default: copy[at] = edits[i + 3];
        }
    }
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char edit[4] = "edit";
    const struct shunt_table *table = fuzz_desk_table();
    struct shunt_desk *desk;
    const char *reason;
    uint8_t *copy;
    bool whole = false; /* as it was saved */
    if (len >= sizeof edit && memcmp(bytes, edit, sizeof edit) == 0) {
        len -= sizeof edit;
        whole = len == 0;
        copy = edited(bytes + sizeof edit, &len);
    } else {
        copy = malloc(len ? len : 1);
        if (!copy) abort();
        memcpy(copy, bytes, len);
    }
    mend(copy, len, table);
    if (shunt_desk_load(table, copy, len, NULL, &desk, &reason) == SHUNT_OK) {
        void *again;
        size_t again_len;
        if (shunt_desk_save(desk, NULL, &again, &again_len) != SHUNT_OK) abort();
        if (again_len != len || memcmp(again, copy, len) != 0) abort();
        free(again);
        carry_on(desk);
        shunt_desk_free(desk);
    } else if (whole) {
        abort();
    }
    free(copy);
    return 0;
}
