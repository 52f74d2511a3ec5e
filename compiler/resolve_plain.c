/*
 * Numbered conditions (model.h, COND_NUMBERED): what their names mean, in place.
 *
 * A name that is met again stands for what it stood for: that is one look by its number. At first a name is
 * resolved where it stands. Wherever anything is not as it is mostly, a test is read once more and resolved
 * by its tree (resolve_cond.c), where mistakes of tests are reported. Assumes attributes resolved.
 */
#include "numbering.h"
#include "plain.h"
#include "resolve.h"
#include "tests.h"
#include "../runtime/ops.h"

/* What a name stood for last: an attribute, 0: none yet, else one more; and which member of which attribute,
 * likewise, or which of the model's texts or hours. */
struct known_name {
    uint32_t attr;
    uint32_t member_of, member;
};
#define OF_TEXTS UINT32_MAX /* in member_of: more than there are attributes */
#define OF_HOURS (UINT32_MAX - 1)

void plain_init(struct resolver *r)
{
    const struct numbering *n = r->c->sources.numbering;
    r->known_count = n ? numbering_count(n) : 0;
    r->known = arena_array(r->a, struct known_name, r->known_count);
}

static uint32_t known_attr(struct resolver *r, uint32_t name)
{
    struct known_name *k = &r->known[name];
    if (k->attr) return k->attr - 1;
    uint32_t attr = strmap_get(&r->m->attr_ids, numbering_name(r->c->sources.numbering, name), NONE);
    if (attr != NONE) k->attr = attr + 1;
    return attr;
}

/* A member that was named before; NONE: it was not. */
static uint32_t named_before(struct resolver *r, uint32_t attr, struct str s)
{
    struct m_attr *t = &r->m->attrs.at[attr];
    if (attr == TF_PRIORITY) return priority_of(s);
    uint32_t id = strmap_get(&t->ids, s, NONE);
    if (id != NONE) t->values.at[id].used = true;
    return id;
}

static uint32_t known_member(struct resolver *r, uint32_t attr, uint32_t name)
{
    struct known_name *k = &r->known[name];
    if (k->member_of == attr + 1) return k->member;
    uint32_t id = named_before(r, attr, numbering_name(r->c->sources.numbering, name));
    if (id != NONE) k->member_of = attr + 1, k->member = id;
    return id;
}

/* The test as it stands, by its tree. */
static struct cond by_tree(struct resolver *r, const struct cond *c)
{
    const struct source *s = &r->c->sources.list.at[c->at.file];
    return resolve_expr(r, plain_open(r->brief, (struct str){s->text.p + c->at.off, c->at.len}, c->at));
}

/* Numbers of names to members, in place; false: some name was not met before. */
static bool known_members(struct resolver *r, uint32_t attr, struct cond *c)
{
    ids list = {c->count == 1 ? &c->one : c->ids, c->count, c->count};
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t id = known_member(r, attr, list.at[i]);
        if (id == NONE) return false;
        list.at[i] = id;
    }
    if (list.count > 1) cond_take_ids(c, &list);
    return true;
}

/* The one name of a test that ends with it, as most do. */
static bool last_name(const struct resolver *r, const struct cond *c, struct name *n)
{
    struct str s = numbering_name(r->c->sources.numbering, c->one);
    const char *test = r->c->sources.list.at[c->at.file].text.p + c->at.off;
    uint32_t len = (uint32_t)s.len, quote = test[c->at.len - 1] == '"';
    if (test[c->at.len - 1] == ')') return false; /* a list of one */
    if (c->at.len < len + 2 * quote) return false;
    uint32_t from = c->at.len - len - quote;
    n->s = (struct str){test + from, len};
    n->at = (struct span){c->at.file, c->at.off + from - quote, len + 2 * quote};
    return str_eq(n->s, s);
}

/* The same of a test of one name, also where it is met for the first time: past the test's tree, which takes
 * ten times as long. Where the name is wrong, the test is FALSE. */
static bool take_member(struct resolver *r, uint32_t attr, struct cond *c)
{
    struct known_name *k = &r->known[c->one];
    if (k->member_of != attr + 1) {
        struct name n;
        if (!last_name(r, c, &n)) return known_members(r, attr, c);
        uint32_t id = attr_member(r, attr, n);
        if (id == NONE) return *c = cond_of(COND_FALSE, c->at), true;
        k->member_of = attr + 1, k->member = id;
    }
    c->one = k->member;
    return true;
}

/* Numbers of texts to the model's. False where one is empty: then a test may mean something else. */
static bool take_texts(struct resolver *r, struct cond *c)
{
    ids list = {c->count == 1 ? &c->one : c->ids, c->count, c->count};
    for (uint32_t i = 0; i < list.count; i++) {
        struct known_name *k = &r->known[list.at[i]];
        if (k->member_of != OF_TEXTS) {
            struct str s = numbering_name(r->c->sources.numbering, list.at[i]);
            if (!s.len) return false;
            k->member_of = OF_TEXTS, k->member = text_id(r, s);
        }
        list.at[i] = k->member;
    }
    r->m->names_patterns = true;
    c->holds = HOLDS_TEXTS;
    cond_take_ids(c, &list);
    return true;
}

/* The values as the model has them, in place; false: not all were met before, or some are wrong. */
static bool known_values(struct resolver *r, uint32_t attr, struct cond *c)
{
    enum tf_attr_type type = r->m->attrs.at[attr].type;
    bool numbers = c->holds == HOLDS_NUMBERS;
    if (!c->count || numbers != (type == TF_NUMBER_T)) return false;
    if (type == TF_TEXT_T) return take_texts(r, c);
    if (!numbers) return (c->count == 1 ? take_member : known_members)(r, attr, c);
    r->m->names_patterns = true;
    cond_take_numbers(c, c->count == 1 ? &c->number : c->numbers, c->count);
    return true;
}

static bool known_test(struct resolver *r, struct cond *c)
{
    enum test_op test = (enum test_op)c->cmp;
    const struct test_row *row = &test_rows[test];
    uint32_t attr = known_attr(r, c->attr);
    if (attr == NONE || r->attr_broken.at[attr]) return false;
    struct m_attr *t = &r->m->attrs.at[attr];
    if (!test_has_meaning(test, t->type)) return false;
    if (row->values != VALUES_NONE && !known_values(r, attr, c)) return false;
    t->used = true;
    if (c->op == COND_FALSE) return true;
    c->attr = attr;
    c->op = (enum cond_op)row->means[t->type];
    if (c->op == COND_HAS_ALL && c->count == 1) c->op = COND_HAS_ANY;
    c->cmp = c->op == COND_COMPARE || c->op == COND_NUMBER_COMPARE ? (enum tf_cmp)row->param : TF_LT;
    if (t->type == TF_TEXT_T) c->text_kind = (enum tf_atom_kind)row->param;
    if (row->negated) *c = cond_not(r, *c);
    return true;
}

static bool known_during(struct resolver *r, struct cond *c)
{
    struct known_name *k = &r->known[c->attr];
    bool negated = test_rows[c->cmp].negated;
    if (k->member_of != OF_HOURS) {
        uint32_t id = hours_named(r, numbering_name(r->c->sources.numbering, c->attr));
        if (id == NONE) return false;
        k->member_of = OF_HOURS, k->member = id;
    }
    *c = cond_one(COND_DURING, c->at, k->member);
    if (negated) *c = cond_not(r, *c);
    return true;
}

static void numbered_test(struct resolver *r, struct cond *c)
{
    enum test_op test = (enum test_op)c->cmp;
    bool hours = test == TEST_DURING || test == TEST_OUTSIDE;
    if (!(hours ? known_during(r, c) : known_test(r, c))) *c = by_tree(r, c);
}

/* Recursion: PLAIN_DEPTH_MAX. */
struct cond *resolve_numbered(struct resolver *r, struct cond *c)
{
    if (c->op == COND_NUMBERED)
        numbered_test(r, c);
    else
        for (uint32_t i = 0; i < c->count; i++) resolve_numbered(r, &c->kids[i]);
    return c;
}
