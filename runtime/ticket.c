/*
 * What a caller says of a ticket to facts and values under one table.
 *
 * Names are looked up here once, texts run through the automaton here once; matching then works on numbers
 * alone. A call that fails leaves the ticket as it was, but that a value which the policy does not know takes
 * back the one before.
 */
#include "names.h"
#include "record.h"

/* ---- making ---- */

/* Hands out parts of the ticket's block; with a NULL block it only counts. */
struct carve {
    uint8_t *block;
    uint64_t used;
};

static void *carve(struct carve *c, uint64_t count, size_t item_len)
{
    void *at = c->block ? c->block + c->used : NULL;
    c->used += (count * item_len + 15) & ~UINT64_C(15);
    return at;
}

/* What matching reads stands side by side: of many tickets that are kept, little is in the cache. The sum of
 * 64 bits cannot overflow: counts are below 2^32, items small. Where bytes are only counted, it is `plan`
 * that is laid out; else nothing is done to it. */
static struct shunt_ticket *lay_out(struct carve *c, const struct shunt_table *t, struct shunt_ticket *plan)
{
    uint32_t label_count = le32(t->ATTR[TF_LABELS].atom_count);
    struct sh_value *values = carve(c, t->ATTR_count, sizeof *values);
    uint64_t *has = carve(c, sh_words((size_t)t->facts.count), sizeof *has);
    uint64_t buckets_len = (t->ATOM_count + UINT64_C(1)) * sizeof *plan->buckets;
    struct shunt_ticket *k = carve(c, sizeof *k + buckets_len, 1);
    k = k ? k : plan;
    k->values = values;
    k->has = has;
    k->cont = carve(c, sh_words(t->RULE_count), sizeof *k->cont);
    k->cont_words = carve(c, sh_words(sh_words(t->RULE_count)), sizeof *k->cont_words);
    k->added = carve(c, sh_words(label_count), sizeof *k->added);
    k->required = carve(c, sh_words(t->SKILL_count), sizeof *k->required);
    k->hours_memo = carve(c, t->HOURS_count, sizeof *k->hours_memo);
    k->window_memo = carve(c, t->WINDOW_SET_count, sizeof *k->window_memo);
    k->ruled_out = carve(c, t->HOURS_count + (uint64_t)t->WINDOW_SET_count, sizeof *k->ruled_out);
    k->carried = carve(c, t->ATTR_count, sizeof *k->carried);
    k->bounded = carve(c, t->ATTR_count, sizeof *k->bounded);
    k->add = carve(c, label_count, sizeof *k->add);
    k->require = carve(c, t->SKILL_count, sizeof *k->require);
    k->facts = carve(c, t->ATOM_count, sizeof *k->facts);
    return k;
}

enum shunt_status shunt_ticket_new(const struct shunt_table *table, const struct shunt_hooks *hooks,
                                   struct shunt_ticket **ticket)
{
    struct shunt_hooks own = sh_hooks(hooks);
    struct shunt_ticket plan;
    struct carve counted = {NULL, 0};
    lay_out(&counted, table, &plan);
    size_t block_len = sh_array_len(counted.used, 1);
    uint8_t *block = sh_alloc_zero(&own, block_len);
    if (!block) return SHUNT_NO_MEMORY;
    struct carve carved = {block, 0};
    struct shunt_ticket *k = lay_out(&carved, table, &plan);
    k->t = table;
    k->hooks = own;
    k->block = block;
    k->block_len = block_len;
    k->memo_generation = 1;
    sh_set_bit(k->has, table->ATOM_count);
    for (uint32_t fact = table->facts.hours; fact < table->facts.bounds; fact++) sh_set_bit(k->has, fact);
    k->buckets[0] = sh_bucket(table, table->ATOM_count);
    k->unfiled_count = k->buckets[0].count > 0;
    sh_forget_hashes(k);
    k->front.guard = sh_guard_of_nothing();
    k->values[TF_PRIORITY] = (struct sh_value){.place = SHUNT_PRIORITY_NORMAL, .carried = true};
    *ticket = k;
    return SHUNT_OK;
}

void shunt_ticket_free(struct shunt_ticket *k)
{
    if (!k) return;
    struct shunt_hooks hooks = k->hooks;
    sh_room_release(&k->room, &hooks);
    sh_free(&hooks, k->name, k->name_cap);
    sh_free(&hooks, k->record, k->record_cap);
    sh_free(&hooks, k->block, k->block_len);
}

/* ---- time ---- */

void sh_remember_anew(struct shunt_ticket *k)
{
    k->memo_sec = k->at_sec;
    k->have_day = false;
    if (++k->memo_generation <= INT32_MAX) return;
    /* Once in 2^31 times: no old memo may look like a new one. */
    memset(k->hours_memo, 0, k->t->HOURS_count * sizeof *k->hours_memo);
    memset(k->window_memo, 0, k->t->WINDOW_SET_count * sizeof *k->window_memo);
    k->memo_generation = 1;
}

/* It is another time: all of it may be true again. */
static inline void rule_in(struct shunt_ticket *k)
{
    while (k->ruled_out_count > 0) sh_set_bit(k->has, k->ruled_out[--k->ruled_out_count]);
}

enum shunt_status shunt_ticket_set_at(struct shunt_ticket *k, int64_t at_sec)
{
    if (at_sec < SHUNT_TIME_MIN || at_sec > SHUNT_TIME_MAX) return SHUNT_BAD_VALUE;
    if (at_sec != k->at_sec) rule_in(k);
    k->at_sec = at_sec;
    return SHUNT_OK;
}

/* What holds is taken back by whole words: nothing else may be left in them. */
static inline void forget_facts(struct shunt_ticket *k)
{
    uint32_t atom_count = k->t->ATOM_count;
    for (uint32_t i = 0; i < k->front.facts_count; i++) k->has[k->facts[i] >> 6] = 0;
    for (uint32_t i = 0; i < k->carried_count; i++) {
        uint32_t attr = k->carried[i];
        k->values[attr].carried = false;
        k->has[tf_fact_exists(atom_count, attr) >> 6] = 0;
        k->has[tf_fact_bool(atom_count, attr) >> 6] = 0;
    }
    sh_set_bit(k->has, atom_count);
}

static inline void clear_bounds(struct shunt_ticket *k, uint32_t attr)
{
    uint64_t *word = k->has + k->t->attr_bounds[attr] / TF_FACT_WORD;
    for (uint32_t i = 0; i <= k->values[attr].place / TF_FACT_WORD; i++) word[i] = 0;
}

static inline void forget_bounds(struct shunt_ticket *k)
{
    while (k->bounded_count > 0) clear_bounds(k, k->bounded[--k->bounded_count]);
}

void shunt_ticket_reset(struct shunt_ticket *k)
{
    if (k->values[TF_CHANNEL].carried) sh_clear_bit(k->has, k->values[TF_CHANNEL].place);
    forget_facts(k);
    forget_bounds(k);
    rule_in(k);
    sh_forget_hashes(k);
    k->carried_count = 0;
    k->front.guard = sh_guard_of_nothing();
    k->values[TF_PRIORITY].place = SHUNT_PRIORITY_NORMAL;
    k->record_len = 0;
    k->at_sec = 0;
}

void shunt_ticket_record(struct shunt_ticket *k, bool on)
{
    k->records = on;
}

enum shunt_status shunt_ticket_clear(struct shunt_ticket *k, uint32_t attr)
{
    if (attr >= k->t->ATTR_count) return SHUNT_BAD_VALUE;
    return k->records ? sh_record_clear(k, attr) : SHUNT_OK;
}

/* ---- values ---- */

static bool is_type(const struct shunt_ticket *k, uint32_t attr, enum tf_attr_type type)
{
    return attr < k->t->ATTR_count && k->t->ATTR[attr].type == type;
}

static void remove_from(uint32_t *list, uint32_t *count, uint32_t what)
{
    uint32_t i = 0;
    while (i < *count && list[i] != what) i++;
    if (i == *count) return;
    (*count)--;
    memmove(list + i, list + i + 1, (*count - i) * sizeof *list);
}

static void remove_fact(struct shunt_ticket *k, uint32_t atom)
{
    sh_clear_bit(k->has, atom);
    remove_from(k->facts, &k->front.facts_count, atom);
    uint32_t count = k->front.facts_count;
    sh_forget_hashes(k);
    for (uint32_t i = 0; i < count; i++) sh_push_fact(k, k->facts[i]);
}

/* The attribute, of a channel or a listed one, is not carried. */
static void uncarry(struct shunt_ticket *k, uint32_t attr)
{
    struct sh_value *v = &k->values[attr];
    if (!v->carried) return;
    remove_fact(k, le32(k->t->ATTR[attr].atom_first) + v->place);
    if (attr == TF_CHANNEL) k->front.guard ^= tf_guard_channel(v->place) ^ TF_GUARD_NO_CHANNEL;
    remove_from(k->carried, &k->carried_count, attr);
    sh_clear_bit(k->has, tf_fact_exists(k->t->ATOM_count, attr));
    v->carried = false;
}

/* How many of a number's facts are true: that it is at least NUMBER i, that it is above it, and so on. */
static uint32_t true_bounds(const struct shunt_table *t, double number)
{
    uint32_t lo = 0, hi = t->NUMBER_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (sh_number(t, mid) < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 2 * lo + (lo < t->NUMBER_count && sh_number(t, lo) == number);
}

enum shunt_status shunt_ticket_set_number(struct shunt_ticket *k, uint32_t attr, double number)
{
    if (!is_type(k, attr, TF_NUMBER_T) || !(number - number == 0)) return SHUNT_BAD_VALUE;
    if (k->records && sh_record_number(k, attr, number) != SHUNT_OK) return SHUNT_NO_MEMORY;
    bool bounded = k->t->attr_bounds[attr] > 0, again = k->values[attr].carried;
    if (bounded && again) clear_bounds(k, attr);
    struct sh_value *v = sh_carry(k, attr);
    v->number = number == 0 ? 0 : number; /* -0 is 0 */
    if (!bounded) return SHUNT_OK;
    v->place = true_bounds(k->t, v->number);
    if (again)
        sh_hold_bounds(k, attr);
    else
        sh_add_bounds(k, attr);
    return SHUNT_OK;
}

enum shunt_status shunt_ticket_set_bool(struct shunt_ticket *k, uint32_t attr, bool value)
{
    if (!is_type(k, attr, TF_BOOL_T)) return SHUNT_BAD_VALUE;
    if (k->records && sh_record_flag(k, attr, value) != SHUNT_OK) return SHUNT_NO_MEMORY;
    sh_carry(k, attr)->place = value;
    uint32_t fact = tf_fact_bool(k->t->ATOM_count, attr);
    sh_clear_bit(k->has, fact);
    if (value) sh_set_bit(k->has, fact);
    return SHUNT_OK;
}

/* ---- names ---- */

static void keep_name(void *ctx, const char *bytes, size_t len)
{
    struct shunt_ticket *k = ctx;
    if (len > k->name_cap - k->name_len) return; /* cannot be: room was made */
    memcpy(k->name + k->name_len, bytes, len);
    k->name_len += len;
}

static bool name_room(struct shunt_ticket *k, size_t cap)
{
    if (cap <= k->name_cap) return true;
    char *name = sh_resize(&k->hooks, k->name, k->name_cap, cap);
    if (!name) return false;
    k->name = name, k->name_cap = cap;
    return true;
}

/* The name in NFC, in place of itself. Names of ASCII, and of anything below U+0300, are their own NFC. */
static enum shunt_status normal_name(struct shunt_ticket *k, const char **name, size_t *len)
{
    struct sh_shape shape = sh_text_shape(*name, *len);
    if (!shape.valid || shape.has_nul) return SHUNT_BAD_TEXT;
    if (shape.below_300) return SHUNT_OK;
    if (*len > SIZE_MAX / 64) return SHUNT_NO_MEMORY;
    /* NFC triples the bytes at the most (U+0390 in UTF-8 grows so in NFD already; Unicode TR 15, table 7). */
    if (!name_room(k, 3 * *len) || !sh_room_reserve(&k->room, &k->hooks, shape.longest_len))
        return SHUNT_NO_MEMORY;
    k->name_len = 0;
    sh_normalise(SH_NFC, &k->room, *name, *len, keep_name, k);
    *name = k->name, *len = k->name_len;
    return SHUNT_OK;
}

/* The name, or that the attribute is not carried: the policy does not know it. */
static bool record_name(struct shunt_ticket *k, uint32_t attr, const char *name, size_t len, bool known)
{
    if (!k->records) return true;
    return (known ? sh_record_bytes(k, attr, name, len) : sh_record_clear(k, attr)) == SHUNT_OK;
}

static enum shunt_status set_priority(struct shunt_ticket *k, const char *name, size_t len)
{
    uint32_t place = SHUNT_PRIORITY_LOW;
    while (place <= SHUNT_PRIORITY_URGENT) {
        struct shunt_string spelled = sh_priority_names[place];
        if (spelled.len == len && sh_same_bytes(spelled.bytes, name, len)) break;
        place++;
    }
    bool known = place <= SHUNT_PRIORITY_URGENT;
    if (!record_name(k, TF_PRIORITY, name, len, known)) return SHUNT_NO_MEMORY;
    if (!known) place = SHUNT_PRIORITY_NORMAL;
    k->front.guard ^= tf_guard_priority(k->values[TF_PRIORITY].place) ^ tf_guard_priority(place);
    k->values[TF_PRIORITY].place = place;
    return known ? SHUNT_OK : SHUNT_UNKNOWN;
}

/* In NFC, and of a channel or a listed attribute. */
static inline enum shunt_status set_value(struct shunt_ticket *k, uint32_t attr, const char *name, size_t len)
{
    uint32_t atom = sh_find_atom(k->t, attr, name, len);
    if (!record_name(k, attr, name, len, atom != TF_NONE)) return SHUNT_NO_MEMORY;
    uncarry(k, attr);
    if (atom == TF_NONE) return SHUNT_UNKNOWN;
    sh_carry(k, attr)->place = atom - le32(k->t->ATTR[attr].atom_first);
    if (attr == TF_CHANNEL)
        sh_add_channel(k, atom);
    else
        sh_add_fact(k, atom);
    return SHUNT_OK;
}

/* In NFC, and of a set. */
static inline enum shunt_status add_member(struct shunt_ticket *k, uint32_t attr, const char *name,
                                           size_t len)
{
    if (!record_name(k, attr, name, len, true)) return SHUNT_NO_MEMORY;
    uint32_t before = k->values[attr].carried ? k->values[attr].place : 0;
    uint32_t atom = sh_find_atom(k->t, attr, name, len);
    bool known = atom != TF_NONE && sh_bit(k->has, atom);
    sh_carry(k, attr)->place = before + !known;
    if (atom != TF_NONE) sh_add_fact(k, atom);
    return SHUNT_OK;
}

static inline enum shunt_status say_name(struct shunt_ticket *k, uint32_t attr, const char *name, size_t len)
{
    switch (k->t->ATTR[attr].type) {
    case TF_PRIORITY_T: return set_priority(k, name, len);
    case TF_SET_T: return add_member(k, attr, name, len);
    default: return set_value(k, attr, name, len);
    }
}

/* By itself, as most names are plain: what has an address here would be kept in memory, and looked after, for
 * all. */
static __attribute__((noinline)) enum shunt_status say_odd_name(struct shunt_ticket *k, uint32_t attr,
                                                                const char *name, size_t len)
{
    enum shunt_status status = normal_name(k, &name, &len);
    return status == SHUNT_OK ? say_name(k, attr, name, len) : status;
}

enum shunt_status shunt_ticket_set_name(struct shunt_ticket *k, uint32_t attr, const char *name, size_t len)
{
    bool priority = is_type(k, attr, TF_PRIORITY_T);
    if (!priority && !is_type(k, attr, TF_CHANNEL_T) && !is_type(k, attr, TF_LISTED_T))
        return SHUNT_BAD_VALUE;
    if (!sh_is_plain_name(name, len)) return say_odd_name(k, attr, name, len);
    return priority ? set_priority(k, name, len) : set_value(k, attr, name, len);
}

enum shunt_status shunt_ticket_add_name(struct shunt_ticket *k, uint32_t attr, const char *name, size_t len)
{
    if (!is_type(k, attr, TF_SET_T)) return SHUNT_BAD_VALUE;
    return sh_is_plain_name(name, len) ? add_member(k, attr, name, len) : say_odd_name(k, attr, name, len);
}

/* ---- texts ---- */

enum shunt_status shunt_ticket_set_text(struct shunt_ticket *k, uint32_t attr, const char *text, size_t len)
{
    if (!is_type(k, attr, TF_TEXT_T) || k->values[attr].carried) return SHUNT_BAD_VALUE;
    struct sh_shape shape = sh_text_shape(text, len);
    if (!shape.valid || shape.has_nul) return SHUNT_BAD_TEXT;
    uint32_t automaton = k->t->attr_automaton[attr];
    if (automaton != TF_NONE && !shape.ascii && !sh_room_reserve(&k->room, &k->hooks, shape.longest_len))
        return SHUNT_NO_MEMORY;
    if (k->records && sh_record_bytes(k, attr, text, len) != SHUNT_OK) return SHUNT_NO_MEMORY;
    if (automaton != TF_NONE) {
        struct sh_ac ac;
        sh_ac_begin(&ac, k, automaton);
        sh_normalise(SH_FOLD, &k->room, text, len, sh_ac_feed, &ac);
        sh_ac_end(&ac);
    }
    sh_carry(k, attr);
    return SHUNT_OK;
}

/* ---- what matching costs ---- */

uint64_t sh_entries(const struct shunt_ticket *k)
{
    const struct shunt_table *t = k->t;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < k->front.bucket_count; i++) sum += k->buckets[i].count;
    for (uint32_t i = 0; t->CONT_ENTRY_count && i <= k->front.facts_count; i++) {
        uint32_t bucket = i < k->front.facts_count ? k->facts[i] : t->ATOM_count;
        sum += le32(t->CONT_BUCKET[bucket + 1]) - le32(t->CONT_BUCKET[bucket]);
    }
    return sum;
}
