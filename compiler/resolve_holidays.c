/* The calendar files of hours to closed dates: each is read once for all hours that name it. */
#include "resolve_hours.h"
#include "holidays.h"

struct holiday_files {
    struct strmap ids;     /* "FILE:PATH": the naming source and the path as written -> index */
    struct strmap by_real; /* the path that is the file's, however it is named -> index */
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

static void read_file(struct compilation *c, const struct text *path, struct str found, struct holidays *out)
{
    struct str bytes = read_beside(c, found, path->s, path->at);
    if (!bytes.p) return;
    holidays_read(c->a, bytes, out);
    for (uint32_t i = 0; i < out->faults.count; i++) report_fault(c, path, &out->faults.at[i]);
    if (!out->faults.count && !out->all_day_count) diag(&c->diags, W1402, path->at, path->s);
    merge_ranges(c->a, &out->ranges);
}

/* A file that is not there has an index of its own, and no dates. */
static uint32_t find_file(struct compilation *c, struct holiday_files *files, const struct text *path)
{
    struct str real, found = find_beside(c, path->at.file, path->s, path->at, &real);
    uint32_t id = files->read.count;
    if (found.p) id = strmap_put(c->a, &files->by_real, real, id);
    if (id < files->read.count) return id;
    *vec_push(c->a, &files->read) = (struct holidays){0};
    if (found.p) read_file(c, path, found, &files->read.at[id]);
    return id;
}

uint32_t holiday_file(struct compilation *c, struct holiday_files *files, const struct text *path)
{
    struct str key = arena_printf(c->a, "%u:%.*s", (unsigned)path->at.file, (int)path->s.len, path->s.p);
    uint32_t id = strmap_get(&files->ids, key, NONE);
    return id != NONE ? id : strmap_put(c->a, &files->ids, key, find_file(c, files, path));
}

const m_ranges *holiday_dates(const struct holiday_files *files, uint32_t file)
{
    return &files->read.at[file].ranges;
}
