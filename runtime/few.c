/*
 * What few entries ask for, and which of them each answer refuses: few.h says what for.
 */
#include "few.h"
#include "ops.h"

/* ---- entries ---- */

/* By bit of the answers, and its value, the entries that it refuses; and what this is read from. */
struct reading {
    const struct shunt_table *t;
    struct sh_few *few;
    uint32_t entry;   /* the bit of the one that is read */
    uint32_t nothing; /* entries that no ticket is right for */
    uint32_t refused[SH_FEW_BYTES * 8][2];
};

/* The entry wants the fact so. Whether there was room for the fact. */
static bool want(struct reading *x, uint32_t fact, bool value)
{
    struct sh_few *few = x->few;
    uint32_t i = SH_FEW_GUARD;
    while (i < few->byte_count && few->eight[i] != fact / 8) i++;
    if (i == SH_FEW_BYTES) return false;
    if (i == few->byte_count) few->eight[few->byte_count++] = fact / 8;
    x->refused[8 * i + fact % 8][!value] |= x->entry;
    return true;
}

/* The entry wants none of these bits in the guard of a ticket. */
static void want_guard(struct reading *x, uint32_t guard)
{
    for (uint32_t bit = 0; bit < 8 * SH_FEW_GUARD; bit++)
        if (guard >> bit & 1) x->refused[bit][1] |= x->entry;
}

static bool read_entry(struct reading *x, uint32_t i)
{
    const struct shunt_table *t = x->t;
    const struct tf_entry *e = &t->INDEX_ENTRY[i];
    x->entry = UINT32_C(1) << i;
    x->few->key[i] = le32(e->key);
    want_guard(x, t->INDEX_SIG[i] | (uint32_t)t->INDEX_SIG[t->INDEX_ENTRY_count + i] << 8);
    return want(x, le32(e->also), true) && want(x, le32(e->third) >> 1, !(le32(e->third) & 1));
}

/* ---- code ---- */

static bool want_atoms(struct reading *x, const struct tf_unit *at, bool value)
{
    for (uint32_t left = unit_number(&at); left > 0; left--)
        if (!want(x, unit_number(&at), value)) return false;
    return true;
}

static bool want_priorities(struct reading *x, uint32_t levels, bool value)
{
    want_guard(x, (value ? ~levels : levels) & ((1u << (SHUNT_PRIORITY_URGENT + 1)) - 1));
    return true;
}

static bool want_compared(struct reading *x, const struct tf_unit *at, bool value)
{
    uint32_t levels = 0, attr = unit_number(&at);
    unsigned cmp = unit_cmp(at);
    uint32_t place = unit_number(&at);
    if (attr != TF_PRIORITY) return false;
    for (uint32_t p = SHUNT_PRIORITY_LOW; p <= SHUNT_PRIORITY_URGENT; p++)
        levels |= (uint32_t)unit_compares(cmp, p, place) << p;
    return want_priorities(x, levels, value);
}

static const struct tf_unit *behind(const struct tf_unit *at)
{
    while (at->tag == TF_OP_NOT) at++;
    return at->tag == TF_OP_AND || at->tag == TF_OP_OR ? unit_children(&at) : unit_behind(at);
}

/* The entry wants the node so. Whether it can say that: not of this or that, nor of numbers and hours. */
static bool want_node(struct reading *x, const struct tf_unit *at, bool value)
{
    enum tf_op op = at->tag;
    switch (op) {
    case TF_OP_NOT: return want_node(x, at + 1, !value);
    case TF_OP_AND:
        for (const struct tf_unit *end = unit_children(&at); value && at < end; at = behind(at))
            if (!want_node(x, at, true)) return false;
        return value;
    case TF_OP_HAS: return want(x, unit_number(&at), value);
    case TF_OP_HAS_ALL: return value && want_atoms(x, at, true);
    case TF_OP_HAS_ANY: return !value && want_atoms(x, at, false);
    case TF_OP_COMPARE: return want_compared(x, at, value);
    case TF_OP_PRIORITY_IN: return want_priorities(x, unit_number(&at), value);
    case TF_OP_BOOL: return want(x, tf_fact_bool(x->t->ATOM_count, unit_number(&at)), value);
    default: return false;
    }
}

/* In place of these entries of one rule the alternatives of its code, which then need not be asked. Whether
 * there are no more of them than of those, and all can be said. */
static bool read_code(struct reading *x, uint32_t first, uint32_t end)
{
    uint32_t entries = (uint32_t)(UINT64_MAX << first & ~(UINT64_MAX << end));
    const struct tf_unit *at = x->t->CODE + le32(x->t->RULE[x->few->key[first] >> 1].code),
                         *last = behind(at);
    for (uint32_t i = 0; i < SH_FEW_BYTES * 8; i++)
        x->refused[i][0] &= ~entries, x->refused[i][1] &= ~entries;
    x->nothing |= entries;
    if (at->tag == TF_OP_OR) unit_children(&at);
    for (; at < last; at = behind(at), first++) {
        if (first == end) return false;
        x->entry = UINT32_C(1) << first;
        if (!want_node(x, at, true)) return false;
        x->nothing &= ~x->entry;
    }
    return true;
}

/* Which end where the entries of the next rule begin. The last one of a rule asks code if one of them does.
 */
static void read_codes(struct reading *x)
{
    uint32_t *key = x->few->key;
    for (uint32_t first = 0, end; first < x->t->INDEX_ENTRY_count; first = end) {
        for (end = first + 1; end < x->t->INDEX_ENTRY_count && key[end] >> 1 == key[first] >> 1;) end++;
        struct reading said = *x;
        if (!(key[end - 1] & 1) || !read_code(&said, first, end)) continue;
        *x = said;
        for (uint32_t i = first; i < end; i++) key[i] &= ~UINT32_C(1);
    }
}

/* ---- making ---- */

/* From what the values below 1, 2, 4 and so on refuse those below the next power: with one bit more, which is
 * set or not. */
static void add_bits(uint32_t *refused, const uint32_t (*by)[2])
{
    for (uint32_t n = 0; n < 8; n++) {
        for (uint32_t value = 0, bit = UINT32_C(1) << n; value < bit; value++) {
            refused[value | bit] = refused[value] | by[n][1];
            refused[value] |= by[n][0];
        }
    }
}

static bool read_all(struct reading *x)
{
    struct sh_few *few = x->few;
    uint32_t count = x->t->INDEX_ENTRY_count;
    few->byte_count = SH_FEW_GUARD;
    x->nothing = (uint32_t)(UINT64_MAX << count);
    for (uint32_t i = 0; i < count; i++)
        if (!read_entry(x, i)) return false;
    read_codes(x);
    few->key[TF_FLAT_MAX] = le32(x->t->otherwise.key);
    few->word_count = (few->byte_count + 7) / 8;
    few->refused[0][0] = x->nothing;
    for (uint32_t i = 0; i < few->byte_count; i++) add_bits(few->refused[i], &x->refused[8 * i]);
    return true;
}

enum shunt_status sh_few_new(const struct shunt_table *t, const struct shunt_hooks *hooks,
                             struct sh_few **few)
{
    *few = NULL;
    if (t->index_kind != SH_FLAT || t->CONT_ENTRY_count > 0) return SHUNT_OK;
    struct sh_few *made = sh_alloc_zero(hooks, sizeof *made);
    if (!made) return SHUNT_NO_MEMORY;
    struct reading x = {.t = t, .few = made};
    if (read_all(&x))
        *few = made;
    else
        sh_few_free(made, hooks);
    return SHUNT_OK;
}

void sh_few_free(struct sh_few *few, const struct shunt_hooks *hooks)
{
    sh_free(hooks, few, sizeof *few);
}
