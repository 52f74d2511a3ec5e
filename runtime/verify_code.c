/*
 * Numbers and conditions (docs/TABLE-FORMAT.md 5): that every condition can be evaluated, and where each
 * begins.
 *
 * CODE is read once from its beginning to its end, without recursion: what is still open (a NOT's one node,
 * an AND's bytes) is kept in a row of at most TF_NESTING_MAX. On the way, what conditions read of each
 * attribute is noted. What operands an op has, ops.def says.
 */
#include "ops.h"
#include "verify.h"

static double number_of(le64_t v)
{
    uint64_t bits = le64(v);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

bool sh_verify_numbers(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->NUMBER_count; i++) {
        double number = number_of(t->NUMBER[i]);
        REQUIRE(number - number == 0, NUMBER, i, "not finite");
        REQUIRE(number != 0 || le64(t->NUMBER[i]) == 0, NUMBER, i, "minus zero");
        REQUIRE(i == 0 || number_of(t->NUMBER[i - 1]) < number, NUMBER, i, "numbers do not rise");
    }
    return true;
}

/* ---- reading ---- */

/* What is open: a node that has children. */
struct open_node {
    uint32_t end;      /* AND, OR: where its children end; NOT: 0 */
    uint32_t children; /* so far */
};

struct reader {
    struct verify *v;
    uint32_t at;    /* in CODE */
    uint32_t node;  /* where the node at hand began, for errors */
    uint32_t depth; /* of `open` */
    struct open_node open[TF_NESTING_MAX];
};

#define WANT(condition, reason) REQUIRE(condition, CODE, r->node, reason)

/* A LEB128 number in its shortest form. */
static bool read_number(struct reader *r, uint32_t *number)
{
    struct verify *v = r->v;
    uint64_t n = 0;
    for (int shift = 0; shift < 35; shift += 7) {
        WANT(r->at < v->t->CODE_count, "it is cut off");
        uint8_t byte = v->t->CODE[r->at++];
        n |= (uint64_t)(byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        WANT(byte != 0 || shift == 0, "a number longer than it need be");
        WANT(n <= UINT32_MAX, "a number too large");
        *number = (uint32_t)n;
        return true;
    }
    WANT(false, "a number too long");
}

static bool read_below(struct reader *r, uint32_t limit, uint32_t *number)
{
    struct verify *v = r->v;
    if (!read_number(r, number)) return false;
    WANT(*number < limit, "there is nothing of that number");
    return true;
}

/* An attribute of one of the types. */
static bool read_attr(struct reader *r, unsigned types, const struct tf_attr **attr)
{
    struct verify *v = r->v;
    uint32_t i = 0;
    if (!read_below(r, v->t->ATTR_count, &i)) return false;
    *attr = &v->t->ATTR[i];
    WANT(types >> (*attr)->type & 1, "a test that does not fit the attribute's type");
    /* `exists` of a text or a number does not read what it says. */
    if (types != OPERAND_ANY_TYPE || (*attr)->type == TF_SET_T) v->t->attr_read[i] = 1;
    return true;
}

static bool read_cmp(struct reader *r)
{
    struct verify *v = r->v;
    WANT(r->at < v->t->CODE_count, "it is cut off");
    WANT(v->t->CODE[r->at++] <= TF_GE, "an unknown comparison");
    return true;
}

/* `count` (at least `least`) ascending numbers below the limit; the first and the last. */
static bool read_ascending(struct reader *r, uint32_t least, uint32_t limit, uint32_t *first, uint32_t *last)
{
    struct verify *v = r->v;
    uint32_t count;
    if (!read_number(r, &count)) return false;
    WANT(count >= least, "too few");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t before = *last;
        if (!read_below(r, limit, last)) return false;
        if (i == 0)
            *first = *last;
        else
            WANT(*last > before, "they do not rise");
    }
    return true;
}

/* ---- operands ---- */

/* Whether an op for these types may name the atom; attr: what an ATTR before it named, NULL without one. */
static bool atom_fits(struct reader *r, uint32_t atom, unsigned types, const struct tf_attr *attr)
{
    struct verify *v = r->v;
    const struct tf_attr *own = &v->t->ATTR[v->last[atom]];
    WANT(types >> own->type & 1, "a test that does not fit the attribute's type");
    WANT(!attr || attr == own, "atoms of several attributes");
    return true;
}

static bool read_atom(struct reader *r, unsigned types, const struct tf_attr *attr)
{
    uint32_t atom = 0;
    return read_below(r, r->v->t->ATOM_count, &atom) && atom_fits(r, atom, types, attr);
}

/* Ascending ones of one attribute: those between the first and the last are its too. */
static bool read_atoms(struct reader *r, uint32_t least, unsigned types, const struct tf_attr *attr)
{
    struct verify *v = r->v;
    uint32_t first = 0, last = 0;
    if (!read_ascending(r, least, v->t->ATOM_count, &first, &last)) return false;
    WANT(v->last[first] == v->last[last], "atoms of several attributes");
    return atom_fits(r, first, types, attr);
}

static bool read_value(struct reader *r, const struct tf_attr *attr)
{
    uint32_t value;
    return read_below(r, attr->type == TF_PRIORITY_T ? SHUNT_PRIORITY_URGENT + 1 : le32(attr->atom_count),
                      &value);
}

static bool read_levels(struct reader *r)
{
    struct verify *v = r->v;
    uint32_t bits;
    if (!read_number(r, &bits)) return false;
    WANT(bits >= 1 && bits <= 14, "no set of priorities");
    v->t->attr_read[TF_PRIORITY] = 1;
    return true;
}

/* Opens a node; len: of its children, 0 for NOT. */
static bool open_node(struct reader *r, uint32_t len)
{
    struct verify *v = r->v;
    WANT(r->depth < TF_NESTING_MAX - 1, "conditions nested too deep");
    WANT(len <= v->t->CODE_count - r->at, "it is cut off");
    r->open[r->depth++] = (struct open_node){len ? r->at + len : 0, 0};
    return true;
}

static bool read_chain(struct reader *r)
{
    struct verify *v = r->v;
    uint32_t len;
    if (!read_number(r, &len)) return false;
    WANT(len >= 2, "too few");
    return open_node(r, len);
}

/* attr: what an ATTR before it named; a VALUE has one. */
static bool read_operand(struct reader *r, enum operand operand, unsigned types, const struct tf_attr **attr)
{
    const struct shunt_table *t = r->v->t;
    uint32_t n = 0, last = 0;
    switch (operand) {
    case OPERAND_NODE: return open_node(r, 0);
    case OPERAND_NODES: return read_chain(r);
    case OPERAND_ATTR: return read_attr(r, types, attr);
    case OPERAND_CMP: return read_cmp(r);
    case OPERAND_VALUE: return read_value(r, *attr);
    case OPERAND_NUM: return read_below(r, t->NUMBER_count, &n);
    case OPERAND_NUMS: return read_ascending(r, 1, t->NUMBER_count, &n, &last);
    case OPERAND_ATOM: return read_atom(r, types, *attr);
    case OPERAND_ATOMS: return read_atoms(r, 1, types, *attr);
    case OPERAND_MANY: return read_atoms(r, 2, types, *attr);
    case OPERAND_LEVELS: return read_levels(r);
    case OPERAND_HOURS: return read_below(r, t->HOURS_count, &n);
    case OPERAND_WINDOWS: return read_below(r, t->WINDOW_SET_count, &n);
    case OPERAND_END: break;
    }
    return true;
}

static bool read_node(struct reader *r)
{
    struct verify *v = r->v;
    const struct tf_attr *attr = NULL;
    r->node = r->at;
    sh_set_bit(v->node, r->at);
    uint8_t op = v->t->CODE[r->at++];
    WANT(op < TF_OP_COUNT, "an unknown op");
    const struct op_row *row = op_row(op);
    for (int i = 0; i < OPERANDS_MAX && row->operands[i] != OPERAND_END; i++)
        if (!read_operand(r, (enum operand)row->operands[i], row->types, &attr)) return false;
    return true;
}

/* Closes what ended with the node just read. */
static bool close_nodes(struct reader *r)
{
    struct verify *v = r->v;
    while (r->depth > 0) {
        struct open_node *o = &r->open[r->depth - 1];
        o->children++;
        if (o->end != 0 && r->at < o->end) return true;
        WANT(o->end == 0 || (r->at == o->end && o->children >= 2), "lengths that do not nest");
        r->depth--;
    }
    return true;
}

/* The attribute of each atom, into v->last; an attribute with atoms that a condition can name is read. */
static void find_attrs(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->ATTR_count; i++) {
        uint32_t first = le32(t->ATTR[i].atom_first), end = first + le32(t->ATTR[i].atom_count);
        for (uint32_t atom = first; atom < end; atom++) v->last[atom] = i;
        t->attr_read[i] = first < end;
    }
}

bool sh_verify_code(struct verify *v)
{
    struct reader reader = {.v = v}, *r = &reader;
    find_attrs(v);
    while (r->at < v->t->CODE_count) {
        if (r->depth == 0) sh_set_bit(v->condition, r->at);
        uint32_t depth = r->depth;
        if (!read_node(r)) return false;
        if (r->depth == depth && !close_nodes(r)) return false;
    }
    WANT(r->depth == 0, "it is cut off");
    return true;
}
