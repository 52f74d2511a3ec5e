/*
 * Diagnostics for people (commands.md 3): the sentence, the source line, carets under the exact place, the
 * hint, then the second place where there is one.
 *
 * The caret stands right in a terminal: a tab of the source stays a tab in the padding, a wide character
 * takes two columns. A very long line is shown as the stretch around the place.
 */
#include "render.h"

#include <string.h>
#include <utf8proc.h>

enum {
    SHOWN_BEFORE_MAX = 90, /* characters of a line before the place, and from it on: about what a terminal */
    SHOWN_AFTER_MAX = 100  /* shows in two rows; a policy's lines are shorter, generated ones are not */
};

static const char *paint(const struct report *r, const char *code)
{
    return r->colour ? code : "";
}
#define BOLD "\x1b[1m"
#define RED "\x1b[1;31m"
#define YELLOW "\x1b[1;33m"
#define BLUE "\x1b[1;34m"
#define PLAIN "\x1b[0m"

/* What of a line is shown: code points [from, to), and where the place lies in it. */
struct window {
    struct str text;
    uint32_t from, to, place_from, place_to;
};

static struct window window_of(struct str line, struct place p)
{
    uint32_t count = (uint32_t)utf8_count(line);
    struct window w = {line, 0, count, p.column - 1, p.column - 1 + p.length};
    if (w.place_from > SHOWN_BEFORE_MAX + 10) w.from = w.place_from - SHOWN_BEFORE_MAX;
    if (count > w.place_from + SHOWN_AFTER_MAX + 10) w.to = w.place_from + SHOWN_AFTER_MAX;
    if (w.place_to > w.to) w.place_to = w.to;
    if (w.place_to <= w.place_from) w.place_to = w.place_from + 1; /* a place behind the line's end */
    return w;
}

/* One character in the terminal's columns; what has no width of its own stands as a replacement of width 1.
 */
static unsigned columns_of(uint32_t c)
{
    if (c == '\t') return 1;
    int width = utf8proc_charwidth((utf8proc_int32_t)c);
    utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)c);
    if (kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_ME) return 0;
    return width == 2 ? 2 : 1;
}

static void shown_char(struct out *o, struct str text, size_t from, size_t to, uint32_t c)
{
    utf8proc_category_t kind = utf8proc_category((utf8proc_int32_t)c);
    bool hidden = kind == UTF8PROC_CATEGORY_CC || kind == UTF8PROC_CATEGORY_CF ||
                  kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP;
    if (c == '\t' || !hidden)
        out_bytes(o, text.p + from, to - from);
    else
        out_puts(o, "\xef\xbf\xbd");
}

/* The line itself; gives in `pad` what stands under it before the place, and the place's width in columns. */
static uint32_t show_line(struct out *o, const struct window *w, struct out *pad)
{
    uint32_t k = 0, place_columns = 0;
    if (w->from) {
        out_puts(o, "…");
        out_putc(pad, ' ');
    }
    for (size_t i = 0; i < w->text.len && k < w->to; k++) {
        size_t at = i;
        uint32_t c = utf8_next(w->text, &i);
        if (k < w->from) continue;
        shown_char(o, w->text, at, i, c);
        unsigned columns = columns_of(c);
        if (k >= w->place_from && k < w->place_to)
            place_columns += columns;
        else if (k < w->place_from && c == '\t')
            out_putc(pad, '\t');
        else if (k < w->place_from)
            out_bytes(pad, "  ", columns);
    }
    if (k == w->to && w->to < utf8_count(w->text)) out_puts(o, "…");
    out_putc(o, '\n');
    return place_columns ? place_columns : 1;
}

static void show_place(struct out *o, const struct report *r, struct compilation *c, struct source *s,
                       struct place p, struct str hint, const char *colour)
{
    if (s->text.len == 0) return; /* it could not be read */
    struct window w = window_of(source_line(c->a, s, p.line), p);
    struct out pad;
    out_init(&pad, -1);
    out_printf(o, "%s%5u |%s ", paint(r, BLUE), p.line, paint(r, PLAIN));
    uint32_t carets = show_line(o, &w, &pad);
    out_printf(o, "%s      |%s ", paint(r, BLUE), paint(r, PLAIN));
    out_bytes(o, pad.p, pad.len);
    out_puts(o, paint(r, colour));
    while (carets--) out_putc(o, '^');
    if (hint.p) {
        out_putc(o, ' ');
        out_visible(o, hint);
    }
    out_puts(o, paint(r, PLAIN));
    out_putc(o, '\n');
    out_free_part(&pad, o);
}

void render_line(struct out *o, const struct report *r, struct compilation *c, struct source *s, struct place p)
{
    show_place(o, r, c, s, p, (struct str){NULL, 0}, BLUE);
}

static void show_diag(struct out *o, const struct report *r, struct compilation *c, const struct diag *d)
{
    struct source *s = &c->sources.list.at[d->at.file];
    struct place p = source_place(c->a, s, d->at);
    bool error = diag_is_error(d->id);
    out_puts(o, paint(r, BOLD));
    out_visible(o, s->path);
    out_printf(o, ":%u:%u: %s%s[%s]:%s%s ", p.line, p.column, paint(r, error ? RED : YELLOW),
               error ? "error" : "warning", diag_rows[d->id].code, paint(r, PLAIN), paint(r, BOLD));
    out_visible(o, d->message);
    out_printf(o, "%s\n", paint(r, PLAIN));
    show_place(o, r, c, s, p, d->hint, error ? RED : YELLOW);
    if (!d->related_text.p) return;
    struct source *there = &c->sources.list.at[d->related.file];
    p = source_place(c->a, there, d->related);
    out_visible(o, there->path);
    out_printf(o, ":%u:%u: note: ", p.line, p.column);
    out_visible(o, d->related_text);
    out_putc(o, '\n');
    show_place(o, r, c, there, p, (struct str){NULL, 0}, BLUE);
}

static void count_of(struct out *o, uint32_t n, const char *what)
{
    if (n)
        out_printf(o, "%u %s%s", n, what, n == 1 ? "" : "s");
    else
        out_printf(o, "no %ss", what);
}

void render_human(struct out *o, const struct report *r, struct compilation *c, const char *path)
{
    uint32_t shown = 0;
    struct report_counts counts = report_count(r, &c->diags);
    for (uint32_t i = 0; i < c->diags.list.count && shown < DIAG_SHOWN_MAX; i++)
        if (report_shows(r, c->diags.list.at[i]->id)) {
            show_diag(o, r, c, c->diags.list.at[i]);
            shown++;
        }
    if (counts.errors + counts.warnings > shown)
        out_printf(o, "… and %u more\n", counts.errors + counts.warnings - shown);
    if (r->quiet) return;
    out_visible(o, str_from(path));
    out_puts(o, ": ");
    count_of(o, counts.errors, "error");
    if (!r->errors_only) {
        out_puts(o, ", ");
        count_of(o, counts.warnings, "warning");
    }
    out_putc(o, '\n');
}
