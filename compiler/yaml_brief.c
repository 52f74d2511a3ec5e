/* libyaml's events in brief: see yaml_brief.h. */
#include "yaml_brief.h"

uint32_t yaml_marks_off(struct yaml_marks *m, size_t index)
{
    struct str s = m->text;
    if (m->ascii) return (uint32_t)(index < s.len ? index : s.len);
    size_t cp = m->cp, off = m->off;
    for (; cp < index && off < s.len; cp++) do
            off++;
        while (off < s.len && ((unsigned char)s.p[off] & 0xc0) == 0x80);
    for (; cp > index && off > 0; cp--) do
            off--;
        while (off > 0 && ((unsigned char)s.p[off] & 0xc0) == 0x80);
    m->cp = cp;
    m->off = off;
    return (uint32_t)off;
}

static enum yaml_style text_style(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return YAML_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return YAML_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE: return YAML_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return YAML_FOLDED;
    default: return YAML_PLAIN;
    }
}

/* Whether the text's bytes are what it says, and nothing stands before it. */
static bool is_source(struct str text, const yaml_event_t *e, const struct yaml_brief *b)
{
    uint32_t quote = b->style == YAML_SINGLE || b->style == YAML_DOUBLE, len = b->to - b->from;
    if (e->data.scalar.anchor || e->data.scalar.tag || b->style == YAML_LITERAL || b->style == YAML_FOLDED)
        return false;
    if (b->to < b->from || len < 2 * quote) return false;
    struct str value = {(const char *)e->data.scalar.value, e->data.scalar.length};
    return str_eq(value, (struct str){text.p + b->from + quote, len - 2 * quote});
}

/* Whether nothing is left to say. */
static bool is_said(struct str text, const yaml_event_t *e, struct yaml_brief *b)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        b->style = (uint8_t)text_style(e->data.scalar.style);
        return is_source(text, e, b);
    case YAML_SEQUENCE_START_EVENT:
        b->style = e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? YAML_FLOW : YAML_BLOCK;
        return !e->data.sequence_start.anchor && !e->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        b->style = e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? YAML_FLOW : YAML_BLOCK;
        return !e->data.mapping_start.anchor && !e->data.mapping_start.tag;
    case YAML_DOCUMENT_START_EVENT: b->implicit = e->data.document_start.implicit; return true;
    case YAML_DOCUMENT_END_EVENT: b->implicit = e->data.document_end.implicit; return true;
    case YAML_ALIAS_EVENT: return false;
    default: return true;
    }
}

bool yaml_brief_next(yaml_parser_t *parser, struct yaml_marks *marks, yaml_event_t *room,
                     struct yaml_brief *out)
{
    if (!yaml_parser_parse(parser, room)) return false;
    *out = (struct yaml_brief){.type = (uint8_t)room->type,
                               .from = yaml_marks_off(marks, room->start_mark.index),
                               .to = yaml_marks_off(marks, room->end_mark.index),
                               .whole = room};
    if (!is_said(marks->text, room, out)) return true;
    yaml_event_delete(room);
    out->whole = NULL;
    return true;
}
