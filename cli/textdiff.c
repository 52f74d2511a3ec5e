/*
 * Two texts to a unified diff: see textdiff.h.
 *
 * The texts become lists of lines. Common lines at both ends are set aside; between them Myers' greedy search
 * runs forward, keeping the furthest points of every round, and the path is read off backwards: it says for
 * each line whether it is kept. Hunks are then printed with three lines round each change.
 */
#include "textdiff.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONTEXT_LINES = 3,
    ROUNDS_MAX =
        3000 /* its square is the memory: 3000 rounds keep 36 MB; a policy's layout differs by less */
};

struct text {
    struct str *lines; /* each with its LF, but perhaps the last */
    bool *changed;
    size_t count;
};

static bool text_split(struct text *t, struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) count += s.p[i] == '\n';
    t->count = count + (s.len && s.p[s.len - 1] != '\n');
    t->lines = malloc((t->count + 1) * sizeof *t->lines);
    t->changed = calloc(t->count + 1, sizeof *t->changed);
    if (!t->lines || !t->changed) return false;
    const char *p = s.p, *end = s.p + s.len;
    for (size_t k = 0; k < t->count; k++) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        size_t len = lf ? (size_t)(lf - p) + 1 : (size_t)(end - p);
        t->lines[k] = (struct str){p, len};
        p += len;
    }
    return true;
}

/* ---- which lines are changed ---- */

/* What lies between the common ends: lines [a_from, a_from + n) and [b_from, b_from + m). */
struct middle {
    struct text *a, *b;
    long a_from, b_from, n, m;
};

static bool same_line(const struct middle *w, long x, long y)
{
    return str_eq(w->a->lines[w->a_from + x], w->b->lines[w->b_from + y]);
}

/* Round d keeps the furthest x of the diagonals -d .. d, at trace[d][d + k]. The rounds until the end was
 * reached, -1: too many, -2: no memory. */
static long search(const struct middle *w, long **trace)
{
    for (long d = 0; d <= ROUNDS_MAX; d++) {
        long *now = trace[d] = malloc((size_t)(2 * d + 1) * sizeof *now);
        if (!now) return -2;
        for (long k = -d; k <= d; k += 2) {
            const long *last = d ? trace[d - 1] + d - 1 : NULL; /* last[k]: diagonal k of the round before */
            long x = 0;
            if (d && (k == -d || (k != d && last[k - 1] < last[k + 1])))
                x = last[k + 1];
            else if (d)
                x = last[k - 1] + 1;
            while (x < w->n && x - k < w->m && same_line(w, x, x - k)) x++;
            now[d + k] = x;
            if (x >= w->n && x - k >= w->m) return d;
        }
    }
    return -1;
}

static void read_back(const struct middle *w, long **trace, long d)
{
    long x = w->n, y = w->m;
    for (; d > 0; d--) {
        const long *last = trace[d - 1] + d - 1;
        long k = x - y;
        bool down = k == -d || (k != d && last[k - 1] < last[k + 1]);
        long from_k = down ? k + 1 : k - 1;
        x = last[from_k];
        y = x - from_k;
        if (down)
            w->b->changed[w->b_from + y] = true;
        else
            w->a->changed[w->a_from + x] = true;
    }
}

static bool mark_changes(const struct middle *w)
{
    long **trace = calloc(ROUNDS_MAX + 1, sizeof *trace);
    if (!trace) return false;
    long d = search(w, trace);
    if (d >= 0) read_back(w, trace, d);
    if (d == -1) {
        memset(w->a->changed + w->a_from, true, (size_t)w->n);
        memset(w->b->changed + w->b_from, true, (size_t)w->m);
    }
    for (long i = 0; i <= ROUNDS_MAX; i++) free(trace[i]);
    free(trace);
    return d != -2;
}

static struct middle middle_of(struct text *a, struct text *b)
{
    size_t head = 0, tail = 0;
    while (head < a->count && head < b->count && str_eq(a->lines[head], b->lines[head])) head++;
    while (tail < a->count - head && tail < b->count - head &&
           str_eq(a->lines[a->count - 1 - tail], b->lines[b->count - 1 - tail]))
        tail++;
    return (struct middle){
        a, b, (long)head, (long)head, (long)(a->count - head - tail), (long)(b->count - head - tail)};
}

/* ---- printing ---- */

static void out_line(struct out *o, char mark, struct str line)
{
    out_putc(o, mark);
    out_str(o, line);
    if (line.len == 0 || line.p[line.len - 1] != '\n') out_puts(o, "\n\\ No newline at end of file\n");
}

static void out_range(struct out *o, char mark, size_t from, size_t count)
{
    out_printf(o, "%c%zu", mark, count ? from + 1 : from);
    if (count != 1) out_printf(o, ",%zu", count);
}

/* Lines [a_from, a_to) and [b_from, b_to): one hunk. */
static void out_hunk(struct out *o, const struct text *a, const struct text *b, size_t a_from, size_t a_to,
                     size_t b_from, size_t b_to)
{
    out_puts(o, "@@ ");
    out_range(o, '-', a_from, a_to - a_from);
    out_putc(o, ' ');
    out_range(o, '+', b_from, b_to - b_from);
    out_puts(o, " @@\n");
    size_t i = a_from, j = b_from;
    while (i < a_to || j < b_to) {
        if (i < a_to && a->changed[i])
            out_line(o, '-', a->lines[i++]);
        else if (j < b_to && b->changed[j])
            out_line(o, '+', b->lines[j++]);
        else {
            out_line(o, ' ', a->lines[i++]);
            j++;
        }
    }
}

/* Where the hunk that begins with the change at (i, j) ends: after the first 2 * CONTEXT_LINES kept lines in
 * a row. */
static void hunk_end(const struct text *a, const struct text *b, size_t *i, size_t *j)
{
    size_t end_i = *i, end_j = *j, kept = 0;
    while ((*i < a->count || *j < b->count) && kept <= 2 * CONTEXT_LINES) {
        bool a_changed = *i < a->count && a->changed[*i], b_changed = *j < b->count && b->changed[*j];
        *i += a_changed || !b_changed;
        *j += !a_changed;
        kept = a_changed || b_changed ? 0 : kept + 1;
        if (kept == 0) end_i = *i, end_j = *j;
    }
    *i = end_i, *j = end_j;
}

static void out_hunks(struct out *o, const struct text *a, const struct text *b)
{
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        if (!(i < a->count && a->changed[i]) && !(j < b->count && b->changed[j])) {
            i++, j++;
            continue;
        }
        size_t before = i < CONTEXT_LINES ? i : CONTEXT_LINES, from_i = i - before, from_j = j - before;
        hunk_end(a, b, &i, &j);
        size_t left = a->count - i, after = left < CONTEXT_LINES ? left : CONTEXT_LINES;
        out_hunk(o, a, b, from_i, i + after, from_j, j + after);
    }
}

bool out_diff(struct out *o, const char *name, struct str before, struct str after)
{
    if (str_eq(before, after)) return true;
    struct text a = {0}, b = {0};
    bool done = text_split(&a, before) && text_split(&b, after);
    if (done) {
        struct middle w = middle_of(&a, &b);
        done = mark_changes(&w);
    }
    if (done) {
        out_printf(o, "--- %s\n+++ %s\n", name, name);
        out_hunks(o, &a, &b);
    }
    free(a.lines);
    free(a.changed);
    free(b.lines);
    free(b.changed);
    return done;
}
