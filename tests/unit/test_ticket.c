/* What a ticket carries: runtime/ticket.c and automaton.c against desk.md 2.1 and language.md 1.3, 4.3, 4.4.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "../../runtime/names.h"
#include "../../runtime/ticket.h"
#include "image.h"
#include "run_suite.h"
#include "widened.h"

static uint8_t *bytes;
static const struct shunt_table *table;
static struct shunt_ticket *ticket;

static void open_image(struct image *m)
{
    size_t len;
    bytes = image_bytes(m, &len);
    image_free(m);
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &table, NULL), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(table, NULL, &ticket), SHUNT_OK);
}

static void setup(void)
{
    struct image m;
    image_sample(&m);
    open_image(&m);
}

static void teardown(void)
{
    shunt_ticket_free(ticket);
    shunt_table_close(table);
    free(bytes);
}

/* The same table with second hashes. */
static void widen(void)
{
    size_t len;
    struct image m;
    teardown();
    image_sample(&m);
    uint8_t *narrow = image_bytes(&m, &len);
    image_free(&m);
    bytes = widened_table(narrow, len, &len);
    free(narrow);
    ck_assert_int_eq(shunt_table_open(bytes, len, NULL, &table, NULL), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(table, NULL, &ticket), SHUNT_OK);
    ck_assert_int_eq(table->index_kind, SH_SECOND);
}

static bool has(uint32_t attr, const char *name)
{
    uint32_t atom = sh_find_atom(table, attr, name, strlen(name));
    ck_assert_uint_ne(atom, TF_NONE);
    return sh_bit(ticket->has, atom);
}

static enum shunt_status set(uint32_t attr, const char *name)
{
    return shunt_ticket_set_name(ticket, attr, name, strlen(name));
}

static enum shunt_status add(uint32_t attr, const char *name)
{
    return shunt_ticket_add_name(ticket, attr, name, strlen(name));
}

static bool carried(uint32_t attr)
{
    return ticket->values[attr].carried;
}

static void put(uint64_t *set, uint32_t hash)
{
    uint32_t byte = hash >> 7 << 4 | (hash & 15);
    set[byte / 8] |= UINT64_C(1) << (byte % 8 * 8 + (hash >> 4 & 7));
}

/* Whether the sets of hashes are those of the ticket's facts, and 0; of second ones, where there are any. */
static bool sets_are_of_facts(void)
{
    uint64_t first[SH_SET_WORDS] = {1}, second[SH_SET_WORDS] = {table->index_kind == SH_SECOND},
             words[2] = {0};
    for (uint32_t i = 0; i < ticket->front.facts_count; i++) {
        put(first, tf_sig_hash(ticket->facts[i]));
        words[i / 8] |= (uint64_t)tf_sig_hash(ticket->facts[i]) << 8 * (i % 8);
        if (table->index_kind == SH_SECOND)
            put(second, widened_hash(ticket->facts[i], 2 * table->ATOM_count, table->ATOM_count));
    }
    return memcmp(first, ticket->front.hash_set, sizeof first) == 0 &&
           memcmp(words, ticket->front.hashes, sizeof words) == 0 &&
           memcmp(second, ticket->front.second_set, sizeof second) == 0;
}

/* ---- names ---- */

START_TEST(desk_2_1_one_value_replaces_the_other)
{
    if (_i) widen();
    ck_assert_int_eq(set(SHUNT_ATTR_CHANNEL, "email"), SHUNT_OK);
    ck_assert(has(TF_CHANNEL, "email") && carried(TF_CHANNEL));
    ck_assert_int_eq(set(SHUNT_ATTR_CHANNEL, "webchat"), SHUNT_OK);
    ck_assert(has(TF_CHANNEL, "webchat") && !has(TF_CHANNEL, "email"));
    ck_assert_uint_eq(ticket->front.facts_count, 1);
    ck_assert_uint_eq(ticket->carried_count, 1);
    ck_assert(sets_are_of_facts());
    uint32_t webchat = ticket->values[TF_CHANNEL].place;
    ck_assert_uint_eq(ticket->front.guard,
                      tf_guard_channel(webchat) | tf_guard_priority(SHUNT_PRIORITY_NORMAL));
}
END_TEST

START_TEST(desk_2_1_an_unknown_value_counts_as_not_carried)
{
    set(SHUNT_ATTR_CHANNEL, "email");
    ck_assert_int_eq(set(SHUNT_ATTR_CHANNEL, "fax"), SHUNT_UNKNOWN);
    ck_assert(!carried(TF_CHANNEL) && !has(TF_CHANNEL, "email"));
    ck_assert_uint_eq(ticket->front.facts_count, 0);
    ck_assert_uint_eq(ticket->front.guard, sh_guard_of_nothing());
    ck_assert_int_eq(set(SAMPLE_PLAN, "Pro"), SHUNT_UNKNOWN); /* listed values are exact */
    ck_assert_int_eq(set(SAMPLE_PLAN, "pro"), SHUNT_OK);
    ck_assert_uint_eq(ticket->values[SAMPLE_PLAN].place, 1);
}
END_TEST

START_TEST(language_4_1_priority_is_normal_where_nothing_is_said)
{
    const struct sh_value *p = &ticket->values[TF_PRIORITY];
    ck_assert(p->carried && p->place == SHUNT_PRIORITY_NORMAL);
    ck_assert_int_eq(set(SHUNT_ATTR_PRIORITY, "urgent"), SHUNT_OK);
    ck_assert_uint_eq(p->place, SHUNT_PRIORITY_URGENT);
    ck_assert_uint_eq(ticket->front.guard, tf_guard_priority(SHUNT_PRIORITY_URGENT) | TF_GUARD_NO_CHANNEL);
    ck_assert_int_eq(set(SHUNT_ATTR_PRIORITY, "Urgent"), SHUNT_UNKNOWN);
    ck_assert(p->carried && p->place == SHUNT_PRIORITY_NORMAL);
    set(SHUNT_ATTR_PRIORITY, "low");
    shunt_ticket_reset(ticket);
    ck_assert(p->carried && p->place == SHUNT_PRIORITY_NORMAL);
}
END_TEST

START_TEST(language_4_3_unnamed_members_count_for_exists)
{
    ck_assert(!carried(TF_LABELS));
    ck_assert_int_eq(add(SHUNT_ATTR_LABELS, "never heard of"), SHUNT_OK);
    ck_assert(carried(TF_LABELS));
    ck_assert_uint_eq(ticket->front.facts_count, 0);
    ck_assert_int_eq(add(SHUNT_ATTR_LABELS, "refund"), SHUNT_OK);
    ck_assert_int_eq(add(SHUNT_ATTR_LABELS, "refund"), SHUNT_OK);
    ck_assert(has(TF_LABELS, "refund") && !has(TF_LABELS, "billing"));
    ck_assert_uint_eq(ticket->front.facts_count, 1);
}
END_TEST

START_TEST(a_set_counts_its_members_named_or_not)
{
    add(SHUNT_ATTR_LABELS, "refund");
    add(SHUNT_ATTR_LABELS, "refund");
    ck_assert_uint_eq(ticket->values[TF_LABELS].place, 1);
    add(SHUNT_ATTR_LABELS, "never heard of");
    ck_assert_uint_eq(ticket->values[TF_LABELS].place, 2);
    shunt_ticket_reset(ticket);
    add(SHUNT_ATTR_LABELS, "billing");
    ck_assert_uint_eq(ticket->values[TF_LABELS].place, 1);
}
END_TEST

/* "a" is a member of tags, "vip" one of segments: a name counts within its attribute alone. */
START_TEST(names_belong_to_their_attribute)
{
    add(SHUNT_ATTR_LABELS, "a");
    add(SHUNT_ATTR_LABELS, "vip");
    ck_assert_uint_eq(ticket->front.facts_count, 0);
    add(SAMPLE_TAGS, "a");
    ck_assert(has(SAMPLE_TAGS, "a"));
}
END_TEST

START_TEST(language_1_3_names_are_compared_in_nfc)
{
    struct image m;
    image_sample(&m);
    struct tf_atom *vip = IMAGE_AT(&m, ATOM, struct tf_atom, 4);
    vip->string = to_le32(image_string(&m, "\xc3\xa5"
                                           "a")); /* åa, composed */
    /* The hash anew: behind the name that goes, others may have stood. */
    le32_t *hash = image_at(&m, TF_ATOM_HASH, 0);
    for (int i = 0; i < 16; i++) hash[i] = to_le32(0);
    size_t len;
    static const struct {
        uint32_t attr, atom;
        const char *name;
    } names[] = {{0, 0, "email"},
                 {0, 1, "webchat"},
                 {1, 2, "billing"},
                 {1, 3, "refund"},
                 {2, 4,
                  "\xc3\xa5"
                  "a"},
                 {SAMPLE_PLAN, 9, "free"},
                 {SAMPLE_PLAN, 10, "pro"},
                 {SAMPLE_TAGS, 11, "a"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        uint32_t place = tf_name_hash(names[i].attr, names[i].name, strlen(names[i].name)) % 16;
        while (le32(hash[place])) place = (place + 1) % 16;
        hash[place] = to_le32(names[i].atom + 1);
    }
    uint8_t *own = image_bytes(&m, &len);
    image_free(&m);
    const struct shunt_table *t;
    struct shunt_ticket *k;
    ck_assert_int_eq(shunt_table_open(own, len, NULL, &t, NULL), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_new(t, NULL, &k), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_add_name(k, SHUNT_ATTR_SEGMENTS,
                                           "a\xcc\x8a"
                                           "a",
                                           4),
                     SHUNT_OK); /* taken apart */
    ck_assert_uint_eq(k->front.facts_count, 1);
    shunt_ticket_reset(k);
    ck_assert_int_eq(shunt_ticket_add_name(k, SHUNT_ATTR_SEGMENTS,
                                           "\xc3\xa5"
                                           "a",
                                           3),
                     SHUNT_OK);
    ck_assert_uint_eq(k->front.facts_count, 1);
    shunt_ticket_reset(k);
    shunt_ticket_add_name(k, SHUNT_ATTR_SEGMENTS,
                          "\xc3\x85"
                          "a",
                          3); /* Å: names are exact */
    ck_assert_uint_eq(k->front.facts_count, 0);
    shunt_ticket_free(k);
    shunt_table_close(t);
    free(own);
}
END_TEST

/* ---- wrong types and values ---- */

START_TEST(desk_2_1_wrong_types_are_errors)
{
    ck_assert_int_eq(set(SHUNT_ATTR_LABELS, "refund"), SHUNT_BAD_VALUE);
    ck_assert_int_eq(set(SHUNT_ATTR_SUBJECT, "ab"), SHUNT_BAD_VALUE);
    ck_assert_int_eq(add(SHUNT_ATTR_CHANNEL, "email"), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_ticket_set_text(ticket, SAMPLE_PLAN, "pro", 3), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_ticket_set_number(ticket, SAMPLE_GOLD, 1), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_ticket_set_bool(ticket, SAMPLE_TOTAL, true), SHUNT_BAD_VALUE);
    ck_assert_int_eq(set(SAMPLE_ATTRS, "x"), SHUNT_BAD_VALUE);
    ck_assert_int_eq(set(SHUNT_NONE, "x"), SHUNT_BAD_VALUE);
    ck_assert_uint_eq(ticket->carried_count, 0);
}
END_TEST

START_TEST(desk_2_1_text_is_utf8_without_nul)
{
    ck_assert_int_eq(shunt_ticket_set_text(ticket, SHUNT_ATTR_BODY, "\xff", 1), SHUNT_BAD_TEXT);
    ck_assert_int_eq(shunt_ticket_set_text(ticket, SHUNT_ATTR_BODY, "a\0b", 3), SHUNT_BAD_TEXT);
    ck_assert_int_eq(shunt_ticket_add_name(ticket, SHUNT_ATTR_LABELS, "a\0b", 3), SHUNT_BAD_TEXT);
    ck_assert_int_eq(shunt_ticket_set_name(ticket, SHUNT_ATTR_CHANNEL, "\xc3", 1), SHUNT_BAD_TEXT);
    ck_assert_uint_eq(ticket->carried_count, 0);
    ck_assert_int_eq(shunt_ticket_set_text(ticket, SHUNT_ATTR_BODY, "", 0), SHUNT_OK);
    ck_assert(carried(TF_BODY)); /* even empty */
    ck_assert_int_eq(shunt_ticket_set_text(ticket, SHUNT_ATTR_BODY, "again", 5), SHUNT_BAD_VALUE);
}
END_TEST

START_TEST(numbers_are_finite_and_have_one_zero)
{
    ck_assert_int_eq(shunt_ticket_set_number(ticket, SAMPLE_TOTAL, (double)INFINITY), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_ticket_set_number(ticket, SAMPLE_TOTAL, -(double)INFINITY), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_ticket_set_number(ticket, SAMPLE_TOTAL, (double)NAN), SHUNT_BAD_VALUE);
    ck_assert(!carried(SAMPLE_TOTAL));
    ck_assert_int_eq(shunt_ticket_set_number(ticket, SAMPLE_TOTAL, -0.0), SHUNT_OK);
    ck_assert(carried(SAMPLE_TOTAL) && !signbit(ticket->values[SAMPLE_TOTAL].number));
}
END_TEST

/* The table's NUMBERs are 10 and 11: so its facts are that it is at least 10, above 10, at least 11, above.
 */
START_TEST(format_8_of_a_numbers_facts_those_that_are_true_stand_in_front)
{
    static const struct {
        double number;
        uint64_t facts;
    } rows[] = {{9.5, 0}, {10, 1}, {10.5, 3}, {11, 7}, {12, 15}, {10, 1}, {-3, 0}, {11, 7}};
    const uint64_t *facts = ticket->has + table->facts.bounds / TF_FACT_WORD;
    ck_assert_uint_eq(table->facts.bounds, SAMPLE_BOUNDS);
    ck_assert_uint_eq(*facts, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        shunt_ticket_set_number(ticket, SAMPLE_TOTAL, rows[i].number);
        ck_assert_uint_eq(*facts, rows[i].facts);
        ck_assert_uint_eq(ticket->bounded_count, 1);
    }
    shunt_ticket_reset(ticket);
    ck_assert_uint_eq(*facts, 0);
}
END_TEST

/* Whether a fact of hours may be true for the ticket. */
static bool may_be(uint32_t hours, bool outside)
{
    return sh_bit(ticket->has, table->facts.hours + 2 * hours + outside);
}

START_TEST(format_8_hours_may_be_true_until_asked_for_and_again_at_another_time)
{
    enum { OFFICE = 1, ACTIVE_AND_DURING_OFFICE = 13 };
    for (int i = 0; i < 3; i++) {
        ck_assert(may_be(OFFICE, false) && may_be(OFFICE, true));
        shunt_ticket_set_name(ticket, SHUNT_ATTR_CHANNEL, "email", 5);
        sh_holds(ticket, ACTIVE_AND_DURING_OFFICE);
        ck_assert(may_be(OFFICE, false) != may_be(OFFICE, true));
        sh_holds(ticket, ACTIVE_AND_DURING_OFFICE);
        if (i == 0)
            shunt_ticket_set_at(ticket, 1000000);
        else
            shunt_ticket_reset(ticket);
    }
}
END_TEST

START_TEST(desk_2_1_one_bool_replaces_the_other)
{
    uint32_t fact = tf_fact_bool(table->ATOM_count, SAMPLE_GOLD);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(shunt_ticket_set_bool(ticket, SAMPLE_GOLD, i % 2 == 0), SHUNT_OK);
        ck_assert(carried(SAMPLE_GOLD) && sh_bit(ticket->has, fact) == (i % 2 == 0));
    }
}
END_TEST

START_TEST(arrival_is_within_the_years_0_to_9999)
{
    ck_assert_int_eq(shunt_ticket_set_at(ticket, SHUNT_TIME_MIN), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_at(ticket, SHUNT_TIME_MAX), SHUNT_OK);
    ck_assert_int_eq(shunt_ticket_set_at(ticket, SHUNT_TIME_MIN - 1), SHUNT_BAD_VALUE);
    ck_assert_int_eq(shunt_ticket_set_at(ticket, SHUNT_TIME_MAX + 1), SHUNT_BAD_VALUE);
    ck_assert(ticket->at_sec == SHUNT_TIME_MAX);
}
END_TEST

/* ---- texts ---- */

enum { EQUALS = 1, PREFIX = 2, SUFFIX = 4, CONTAINS = 8 };
static const struct {
    const char *text;
    unsigned found; /* of == "ab", starts with "a", ends with "b", contains "ab" */
} texts[] = {
    {"", 0},
    {"a", PREFIX},
    {"b", SUFFIX},
    {"ab", EQUALS | PREFIX | SUFFIX | CONTAINS},
    {"AB", EQUALS | PREFIX | SUFFIX | CONTAINS},
    {"aab", PREFIX | SUFFIX | CONTAINS},
    {"abc", PREFIX | CONTAINS},
    {"cab", SUFFIX | CONTAINS},
    {"xabx", CONTAINS},
    {"ba", 0},
    {"abab", PREFIX | SUFFIX | CONTAINS},
    {"aaaa", PREFIX},
    {"acb", PREFIX | SUFFIX},
    {"ca b", SUFFIX},
    {"\xc3\xa5"
     "ab",
     SUFFIX | CONTAINS},
    {"ab\xcc\x8a", PREFIX | CONTAINS}, /* b with a ring has no composed form */
    {"a\xcc\x8a"
     "b",
     SUFFIX}, /* å, b: the a is no letter of its own */
    {"x\xef\xac\x80"
     "ab",
     SUFFIX | CONTAINS},
};

static unsigned found_in(const char *text)
{
    unsigned found = 0;
    ck_assert_int_eq(shunt_ticket_set_text(ticket, SHUNT_ATTR_SUBJECT, text, strlen(text)), SHUNT_OK);
    for (unsigned i = 0; i < 4; i++) found |= (unsigned)sh_bit(ticket->has, 5 + i) << i;
    return found;
}

START_TEST(language_4_4_patterns)
{
    ck_assert_uint_eq(found_in(texts[_i].text), texts[_i].found);
    ck_assert(carried(TF_SUBJECT));
}
END_TEST

/* A root alone, whose text is a pattern of every kind. */
START_TEST(table_format_7_patterns_of_the_empty_text)
{
    struct image m;
    teardown();
    image_sample(&m);
    uint32_t empty = image_string(&m, "");
    for (uint32_t i = 0; i < 4; i++) {
        IMAGE_AT(&m, ATOM, struct tf_atom, 5 + i)->string = to_le32(empty);
        IMAGE_AT(&m, AC_PATTERN, struct tf_ac_pattern, i)->state = to_le32(0);
        IMAGE_AT(&m, AC_PATTERN, struct tf_ac_pattern, i)->atom = to_le32(5 + i);
    }
    image_remove(&m, TF_AC_EDGE);
    m.section[TF_AC_STATE].len = sizeof(struct tf_ac_state);
    IMAGE_AT(&m, AC_STATE, struct tf_ac_state, 0)->fail_edges = to_le32(0);
    IMAGE_AT(&m, AC_ROOT, struct tf_automaton, 0)->state_count = to_le32(1);
    open_image(&m);
    ck_assert_uint_eq(found_in("ab"), PREFIX | SUFFIX | CONTAINS);
    shunt_ticket_reset(ticket);
    ck_assert_uint_eq(found_in(""), EQUALS | PREFIX | SUFFIX | CONTAINS);
}
END_TEST

/* ---- again ---- */

START_TEST(what_is_said_between_stays_when_a_value_is_said_again)
{
    set(SHUNT_ATTR_CHANNEL, "email");
    set(SAMPLE_PLAN, "pro");
    add(SHUNT_ATTR_LABELS, "refund");
    shunt_ticket_set_number(ticket, SAMPLE_TOTAL, 4);
    uint32_t label = ticket->facts[ticket->front.facts_count - 1], facts = ticket->front.facts_count;
    set(SAMPLE_PLAN, "free");
    ck_assert_uint_eq(ticket->front.facts_count, facts);
    ck_assert_uint_eq(ticket->facts[facts - 2], label);
    ck_assert(sh_bit(ticket->has, ticket->facts[facts - 1]));
    ck_assert_uint_eq(ticket->carried_count, 4);
    for (uint32_t i = 0; i < ticket->front.facts_count; i++) ck_assert(sh_bit(ticket->has, ticket->facts[i]));
    shunt_ticket_reset(ticket);
    for (uint32_t attr = 0; attr < SAMPLE_ATTRS; attr++) ck_assert(carried(attr) == (attr == TF_PRIORITY));
    for (uint32_t atom = 0; atom < table->ATOM_count; atom++) ck_assert(!sh_bit(ticket->has, atom));
}
END_TEST

START_TEST(a_reset_ticket_carries_nothing)
{
    if (_i) widen();
    set(SHUNT_ATTR_CHANNEL, "email");
    add(SHUNT_ATTR_LABELS, "refund");
    add(SAMPLE_TAGS, "b");
    set(SAMPLE_PLAN, "pro");
    shunt_ticket_set_text(ticket, SHUNT_ATTR_SUBJECT, "xaby", 4);
    shunt_ticket_set_number(ticket, SAMPLE_TOTAL, 4);
    shunt_ticket_set_bool(ticket, SAMPLE_GOLD, true);
    shunt_ticket_set_at(ticket, 1000);
    ck_assert_uint_eq(ticket->front.facts_count, 4);
    ck_assert_uint_eq(ticket->carried_count, 7);
    ck_assert(sets_are_of_facts());
    shunt_ticket_reset(ticket);
    ck_assert_uint_eq(ticket->front.facts_count, 0);
    ck_assert(sets_are_of_facts());
    ck_assert_uint_eq(ticket->front.guard, sh_guard_of_nothing());
    ck_assert_uint_eq(ticket->front.bucket_count, ticket->unfiled_count);
    ck_assert(sh_bit(ticket->has, table->ATOM_count));
    ck_assert(ticket->at_sec == 0);
    for (uint32_t atom = 0; atom < table->ATOM_count; atom++) ck_assert(!sh_bit(ticket->has, atom));
    for (uint32_t attr = 0; attr < SAMPLE_ATTRS; attr++) ck_assert(carried(attr) == (attr == TF_PRIORITY));
}
END_TEST

/* What a ticket remembers of a time, it knows by the time's number; when numbers begin again, it forgets all.
 */
START_TEST(memos_of_times_end_where_their_numbers_do)
{
    const uint32_t open = (uint32_t)1 << 1 | 1; /* of the time with number 1 */
    ck_assert_uint_gt(table->HOURS_count, 0);
    ck_assert_uint_gt(table->WINDOW_SET_count, 1);
    for (uint32_t i = 0; i < table->HOURS_count; i++) ticket->hours_memo[i] = open;
    for (uint32_t i = 0; i < table->WINDOW_SET_count; i++) ticket->window_memo[i] = open;
    ticket->memo_generation = INT32_MAX - 1;
    shunt_ticket_set_at(ticket, 1000);
    ck_assert_uint_eq(sh_generation(ticket), INT32_MAX);
    ck_assert_uint_eq(sh_generation(ticket), INT32_MAX);
    ck_assert_uint_eq(ticket->hours_memo[0], open);
    shunt_ticket_set_at(ticket, 2000);
    ck_assert_uint_eq(sh_generation(ticket), 1);
    for (uint32_t i = 0; i < table->HOURS_count; i++) ck_assert_uint_eq(ticket->hours_memo[i], 0);
    for (uint32_t i = 0; i < table->WINDOW_SET_count; i++) ck_assert_uint_eq(ticket->window_memo[i], 0);
}
END_TEST

struct budget {
    int left;
    long in_use;
};

static void *budget_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct budget *b = ctx;
    if (new_len > 0 && b->left-- <= 0) return NULL;
    b->in_use += (long)new_len - (long)old_len;
    if (new_len > 0) return realloc(block, new_len);
    free(block);
    return NULL;
}

/* The Nth allocation fails: the call says so, and the ticket is as it was. */
START_TEST(a_failed_allocation_leaves_the_ticket_as_it_was)
{
    for (int n = 0; n < 5; n++) {
        struct budget b = {n, 0};
        struct shunt_hooks hooks = {budget_resize, &b};
        struct shunt_ticket *k = NULL;
        enum shunt_status status = shunt_ticket_new(table, &hooks, &k);
        ck_assert_int_eq(status, n == 0 ? SHUNT_NO_MEMORY : SHUNT_OK);
        if (k) {
            status = shunt_ticket_set_text(k, SHUNT_ATTR_SUBJECT, "ab a\xcc\x8a", 6);
            ck_assert_int_eq(status, n == 1 ? SHUNT_NO_MEMORY : SHUNT_OK);
            ck_assert_uint_eq(k->front.facts_count, n == 1 ? 0 : 2);
            ck_assert_uint_eq(k->carried_count, n == 1 ? 0 : 1);
            uint32_t before = k->carried_count;
            status = shunt_ticket_add_name(k, SHUNT_ATTR_LABELS, "a name of some length a\xcc\x8a", 25);
            ck_assert_int_eq(status, n <= 2 ? SHUNT_NO_MEMORY : SHUNT_OK);
            ck_assert_uint_eq(k->carried_count, before + (n > 2));
        }
        shunt_ticket_free(k);
        ck_assert_int_eq(b.in_use, 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ticket");
    TCase *t = tcase_create("ticket");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, desk_2_1_one_value_replaces_the_other, 0, 2);
    tcase_add_test(t, desk_2_1_an_unknown_value_counts_as_not_carried);
    tcase_add_test(t, language_4_1_priority_is_normal_where_nothing_is_said);
    tcase_add_test(t, language_4_3_unnamed_members_count_for_exists);
    tcase_add_test(t, a_set_counts_its_members_named_or_not);
    tcase_add_test(t, names_belong_to_their_attribute);
    tcase_add_test(t, language_1_3_names_are_compared_in_nfc);
    tcase_add_test(t, desk_2_1_wrong_types_are_errors);
    tcase_add_test(t, desk_2_1_text_is_utf8_without_nul);
    tcase_add_test(t, numbers_are_finite_and_have_one_zero);
    tcase_add_test(t, desk_2_1_one_bool_replaces_the_other);
    tcase_add_test(t, format_8_of_a_numbers_facts_those_that_are_true_stand_in_front);
    tcase_add_test(t, format_8_hours_may_be_true_until_asked_for_and_again_at_another_time);
    tcase_add_test(t, arrival_is_within_the_years_0_to_9999);
    tcase_add_loop_test(t, language_4_4_patterns, 0, sizeof texts / sizeof *texts);
    tcase_add_test(t, table_format_7_patterns_of_the_empty_text);
    tcase_add_test(t, what_is_said_between_stays_when_a_value_is_said_again);
    tcase_add_loop_test(t, a_reset_ticket_carries_nothing, 0, 2);
    tcase_add_test(t, memos_of_times_end_where_their_numbers_do);
    tcase_add_test(t, a_failed_allocation_leaves_the_ticket_as_it_was);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
