/*
 * Any bytes as a state file of `route`: refused with a sentence, or carried on. A file of no bytes is one
 * that is begun.
 */
#include "fuzz_desk.h"
#include "fuzz_lines.h"

#include "state.h"

#include <stdio.h>
#include <unistd.h>

static const char lines[] = "{\"event\":\"online\",\"agent\":\"x\",\"at\":\"2026-11-23T10:00:00Z\"}\n"
                            "{\"id\":\"T1\",\"channel\":\"email\",\"labels\":[\"a\"],\"event_id\":\"1\"}\n"
                            "{\"event\":\"close\",\"ticket\":\"T1\",\"event_id\":\"2\"}\n";

/* The state's own files beside it, SQLite's. */
static void remove_all(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    char name[128];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

static void put(const char *path, const uint8_t *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, len, f) != len || fclose(f)) abort();
}

static void carry_on(struct state *state, struct out *answers)
{
    char why[STATE_WHY_LEN];
    struct line line = {0};
    char *copy = fuzz_copy((const uint8_t *)lines, sizeof lines - 1);
    for (size_t at = 0; fuzz_next_line(copy, sizeof lines - 1, &at, &line);)
        if (desk_run_line(state_run(state), &line, answers)) break;
    bool kept = state_commit(state, why);
    (void)state_close(state, kept, why);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char path[96], why[STATE_WHY_LEN];
    struct state_options options = {.path = path, .table = fuzz_desk_table(), .keep_days = 30};
    struct state *state;
    struct out answers;
    snprintf(path, sizeof path, "/dev/shm/shunt-fuzz-state-%ld", (long)getpid());
    put(path, bytes, len);
    out_init(&answers, -1);
    if (state_open(&options, &answers, &state, why)) carry_on(state, &answers);
    out_free(&answers);
    remove_all(path);
    return 0;
}
