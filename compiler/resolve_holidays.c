/* The calendar files of hours to closed dates: each is read once for all hours that name it. */
#include "resolve_hours.h"
#include "holidays.h"

struct holiday_files {
    struct strmap ids; /* "FILE:PATH": the naming source and the path as written -> index */
    VEC(struct holidays) read;
};

struct holiday_files *holiday_files_new(struct arena *a)
{
    return arena_new_of(a, struct holiday_files);
}

static void report_fault(struct compilation *c, const struct text *path, const struct holiday_fault *f)
{
    struct str line = str_of_u64(c->a, f->line);
    switch (f->kind) {
    case HOLIDAY_DAMAGED: diag(&c->diags, E0430, path->at, path->s, line, f->what); break;
    case HOLIDAY_UNSUPPORTED: diag(&c->diags, E0431, path->at, path->s, line, f->what); break;
    case HOLIDAY_TOO_MUCH: diag(&c->diags, E0432, path->at, path->s, line); break;
    }
}

static void read_file(struct compilation *c, const struct text *path, struct holidays *out)
{
    struct str bytes = read_beside(c, path->at.file, path->s, path->at);
    *out = (struct holidays){0};
    if (!bytes.p) return;
    holidays_read(c->a, bytes, out);
    for (uint32_t i = 0; i < out->faults.count; i++) report_fault(c, path, &out->faults.at[i]);
    if (!out->faults.count && !out->all_day_count) diag(&c->diags, W1402, path->at, path->s);
    merge_ranges(c->a, &out->ranges);
}

uint32_t holiday_file(struct compilation *c, struct holiday_files *files, const struct text *path)
{
    struct str key = arena_printf(c->a, "%u:%.*s", (unsigned)path->at.file, (int)path->s.len, path->s.p);
    uint32_t id = strmap_put(c->a, &files->ids, key, files->read.count);
    if (id == files->read.count) {
        struct holidays read;
        read_file(c, path, &read);
        *vec_push(c->a, &files->read) = read;
    }
    return id;
}

const m_ranges *holiday_dates(const struct holiday_files *files, uint32_t file)
{
    return &files->read.at[file].ranges;
}
