/* What is shown of a compilation's diagnostics, and the three short renderings: see render.h. */
#include "render.h"
#include "cli.h"

#include <string.h>

bool report_shows(const struct report *r, enum diag_id id)
{
    return diag_is_error(id) || !(r->errors_only || r->allow[id]);
}

struct report_counts report_count(const struct report *r, const struct diags *d)
{
    struct report_counts counts = {d->error_count, r->errors_only ? 0 : d->warning_count};
    if (r->errors_only) return counts;
    for (uint32_t i = 0; i < d->list.count; i++)
        if (!report_shows(r, d->list.at[i]->id)) counts.warnings--;
    return counts;
}

int report_status(const struct report *r, struct report_counts counts)
{
    return counts.errors || (r->deny_warnings && counts.warnings) ? EXIT_NO : EXIT_FINE;
}

/* ---- text that is safe to show ---- */

/* Characters that a terminal obeys instead of showing: controls, and the marks and overrides of direction. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void out_visible(struct out *o, struct str text)
{
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        uint32_t c = utf8_next(text, &i);
        if (c == '\n' || c == '\t')
            out_putc(o, ' ');
        else if (is_hidden(c))
            out_printf(o, "\\u{%x}", (unsigned)c);
        else
            out_bytes(o, text.p + from, i - from);
    }
}

/* ---- JSON lines ---- */

static void json_place(struct out *o, struct compilation *c, struct span at)
{
    struct source *s = &c->sources.list.at[at.file];
    struct place p = source_place(c->a, s, at);
    out_json_text(o, "file", s->path);
    out_json_u64(o, "line", p.line);
    out_json_u64(o, "column", p.column);
    out_json_u64(o, "length", p.length);
}

static void json_diag(struct out *o, struct compilation *c, const struct diag *d)
{
    out_printf(o, "{\"code\":\"%s\",\"severity\":\"%s\"", diag_rows[d->id].code,
               diag_is_error(d->id) ? "error" : "warning");
    json_place(o, c, d->at);
    out_json_text(o, "message", d->message);
    if (d->hint.p) out_json_text(o, "hint", d->hint);
    if (d->related_text.p) {
        out_puts(o, ",\"related\":{\"message\":");
        out_json(o, d->related_text);
        json_place(o, c, d->related);
        out_putc(o, '}');
    }
    out_puts(o, "}\n");
}

void render_json(struct out *o, const struct report *r, struct compilation *c)
{
    for (uint32_t i = 0; i < c->diags.list.count; i++)
        if (report_shows(r, c->diags.list.at[i]->id)) json_diag(o, c, c->diags.list.at[i]);
}

/* ---- GitHub's workflow commands: ::error file=…,line=…,col=…::message ---- */

/* The runner's own escapes: %, CR and LF; in properties : and , too. */
static void github_escape(struct out *o, struct str text, bool property)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            out_printf(o, "%%%02X", (unsigned)(unsigned char)c);
        else
            out_putc(o, c);
    }
}

static void github_diag(struct out *o, struct compilation *c, const struct diag *d)
{
    struct source *s = &c->sources.list.at[d->at.file];
    struct place p = source_place(c->a, s, d->at);
    out_printf(o, "::%s file=", diag_is_error(d->id) ? "error" : "warning");
    github_escape(o, s->path, true);
    out_printf(o, ",line=%u,endLine=%u,col=%u,endColumn=%u,title=%s::", p.line, p.line, p.column,
               p.column + p.length, diag_rows[d->id].code);
    github_escape(o, d->message, false);
    if (d->hint.p) {
        out_puts(o, " (");
        github_escape(o, d->hint, false);
        out_putc(o, ')');
    }
    if (d->related_text.p) {
        struct source *there = &c->sources.list.at[d->related.file];
        out_puts(o, "%0A");
        github_escape(o, d->related_text, false);
        out_puts(o, ": ");
        github_escape(o, there->path, false);
        out_printf(o, ":%u", source_place(c->a, there, d->related).line);
    }
    out_putc(o, '\n');
}

void render_github(struct out *o, const struct report *r, struct compilation *c)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < c->diags.list.count && shown < DIAG_SHOWN_MAX; i++)
        if (report_shows(r, c->diags.list.at[i]->id)) {
            github_diag(o, c, c->diags.list.at[i]);
            shown++;
        }
    struct report_counts counts = report_count(r, &c->diags);
    uint32_t all = counts.errors + counts.warnings;
    if (all > shown) out_printf(o, "::notice ::and %u more\n", all - shown);
}
