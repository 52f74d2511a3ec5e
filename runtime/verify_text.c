/*
 * Strings, the policy's record, attributes and atoms, and the names' hash (docs/TABLE-FORMAT.md 4.1 to 4.4).
 */
#include "verify.h"

/* ---- strings ---- */

static bool is_utf8(const struct shunt_table *t, uint32_t off, uint32_t len)
{
    return sh_text_shape((const char *)t->STRING_BYTES + off, len).valid;
}

/* A NUL ends each string and no sequence of UTF-8 goes over one: strings are UTF-8 where all of them together
 * are, which is asked once (0.1 ms for 900 kB; one by one it was 1 ms). */
bool sh_verify_strings(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint32_t count = t->STRING_OFFS_count;
    bool all_utf8 = is_utf8(t, 0, t->STRING_BYTES_count);
    REQUIRE(count > 0 && le32(t->STRING_OFFS[0]) == 0, STRING_OFFS, 0, "it does not begin with 0");
    REQUIRE(le32(t->STRING_OFFS[count - 1]) == t->STRING_BYTES_count, STRING_OFFS, count - 1,
            "it does not end where the strings do");
    for (uint32_t i = 0; i + 1 < count; i++) {
        uint32_t off = le32(t->STRING_OFFS[i]), end = le32(t->STRING_OFFS[i + 1]);
        REQUIRE(off < end && end <= t->STRING_BYTES_count, STRING_OFFS, i, "offsets do not rise");
        REQUIRE(t->STRING_BYTES[end - 1] == 0, STRING_BYTES, end - 1, "a string without its NUL");
        REQUIRE(all_utf8 || is_utf8(t, off, end - off), STRING_BYTES, off, "a string that is not UTF-8");
    }
    return true;
}

/* ---- the policy ---- */

bool sh_verify_policy(struct verify *v)
{
    const struct shunt_table *t = v->t;
    REQUIRE(t->POLICY_count == 1, POLICY, 0, "not exactly one policy");
    const struct tf_policy *p = &t->POLICY[0];
    REQUIRE(sh_is_string_or_none(t, p->name) && sh_is_string_or_none(t, p->zone_release) &&
                sh_is_string(t, p->unicode_version),
            POLICY, 0, "no such string");
    REQUIRE(sh_is_index_or_none(p->zone, t->ZONE_count), POLICY, 0, "no such zone");
    REQUIRE(p->presence_day <= 1 && p->auto_assign <= 1 && p->assign_on_reply <= 1 && p->has_otherwise <= 1,
            POLICY, 0, "a switch that is neither 0 nor 1");
    REQUIRE(IS_ZERO(p->reserved), POLICY, 0, "reserved bytes are not zero");
    uint64_t rules = (uint64_t)le32(p->rule_count) + le32(p->takes_count) + 1;
    REQUIRE(rules == t->RULE_count, POLICY, 0, "not so many rules");
    return true;
}

/* ---- attributes and atoms ---- */

static bool has_names(unsigned type)
{
    return type == TF_CHANNEL_T || type == TF_SET_T || type == TF_LISTED_T;
}

/* Every policy begins with the same attributes; only the channel and the priority are of their types. */
static bool type_fits(uint32_t attr, unsigned type)
{
    static const uint8_t built_in[TF_FIELD_FIRST] = {TF_CHANNEL_T, TF_SET_T,  TF_SET_T, TF_PRIORITY_T,
                                                     TF_TEXT_T,    TF_TEXT_T, TF_TEXT_T};
    if (attr < TF_FIELD_FIRST) return type == built_in[attr];
    return type <= TF_BOOL_T && type != TF_CHANNEL_T && type != TF_PRIORITY_T;
}

static bool verify_atoms(struct verify *v, const struct tf_attr *attr)
{
    const struct shunt_table *t = v->t;
    uint32_t first = le32(attr->atom_first), count = le32(attr->atom_count);
    for (uint32_t i = first; i < first + count; i++) {
        const struct tf_atom *a = &t->ATOM[i];
        REQUIRE(sh_is_string(t, a->string), ATOM, i, "no such string");
        REQUIRE(has_names(attr->type) ? a->kind == TF_ATOM_NAME
                                      : a->kind >= TF_ATOM_EQUALS && a->kind <= TF_ATOM_CONTAINS,
                ATOM, i, "a kind that its attribute cannot have");
        REQUIRE(IS_ZERO(a->reserved), ATOM, i, "reserved bytes are not zero");
    }
    return true;
}

bool sh_verify_attrs(struct verify *v)
{
    const struct shunt_table *t = v->t;
    REQUIRE(t->ATTR_count >= TF_FIELD_FIRST, ATTR, t->ATTR_count, "an attribute is missing");
    uint32_t next = 0;
    for (uint32_t i = 0; i < t->ATTR_count; i++) {
        const struct tf_attr *a = &t->ATTR[i];
        REQUIRE(sh_is_string(t, a->name), ATTR, i, "no such string");
        REQUIRE(type_fits(i, a->type), ATTR, i, "a type that it cannot have");
        REQUIRE(a->closed <= 1 && IS_ZERO(a->reserved), ATTR, i, "reserved bytes are not zero");
        REQUIRE(le32(a->atom_first) == next && le32(a->atom_count) <= t->ATOM_count - next, ATTR, i,
                "its atoms do not follow those before");
        REQUIRE(le32(a->atom_count) == 0 || has_names(a->type) || a->type == TF_TEXT_T, ATTR, i,
                "atoms of a type that has none");
        if (!verify_atoms(v, a)) return false;
        next += le32(a->atom_count);
    }
    REQUIRE(next == t->ATOM_count, ATOM, next, "an atom of no attribute");
    return true;
}

/* ---- the names' hash ---- */

static uint32_t name_atom_count(const struct shunt_table *t)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->ATTR_count; i++) {
        if (has_names(t->ATTR[i].type)) count += le32(t->ATTR[i].atom_count);
    }
    return count;
}

/* What each name is looked for by: into v->last, by atom. */
static void hash_names(struct verify *v)
{
    const struct shunt_table *t = v->t;
    for (uint32_t i = 0; i < t->ATTR_count; i++) {
        uint32_t first = le32(t->ATTR[i].atom_first), end = first + le32(t->ATTR[i].atom_count);
        for (uint32_t atom = first; atom < end; atom++) {
            struct shunt_string name = sh_string(t, le32(t->ATOM[atom].string));
            v->last[atom] = tf_name_hash(i, name.bytes, name.len);
        }
    }
}

/* The place is taken by an atom, each once, and no empty place lies between its home and it: `since` counts
 * the places from the last empty one. */
static bool verify_place(struct verify *v, uint32_t place, uint32_t mask, uint32_t since)
{
    const struct shunt_table *t = v->t;
    uint32_t atom = le32(t->ATOM_HASH[place]) - 1;
    REQUIRE(atom < t->ATOM_count && t->ATOM[atom].kind == TF_ATOM_NAME, ATOM_HASH, place, "no such name");
    REQUIRE(!sh_bit(v->seen, atom), ATOM_HASH, place, "a name that is there twice");
    sh_set_bit(v->seen, atom);
    REQUIRE(((place - v->last[atom]) & mask) < since, ATOM_HASH, place, "a name that cannot be found");
    t->name_tags[place] = sh_name_tag(v->last[atom]);
    return true;
}

bool sh_verify_atom_hash(struct verify *v)
{
    const struct shunt_table *t = v->t;
    uint32_t count = t->ATOM_HASH_count, names = name_atom_count(t), taken = 0, since = 0;
    if (names == 0 && count == 0) return true;
    REQUIRE(count > 0 && (count & (count - 1)) == 0, ATOM_HASH, 0, "its length is not a power of two");
    uint32_t start = 0;
    while (start < count && le32(t->ATOM_HASH[start]) != 0) start++;
    REQUIRE(start < count, ATOM_HASH, 0, "it has no empty place");
    hash_names(v);
    memset(t->name_tags, 0, count);
    for (uint32_t i = 1; i < count; i++) {
        uint32_t place = (start + i) & (count - 1);
        bool empty = le32(t->ATOM_HASH[place]) == 0;
        since = empty ? 0 : since + 1;
        REQUIRE(since <= TF_NAME_RUN_MAX, ATOM_HASH, place, "too many names in a row");
        if (!empty && !verify_place(v, place, count - 1, since)) return false;
        taken += !empty;
    }
    REQUIRE(taken == names, ATOM_HASH, 0, "a name is missing");
    for (uint32_t i = 0; i < SH_TAGS_AGAIN; i++) t->name_tags[count + i] = t->name_tags[i & (count - 1)];
    return true;
}
