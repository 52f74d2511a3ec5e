/*
 * Plain entries of the list that is taken while the file is read: maps of texts that the source spells as
 * they are, with nothing but blanks, colons, commas and line ends between them. Nearly all rules of a large
 * policy are.
 *
 * Such a one is taken from its events, past the nodes, which it would live for a microsecond: of 100,000
 * rules 25 ms. It is tried where the events of the entry behind it are there, too: libyaml may find that an
 * error begins in a text that was read before, but never in the last entry but one (yaml_take.c). Whatever is
 * not plain goes by its nodes, which give the same (tests/threads/test_ahead.c).
 */
#include "yaml_reader.h"

/* How many events a map of texts takes that begins with the first of them; 0: it does not, or its end is not
 * there. */
static uint32_t map_of_texts(const struct yaml_brief *e, uint32_t count)
{
    uint32_t i = 1;
    if (count == 0 || e->type != YAML_MAPPING_START_EVENT || e->whole) return 0;
    while (i < count && e[i].type == YAML_SCALAR_EVENT && !e[i].whole) i++;
    return i < count && e[i].type == YAML_MAPPING_END_EVENT ? i + 1 : 0;
}

/* Between two texts of a map; a line end is more to look at in a flow map. */
static bool is_plain_gap(struct str text, uint32_t from, uint32_t to, bool flow)
{
    if (to < from) return false;
    for (uint32_t i = from; i < to; i++) {
        char c = text.p[i];
        if (c != ' ' && c != ':' && c != (flow ? ',' : '\n')) return false;
    }
    return true;
}

/* A text that begins with one of those may be none to YAML 1.2, in a flow map. */
static bool may_be_mark(struct str text, const struct yaml_brief *e)
{
    return e->style == YAML_PLAIN && e->to > e->from && memchr("-?:", text.p[e->from], 3);
}

/* Whether the map's events, `count` of them, are all there is to say; *to: where it ends. */
static bool is_plain_map(struct str text, const struct yaml_brief *e, uint32_t count, uint32_t *to)
{
    bool flow = e->style == YAML_FLOW;
    uint32_t at = e->from;
    if (count < 4 || e->from >= text.len) return false;
    if (flow && text.p[at++] != '{') return false;
    if (!flow && e[1].from != at) return false;
    for (uint32_t i = 1; i + 1 < count; i++) {
        if (!is_plain_gap(text, at, e[i].from, flow) || (flow && may_be_mark(text, &e[i]))) return false;
        at = e[i].to;
    }
    *to = at;
    if (!flow) return true;
    *to = e[count - 1].from + 1;
    return is_plain_gap(text, at, e[count - 1].from, flow);
}

static bool take_one(struct yaml_reader *r)
{
    uint32_t there, to;
    const struct yaml_brief *e = yaml_ahead_there(r->ahead, &there);
    uint32_t count = map_of_texts(e, there);
    if (!count || !map_of_texts(e + count, there - count)) return false;
    if (e->from < r->pos || !is_plain_map(r->t->text, e, count, &to)) return false;
    struct span at = yaml_at(r, e->from, to - e->from);
    yaml_scan_gap(r, e->from);
    yaml_take_last(r);
    if (!r->taker->take_plain(r->taker->ctx, r->t, at, e + 1, count / 2 - 1)) return false;
    yaml_take_before(r, at, count - 1, 1);
    if (e->style == YAML_FLOW) r->bracket_end = to;
    r->pos = to;
    r->last_text = NULL; /* none of what comes */
    r->written += count - 1;
    yaml_ahead_skip(r->ahead, count);
    return true;
}

void yaml_take_plain(struct yaml_reader *r)
{
    if (!r->ahead || r->depth != 2 || !yaml_is_taken(r, r->frames[1].node) || !r->taker->take_plain) return;
    while (take_one(r)) continue;
}
