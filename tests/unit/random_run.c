/*
 * One random policy: files, compiling, converting; and complaints.
 */
#include "random_run.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *run_path(struct run *r, const char *name)
{
    struct gen g = {&r->pool, 0};
    return gen_format(&g, "%s/%s", r->dir, name);
}

void run_write(struct run *r, const char *name, const char *text, size_t len)
{
    FILE *f = fopen(run_path(r, name), "wb");
    if (!f || fwrite(text, 1, len, f) != len || fclose(f)) {
        perror(name);
        exit(2);
    }
}

void complain(struct run *r, const char *format, ...)
{
    va_list args;
    if (r->complaints++ == 0)
        fprintf(stderr, "\nseed %llu, kept in %s (tests/gen/gen --seed %llu %s)\n",
                (unsigned long long)r->seed, r->dir, (unsigned long long)r->seed,
                r->desk ? "--desk | --log N | --decisions N" : "--yaml | --dsl | --tickets N | --answers N");
    if (r->complaints > 12) return;
    fputs("  ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void compare_texts(struct run *r, const char *what, const char *expected, const char *got)
{
    for (int line = 1;; line++) {
        size_t a = strcspn(expected, "\n"), b = strcspn(got, "\n");
        if (a != b || memcmp(expected, got, a) != 0 || expected[a] != got[b]) {
            complain(r, "%s, line %d:\n    %.*s\n    %.*s", what, line, (int)a, expected, (int)b, got);
            return;
        }
        if (!expected[a]) return;
        expected += a + 1;
        got += b + 1;
    }
}

void run_begin(struct run *r, uint64_t seed)
{
    const char *base = getenv("TMPDIR");
    memset(r, 0, sizeof *r);
    r->seed = seed;
    snprintf(r->dir, sizeof r->dir, "%s/shunt-random-XXXXXX", base ? base : "/tmp");
    r->a = arena_new();
    if (!mkdtemp(r->dir) || !r->a) {
        perror(r->dir);
        exit(2);
    }
}

void run_write_policy(struct run *r)
{
    run_write(r, "policy.yaml", r->d.yaml, strlen(r->d.yaml));
    run_write(r, "policy.shunt", r->d.dsl, strlen(r->d.dsl));
    for (int i = 0; i < r->d.policy->hours.count; i++) {
        const struct g_hours *h = &r->d.policy->hours.at[i];
        struct gen g = {&r->pool, r->seed};
        if (!h->has_holidays) continue;
        const char *ics = write_ics(&g, &h->holidays);
        run_write(r, h->holidays.file, ics, strlen(ics));
    }
}

void run_open(struct run *r, uint64_t seed)
{
    run_begin(r, seed);
    draw_init(&r->d, &r->pool, seed);
    run_write_policy(r);
}

/* The folder holds files alone. */
static void remove_folder(const char *dir)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        if (entry->d_name[0] != '.' && unlinkat(dirfd(folder), entry->d_name, 0) != 0) perror(entry->d_name);
    if (folder) closedir(folder);
    if (rmdir(dir) != 0) perror(dir);
}

void run_leave(struct run *r)
{
    if (!r->complaints) remove_folder(r->dir);
}

void run_close(struct run *r)
{
    run_leave(r);
    arena_free(r->a);
    gen_free(&r->pool);
}

/* ---- compiling, within arena_try() ---- */

struct job {
    struct run *r;
    const char *from, *to;
    struct compile_options options;
    struct compilation *c;
    struct str out;
    bool done;
};

static void compile_job(void *ctx)
{
    struct job *j = ctx;
    j->c = compile_policy(j->r->a, j->from, &j->options);
}

static void report(struct run *r, const char *name, struct compilation *c)
{
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        const struct diag *d = c->diags.list.at[i];
        if (!diag_is_error(d->id)) continue;
        struct place at = source_place(r->a, &c->sources.list.at[d->at.file], d->at);
        complain(r, "%s:%u:%u: %s: %.*s", name, at.line, at.column, diag_rows[d->id].code,
                 (int)d->message.len, d->message.p);
    }
}

struct str run_compile(struct run *r, const char *name)
{
    struct job j = {.r = r, .from = run_path(r, name), .options = {.strip = true}};
    if (!arena_try(r->a, compile_job, &j)) complain(r, "%s: no memory", name);
    if (!j.c) return (struct str){0};
    report(r, name, j.c);
    if (!j.c->table.p && !r->complaints) complain(r, "%s: no table and no error", name);
    return j.c->table;
}

static bool is_yaml(const char *name)
{
    return strstr(name, ".yaml") != NULL;
}

static void print_job(void *ctx)
{
    struct job *j = ctx;
    compile_job(j);
    const struct file_ast *f = j->c->ast.files.count ? j->c->ast.files.at[0] : NULL;
    if (j->c->diags.error_count || !f) return;
    j->done = true;
    if (!is_yaml(j->to))
        j->out = print_dsl(j->r->a, f);
    else if (is_yaml(j->from))
        j->done = fmt_yaml(j->r->a, &j->c->diags, &j->c->sources, 0, &j->out);
    else
        j->done = print_yaml(j->r->a, &j->c->diags, f, &j->out);
}

bool run_print(struct run *r, const char *from, const char *to)
{
    struct job j = {.r = r, .from = run_path(r, from), .to = to};
    j.options = (struct compile_options){.check_only = true, .keep_comments = true, .one_file = true};
    if (!arena_try(r->a, print_job, &j)) complain(r, "%s: no memory", from);
    if (j.c && !j.done) report(r, from, j.c);
    if (!j.done) {
        complain(r, "%s cannot be printed as %s", from, to);
        return false;
    }
    run_write(r, to, j.out.p, j.out.len);
    return true;
}

/* ---- comments ---- */

struct str run_read_bytes(struct run *r, const char *name)
{
    struct gen g = {&r->pool, 0};
    struct out o = {.g = &g};
    char block[4096];
    FILE *f = fopen(run_path(r, name), "rb");
    for (size_t n; f && (n = fread(block, 1, sizeof block, f)) > 0;) sb_bytes(&o, block, n);
    if (f) fclose(f);
    char *text = sb_text(&o);
    return (struct str){text, o.len};
}

const char *run_read(struct run *r, const char *name)
{
    return run_read_bytes(r, name).p;
}

/* The generator numbers its comments: "# note 17", "# note 18: of its own". */
void check_notes(struct run *r, const char *from, const char *to, bool any)
{
    const char *source = run_read(r, from), *printed = run_read(r, to);
    struct gen g = {&r->pool, 0};
    for (const char *s = source; (s = strstr(s, "# note ")); s++) {
        int n = atoi(s + 7);
        const char *own = gen_format(&g, "# note %d: of its own\n", n),
                   *beside = gen_format(&g, "# note %d\n", n);
        const char *dsl = gen_format(&g, "# note %d; \"and\" { more\n", n);
        bool of_its_own = !strncmp(s, own, strlen(own));
        if (!of_its_own && !any) continue;
        bool kept = strstr(printed, own) || strstr(printed, beside) || strstr(printed, dsl);
        if (!kept) complain(r, "%s, printed as %s, loses the comment \"# note %d\"", from, to, n);
    }
}
