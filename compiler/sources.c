/*
 * Turns a path into sources and the joined tree: reads the root policy, has its front end parse it, reads what
 * it includes where it is named, and so on. Promises that every source that reaches a front end is a regular
 * file of at most 64 MiB inside the root's folder, valid UTF-8 without a byte order mark or control characters.
 */
#include "compile.h"
#include "fd.h"
#include "numbering.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INCLUDE_DEPTH_MAX = 64 }; /* bounds the recursion of join_file() */

/* What reading needs beside the compilation: the root's real folder, and which real files were read. */
struct reader {
    struct compilation *c;
    struct str root_dir;              /* real path, without a slash at its end ("" for "/") */
    struct strmap real;               /* each source's, with its index */
    uint32_t stack[INCLUDE_DEPTH_MAX]; /* the sources being read, outermost first */
    uint32_t depth;
};

static bool join_file(struct reader *r, uint32_t file);

/* ---- paths ---- */

static struct str path_dir(struct arena *a, struct str path)
{
    size_t n = path.len;
    while (n && path.p[n - 1] != '/') n--;
    return n ? arena_str(a, (struct str){path.p, n}) : (struct str){"", 0};
}

/* "a/b/" and "../c.yaml" give "a/c.yaml"; .p NULL where the path leaves the root's folder on its way. */
static struct str path_normal(struct arena *a, struct str dir, struct str rel)
{
    struct str whole = arena_printf(a, "%.*s%.*s", (int)dir.len, dir.p, (int)rel.len, rel.p);
    char *out = arena_alloc(a, whole.len + 2);
    size_t n = 0;
    for (size_t i = 0; i < whole.len;) {
        size_t k = i;
        while (k < whole.len && whole.p[k] != '/') k++;
        struct str part = {whole.p + i, k - i};
        i = k + 1;
        if (part.len == 0 || str_eq(part, S("."))) continue;
        if (str_eq(part, S(".."))) {
            if (n == 0) return (struct str){NULL, 0};
            n--;
            while (n && out[n - 1] != '/') n--;
            continue;
        }
        memcpy(out + n, part.p, part.len);
        n += part.len;
        out[n++] = '/';
    }
    if (n) n--;
    out[n] = 0;
    return (struct str){out, n};
}

static struct str real_path(struct arena *a, const char *path)
{
    char found[PATH_MAX]; /* not from malloc: it would be lost where the arena finds no memory to keep it */
    if (realpath(path, found)) return arena_str(a, str_from(found));
    if (errno == ENOMEM) arena_fail(a);
    return (struct str){NULL, 0};
}

static bool inside(struct str dir, struct str path)
{
    return path.len > dir.len && str_starts(path, dir) && path.p[dir.len] == '/';
}

/* ---- bytes ---- */

struct close_on_exit {
    int fd;
};

static void close_deferred(void *object)
{
    struct close_on_exit *f = object;
    if (f->fd >= 0) close(f->fd);
    f->fd = -1;
}

/* expected: its size, as far as one knows; the file may grow or shrink meanwhile. */
static bool read_whole(struct arena *a, int fd, size_t expected, struct buf *b)
{
    buf_init(b, a);
    buf_reserve(b, expected + 1); /* the last read() finds the end */
    for (;;) {
        buf_reserve(b, 1);
        ssize_t n = fd_read_some(fd, b->p + b->len, b->cap - b->len - 1);
        if (n < 0) return false;
        if (n == 0) return true;
        b->len += (size_t)n;
        if (b->len > SOURCE_LEN_MAX) return true;
    }
}

static bool report_unreadable(struct compilation *c, struct str shown, struct span at)
{
    if (!is_of_path(errno)) c->unreadable = true;
    diag(&c->diags, E0001, at, shown, str_from(strerror(errno)));
    return false;
}

/* The bytes of a regular file that is not too large; false after reporting at `at`. */
static bool read_file(struct compilation *c, const char *path, struct str shown, struct span at, struct str *out)
{
    struct close_on_exit *f = arena_new_of(c->a, struct close_on_exit);
    f->fd = -1;
    arena_defer(c->a, close_deferred, f);
    f->fd = fd_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    if (f->fd < 0 || fstat(f->fd, &st) < 0) return report_unreadable(c, shown, at);
    struct buf b;
    bool whole = false;
    if (!S_ISREG(st.st_mode)) diag(&c->diags, E0002, at, shown);
    else if (st.st_size > SOURCE_LEN_MAX) diag(&c->diags, E0003, at, shown);
    else if (!read_whole(c->a, f->fd, (size_t)st.st_size, &b)) report_unreadable(c, shown, at);
    else if (b.len > SOURCE_LEN_MAX) diag(&c->diags, E0003, at, shown);
    else whole = true;
    close_deferred(f);
    if (!whole) return false;
    *vec_push(c->a, &c->files) = arena_str(c->a, str_from(path)).p;
    *out = buf_done(&b);
    return true;
}

/* ---- text ---- */

/* The offset of the first control character that is no tab or line end, or the length. C1 but U+0085, which YAML
 * speaks of itself (language.md 1.5). */
static size_t first_control(struct str s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.len; i++) {
        uint64_t x;
        /* Eight bytes from 0x20 to 0x7e (14 MB: 3 ms; byte by byte 16). */
        while (s.len - i >= 8 && (memcpy(&x, p + i, 8), !((x | (x - 0x20 * ones) | (x + ones)) & 0x80 * ones)))
            i += 8;
        if (i == s.len) break;
        if (p[i] < 0x20 && p[i] != '\t' && p[i] != '\n' && p[i] != '\r') return i;
        if (p[i] == 0x7f) return i;
        if (p[i] == 0xc2 && p[i + 1] < 0xa0 && p[i + 1] != 0x85) return i;
    }
    return s.len;
}

/* Drops a byte order mark; false where the bytes are not text, after reporting the first that is not. */
static bool check_text(struct compilation *c, uint32_t file)
{
    struct source *s = &c->sources.list.at[file];
    if (str_starts(s->text, S("\xef\xbb\xbf"))) s->text = (struct str){s->text.p + 3, s->text.len - 3};
    if (text_is_plain(s->text)) return true;
    size_t bad = utf8_bad(s->text);
    if (bad < s->text.len) {
        struct str whole = s->text;
        s->text.len = bad; /* lines and columns are counted in what is text */
        struct diag *g = diag0(&c->diags, E0004, ((struct span){file, (uint32_t)bad, 0}));
        if (bad == 0 && whole.len > 1 && ((unsigned char)whole.p[0] | (unsigned char)whole.p[1]) == 0xff)
            diag_hint(&c->diags, g, "the file looks like UTF-16; save it as UTF-8");
        return false;
    }
    size_t control = first_control(s->text);
    if (control == s->text.len) return true;
    size_t i = control;
    uint32_t cp = utf8_next(s->text, &i);
    diag(&c->diags, E0011, ((struct span){file, (uint32_t)control, (uint32_t)(i - control)}),
         arena_printf(c->a, "%04X", (unsigned)cp));
    return false;
}

static bool kind_of(struct str name, enum source_kind *kind)
{
    static const struct {
        const char *ending;
        enum source_kind kind;
    } endings[] = {{".yaml", SOURCE_YAML}, {".yml", SOURCE_YAML}, {".shunt", SOURCE_DSL}};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str e = str_from(endings[i].ending);
        if (name.len <= e.len || memcmp(name.p + name.len - e.len, e.p, e.len)) continue;
        *kind = endings[i].kind;
        return true;
    }
    return false;
}

/* ---- the tree ---- */

static struct file_ast *parse(struct compilation *c, uint32_t file)
{
    bool keep = c->options.keep_comments;
    if (!c->tree) c->tree = arena_part(c->a);
    return c->sources.list.at[file].kind == SOURCE_YAML
               ? parse_yaml_policy(c->tree, &c->diags, &c->sources, file, keep)
               : parse_dsl_policy(c->tree, &c->diags, &c->sources, file, keep);
}

static uint32_t add_source(struct compilation *c, struct str path, struct str name, struct str text)
{
    struct source *s = vec_push(c->a, &c->sources.list);
    s->path = path;
    s->name = name;
    s->text = text;
    *vec_push(c->a, &c->ast.files) = NULL;
    return c->sources.list.count - 1;
}

/* Where a file named in source `from` lies: its path to open, its name relative to the root's folder, its real
 * path. false after reporting. */
static bool locate(struct reader *r, uint32_t from, struct str rel, struct span at, struct str *path,
                   struct str *name, struct str *real)
{
    struct compilation *c = r->c;
    const struct source *s = &c->sources.list.at[from];
    if (!rel.len) return diag(&c->diags, E0001, at, S("\"\""), S("no file is named")), false;
    if (rel.p[0] == '/') return diag(&c->diags, E0006, at, rel), false;
    *name = path_normal(c->a, path_dir(c->a, s->name), rel);
    if (!name->p) return diag(&c->diags, E0007, at, rel), false;
    struct str dir = path_dir(c->a, c->sources.list.at[0].path);
    *path = arena_printf(c->a, "%.*s%.*s", (int)dir.len, dir.p, (int)name->len, name->p);
    *real = memchr(rel.p, 0, rel.len) ? (errno = ENOENT, (struct str){NULL, 0}) : real_path(c->a, path->p);
    if (!real->p) return report_unreadable(c, rel, at);
    if (!inside(r->root_dir, *real)) return diag(&c->diags, E0007, at, rel), false;
    return true;
}

/* A cycle or a second reading, reported; false where it is neither. */
static bool read_already(struct reader *r, struct str real, struct str rel, struct span at)
{
    uint32_t before = strmap_get(&r->real, real, NONE);
    if (before == NONE) return false;
    bool open = false;
    for (uint32_t k = 0; k < r->depth; k++) open |= r->stack[k] == before;
    if (open) diag(&r->c->diags, E0008, at, rel);
    else diag(&r->c->diags, E0009, at, rel);
    return true;
}

static bool include(struct reader *r, uint32_t from, const struct text *t)
{
    struct compilation *c = r->c;
    struct str path, name, real, text;
    enum source_kind kind;
    if (!locate(r, from, t->s, t->at, &path, &name, &real)) return false;
    if (!kind_of(t->s, &kind)) return diag(&c->diags, E0005, t->at, t->s), false;
    if (read_already(r, real, t->s, t->at)) return false;
    if (r->depth == INCLUDE_DEPTH_MAX)
        return diag(&c->diags, E0010, t->at, str_of_u64(c->a, INCLUDE_DEPTH_MAX)), false;
    if (!read_file(c, path.p, t->s, t->at, &text)) return false;
    uint32_t file = add_source(c, path, name, text);
    c->sources.list.at[file].kind = kind;
    strmap_put(c->a, &r->real, real, file);
    return join_file(r, file);
}

/* Parses a source and appends its items, and those of its includes where they are named; false where a file could
 * not be read or understood at all. Recursion: at most INCLUDE_DEPTH_MAX deep. */
static bool join_file(struct reader *r, uint32_t file)
{
    struct compilation *c = r->c;
    if (!check_text(c, file)) return false;
    struct file_ast *f = parse(c, file);
    c->ast.files.at[file] = f;
    if (!f) return false;
    bool whole = true;
    r->stack[r->depth++] = file;
    vec_reserve(c->a, &c->ast.items, f->items.count);
    for (uint32_t i = 0; i < f->items.count; i++) {
        const struct item *item = &f->items.at[i];
        *vec_push(c->a, &c->ast.items) = item;
        if (item->kind != ITEM_INCLUDE || c->options.one_file) continue;
        for (uint32_t k = 0; k < item->u.include.count; k++) whole &= include(r, file, &item->u.include.at[k]);
    }
    r->depth--;
    return whole;
}

/* ---- the ways in ---- */

static struct str base_name(struct str path)
{
    size_t n = path.len;
    while (n && path.p[n - 1] != '/') n--;
    return (struct str){path.p + n, path.len - n};
}

static struct reader *reader_new(struct compilation *c)
{
    struct reader *r = arena_new_of(c->a, struct reader);
    r->c = c;
    c->ast.sources = &c->sources;
    c->sources.ahead = c->options.ahead;
    if (!c->options.one_file) c->sources.numbering = numbering_new(c->a);
    return r;
}

void read_policy(struct compilation *c, const char *path)
{
    struct reader *r = reader_new(c);
    struct str shown = arena_str(c->a, str_from(path)), text;
    uint32_t root = add_source(c, shown, base_name(shown), S(""));
    struct span start = {root, 0, 0};
    struct source *s = &c->sources.list.at[root];
    c->diags.fatal = true;
    if (!read_file(c, path, shown, start, &text)) return;
    if (!kind_of(shown, &s->kind)) {
        diag(&c->diags, E0005, start, shown);
        return;
    }
    s->text = text;
    struct str dir = path_dir(c->a, shown);
    r->root_dir = real_path(c->a, dir.len ? dir.p : ".");
    strmap_put(c->a, &r->real, real_path(c->a, path), 0);
    if (r->root_dir.len == 1) r->root_dir.len = 0;
    c->diags.fatal = false;
    c->ast.incomplete = !join_file(r, root);
}

bool read_yaml_source(struct compilation *c, const char *path)
{
    struct str shown = arena_str(c->a, str_from(path)), text;
    uint32_t root = add_source(c, shown, base_name(shown), S(""));
    struct source *s = &c->sources.list.at[root];
    s->kind = SOURCE_YAML;
    c->diags.fatal = !read_file(c, path, shown, (struct span){root, 0, 0}, &text);
    if (c->diags.fatal) return false;
    s->text = text;
    return check_text(c, root);
}

void read_policy_text(struct compilation *c, const char *name, struct str text)
{
    struct reader *r = reader_new(c);
    struct str shown = arena_str(c->a, str_from(name));
    uint32_t root = add_source(c, shown, base_name(shown), text);
    if (!kind_of(shown, &c->sources.list.at[root].kind)) {
        diag(&c->diags, E0005, ((struct span){root, 0, 0}), shown);
        c->diags.fatal = true;
        return;
    }
    r->root_dir = real_path(c->a, ".");
    strmap_put(c->a, &r->real, (struct str){"", 0}, 0);
    c->ast.incomplete = !join_file(r, root);
}

static void read_promise(struct compilation *c, const struct promise_text *said)
{
    struct str name = arena_str(c->a, said->name);
    uint32_t file = add_source(c, name, name, arena_str(c->a, said->text));
    c->sources.list.at[file].kind = SOURCE_DSL;
    if (!check_text(c, file)) return;
    if (!c->tree) c->tree = arena_part(c->a);
    const struct cond_text text = {.file = file, .text = c->sources.list.at[file].text};
    struct promise_decl *promise = parse_promise(c->tree, &c->diags, &text);
    if (!promise) return;
    struct item *item = arena_new_of(c->tree, struct item);
    item->kind = ITEM_PROMISE;
    item->at = item->key = promise->at;
    item->u.promise = promise;
    *vec_push(c->a, &c->ast.items) = item;
}

void read_promises(struct compilation *c)
{
    for (uint32_t i = 0; i < c->options.promise_count; i++) read_promise(c, &c->options.promises[i]);
}

struct str find_beside(struct compilation *c, uint32_t from, struct str rel, struct span at, struct str *real)
{
    struct reader r = {.c = c};
    struct str path, name, none = {NULL, 0};
    struct str dir = path_dir(c->a, c->sources.list.at[0].path);
    r.root_dir = real_path(c->a, dir.len ? dir.p : ".");
    if (r.root_dir.len == 1) r.root_dir.len = 0;
    return locate(&r, from, rel, at, &path, &name, real) ? path : none;
}

struct str read_beside(struct compilation *c, struct str found, struct str rel, struct span at)
{
    struct str text, none = {NULL, 0};
    return read_file(c, found.p, rel, at, &text) ? text : none;
}
