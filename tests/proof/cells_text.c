/*
 * Texts, one for each way in which the patterns asked about can hold together.
 *
 * All texts over the characters of the patterns and one that is in none are tried, the shortest first. Of two
 * texts that nothing can tell apart, whatever is put behind them, the first is enough: those that agree in
 * their last bytes (as many as the longest pattern has), in what they contain and in how they begin; of those
 * no longer than the longest pattern each is tried. So this ends, and misses nothing. Only what is folded
 * text is tried: every text folds to one, and these characters to themselves.
 *
 * Of a field that is listed in the other table, each of its values is tried beside: as a text it is one like
 * others, but none of the others is one of them.
 */
#include "brute.h"

#include <stdlib.h>
#include <string.h>

/* What a character composes with stands so few bytes before it. */
enum { SEEN_LEAST = 8 };

struct pattern {
    enum tf_atom_kind kind;
    struct str text;
};

struct explorer {
    struct brute *b;
    struct axis *x;
    LIST(struct pattern) patterns;
    LIST(struct str) characters;
    size_t longest;
    bool plain;             /* ASCII alone: whatever is put together is folded */
    LIST(struct str) texts; /* to go on from */
    struct str *states;     /* open addressing */
    uint32_t cap, count;
    LIST(uint64_t) found; /* ways in which patterns held */
};

static void note_pattern(struct explorer *e, const struct table_view *v, uint32_t atom)
{
    struct pattern p = {v->ATOM.at[atom].kind, view_string(v, v->ATOM.at[atom].string)};
    for (int i = 0; i < e->patterns.count; i++)
        if (e->patterns.at[i].kind == p.kind && str_eq(e->patterns.at[i].text, p.text)) return;
    *list_push(e->b->g, &e->patterns) = p;
    if (p.text.len > e->longest) e->longest = p.text.len;
}

static void note_character(struct explorer *e, struct str c)
{
    for (int i = 0; i < e->characters.count; i++)
        if (str_eq(e->characters.at[i], c)) return;
    if (c.len > 1) e->plain = false;
    *list_push(e->b->g, &e->characters) = c;
}

static void begin(struct explorer *e)
{
    for (int i = 0; i < e->x->tests.count; i++) {
        const struct node *n = e->x->tests.at[i];
        const struct tf_unit *at = n->operands;
        if (n->op != TF_OP_HAS && n->op != TF_OP_HAS_ANY) continue;
        for (uint32_t left = n->op == TF_OP_HAS ? 1 : next_number(&at); left > 0; left--)
            note_pattern(e, &e->b->sides[n->side].v, next_number(&at));
    }
    e->plain = true;
    for (int i = 0; i < e->patterns.count; i++) {
        struct str s = e->patterns.at[i].text;
        for (size_t k = 0, from; from = k, k < s.len; note_character(e, (struct str){s.p + from, k - from}))
            utf8_next(s, &k);
    }
    note_character(e, S("q"));
    if (!e->plain && e->longest < SEEN_LEAST) e->longest = SEEN_LEAST;
}

static uint64_t held(const struct explorer *e, struct str t, bool lasting)
{
    uint64_t bits = 0;
    for (int i = 0; i < e->patterns.count; i++) {
        enum tf_atom_kind kind = e->patterns.at[i].kind;
        if (lasting && kind != TF_ATOM_PREFIX && kind != TF_ATOM_CONTAINS) continue;
        bits |= (uint64_t)pattern_holds(kind, e->patterns.at[i].text, t) << i;
    }
    return bits;
}

static bool is_folded(const struct explorer *e, struct str t)
{
    char *out;
    size_t len;
    if (e->plain) return true;
    if (shunt_text_fold(t.p, t.len, NULL, &out, &len)) return false;
    bool same = len == t.len && !memcmp(out, t.p, len);
    free(out);
    return same;
}

/* What must be remembered of a text to know how it can go on. */
static struct str state_of(struct explorer *e, struct str t)
{
    struct out o = {.g = e->b->g};
    if (t.len <= e->longest) {
        sb_putc(&o, 's');
        sb_bytes(&o, t.p, t.len);
    } else {
        uint64_t bits = held(e, t, true);
        sb_putc(&o, 'l');
        sb_bytes(&o, (const char *)&bits, sizeof bits);
        sb_bytes(&o, t.p + t.len - e->longest, e->longest);
    }
    return (struct str){sb_text(&o), o.len};
}

static uint32_t slot(const struct explorer *e, struct str s)
{
    uint32_t i = tf_name_hash(0, s.p, s.len) & (e->cap - 1);
    while (e->states[i].p && !str_eq(e->states[i], s)) i = (i + 1) & (e->cap - 1);
    return i;
}

static bool is_new(struct explorer *e, struct str s)
{
    if (2 * e->count >= e->cap) {
        struct explorer old = *e;
        e->cap = e->cap ? 2 * e->cap : 256;
        e->states = gen_alloc(e->b->g, e->cap * sizeof *e->states);
        for (uint32_t i = 0; i < old.cap; i++)
            if (old.states[i].p) e->states[slot(e, old.states[i])] = old.states[i];
    }
    uint32_t i = slot(e, s);
    if (e->states[i].p) return false;
    e->states[i] = s;
    e->count++;
    return true;
}

static bool is_listed(const struct explorer *e, struct str t)
{
    for (uint32_t s = 0; s < e->b->side_count; s++) {
        const struct table_view *v = &e->b->sides[s].v;
        uint32_t attr = e->x->attr[s];
        if (attr == SHUNT_NONE || v->ATTR.at[attr].type != TF_LISTED_T) continue;
        for (uint32_t i = 0; i < le32(v->ATTR.at[attr].atom_count); i++)
            if (str_eq(t, view_string(v, v->ATOM.at[le32(v->ATTR.at[attr].atom_first) + i].string)))
                return true;
    }
    return false;
}

static void add_cell(struct explorer *e, struct str text, struct str folded)
{
    struct cell *c = list_push(e->b->g, &e->x->cells);
    *c = (struct cell){.carried = true, .text = text, .folded = folded};
    if (e->x->twin) c->name = text;
}

/* A text that folds to this one and is no listed value: those begin with a small letter. */
static struct str not_listed(struct explorer *e, struct str t)
{
    if (!e->x->twin || !is_listed(e, t)) return t;
    char *other = gen_strdup(e->b->g, t.p);
    other[0] = (char)(other[0] - 'a' + 'A');
    return (struct str){other, t.len};
}

static void try(struct explorer *e, struct str t)
{
    if (!is_folded(e, t) || !is_new(e, state_of(e, t))) return;
    *list_push(e->b->g, &e->texts) = t;
    uint64_t bits = held(e, t, false);
    for (int i = 0; i < e->found.count; i++)
        if (e->found.at[i] == bits) return;
    *list_push(e->b->g, &e->found) = bits;
    add_cell(e, not_listed(e, t), t);
}

static void add_listed(struct explorer *e)
{
    for (uint32_t s = 0; s < e->b->side_count; s++) {
        const struct table_view *v = &e->b->sides[s].v;
        uint32_t attr = e->x->attr[s];
        if (attr == SHUNT_NONE || v->ATTR.at[attr].type != TF_LISTED_T) continue;
        for (uint32_t i = 0; i < le32(v->ATTR.at[attr].atom_count); i++) {
            struct str name = view_string(v, v->ATOM.at[le32(v->ATTR.at[attr].atom_first) + i].string);
            add_cell(e, name, name); /* small letters: folded as they are */
        }
    }
}

void text_cells(struct brute *b, struct axis *x)
{
    struct explorer e = {.b = b, .x = x};
    begin(&e);
    if (x->twin) add_listed(&e);
    try(&e, S(""));
    for (int i = 0; i < e.texts.count && e.texts.count < 200000; i++) {
        struct str t = e.texts.at[i];
        for (int k = 0; k < e.characters.count; k++) {
            struct str c = e.characters.at[k];
            char *longer = gen_alloc(b->g, t.len + c.len + 1);
            memcpy(longer, t.p, t.len);
            memcpy(longer + t.len, c.p, c.len);
            try(&e, (struct str){longer, t.len + c.len});
        }
    }
}
