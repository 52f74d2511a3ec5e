/*
 * Any bytes as a log of events: each line is answered or refused by a desk. At the end the desk is saved; what is loaded of
 * that saves to the same bytes.
 */
#include "fuzz_desk.h"
#include "fuzz_lines.h"

#include "desk_run.h"

static void save(const struct shunt_desk *desk, void **bytes, size_t *len)
{
    if (shunt_desk_save(desk, NULL, bytes, len) != SHUNT_OK) abort();
}

static void save_and_load(const struct shunt_desk *desk)
{
    void *bytes, *again;
    size_t len, again_len;
    struct shunt_desk *loaded;
    save(desk, &bytes, &len);
    if (shunt_desk_load(shunt_desk_table(desk), bytes, len, NULL, &loaded, NULL) != SHUNT_OK) abort();
    save(loaded, &again, &again_len);
    if (len != again_len || memcmp(bytes, again, len) != 0) abort();
    shunt_desk_free(loaded);
    free(bytes);
    free(again);
}

static void run_lines(struct desk_run *run, const char *copy, size_t len)
{
    struct line line = {0};
    struct out answers;
    out_init(&answers, -1);
    for (size_t at = 0; fuzz_next_line(copy, len, &at, &line);) {
        line.too_long = line.len > LINE_LEN_MAX;
        if (desk_run_line(run, &line, &answers)) abort();
    }
    out_figures(&answers, desk_run_desk(run));
    out_free(&answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct shunt_desk_options options = {.keep_days = 30, .figures = true};
    struct shunt_desk *desk;
    struct desk_run *run;
    struct journal *journal = memory_journal_new(30);
    char *copy = fuzz_copy(bytes, len);
    if (!journal || shunt_desk_new(fuzz_desk_table(), &options, NULL, &desk) != SHUNT_OK) abort();
    struct desk_run_options run_options = {.keep_days = 30, .journal = *journal};
    if (desk_run_new(desk, &run_options, &run)) abort();
    run_lines(run, copy, len);
    save_and_load(desk_run_desk(run));
    desk_run_free(run);
    memory_journal_free(journal);
    free(copy);
    return 0;
}
