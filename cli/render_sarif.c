/*
 * SARIF 2.1.0 (OASIS, 27 March 2020): one run; its rules are the rows of diagnostics.def that occur, in their
 * order; columns are code points; a region's end is exclusive.
 */
#include "render.h"
#include "shunt.h"

#include <string.h>

/* 3.4.3: artifactLocation.uri is a URI reference: what is not unreserved or a slash is percent-encoded. */
static void sarif_uri(struct out *o, struct str path)
{
    out_putc(o, '"');
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     (c && strchr("-._~/", c));
        if (plain)
            out_putc(o, (char)c);
        else
            out_printf(o, "%%%02X", c);
    }
    out_putc(o, '"');
}

static void sarif_location(struct out *o, struct compilation *c, struct span at, const struct str *message)
{
    struct source *s = &c->sources.list.at[at.file];
    struct place p = source_place(c->a, s, at);
    out_puts(o, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    sarif_uri(o, s->path);
    out_printf(o, "},\"region\":{\"startLine\":%u,\"startColumn\":%u,\"endColumn\":%u}}", p.line, p.column,
               p.column + p.length);
    if (message) {
        out_puts(o, ",\"message\":{\"text\":");
        out_json(o, *message);
        out_putc(o, '}');
    }
    out_putc(o, '}');
}

static void sarif_result(struct out *o, struct compilation *c, const struct diag *d, uint32_t rule_idx)
{
    out_printf(o, "{\"ruleId\":\"%s\",\"ruleIndex\":%u,\"level\":\"%s\",\"message\":{\"text\":",
               diag_rows[d->id].code, rule_idx, diag_is_error(d->id) ? "error" : "warning");
    struct out text;
    out_init(&text, -1);
    out_str(&text, d->message);
    if (d->hint.p) {
        out_puts(&text, " (");
        out_str(&text, d->hint);
        out_putc(&text, ')');
    }
    out_json(o, (struct str){text.p ? text.p : "", text.len});
    out_free_part(&text, o);
    out_puts(o, "},\"locations\":[");
    sarif_location(o, c, d->at, NULL);
    out_putc(o, ']');
    if (d->related_text.p) {
        out_puts(o, ",\"relatedLocations\":[");
        sarif_location(o, c, d->related, &d->related_text);
        out_putc(o, ']');
    }
    out_putc(o, '}');
}

static void sarif_rule(struct out *o, const struct diag_row *row)
{
    out_printf(o, "{\"id\":\"%s\",\"name\":", row->code);
    out_json(o, str_from(row->id));
    out_puts(o, ",\"shortDescription\":{\"text\":");
    out_json(o, str_from(row->meaning));
    out_puts(o, "},\"help\":{\"text\":");
    out_json(o, str_from(row->mend));
    out_puts(o, "}}");
}

static void sarif_results(struct out *o, const struct report *r, struct compilation *c,
                          const uint32_t *rule_idx, bool *any)
{
    for (uint32_t i = 0; i < c->diags.list.count; i++) {
        const struct diag *d = c->diags.list.at[i];
        if (!report_shows(r, d->id)) continue;
        if (*any) out_putc(o, ',');
        sarif_result(o, c, d, rule_idx[d->id]);
        *any = true;
    }
}

void render_sarif(struct out *o, const struct report *r, struct compilation *const *all, size_t count)
{
    bool occurs[DIAG_COUNT] = {0}, any = false;
    uint32_t rule_idx[DIAG_COUNT] = {0}, rule_count = 0;
    for (size_t k = 0; k < count; k++)
        for (uint32_t i = 0; all[k] && i < all[k]->diags.list.count; i++)
            occurs[all[k]->diags.list.at[i]->id] |= report_shows(r, all[k]->diags.list.at[i]->id);
    out_printf(o,
               "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
               "sarif-schema-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
               "\"tool\":{\"driver\":{\"name\":\"shunt\",\"version\":\"%s\",\"rules\":[",
               shunt_version());
    for (int id = 0; id < DIAG_COUNT; id++) {
        if (!occurs[id]) continue;
        if (rule_count) out_putc(o, ',');
        sarif_rule(o, &diag_rows[id]);
        rule_idx[id] = rule_count++;
    }
    out_puts(o, "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[");
    for (size_t k = 0; k < count; k++)
        if (all[k]) sarif_results(o, r, all[k], rule_idx, &any);
    out_puts(o, "]}]}\n");
}
