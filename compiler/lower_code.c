/*
 * Conditions to CODE (runtime/ops.def), each different one once, with the places of their tests.
 * Assumes atoms and numbers are in the table; promises nesting within TF_NESTING_MAX, as the model's is.
 */
#include "lower.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct test_place {
    uint32_t off; /* of the op, within the condition */
    struct span at;
};

/* One condition being written. */
struct writer {
    struct lowering *l;
    VEC(uint8_t) bytes;
    VEC(struct test_place) tests;
};

static void put(struct writer *w, uint8_t byte)
{
    *vec_push(w->l->a, &w->bytes) = byte;
}

static void put_number(struct writer *w, uint32_t n)
{
    for (; n >= 0x80; n >>= 7) put(w, (uint8_t)(n | 0x80));
    put(w, (uint8_t)n);
}

static void put_test(struct writer *w, enum tf_op op, const struct cond *cond)
{
    *vec_push(w->l->a, &w->tests) = (struct test_place){w->bytes.count, cond->at};
    put(w, (uint8_t)op);
}

static void write_node(struct writer *w, const struct cond *cond, unsigned depth);

/* ---- and, or ---- */

static unsigned number_len(uint32_t n)
{
    return n < 1u << 7 ? 1 : n < 1u << 14 ? 2 : n < 1u << 21 ? 3 : n < 1u << 28 ? 4 : 5;
}

/* Children are written behind one byte kept for their length; where it takes more, they move up, and the
 * places of their tests with them. Conditions of 128 bytes are rare. */
static void write_joined(struct writer *w, enum tf_op op, const struct cond *cond, unsigned depth)
{
    put(w, (uint8_t)op);
    uint32_t len_at = w->bytes.count, first_test = w->tests.count;
    put(w, 0);
    for (uint32_t i = 0; i < cond->kids.count; i++) write_node(w, cond->kids.at[i], depth + 1);

    uint32_t len = w->bytes.count - len_at - 1, more = number_len(len) - 1;
    if (more) {
        vec_reserve(w->l->a, &w->bytes, more);
        memmove(w->bytes.at + len_at + 1 + more, w->bytes.at + len_at + 1, len);
        for (uint32_t i = first_test; i < w->tests.count; i++) w->tests.at[i].off += more;
    }
    w->bytes.count = len_at;
    put_number(w, len);
    w->bytes.count += len;
}

/* ---- tests ---- */

static int id_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* HAS of one atom, `several` of more; ids ascend already. */
static void write_atoms(struct writer *w, const struct cond *cond, enum tf_op several, const uint32_t *atoms,
                        uint32_t count)
{
    if (count == 0) {
        put_test(w, several == TF_OP_HAS_ALL ? TF_OP_TRUE : TF_OP_FALSE, cond);
    } else if (count == 1) {
        put_test(w, TF_OP_HAS, cond);
        put_number(w, atoms[0]);
    } else {
        put_test(w, several, cond);
        put_number(w, count);
        for (uint32_t i = 0; i < count; i++) put_number(w, atoms[i]);
    }
}

static void write_texts(struct writer *w, const struct cond *cond)
{
    uint32_t count = 0, *atoms = arena_array(w->l->a, uint32_t, cond->texts.count);
    for (uint32_t i = 0; i < cond->texts.count; i++)
        atoms[i] = lower_pattern_atom(w->l, cond->attr, cond->text_kind, cond->texts.at[i]);
    qsort(atoms, cond->texts.count, sizeof *atoms, id_order);
    for (uint32_t i = 0; i < cond->texts.count; i++)
        if (i == 0 || atoms[i] != atoms[i - 1]) atoms[count++] = atoms[i];
    write_atoms(w, cond, TF_OP_HAS_ANY, atoms, count);
}

static void write_priorities(struct writer *w, const struct cond *cond)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < cond->ids.count; i++) bits |= 1u << cond->ids.at[i];
    put_test(w, bits == 0 ? TF_OP_FALSE : bits == 15 ? TF_OP_TRUE : TF_OP_PRIORITY_IN, cond);
    if (bits != 0 && bits != 15) put_number(w, bits);
}

static void write_names(struct writer *w, const struct cond *cond)
{
    const struct tf_attr *attr = &w->l->parts.ATTR.at[cond->attr];
    if (attr->type == TF_PRIORITY_T) {
        write_priorities(w, cond);
        return;
    }
    uint32_t few[32], *atoms = cond->ids.count <= 32 ? few : arena_array(w->l->a, uint32_t, cond->ids.count);
    for (uint32_t i = 0; i < cond->ids.count; i++) atoms[i] = le32(attr->atom_first) + cond->ids.at[i];
    write_atoms(w, cond, cond->op == COND_HAS_ALL ? TF_OP_HAS_ALL : TF_OP_HAS_ANY, atoms, cond->ids.count);
}

static void write_compare(struct writer *w, const struct cond *cond)
{
    bool number = cond->op == COND_NUMBER_COMPARE;
    put_test(w, number ? TF_OP_NUMBER_COMPARE : TF_OP_COMPARE, cond);
    put_number(w, cond->attr);
    put(w, (uint8_t)cond->cmp);
    put_number(w, number ? lower_number(w->l, cond->numbers.at[0]) : cond->ids.at[0]);
}

static void write_numbers(struct writer *w, const struct cond *cond)
{
    put_test(w, TF_OP_NUMBER_IN, cond);
    put_number(w, cond->attr);
    put_number(w, cond->numbers.count);
    for (uint32_t i = 0; i < cond->numbers.count; i++) put_number(w, lower_number(w->l, cond->numbers.at[i]));
}

static void write_simple(struct writer *w, enum tf_op op, const struct cond *cond, uint32_t operand)
{
    put_test(w, op, cond);
    put_number(w, operand);
}

/* A date set's place in WINDOW_SET is kept in l->date_sets. */
static void write_node(struct writer *w, const struct cond *cond, unsigned depth)
{
    assert(depth <= TF_NESTING_MAX);
    switch (cond->op) {
    case COND_TRUE: put_test(w, TF_OP_TRUE, cond); break;
    case COND_FALSE: put_test(w, TF_OP_FALSE, cond); break;
    case COND_NOT:
        put(w, TF_OP_NOT);
        write_node(w, cond->kids.at[0], depth + 1);
        break;
    case COND_AND: write_joined(w, TF_OP_AND, cond, depth); break;
    case COND_OR: write_joined(w, TF_OP_OR, cond, depth); break;
    case COND_HAS_ANY:
    case COND_HAS_ALL: write_names(w, cond); break;
    case COND_COMPARE:
    case COND_NUMBER_COMPARE: write_compare(w, cond); break;
    case COND_NUMBER_IN: write_numbers(w, cond); break;
    case COND_TEXT: write_texts(w, cond); break;
    case COND_EXISTS: write_simple(w, TF_OP_EXISTS, cond, cond->attr); break;
    case COND_BOOL: write_simple(w, TF_OP_BOOL, cond, cond->attr); break;
    case COND_DURING: write_simple(w, TF_OP_DURING, cond, cond->ids.at[0]); break;
    case COND_ACTIVE: write_simple(w, TF_OP_ACTIVE, cond, w->l->date_sets[cond->ids.at[0]]); break;
    }
}

/* ---- whole conditions ---- */

static uint32_t add_code(struct lowering *l, struct writer *w)
{
    uint32_t off = l->parts.CODE.count;
    struct str key = arena_str(l->a, (struct str){(const char *)w->bytes.at, w->bytes.count});
    uint32_t at = strmap_put(l->a, &l->codes, key, off); /* most are new: looked up once, not twice */
    if (at != off) return at;
    vec_reserve(l->a, &l->parts.CODE, w->bytes.count);
    memcpy(l->parts.CODE.at + off, w->bytes.at, w->bytes.count);
    l->parts.CODE.count += w->bytes.count;
    for (uint32_t i = 0; i < w->tests.count; i++)
        lower_span(l, TF_S_CODE, off + w->tests.at[i].off, w->tests.at[i].at);
    return at;
}

uint32_t lower_code(struct lowering *l, const struct cond *cond)
{
    static const struct cond always = {.op = COND_TRUE};
    struct writer *w = l->writer;
    if (!w) w = l->writer = arena_new_of(l->a, struct writer);
    w->l = l;
    w->bytes.count = w->tests.count = 0;
    write_node(w, cond ? cond : &always, 1);
    return add_code(l, w);
}
