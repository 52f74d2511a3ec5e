/*
 * A table for people: header, sections, policy, attributes, rules, promises, index. Spelled as the policy's
 * own language where that has a word for it.
 */
#include "dump.h"

#include <stdarg.h>
#include <stdio.h>

/* A line of at most so many bytes, without the names in it, which are written apart. */
enum { LINE_MAX_LEN = 400 };

void text_line(struct dump *d, const char *format, ...)
{
    char line[LINE_MAX_LEN];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    out_puts(d->o, line);
    out_putc(d->o, '\n');
}

static void heading(struct dump *d, const char *word)
{
    out_printf(d->o, "\n%s\n", word);
}

/* ---- header and sections ---- */

static void put_digest(struct dump *d)
{
    for (uint32_t i = 0; i < d->v->SOURCE_DIGEST.count; i++)
        out_printf(d->o, "%02x", d->v->SOURCE_DIGEST.at[i]);
    out_putc(d->o, '\n');
}

static void put_sources(struct dump *d)
{
    if (!d->v->SOURCE_FILE.count) {
        text_line(d, "sources        stripped");
        return;
    }
    out_puts(d->o, "sources        ");
    for (uint32_t i = 0; i < d->v->SOURCE_FILE.count; i++) {
        if (i) out_puts(d->o, ", ");
        out_str(d->o, view_string(d->v, d->v->SOURCE_FILE.at[i]));
    }
    out_puts(d->o, "\nSHA-256        ");
    put_digest(d);
}

static void put_header(struct dump *d)
{
    const struct tf_header *h = d->v->header;
    text_line(d, "table          version %u, readable from version %u on", le16(h->version),
              le16(h->last_compatible));
    text_line(d, "bytes          %llu", (unsigned long long)le64(h->file_len));
    text_line(d, "checksum       %08x", le32(h->checksum));
    put_sources(d);
}

/* Names, descriptions and places: what people read, and matching does not. */
static bool is_for_people(uint32_t section)
{
    return section == TF_STRING_OFFS || section == TF_STRING_BYTES || section == TF_RULE_NAME ||
           section == TF_DESCRIPTION || section >= TF_SOURCE_FILE;
}

void dump_text_sections(struct dump *d, bool per_rule)
{
    double rules = d->v->RULE.count, names_apart = 0;
    heading(d, "sections");
    text_line(d, "   id  name              records   each        bytes%s", per_rule ? "   a rule" : "");
    for (uint32_t i = 0; i < le32(d->v->header->section_count); i++) {
        struct dump_section s = dump_section(d->v, i);
        unsigned long long bytes = s.count * s.record_len;
        out_printf(d->o, "  %3u  %-15s %9llu %6llu %12llu", s.id, s.name, (unsigned long long)s.count,
                   (unsigned long long)s.record_len, bytes);
        if (per_rule) out_printf(d->o, "  %7.2f", (double)bytes / rules);
        out_putc(d->o, '\n');
        if (!is_for_people(s.id)) names_apart += (double)bytes;
    }
    if (per_rule)
        text_line(d, "  without names, descriptions and source positions: %.2f bytes a rule",
                  names_apart / rules);
}

/* ---- policy and attributes ---- */

static void put_named(struct dump *d, const char *word, struct str s)
{
    if (!s.p) return;
    out_printf(d->o, "  %-15s ", word);
    out_str(d->o, s);
    out_putc(d->o, '\n');
}

static void put_policy(struct dump *d)
{
    const struct tf_policy *p = d->v->POLICY.at;
    heading(d, "policy");
    put_named(d, "name", view_string(d->v, p->name));
    if (le32(p->zone) != TF_NONE)
        put_named(d, "timezone", view_string(d->v, d->v->ZONE.at[le32(p->zone)].name));
    put_named(d, "time-zone data", view_string(d->v, p->zone_release));
    put_named(d, "Unicode", view_string(d->v, p->unicode_version));
    put_named(d, "presence", str_from(p->presence_day ? "day" : "signout"));
    put_named(d, "auto_assign", str_from(p->auto_assign ? "on" : "off"));
    put_named(d, "assign_on_reply", str_from(p->assign_on_reply ? "on" : "off"));
}

static void put_atom(struct dump *d, uint32_t atom, const char *before)
{
    const struct tf_atom *a = &d->v->ATOM.at[atom];
    struct str text = view_description(d->v, TF_D_ATOM, atom);
    out_puts(d->o, before);
    if (a->kind != TF_ATOM_NAME) {
        out_printf(d->o, "%s ", word_pattern(a->kind));
        out_json(d->o, name_of_atom(d->v, atom));
    } else {
        out_str(d->o, name_of_atom(d->v, atom));
    }
    if (!text.p) return;
    out_putc(d->o, ' ');
    out_json(d->o, text);
}

static void put_attrs(struct dump *d)
{
    heading(d, "attributes");
    for (uint32_t i = 0; i < d->v->ATTR.count; i++) {
        const struct tf_attr *attr = &d->v->ATTR.at[i];
        uint32_t first = le32(attr->atom_first), count = le32(attr->atom_count);
        bool closed = attr->closed && attr->type == TF_SET_T;
        out_puts(d->o, "  ");
        out_str(d->o, view_attr_name(d->v, i));
        out_printf(d->o, " is %s%s", closed ? "closed " : "", word_type(attr->type));
        for (uint32_t k = 0; k < count; k++) put_atom(d, first + k, k ? ", " : ": ");
        out_putc(d->o, '\n');
    }
    for (uint32_t i = 0; i < d->v->AC_ROOT.count; i++) {
        out_puts(d->o, "  all texts of ");
        out_str(d->o, view_attr_name(d->v, le32(d->v->AC_ROOT.at[i].attr)));
        text_line(d, " are looked for by %u states", le32(d->v->AC_ROOT.at[i].state_count));
    }
}

/* ---- rules ---- */

static void put_steps(struct dump *d, const struct tf_outcome *o)
{
    for (uint32_t i = 0; i < le16(o->step_count); i++) {
        const struct tf_step *step = &d->v->STEP.at[le32(o->step_first) + i];
        out_puts(d->o, i ? ", then " : "    to ");
        out_str(d->o, words_target(d, step));
        if (!i) continue;
        out_puts(d->o, " after ");
        out_str(d->o, words_duration(d, le32(step->after_sec)));
        if (le32(step->of_hours) == TF_NONE) continue;
        out_puts(d->o, " of ");
        out_str(d->o, view_string(d->v, d->v->HOURS.at[le32(step->of_hours)].name));
    }
    out_puts(d->o, le16(o->step_count) ? "\n" : "    continue\n");
}

static void put_effects(struct dump *d, const struct tf_outcome *o)
{
    if (o->set_priority) text_line(d, "    set priority %s", shunt_priority_name(o->set_priority - 1u));
    if (o->raise_priority) text_line(d, "    raise priority %s", shunt_priority_name(o->raise_priority - 1u));
    for (uint32_t i = 0; i < le16(o->add_count); i++) {
        out_puts(d->o, i ? ", " : "    add labels ");
        out_str(d->o, name_of_atom(d->v, le32(d->v->LIST.at[le32(o->add_first) + i])));
    }
    if (le16(o->add_count)) out_putc(d->o, '\n');
    for (uint32_t i = 0; i < le16(o->require_count); i++) {
        out_puts(d->o, i ? ", " : "    require skills ");
        out_str(d->o, name_of_skill(d->v, le32(d->v->LIST.at[le32(o->require_first) + i])));
    }
    if (le16(o->require_count)) out_putc(d->o, '\n');
}

static void put_rule(struct dump *d, uint32_t rule)
{
    const struct tf_rule *r = &d->v->RULE.at[rule];
    const struct tf_outcome *o = &d->v->OUTCOME.at[le32(r->outcome)];
    uint32_t rules = le32(d->v->POLICY.at->rule_count);
    bool last = rule + 1 == d->v->RULE.count;
    enum tf_span_kind kind = rule < rules ? TF_S_RULE : last ? TF_S_OTHERWISE : TF_S_TAKES;
    struct str text = view_description(d->v, TF_D_RULE, rule);

    out_printf(d->o, "  %u ", rule + 1);
    out_str(d->o, words_rule(d, rule));
    struct str place = words_place(d, kind, rule);
    if (place.len) out_printf(d->o, "  # %s", place.p);
    out_putc(d->o, '\n');
    if (text.p) {
        out_puts(d->o, "    ");
        out_json(d->o, text);
        out_putc(d->o, '\n');
    }
    if (!last) {
        out_puts(d->o, rule < rules ? "    when " : "    takes ");
        out_str(d->o, words_code(d, le32(r->code)));
        out_putc(d->o, '\n');
    }
    put_effects(d, o);
    put_steps(d, o);
}

static void put_promises(struct dump *d)
{
    if (!d->v->PROMISE.count) return;
    heading(d, "promises");
    for (uint32_t i = 0; i < d->v->PROMISE.count; i++) {
        out_puts(d->o, "  ");
        out_str(d->o, view_string(d->v, d->v->PROMISE.at[i].text));
        struct str place = words_place(d, TF_S_PROMISE, i);
        if (place.len) out_printf(d->o, "  # %s", place.p);
        out_putc(d->o, '\n');
    }
}

/* ---- index ---- */

static void put_index(struct dump *d)
{
    heading(d, "index");
    for (int deciding = 1; deciding >= 0; deciding--) {
        struct dump_index x = dump_index(d->v, deciding);
        out_printf(d->o, "  rules that %s: entries %u, buckets in use %u", x.name, x.entries, x.buckets);
        if (x.largest_bucket != TF_NONE) {
            out_printf(d->o, ", entries in the largest %u (", x.largest);
            out_str(d->o, words_atom(d, x.largest_bucket));
            out_putc(d->o, ')');
        }
        text_line(d, ", for every ticket %u", x.unfiled);
    }
}

void dump_text(struct dump *d)
{
    put_header(d);
    dump_text_sections(d, false);
    put_policy(d);
    put_attrs(d);
    dump_text_hours(d);
    dump_text_people(d);
    heading(d, "rules");
    for (uint32_t i = 0; i < d->v->RULE.count; i++) put_rule(d, i);
    put_promises(d);
    put_index(d);
}
