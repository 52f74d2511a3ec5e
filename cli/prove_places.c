/*
 * Where findings stand, from a table's spans, and the source's own words where the sources are at hand: see
 * prove.h.
 *
 * A condition that several rules share has the places of the first one that wrote it: of the others only the
 * rule's own place is known.
 */
#include "prove.h"
#include "../runtime/ops.h"
#include "proof/subject.h"

void prove_places(struct proving *p)
{
    const struct table_view *v = p->v;
    struct compilation *c = p->policy.compiled;
    uint32_t seen = 0; /* codes come into the table as their first rules do */
    p->first = arena_array(p->a, bool, v->RULE.count);
    for (uint32_t i = 0; i < v->RULE.count; i++) {
        uint32_t code = le32(v->RULE.at[i].code);
        p->first[i] = code >= seen;
        if (p->first[i]) seen = code + 1;
    }
    for (uint32_t i = 0; c && i < c->sources.list.count; i++) source_line(p->a, &c->sources.list.at[i], 1);
}

static struct prove_place place_at(const struct proving *p, const struct tf_span *span)
{
    struct prove_place place = {.known = span != NULL};
    struct compilation *c = p->policy.compiled;
    if (!span) return place;
    uint32_t file = le32(span->file);
    place.file = view_string(p->v, p->v->SOURCE_FILE.at[file]);
    place.at = (struct place){le32(span->line), le32(span->column), le32(span->length)};
    if (!c || file >= c->sources.list.count) return place;
    place.source = &c->sources.list.at[file];
    place.file = place.source->path;
    return place;
}

struct prove_place place_of_rule(const struct proving *p, uint32_t rule)
{
    enum tf_span_kind kind = rule < le32(p->v->POLICY.at->rule_count) ? TF_S_RULE
                             : rule_is_otherwise(p->v, rule)          ? TF_S_OTHERWISE
                                                                      : TF_S_TAKES;
    return place_at(p, view_span(p->v, kind, rule));
}

/* Promises put beside the policy stand in no file. */
struct prove_place place_of_promise(const struct proving *p, uint32_t promise)
{
    struct prove_place none = {.known = false};
    return p->said == p->v ? place_at(p, view_span(p->v, TF_S_PROMISE, promise)) : none;
}

static const struct tf_span *part_span(const struct proving *p, uint32_t rule, uint32_t code_off)
{
    return p->first[rule] ? view_span(p->v, TF_S_CODE, code_off) : NULL;
}

struct prove_place place_of_part(const struct proving *p, uint32_t rule, uint32_t code_off)
{
    const struct tf_span *span = part_span(p, rule, code_off);
    return span ? place_at(p, span) : place_of_rule(p, rule);
}

struct prove_place place_of(const struct proving *p, const struct finding *f)
{
    switch (f->kind) {
    case FINDING_CONSTANT: return place_of_part(p, f->rule, f->code_off);
    case FINDING_GAP: return place_of_rule(p, p->v->RULE.count - 1);
    case FINDING_PROMISE: return place_of_promise(p, f->promise);
    case FINDING_DEAD:
    case FINDING_OVERLAP:
    case FINDING_UNDECIDED: break;
    }
    return f->rule == SHUNT_NONE ? (struct prove_place){.known = false} : place_of_rule(p, f->rule);
}

/* ---- words ---- */

/* Behind the node at a place in CODE. */
static uint32_t behind_node(const struct table_view *v, uint32_t code_off)
{
    const struct tf_unit *p = v->CODE.at + code_off;
    while (p->tag == TF_OP_NOT) p++;
    if (p->tag == TF_OP_AND || p->tag == TF_OP_OR)
        p = unit_children(&p);
    else
        p = unit_behind(p);
    return (uint32_t)(p - v->CODE.at);
}

/* A place ends with its line: whether the part really does, by the nodes inside it. */
static bool ends_in_line(const struct proving *p, uint32_t code_off, const struct tf_span *span)
{
    uint32_t end = behind_node(p->v, code_off);
    for (const struct tf_span *in = span; in < p->v->SPAN.at + p->v->SPAN.count; in++) {
        if (le32(in->kind) != TF_S_CODE || le32(in->index) >= end) break;
        if (le32(in->line) != le32(span->line) || le32(in->file) != le32(span->file)) return false;
    }
    return true;
}

/* Parentheses that are open at the line's end are closed in another line. */
static bool is_balanced(struct str text)
{
    int open = 0;
    for (size_t i = 0; i < text.len; i++) {
        open += text.p[i] == '(' || text.p[i] == '[';
        open -= text.p[i] == ')' || text.p[i] == ']';
    }
    return open == 0;
}

/* Code points [from, from + count) of a line. */
static struct str points(struct str line, uint32_t from, uint32_t count)
{
    size_t begin = 0, end;
    for (uint32_t i = 0; i < from && begin < line.len; i++) utf8_next(line, &begin);
    end = begin;
    for (uint32_t i = 0; i < count && end < line.len; i++) utf8_next(line, &end);
    return (struct str){line.p + begin, end - begin};
}

/* YAML's own ways to write a quote are no part of the condition. */
static bool is_escaped(const struct source *s, struct str words)
{
    for (size_t i = 0; s->kind == SOURCE_YAML && i < words.len; i++)
        if (words.p[i] == '\\' || (i && words.p[i] == '\'' && words.p[i - 1] == '\'')) return true;
    return false;
}

static struct str source_words(const struct proving *p, uint32_t rule, uint32_t code_off)
{
    const struct tf_span *span = part_span(p, rule, code_off);
    struct prove_place place = place_at(p, span);
    if (!place.source || !ends_in_line(p, code_off, span)) return (struct str){NULL, 0};
    struct str line = source_line(p->a, place.source, place.at.line);
    struct str words = points(line, place.at.column - 1, place.at.length);
    bool whole = words.len && is_balanced(words) && !is_escaped(place.source, words);
    return whole ? words : (struct str){NULL, 0};
}

struct str text_of_part(const struct proving *p, uint32_t rule, uint32_t code_off)
{
    struct str words = source_words(p, rule, code_off);
    if (words.p) return words;
    struct buf b;
    buf_init(&b, p->a);
    print_view_code(&b, p->v, code_off);
    return buf_done(&b);
}

/* Whether the words are the promise whole: a place ends with its line, and YAML has escapes of its own. */
static bool is_promise(const struct proving *p, struct str words, struct str canonical)
{
    struct diags diags = {.a = p->a};
    const struct cond_text text = {.text = words};
    const struct promise_decl *parsed = words.len ? parse_promise(p->a, &diags, &text) : NULL;
    return parsed && str_eq(parsed->text, canonical);
}

struct str text_of_promise(const struct proving *p, uint32_t promise)
{
    if (p->said != p->v) return p->texts[promise].text;
    struct str canonical = view_string(p->v, p->v->PROMISE.at[promise].text);
    struct prove_place place = place_of_promise(p, promise);
    if (!place.source) return canonical;
    struct str line = source_line(p->a, place.source, place.at.line);
    struct str words = points(line, place.at.column - 1, place.at.length);
    return is_promise(p, words, canonical) ? words : canonical;
}

struct str name_of_channel_value(const struct proving *p, uint32_t channel)
{
    if (channel == SHUNT_NONE) return (struct str){NULL, 0};
    return p->space->dims.at[space_channel_dim(p->space)].values.at[channel];
}
