/*
 * Numbers and conditions (docs/TABLE-FORMAT.md 5): that every condition can be evaluated, and where each
 * begins.
 *
 * Most conditions are of a few kinds of nodes that verify_units.c sees to be right. Any other is read here
 * from its beginning to its end, without recursion: chains that are still open are kept in a row, and how
 * many nodes are, NOTs too, in a number: at most TF_NESTING_MAX. What operands an op has, ops.def says. On
 * the way, what conditions read of each attribute is noted.
 */
#include "ops.h"
#include "processor.h"
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

/* An AND or OR whose children are not all read. The first one of a row stands for CODE itself. */
struct open_chain {
    uint32_t end;      /* where its children end */
    uint32_t children; /* so far */
    uint32_t nested;   /* how many nodes its children lie in */
};

struct reader {
    struct verify *v;
    uint32_t node;            /* where the node at hand began, for errors */
    uint32_t nested;          /* how many nodes it lies in */
    struct open_chain *chain; /* the innermost */
    struct open_chain open[TF_NESTING_MAX];
};

/* What reads something answers where that ends, which is never 0: 0 is wrong, and the error is filled in.
 * Places are handed on by value and not through *reader, so that the processor need not wait for its memory.
 */
#define WANT(condition, reason)                                                                              \
    do {                                                                                                     \
        if (!(condition)) return sh_bad(r->v, TF_CODE, r->node, (reason));                                   \
    } while (0)

/* The number of the unit at `at`, and of the one behind it where it is wide. */
static uint32_t read_number(struct reader *r, uint32_t at, uint32_t *number)
{
    const struct shunt_table *t = r->v->t;
    uint32_t n = le16(t->CODE[at++].number);
    if (n >= TF_WIDE) {
        WANT(at < t->CODE_count && t->CODE[at].tag == TF_TAG_HIGH, "half a number");
        uint32_t high = le16(t->CODE[at++].number);
        WANT(high != 0, "a number longer than it need be");
        n = (n - TF_WIDE) | high << TF_WIDE_SHIFT;
    }
    *number = n;
    return at;
}

static uint32_t read_below(struct reader *r, uint32_t at, uint32_t limit, uint32_t *number)
{
    uint32_t end = read_number(r, at, number);
    if (end != 0) WANT(*number < limit, "there is nothing of that number");
    return end;
}

/* That one more number stands there; `at` itself, as it is still to be read. */
static uint32_t read_item(struct reader *r, uint32_t at)
{
    const struct shunt_table *t = r->v->t;
    WANT(at < t->CODE_count, "it is cut off");
    WANT(t->CODE[at].tag == TF_TAG_ITEM, "a number is missing");
    return at;
}

/* That one to compare with does. */
static uint32_t read_cmp(struct reader *r, uint32_t at)
{
    const struct shunt_table *t = r->v->t;
    WANT(at < t->CODE_count, "it is cut off");
    WANT(t->CODE[at].tag >= TF_TAG_CMP && t->CODE[at].tag <= TF_TAG_CMP + TF_GE, "an unknown comparison");
    return at;
}

/* An attribute of one of the types. */
static uint32_t read_attr(struct reader *r, uint32_t at, unsigned types, const struct tf_attr **attr)
{
    const struct shunt_table *t = r->v->t;
    uint32_t i = 0, end = read_below(r, at, t->ATTR_count, &i);
    if (end == 0) return 0;
    *attr = &t->ATTR[i];
    WANT(types >> (*attr)->type & 1, "a test that does not fit the attribute's type");
    /* `exists` of a text or a number does not read what it says. */
    if (types != OPERAND_ANY_TYPE || (*attr)->type == TF_SET_T) t->attr_read[i] = 1;
    return end;
}

/* A count of at least `least`, and so many ascending numbers below the limit; the first and the last. */
static uint32_t read_ascending(struct reader *r, uint32_t at, uint32_t least, uint32_t limit, uint32_t *first,
                               uint32_t *last)
{
    uint32_t count;
    if ((at = read_number(r, at, &count)) == 0) return 0;
    WANT(count >= least, "too few");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t before = *last;
        if ((at = read_item(r, at)) == 0 || (at = read_below(r, at, limit, last)) == 0) return 0;
        if (i == 0)
            *first = *last;
        else
            WANT(*last > before, "they do not rise");
    }
    return at;
}

/* ---- operands ---- */

/* Whether an op for these types may name the atom; attr: what an ATTR before it named, NULL without one. */
static bool atom_fits(struct reader *r, uint32_t atom, unsigned types, const struct tf_attr *attr)
{
    const struct verify *v = r->v;
    const struct tf_attr *own = &v->t->ATTR[v->last[atom]];
    WANT(types >> own->type & 1, "a test that does not fit the attribute's type");
    WANT(!attr || attr == own, "atoms of several attributes");
    return true;
}

static uint32_t read_atom(struct reader *r, uint32_t at, unsigned types, const struct tf_attr *attr)
{
    uint32_t atom = 0;
    at = read_below(r, at, r->v->t->ATOM_count, &atom);
    return at != 0 && atom_fits(r, atom, types, attr) ? at : 0;
}

/* Ascending ones of one attribute: those between the first and the last are its too. */
static uint32_t read_atoms(struct reader *r, uint32_t at, uint32_t least, unsigned types,
                           const struct tf_attr *attr)
{
    const struct verify *v = r->v;
    uint32_t first = 0, last = 0;
    if ((at = read_ascending(r, at, least, v->t->ATOM_count, &first, &last)) == 0) return 0;
    WANT(v->last[first] == v->last[last], "atoms of several attributes");
    return atom_fits(r, first, types, attr) ? at : 0;
}

static uint32_t read_value(struct reader *r, uint32_t at, const struct tf_attr *attr)
{
    uint32_t value;
    return read_below(r, at, attr->type == TF_PRIORITY_T ? SHUNT_PRIORITY_URGENT + 1 : le32(attr->atom_count),
                      &value);
}

static uint32_t read_levels(struct reader *r, uint32_t at)
{
    uint32_t bits;
    if ((at = read_number(r, at, &bits)) == 0) return 0;
    WANT(bits >= 1 && bits <= 14, "no set of priorities");
    r->v->t->attr_read[TF_PRIORITY] = 1;
    return at;
}

static uint32_t read_nothing(struct reader *r, uint32_t at)
{
    WANT(le16(r->v->t->CODE[at].number) == 0, "reserved bytes are not zero");
    return at + 1;
}

/* The children follow: they lie one deeper. */
static uint32_t open_chain(struct reader *r, uint32_t at)
{
    uint32_t len = 0;
    if ((at = read_number(r, at, &len)) == 0) return 0;
    WANT(len >= 2, "too few");
    WANT(len <= r->v->t->CODE_count - at, "it is cut off");
    WANT(r->nested < TF_NESTING_MAX - 1, "conditions nested too deep");
    *++r->chain = (struct open_chain){at + len, 0, ++r->nested};
    return at;
}

static uint32_t open_not(struct reader *r, uint32_t at)
{
    WANT(r->nested < TF_NESTING_MAX - 1, "conditions nested too deep");
    r->nested++;
    return read_nothing(r, at);
}

/* attr: what an ATTR before it named; a VALUE has one. */
static uint32_t read_operand(struct reader *r, uint32_t at, enum operand operand, unsigned types,
                             const struct tf_attr **attr)
{
    const struct shunt_table *t = r->v->t;
    uint32_t n = 0, last = 0;
    switch (operand) {
    case OPERAND_NODE: return open_not(r, at);
    case OPERAND_NODES: return open_chain(r, at);
    case OPERAND_ATTR: return read_attr(r, at, types, attr);
    case OPERAND_CMP: return read_cmp(r, at);
    case OPERAND_VALUE: return read_value(r, at, *attr);
    case OPERAND_NUM: return read_below(r, at, t->NUMBER_count, &n);
    case OPERAND_NUMS: return read_ascending(r, at, 1, t->NUMBER_count, &n, &last);
    case OPERAND_ATOM: return read_atom(r, at, types, *attr);
    case OPERAND_ATOMS: return read_atoms(r, at, 1, types, *attr);
    case OPERAND_MANY: return read_atoms(r, at, 2, types, *attr);
    case OPERAND_LEVELS: return read_levels(r, at);
    case OPERAND_HOURS: return read_below(r, at, t->HOURS_count, &n);
    case OPERAND_WINDOWS: return read_below(r, at, t->WINDOW_SET_count, &n);
    case OPERAND_END: return read_nothing(r, at);
    }
    return at;
}

/* ---- nodes ---- */

/* Its op's first operand stands with the op; of the others those that no CMP stands before are ITEMs. */
static uint32_t read_node(struct reader *r, uint32_t at, bool *ended)
{
    const struct tf_attr *attr = NULL;
    unsigned op = r->v->t->CODE[at].tag;
    WANT(op < TF_OP_COUNT, "an unknown op");
    const struct op_row *row = op_row(op);
    at = read_operand(r, at, (enum operand)row->operands[0], row->types, &attr);
    for (int i = 1; at != 0 && i < OPERANDS_MAX && row->operands[i] != OPERAND_END; i++) {
        bool item = row->operands[i] != OPERAND_CMP && row->operands[i - 1] != OPERAND_CMP;
        if (item && (at = read_item(r, at)) == 0) return 0;
        at = read_operand(r, at, (enum operand)row->operands[i], row->types, &attr);
    }
    *ended = row->operands[0] != OPERAND_NODE && row->operands[0] != OPERAND_NODES;
    return at;
}

/* A node ended, and the NOTs before it; the chains that end with it do. */
static bool close_nodes(struct reader *r, uint32_t at)
{
    for (r->chain->children++; at >= r->chain->end; r->chain->children++) {
        WANT(at == r->chain->end && r->chain->children >= 2, "lengths that do not nest");
        r->chain--;
    }
    r->nested = r->chain->nested;
    return true;
}

static uint32_t read_condition(struct reader *r, uint32_t at)
{
    bool ended = true;
    do {
        WANT(at < r->v->t->CODE_count, "it is cut off");
        r->node = at;
        if ((at = read_node(r, at, &ended)) == 0) return 0;
        if (ended && !close_nodes(r, at)) return 0;
    } while (r->nested > 0);
    return at;
}

/* ---- all of them ---- */

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

static bool verify_code(struct verify *v, bool quick)
{
    struct reader reader = {.v = v, .chain = reader.open}, *r = &reader;
    r->open[0] = (struct open_chain){.end = UINT32_MAX};
    find_attrs(v);
    if (quick) sh_mark_units(v, sh_have_avx2());
    for (uint32_t at = 0, end; at < v->t->CODE_count; at = end) {
        sh_set_bit(v->condition, at);
        end = quick ? sh_plain_condition(v, at) : 0;
        if (end == 0) end = read_condition(r, at);
        if (end == 0) return false;
    }
    return true;
}

bool sh_verify_code(struct verify *v)
{
    return verify_code(v, true);
}

bool sh_verify_code_slowly(struct verify *v)
{
    return verify_code(v, false);
}
