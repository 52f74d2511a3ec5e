/*
 * A table's bytes to an open table, and an open table to its parts' names.
 *
 * Opening verifies everything (verify_file.c, verify.c), then derives the little that the format does not
 * hold. An open table is one block beside the caller's bytes and never changes, so any number of threads may
 * read it.
 */
#include "names.h"
#include "processor.h"
#include "verify.h"

/* ---- opening ---- */

/* A ticket's keys are looked for among the attributes: one after the other where they are few, which is
 * faster; of many a ticket of n keys would cost n times as many. */
static bool has_attr_order(const struct shunt_table *t)
{
    enum { ATTR_FEW = 64 };
    return t->ATTR_count > ATTR_FEW;
}

/* None has two: where more are said to be there, the table is refused before they are looked at. */
static uint32_t automaton_count(const struct shunt_table *t)
{
    return t->AC_ROOT_count < t->ATTR_count ? t->AC_ROOT_count : t->ATTR_count;
}

/* The derived arrays behind the struct, 8 byte ones first. Answers the block's bytes, UINT64_MAX and more:
 * too many. Sums do not overflow: no count reaches 2^32. */
static uint64_t lay_out(struct shunt_table *t, uint8_t *block)
{
    uint64_t roots = (sizeof *t + 7) & ~(uint64_t)7,
             states = roots + sizeof *t->ac_root * (uint64_t)automaton_count(t);
    uint64_t automata = states + sizeof *t->ac_states * ((uint64_t)t->AC_STATE_count + automaton_count(t));
    uint64_t bounds = automata + sizeof *t->attr_automaton * (uint64_t)t->ATTR_count;
    uint64_t order = bounds + sizeof *t->attr_bounds * (uint64_t)t->ATTR_count;
    uint64_t read = order + (has_attr_order(t) ? sizeof *t->attr_order * (uint64_t)t->ATTR_count : 0);
    uint64_t kinds = read + t->ATTR_count;
    uint64_t tags = kinds + t->AC_STATE_count;
    if (block) {
        t->ac_root = (void *)(block + roots);
        t->ac_states = (void *)(block + states);
        t->attr_automaton = (void *)(block + automata);
        t->attr_bounds = (void *)(block + bounds);
        t->attr_order = (void *)(block + order);
        t->attr_read = block + read;
        t->ac_kinds = block + kinds;
        t->name_tags = block + tags;
    }
    return tags + sh_tag_count(t);
}

/* The state's own patterns besides what its link has. *pattern: the first of them, then the one behind. */
static void add_patterns(const struct shunt_table *t, uint32_t place, struct sh_ac_state *state,
                         uint32_t *pattern)
{
    for (; *pattern < t->AC_PATTERN_count && le32(t->AC_PATTERN[*pattern].state) == place; ++*pattern) {
        unsigned kind = t->ATOM[le32(t->AC_PATTERN[*pattern].atom)].kind;
        t->ac_kinds[place] |= (uint8_t)(1 << kind);
        if (kind == TF_ATOM_SUFFIX) t->ac_kinds[place] |= SH_AC_ENDS;
        if (kind == TF_ATOM_CONTAINS) state->contains = *pattern + 1;
    }
}

/* See table.h; of one automaton, whose states' links lead to smaller ones. *pattern: the first of its. */
static void derive_states(const struct shunt_table *t, uint32_t automaton, uint32_t *pattern)
{
    uint32_t first = le32(t->AC_ROOT[automaton].state_first), count = le32(t->AC_ROOT[automaton].state_count);
    const struct tf_ac_state *links = t->AC_STATE + first;
    struct sh_ac_state *states = t->ac_states + first + automaton;
    uint8_t *kinds = t->ac_kinds + first;
    kinds[0] = 0;
    add_patterns(t, first, &states[0], pattern);
    kinds[0] &= (uint8_t)~SH_AC_ENDS;
    states[0] = (struct sh_ac_state){0, 0};
    for (uint32_t i = 1, edge = tf_ac_edge_count(links); i < count; i++) {
        uint32_t fail = tf_ac_fail(&links[i]);
        kinds[i] = kinds[fail] & SH_AC_ENDS;
        states[i] = (struct sh_ac_state){edge, states[fail].contains};
        add_patterns(t, first + i, &states[i], pattern);
        edge += tf_ac_edge_count(&links[i]);
    }
    states[count] = (struct sh_ac_state){count - 1, 0};
}

/* An automaton has an edge less than it has states. */
static void derive_root(const struct shunt_table *t, uint32_t automaton)
{
    uint16_t *root = t->ac_root[automaton];
    uint32_t first = le32(t->AC_ROOT[automaton].state_first);
    const uint8_t *bytes = t->AC_EDGE + first - automaton;
    memset(root, 0, sizeof t->ac_root[automaton]);
    for (uint32_t i = 0; i < tf_ac_edge_count(&t->AC_STATE[first]); i++) root[bytes[i]] = (uint16_t)(i + 1);
}

static void derive_automata(const struct shunt_table *t)
{
    uint32_t pattern = 0;
    memset(t->attr_automaton, 0xff, sizeof *t->attr_automaton * t->ATTR_count); /* TF_NONE */
    for (uint32_t i = 0; i < t->AC_ROOT_count; i++) {
        t->attr_automaton[le32(t->AC_ROOT[i].attr)] = i;
        derive_states(t, i, &pattern);
        derive_root(t, i);
    }
}

struct tf_facts sh_facts(const struct shunt_table *t)
{
    return tf_facts(t->ATTR, t->ATTR_count, t->ATOM_count, t->HOURS_count, t->WINDOW_SET_count,
                    t->NUMBER_count);
}

/* Channels are the first atoms, and so the first buckets. Where a guard's bit stands for several, an entry
 * can ask for one as its second fact: then the hashes of a ticket's facts must have it. */
static bool files_channels(const struct shunt_table *t)
{
    uint32_t count = le32(t->ATTR[TF_CHANNEL].atom_count);
    if (count > TF_GUARD_CHANNEL_CLASSES) return true;
    return le32(t->INDEX_BUCKET[count]) > 0 || (t->CONT_ENTRY_count > 0 && le32(t->CONT_BUCKET[count]) > 0);
}

static bool is_flat(const struct shunt_table *t)
{
    return le32(t->INDEX_BUCKET[t->ATOM_count]) == 0 && t->INDEX_ENTRY_count <= TF_FLAT_MAX;
}

/* Bytes of a signature; what has none says nothing of it. */
static uint32_t sig_len(uint32_t sig_count, uint32_t entry_count)
{
    return entry_count ? (sig_count - TF_SIG_SPARE) / entry_count : TF_SIG_LEN;
}

/* The table of 10,000 rules takes 800 kB. */
static enum sh_index_kind index_kind(const struct shunt_table *t)
{
    enum { LARGE_FROM = 4097 };
    if (is_flat(t)) return SH_FLAT;
    if (sig_len(t->INDEX_SIG_count, t->INDEX_ENTRY_count) > TF_SIG_LEN) return SH_SECOND;
    return t->INDEX_ENTRY_count >= LARGE_FROM ? SH_LARGE : SH_SMALL;
}

static int text_cmp(struct shunt_string a, struct shunt_string b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.bytes, b.bytes, len) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool attr_before(const struct shunt_table *t, uint32_t a, uint32_t b)
{
    int order = text_cmp(shunt_attr_name(t, a), shunt_attr_name(t, b));
    return order ? order < 0 : a < b;
}

static void sift_attr(const struct shunt_table *t, uint32_t root, uint32_t count)
{
    uint32_t *at = t->attr_order;
    for (uint64_t child; (child = root * UINT64_C(2) + 1) < count; root = (uint32_t)child) {
        if (child + 1 < count && attr_before(t, at[child], at[child + 1])) child++;
        if (!attr_before(t, at[root], at[child])) return;
        uint32_t moved = at[root];
        at[root] = at[child];
        at[child] = moved;
    }
}

/* In place, without memory: a heap sort. */
static void order_attrs(const struct shunt_table *t)
{
    uint32_t *at = t->attr_order, count = t->ATTR_count;
    for (uint32_t i = 0; i < count; i++) at[i] = i;
    for (uint32_t i = count / 2; i-- > 0;) sift_attr(t, i, count);
    while (count > 1) {
        uint32_t last = at[0];
        at[0] = at[--count];
        at[count] = last;
        sift_attr(t, 0, count);
    }
}

static void derive(struct shunt_table *t)
{
    if (has_attr_order(t)) order_attrs(t);
    uint32_t last = t->RULE_count - 1;
    t->otherwise = (struct tf_entry){to_le32(last << 1), to_le32(t->ATOM_count), to_le32(t->ATOM_count << 1)};
    t->facts = sh_facts(t);
    tf_place_bounds(&t->facts, t->ATTR, t->ATTR_count, t->attr_bounds);
    t->has_avx2 = sh_have_avx2();
    t->files_channels = files_channels(t);
    t->index_kind = index_kind(t);
    t->cont_sig_len = sig_len(t->CONT_SIG_count, t->CONT_ENTRY_count);
    derive_automata(t);
}

static enum shunt_status open_table(const void *bytes, size_t len, const struct shunt_hooks *hooks,
                                    const struct shunt_table **table, struct shunt_table_error *error)
{
    struct shunt_table plan = {.hooks = sh_hooks(hooks), .bytes = bytes, .len = len};
    enum shunt_status status = sh_verify_file(&plan, error);
    if (status != SHUNT_OK) return status;
    uint64_t block_len = lay_out(&plan, NULL);
    struct shunt_table *t = block_len > SIZE_MAX ? NULL : sh_alloc(&plan.hooks, (size_t)block_len);
    if (!t) return SHUNT_NO_MEMORY;
    *t = plan;
    t->block_len = (size_t)block_len;
    lay_out(t, (uint8_t *)t);
    status = sh_verify_records(t, error);
    if (status == SHUNT_OK) {
        derive(t);
        *table = t;
    } else {
        sh_free(&plan.hooks, t, (size_t)block_len);
    }
    return status;
}

enum shunt_status shunt_table_open(const void *bytes, size_t len, const struct shunt_hooks *hooks,
                                   const struct shunt_table **table, struct shunt_table_error *error)
{
    struct shunt_table_error unused, *e = error ? error : &unused;
    *e = (struct shunt_table_error){SHUNT_OK, 0, 0, ""};
    enum shunt_status status = SHUNT_BAD_VALUE;
    if ((uintptr_t)bytes % 8 == 0) status = open_table(bytes, len, hooks, table, e);
    e->status = status;
    return status;
}

void shunt_table_close(const struct shunt_table *table)
{
    if (!table) return;
    struct shunt_hooks hooks = table->hooks;
    sh_free(&hooks, (void *)table, table->block_len);
}

const void *shunt_table_bytes(const struct shunt_table *table, size_t *len)
{
    *len = table->len;
    return table->bytes;
}

/* ---- names ---- */

static const struct shunt_string no_string = {NULL, 0};

struct shunt_string shunt_table_name(const struct shunt_table *table)
{
    return sh_string(table, le32(table->POLICY[0].name));
}

uint32_t shunt_rule_count(const struct shunt_table *table)
{
    return table->RULE_count;
}
uint32_t shunt_team_count(const struct shunt_table *table)
{
    return table->TEAM_count;
}
uint32_t shunt_agent_count(const struct shunt_table *table)
{
    return table->AGENT_count;
}
uint32_t shunt_hours_count(const struct shunt_table *table)
{
    return table->HOURS_count;
}
uint32_t shunt_attr_count(const struct shunt_table *table)
{
    return table->ATTR_count;
}

struct shunt_string shunt_rule_name(const struct shunt_table *table, uint32_t rule, bool *is_takes)
{
    uint32_t own = le32(table->POLICY[0].rule_count);
    bool takes = rule >= own && rule < sh_otherwise(table);
    if (is_takes) *is_takes = takes;
    if (rule < own) return sh_string(table, le32(table->RULE_NAME[rule]));
    if (takes) {
        const struct tf_step *step = &table->STEP[le32(sh_outcome(table, rule)->step_first)];
        return shunt_team_name(table, le32(step->target));
    }
    return rule == sh_otherwise(table) ? (struct shunt_string){"otherwise", 9} : no_string;
}

struct shunt_string shunt_team_name(const struct shunt_table *table, uint32_t team)
{
    return team < table->TEAM_count ? sh_string(table, le32(table->TEAM[team].name)) : no_string;
}

struct shunt_string shunt_agent_name(const struct shunt_table *table, uint32_t agent)
{
    return agent < table->AGENT_count ? sh_string(table, le32(table->AGENT[agent].name)) : no_string;
}

struct shunt_string shunt_hours_name(const struct shunt_table *table, uint32_t hours)
{
    return hours < table->HOURS_count ? sh_string(table, le32(table->HOURS[hours].name)) : no_string;
}

struct shunt_string shunt_skill_name(const struct shunt_table *table, uint32_t skill)
{
    return skill < table->SKILL_count ? sh_string(table, le32(table->SKILL[skill])) : no_string;
}

struct shunt_string shunt_label_name(const struct shunt_table *table, uint32_t label)
{
    const struct tf_attr *labels = &table->ATTR[TF_LABELS];
    if (label >= le32(labels->atom_count)) return no_string;
    return sh_string(table, le32(table->ATOM[le32(labels->atom_first) + label].string));
}

struct shunt_string shunt_attr_name(const struct shunt_table *table, uint32_t attr)
{
    return attr < table->ATTR_count ? sh_string(table, le32(table->ATTR[attr].name)) : no_string;
}

enum shunt_type shunt_attr_type(const struct shunt_table *table, uint32_t attr)
{
    return (enum shunt_type)table->ATTR[attr].type;
}

bool shunt_attr_is_read(const struct shunt_table *table, uint32_t attr)
{
    return attr < table->ATTR_count && table->attr_read[attr];
}

/* ---- finding by name ---- */

uint32_t shunt_hours_find(const struct shunt_table *table, const char *name, size_t len)
{
    for (uint32_t i = 0; i < table->HOURS_count; i++) {
        if (sh_is_name(shunt_hours_name(table, i), name, len)) return i;
    }
    return SHUNT_NONE;
}

/* Among attributes in their order: the first that is not before the name. */
static uint32_t attr_found(const struct shunt_table *t, struct shunt_string name)
{
    uint32_t lo = 0, hi = t->ATTR_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (text_cmp(shunt_attr_name(t, t->attr_order[mid]), name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    bool found = lo < t->ATTR_count && text_cmp(shunt_attr_name(t, t->attr_order[lo]), name) == 0;
    return found ? t->attr_order[lo] : SHUNT_NONE;
}

uint32_t shunt_attr_find(const struct shunt_table *table, const char *name, size_t len)
{
    if (has_attr_order(table)) return attr_found(table, (struct shunt_string){name, len});
    for (uint32_t i = 0; i < table->ATTR_count; i++) {
        if (sh_is_name(shunt_attr_name(table, i), name, len)) return i;
    }
    return SHUNT_NONE;
}

uint32_t sh_by_channel(const struct shunt_table *t, const struct tf_channel_map *map, uint32_t channel)
{
    const struct tf_by_channel *some = t->BY_CHANNEL + le32(map->first);
    uint32_t low = 0, high = le32(map->count);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (le32(some[middle].channel) < channel)
            low = middle + 1;
        else
            high = middle;
    }
    bool said = low < le32(map->count) && le32(some[low].channel) == channel;
    return said ? le32(some[low].value) : le32(map->other);
}
