/*
 * Conditions to CODE (runtime/ops.def), each different one once, with the places of their nodes.
 * Assumes atoms and numbers are in the table; promises nesting within TF_NESTING_MAX, as the model's is.
 */
#include "lower.h"
#include "../runtime/ops.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct node_place {
    uint32_t off; /* of the op's unit, within the condition */
    struct span at;
};

/* A condition that is written; what it has begins there and ends where the next one's begins. */
struct written {
    uint32_t units, places, hash;
};

/* Conditions being written, one behind the other. */
struct writer {
    struct lowering *l;
    VEC(struct tf_unit) units;
    VEC(struct node_place) places; /* in the order of the units */
    uint32_t begin;                /* of the condition at hand */
};

static struct tf_unit unit(unsigned tag, uint32_t number)
{
    return (struct tf_unit){(uint8_t)tag, to_le16((uint16_t)number)};
}

/* Numbers count what is in memory, of more than a byte each: they have 31 bits. */
static void put(struct writer *w, unsigned tag, uint32_t number)
{
    assert(number >> 31 == 0);
    bool wide = number >= TF_WIDE;
    *vec_push(w->l->a, &w->units) = unit(tag, wide ? TF_WIDE | number : number);
    if (wide) *vec_push(w->l->a, &w->units) = unit(TF_TAG_HIGH, number >> TF_WIDE_SHIFT);
}

/* A node begins here. */
static void put_place(struct writer *w, const struct cond *cond)
{
    *vec_push(w->l->a, &w->places) = (struct node_place){w->units.count - w->begin, cond->at};
}

static void write_node(struct writer *w, const struct cond *cond, unsigned depth);

/* ---- and, or ---- */

/* Children are written behind one unit kept for their length; where it takes two, they move up, and the
 * places of their nodes with them. */
static void write_joined(struct writer *w, enum tf_op op, const struct cond *cond, unsigned depth)
{
    put_place(w, cond);
    uint32_t len_at = w->units.count, first_place = w->places.count;
    put(w, op, 0);
    for (uint32_t i = 0; i < cond->count; i++) write_node(w, &cond->kids[i], depth + 1);

    uint32_t len = w->units.count - len_at - 1;
    bool wide = len >= TF_WIDE;
    if (wide) {
        vec_reserve(w->l->a, &w->units, 1);
        memmove(w->units.at + len_at + 2, w->units.at + len_at + 1, len * sizeof *w->units.at);
        for (uint32_t i = first_place; i < w->places.count; i++) w->places.at[i].off++;
    }
    w->units.count = len_at;
    put(w, op, len);
    w->units.count += len;
}

/* ---- tests ---- */

static int id_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* What a test names, as atoms, ascending and each once; ids are so already. */
struct atoms {
    uint32_t *at, count, few[32];
};

static void text_atoms(struct writer *w, const struct cond *cond, struct atoms *atoms)
{
    uint32_t total = cond->count, kept = 0;
    for (uint32_t i = 0; i < total; i++)
        atoms->at[i] = lower_pattern_atom(w->l, cond->attr, cond->text_kind, cond_ids(cond)[i]);
    qsort(atoms->at, total, sizeof *atoms->at, id_order);
    for (uint32_t i = 0; i < total; i++)
        if (kept == 0 || atoms->at[i] != atoms->at[kept - 1]) atoms->at[kept++] = atoms->at[i];
    atoms->count = kept;
}

static void find_atoms(struct writer *w, const struct cond *cond, struct atoms *atoms)
{
    bool texts = cond->holds == HOLDS_TEXTS;
    uint32_t count = cond->count;
    atoms->at = count <= 32 ? atoms->few : arena_array(w->l->a, uint32_t, count);
    atoms->count = count;
    if (texts) {
        text_atoms(w, cond, atoms);
        return;
    }
    uint32_t first = le32(w->l->parts.ATTR.at[cond->attr].atom_first);
    for (uint32_t i = 0; i < count; i++) atoms->at[i] = first + cond_ids(cond)[i];
}

static uint32_t levels(const struct cond *cond)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < cond->count; i++) bits |= 1u << cond_ids(cond)[i];
    return bits;
}

/* The op of a test: the shortest where there are several, a constant where it asks nothing. */
static enum tf_op op_for(const struct writer *w, const struct cond *cond, const struct atoms *atoms)
{
    if (cond->op == COND_HAS_ANY && w->l->parts.ATTR.at[cond->attr].type == TF_PRIORITY_T) {
        uint32_t bits = levels(cond);
        return bits == 0 ? TF_OP_FALSE : bits == 15 ? TF_OP_TRUE : TF_OP_PRIORITY_IN;
    }
    if (cond->op == COND_HAS_ALL && atoms->count < 2) return atoms->count ? TF_OP_HAS : TF_OP_TRUE;
    if (cond->op == COND_HAS_ANY || cond->op == COND_TEXT)
        return atoms->count == 0 ? TF_OP_FALSE : atoms->count == 1 ? TF_OP_HAS : TF_OP_HAS_ANY;
    return (enum tf_op)cond->op;
}

/* A number of a test: its first stands with the op. */
struct next_number {
    struct writer *w;
    unsigned tag; /* of the next */
};

static void put_next(struct next_number *next, uint32_t number)
{
    put(next->w, next->tag, number);
    next->tag = TF_TAG_ITEM;
}

static void put_atoms(struct next_number *next, const struct atoms *atoms)
{
    put_next(next, atoms->count);
    for (uint32_t i = 0; i < atoms->count; i++) put_next(next, atoms->at[i]);
}

static void put_nums(struct next_number *next, const struct cond *cond)
{
    put_next(next, cond->count);
    for (uint32_t i = 0; i < cond->count; i++)
        put_next(next, lower_number(next->w->l, cond_numbers(cond)[i]));
}

/* A date set's place in WINDOW_SET is kept in l->date_sets. */
static void put_operand(struct next_number *next, enum operand operand, const struct cond *cond,
                        const struct atoms *atoms)
{
    struct lowering *l = next->w->l;
    switch (operand) {
    case OPERAND_ATTR: put_next(next, cond->attr); break;
    case OPERAND_CMP: next->tag = TF_TAG_CMP + (unsigned)cond->cmp; break;
    case OPERAND_VALUE:
    case OPERAND_HOURS: put_next(next, cond_ids(cond)[0]); break;
    case OPERAND_NUM: put_next(next, lower_number(l, cond->number)); break;
    case OPERAND_NUMS: put_nums(next, cond); break;
    case OPERAND_ATOM: put_next(next, atoms->at[0]); break;
    case OPERAND_ATOMS:
    case OPERAND_MANY: put_atoms(next, atoms); break;
    case OPERAND_LEVELS: put_next(next, levels(cond)); break;
    case OPERAND_WINDOWS: put_next(next, l->date_sets[cond->one]); break;
    case OPERAND_NODE:
    case OPERAND_NODES:
    case OPERAND_END: break;
    }
}

static bool names_atoms(const struct cond *cond)
{
    if (cond->op == COND_TEXT) return true;
    return op_takes(cond->op, OPERAND_ATOM) || op_takes(cond->op, OPERAND_ATOMS) ||
           op_takes(cond->op, OPERAND_MANY);
}

/* The test that most conditions are made of, "has" of one member: what write_test() writes, without asking
 * for each operand what it is. */
static bool write_member(struct writer *w, const struct cond *cond)
{
    if (cond->op != COND_HAS_ANY || cond->count != 1) return false;
    const struct tf_attr *attr = &w->l->parts.ATTR.at[cond->attr];
    if (attr->type == TF_PRIORITY_T) return false;
    put_place(w, cond);
    put(w, TF_OP_HAS, le32(attr->atom_first) + cond->one);
    return true;
}

static void write_test(struct writer *w, const struct cond *cond)
{
    struct atoms atoms;
    if (write_member(w, cond)) return;
    atoms.count = 0;
    if (names_atoms(cond)) find_atoms(w, cond, &atoms);
    enum tf_op op = op_for(w, cond, &atoms);
    const uint8_t *operands = op_row(op)->operands;
    struct next_number next = {w, op};
    put_place(w, cond);
    if (operands[0] == OPERAND_END) put_next(&next, 0);
    for (int i = 0; i < OPERANDS_MAX && operands[i] != OPERAND_END; i++)
        put_operand(&next, (enum operand)operands[i], cond, &atoms);
}

static void write_node(struct writer *w, const struct cond *cond, unsigned depth)
{
    assert(depth <= TF_NESTING_MAX);
    switch (cond->op) {
    case COND_NOT:
        put_place(w, cond);
        put(w, TF_OP_NOT, 0);
        write_node(w, cond->kids, depth + 1);
        break;
    case COND_AND: write_joined(w, TF_OP_AND, cond, depth); break;
    case COND_OR: write_joined(w, TF_OP_OR, cond, depth); break;
    default: write_test(w, cond); break;
    }
}

/* ---- whole conditions ---- */

static struct str units_of(const struct writer *w, uint32_t begin, uint32_t end)
{
    return (struct str){(const char *)(w->units.at + begin), (end - begin) * sizeof *w->units.at};
}

/* Where a condition ends its units say: so what begins like one is one. */
static bool same_code(const struct lowering *l, uint32_t off, struct str code)
{
    const struct parts *parts = &l->parts;
    size_t left = (parts->CODE.count - off) * sizeof *parts->CODE.at;
    return left >= code.len && !memcmp(parts->CODE.at + off, code.p, code.len);
}

static uint32_t add_code(struct lowering *l, const struct writer *w, const struct written *from)
{
    uint32_t off = l->parts.CODE.count;
    struct str code = units_of(w, from[0].units, from[1].units);
    uint32_t at = lower_seen(l, &l->codes, from[0].hash, code, off, same_code),
             count = from[1].units - from[0].units;
    if (at != off) return at;
    vec_reserve(l->a, &l->parts.CODE, count);
    memcpy(l->parts.CODE.at + off, code.p, code.len);
    l->parts.CODE.count += count;
    for (uint32_t i = from[0].places; i < from[1].places; i++)
        lower_span(l, TF_S_CODE, off + w->places.at[i].off, w->places.at[i].at);
    return at;
}

static void write_whole(struct writer *w, const struct cond *cond, struct written *written)
{
    static const struct cond always = {.op = COND_TRUE};
    w->begin = w->units.count;
    write_node(w, cond ? cond : &always, 1);
    written[0].hash = lower_seen_hash(&w->l->codes, units_of(w, w->begin, w->units.count));
    written[1] = (struct written){w->units.count, w->places.count, 0};
}

void lower_codes(struct lowering *l, const struct cond *const *conds, uint32_t count, uint32_t *offs)
{
    struct written written[LOWER_TOGETHER + 1] = {{0, 0, 0}};
    struct writer *w = l->writer;
    if (!w) w = l->writer = arena_new_of(l->a, struct writer);
    w->l = l;
    w->units.count = w->places.count = 0;
    for (uint32_t i = 0; i < count; i++) write_whole(w, conds[i], &written[i]);
    for (uint32_t i = 0; i < count; i++) offs[i] = add_code(l, w, &written[i]);
}

uint32_t lower_code(struct lowering *l, const struct cond *cond)
{
    uint32_t off;
    lower_codes(l, &cond, 1, &off);
    return off;
}
