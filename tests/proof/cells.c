/*
 * The cells of each attribute: one value for each way in which the tests of it can come out together.
 *
 * Names: each that a table knows, and none. Sets: each subset of the members asked about; a member that
 * nobody asks about says no more than that the set is not empty, so one set of such a member alone will do.
 * Numbers: each constant, and between and beside them the double next to one, where there is one. Texts,
 * times: see their files.
 */
#include "brute.h"

#include <float.h>
#include <math.h>
#include <string.h>

uint32_t next_number(const struct tf_unit **at)
{
    uint32_t v = le16((*at)++->number);
    return v < 0x8000 ? v : (v & 0x7fff) + 0x8000 * (uint32_t)le16((*at)++->number);
}

/* ---- how a test comes out ---- */

static struct str atom_string(const struct table_view *v, uint32_t atom)
{
    return view_string(v, v->ATOM.at[atom].string);
}

/* The place of a name among an attribute's values; -1: the table does not know it. */
static int place_of(const struct table_view *v, uint32_t attr, struct str name)
{
    if (v->ATTR.at[attr].type == TF_PRIORITY_T) {
        for (int i = 0; i < 4; i++)
            if (str_eq(name, str_from(gen_priorities[i]))) return i;
        return -1;
    }
    uint32_t first = le32(v->ATTR.at[attr].atom_first), count = le32(v->ATTR.at[attr].atom_count);
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(name, atom_string(v, first + i))) return (int)i;
    return -1;
}

bool pattern_holds(enum tf_atom_kind kind, struct str p, struct str text)
{
    if (kind == TF_ATOM_EQUALS) return str_eq(p, text);
    if (p.len > text.len) return false;
    if (kind == TF_ATOM_PREFIX) return !memcmp(text.p, p.p, p.len);
    if (kind == TF_ATOM_SUFFIX) return !memcmp(text.p + text.len - p.len, p.p, p.len);
    for (size_t i = 0; i + p.len <= text.len; i++)
        if (!memcmp(text.p + i, p.p, p.len)) return true;
    return false;
}

static bool has_atom(const struct table_view *v, uint32_t atom, const struct cell *c)
{
    struct str s = atom_string(v, atom);
    if (!c->carried) return false;
    if (v->ATOM.at[atom].kind != TF_ATOM_NAME) return pattern_holds(v->ATOM.at[atom].kind, s, c->folded);
    if (c->names.count == 0) return str_eq(c->name, s);
    for (int i = 0; i < c->names.count; i++)
        if (str_eq(c->names.at[i], s)) return true;
    return false;
}

static bool has_atoms(const struct table_view *v, const struct tf_unit *at, const struct cell *c, bool all)
{
    uint32_t count = next_number(&at), found = 0;
    for (uint32_t i = 0; i < count; i++) found += has_atom(v, next_number(&at), c);
    return all ? found == count : found > 0;
}

static double number_at(const struct table_view *v, uint32_t i)
{
    uint64_t bits = le64(v->NUMBER.at[i]);
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static bool compares(unsigned cmp, double a, double b)
{
    return cmp == TF_LT ? a < b : cmp == TF_LE ? a <= b : cmp == TF_GT ? a > b : a >= b;
}

static bool number_in(const struct table_view *v, const struct tf_unit *at, double number)
{
    for (uint32_t left = next_number(&at); left > 0; left--)
        if (number_at(v, next_number(&at)) == number) return true;
    return false;
}

static bool exists(const struct table_view *v, uint32_t attr, const struct cell *c)
{
    unsigned type = v->ATTR.at[attr].type;
    if (type == TF_CHANNEL_T || type == TF_LISTED_T || type == TF_PRIORITY_T)
        return c->carried && place_of(v, attr, c->name) >= 0;
    return c->carried;
}

static bool test_compare(const struct table_view *v, const struct tf_unit *at, const struct cell *c,
                         bool number)
{
    uint32_t attr = next_number(&at);
    unsigned cmp = at->tag - 128u;
    uint32_t value = next_number(&at);
    if (!c->carried) return false;
    if (number) return compares(cmp, c->number, number_at(v, value));
    int place = place_of(v, attr, c->name);
    return place >= 0 && compares(cmp, place, value);
}

uint32_t brute_hours(const struct brute *b, const struct node *test, uint32_t *side)
{
    const struct tf_unit *at = test->operands;
    uint32_t hours = next_number(&at);
    *side = test->side;
    if (test->side == 0 || b->promise_side != test->side) return hours;
    struct shunt_string name = shunt_hours_name(b->sides[1].table, hours);
    *side = 0;
    return shunt_hours_find(b->sides[0].table, name.bytes, name.len);
}

bool test_holds(const struct brute *b, const struct node *test, const struct cell *c)
{
    const struct side *s = &b->sides[test->side];
    const struct table_view *v = &s->v;
    const struct tf_unit *at = test->operands;
    switch (test->op) {
    case TF_OP_HAS: return has_atom(v, next_number(&at), c);
    case TF_OP_HAS_ANY: return has_atoms(v, at, c, false);
    case TF_OP_HAS_ALL: return has_atoms(v, at, c, true);
    case TF_OP_COMPARE: return test_compare(v, at, c, false);
    case TF_OP_NUMBER_COMPARE: return test_compare(v, at, c, true);
    case TF_OP_PRIORITY_IN: return next_number(&at) >> place_of(v, TF_PRIORITY, c->name) & 1;
    case TF_OP_NUMBER_IN: next_number(&at); return c->carried && number_in(v, at, c->number);
    case TF_OP_EXISTS: return exists(v, next_number(&at), c);
    case TF_OP_BOOL: return c->carried && c->yes;
    case TF_OP_DURING: {
        uint32_t side, hours = brute_hours(b, test, &side);
        return shunt_hours_open(b->sides[side].table, hours, c->at);
    }
    case TF_OP_ACTIVE: {
        int64_t local = c->at + shunt_table_offset(s->table, c->at, NULL);
        return in_windows(v, next_number(&at), local / 86400 - (local % 86400 < 0));
    }
    default: return false;
    }
}

/* ---- cells ---- */

static struct cell *add_cell(struct brute *b, struct axis *x)
{
    struct cell *c = list_push(b->g, &x->cells);
    memset(c, 0, sizeof *c);
    c->carried = true;
    return c;
}

static void name_cell(struct brute *b, struct axis *x, struct str name)
{
    for (int i = 0; i < x->cells.count; i++)
        if (x->cells.at[i].name.p && str_eq(x->cells.at[i].name, name)) return;
    add_cell(b, x)->name = name;
}

static void name_cells(struct brute *b, struct axis *x)
{
    for (uint32_t s = 0; s < b->side_count; s++) {
        const struct table_view *v = &b->sides[s].v;
        if (x->attr[s] == SHUNT_NONE) continue;
        const struct tf_attr *a = &v->ATTR.at[x->attr[s]];
        for (uint32_t i = 0; i < le32(a->atom_count); i++)
            name_cell(b, x, atom_string(v, le32(a->atom_first) + i));
    }
}

static void priority_cells(struct brute *b, struct axis *x)
{
    static const char *const names[] = {"normal", "low", "high", "urgent"};
    for (int i = 0; i < 4; i++) add_cell(b, x)->name = str_from(names[i]);
}

static void set_cells(struct brute *b, struct axis *x)
{
    struct cell *unnamed = add_cell(b, x);
    *list_push(b->g, &unnamed->names) = S("nobody asks");
    for (uint32_t bits = 1; bits < 1u << x->members.count; bits++) {
        struct cell *c = add_cell(b, x);
        for (int i = 0; i < x->members.count; i++)
            if (bits >> i & 1) *list_push(b->g, &c->names) = x->members.at[i];
    }
}

static void note_member(struct brute *b, struct axis *x, struct str s)
{
    for (int i = 0; i < x->members.count; i++)
        if (str_eq(x->members.at[i], s)) return;
    *list_push(b->g, &x->members) = s;
}

static void note_members(struct brute *b, struct axis *x)
{
    for (int i = 0; i < x->tests.count; i++) {
        const struct node *n = x->tests.at[i];
        const struct table_view *v = &b->sides[n->side].v;
        const struct tf_unit *at = n->operands;
        if (n->op != TF_OP_HAS && n->op != TF_OP_HAS_ANY && n->op != TF_OP_HAS_ALL) continue;
        for (uint32_t left = n->op == TF_OP_HAS ? 1 : next_number(&at); left > 0; left--)
            note_member(b, x, atom_string(v, next_number(&at)));
    }
}

/* Ascending, each once. */
static void note_number(struct brute *b, struct axis *x, double d)
{
    int i = x->numbers.count;
    for (int k = 0; k < i; k++)
        if (x->numbers.at[k] == d) return;
    (void)list_push(b->g, &x->numbers);
    for (; i > 0 && x->numbers.at[i - 1] > d; i--) x->numbers.at[i] = x->numbers.at[i - 1];
    x->numbers.at[i] = d;
}

static void note_numbers(struct brute *b, struct axis *x)
{
    for (int i = 0; i < x->tests.count; i++) {
        const struct node *n = x->tests.at[i];
        const struct tf_unit *at = n->operands;
        if (n->op != TF_OP_NUMBER_COMPARE && n->op != TF_OP_NUMBER_IN) continue;
        next_number(&at);
        for (uint32_t left = n->op == TF_OP_NUMBER_IN ? next_number(&at) : 1; left > 0; left--)
            note_number(b, x, number_at(&b->sides[n->side].v, next_number(&at)));
    }
}

static void number_cells(struct brute *b, struct axis *x)
{
    note_numbers(b, x);
    int count = x->numbers.count;
    const double *at = x->numbers.at;
    if (count == 0) add_cell(b, x)->number = 0;
    for (int i = 0; i < count; i++) {
        double above = nextafter(at[i], INFINITY);
        if (i == 0 && at[i] > -DBL_MAX) add_cell(b, x)->number = nextafter(at[i], -INFINITY);
        add_cell(b, x)->number = at[i];
        if (i + 1 < count ? above < at[i + 1] : above <= DBL_MAX) add_cell(b, x)->number = above;
    }
}

static void axis_cells(struct brute *b, struct axis *x)
{
    if (x->is_time) {
        time_cells(b, x);
        return;
    }
    if (x->type == TF_PRIORITY_T) {
        priority_cells(b, x);
        return;
    }
    add_cell(b, x)->carried = false;
    if (x->clash) return;
    switch (x->type) {
    case TF_CHANNEL_T:
    case TF_LISTED_T: name_cells(b, x); break;
    case TF_SET_T: note_members(b, x), set_cells(b, x); break;
    case TF_TEXT_T: text_cells(b, x); break;
    case TF_NUMBER_T: number_cells(b, x); break;
    default: add_cell(b, x)->yes = true, add_cell(b, x)->yes = false; break;
    }
}

bool brute_cells(struct brute *b)
{
    uint64_t product = 1;
    for (int i = 0; i < b->axes.count; i++) {
        struct axis *x = &b->axes.at[i];
        axis_cells(b, x);
        product *= (uint64_t)x->cells.count;
        if (product > b->tickets_max) return false;
        for (int t = 0; t < x->tests.count; t++) {
            struct node *n = x->tests.at[t];
            n->holds = gen_alloc(b->g, (size_t)x->cells.count);
            for (int c = 0; c < x->cells.count; c++) n->holds[c] = test_holds(b, n, &x->cells.at[c]);
        }
    }
    b->ticket_count = (uint32_t)product;
    return true;
}
