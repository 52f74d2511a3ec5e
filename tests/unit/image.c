/*
 * Tables in parts, for tests: see image.h. The sample is written from docs/TABLE-FORMAT.md, without the
 * compiler.
 */
#include "image.h"

#include <stdlib.h>

#include "../../runtime/table.h"

#define N TF_NONE
#define L(v) to_le32(v)
#define MAP(v)                                                                                               \
    {                                                                                                        \
        L(0), L(0), L(v)                                                                                     \
    }

void image_init(struct image *m)
{
    *m = (struct image){.version = TF_VERSION, .last_compatible = TF_LAST_COMPATIBLE};
}

void image_free(struct image *m)
{
    for (int i = 0; i < IMAGE_SECTIONS; i++) free(m->section[i].bytes);
}

void image_load(struct image *m, const void *bytes, size_t len)
{
    (void)len;
    const struct tf_header *h = bytes;
    const struct tf_section *s = (const void *)(h + 1);
    *m = (struct image){le16(h->version), le16(h->last_compatible), le32(h->flags), {{NULL, 0, 0, 0}}};
    for (uint32_t i = 0; i < le32(h->section_count); i++) {
        image_add(m, le32(s[i].id), (const char *)bytes + le64(s[i].off), le32(s[i].record_len),
                  (size_t)le64(s[i].count));
    }
}

void image_add(struct image *m, uint32_t id, const void *records, size_t record_len, size_t count)
{
    struct image_section *s = &m->section[id];
    size_t len = s->len + record_len * count;
    if (s->cap <= len) s->bytes = realloc(s->bytes, s->cap = 2 * len + 1);
    memcpy(s->bytes + s->len, records, record_len * count);
    s->len += record_len * count;
    s->record_len = (uint32_t)record_len;
}

void image_remove(struct image *m, uint32_t id)
{
    m->section[id].len = 0;
}

uint32_t image_string(struct image *m, const char *text)
{
    if (m->section[TF_STRING_OFFS].len == 0) IMAGE_ADD(m, STRING_OFFS, le32_t, L(0));
    image_add(m, TF_STRING_BYTES, text, 1, strlen(text) + 1);
    IMAGE_ADD(m, STRING_OFFS, le32_t, L((uint32_t)m->section[TF_STRING_BYTES].len));
    return (uint32_t)image_count(m, TF_STRING_OFFS) - 2;
}

void *image_at(struct image *m, uint32_t id, size_t i)
{
    return m->section[id].bytes + i * m->section[id].record_len;
}

size_t image_count(const struct image *m, uint32_t id)
{
    return m->section[id].len ? m->section[id].len / m->section[id].record_len : 0;
}

/* ---- putting together ---- */

void image_fit_checksum(uint8_t *bytes, size_t len)
{
    struct tf_header *h = (void *)bytes;
    if (len < sizeof *h) return;
    h->checksum = to_le32(0);
    h->checksum = to_le32(sh_crc32c_plain(0, bytes, len));
}

uint8_t *image_bytes(const struct image *m, size_t *len)
{
    struct tf_section dir[IMAGE_SECTIONS];
    uint32_t count = 0;
    for (uint32_t i = 0; i < IMAGE_SECTIONS; i++) count += m->section[i].len > 0;
    size_t at = sizeof(struct tf_header) + count * sizeof *dir;
    count = 0;
    for (uint32_t i = 0; i < IMAGE_SECTIONS; i++) {
        const struct image_section *s = &m->section[i];
        if (s->len == 0) continue;
        dir[count++] =
            (struct tf_section){L(i), L(s->record_len), to_le64(at), to_le64(s->len / s->record_len)};
        at += (s->len + 7) & ~(size_t)7;
    }
    uint8_t *bytes = calloc(1, at);
    struct tf_header h = {.version = to_le16(m->version),
                          .last_compatible = to_le16(m->last_compatible),
                          .section_count = L(count),
                          .file_len = to_le64(at),
                          .flags = L(m->flags)};
    memcpy(h.magic, TF_MAGIC, sizeof h.magic);
    memcpy(bytes, &h, sizeof h);
    memcpy(bytes + sizeof h, dir, count * sizeof *dir);
    for (uint32_t i = 0; i < count; i++) {
        const struct image_section *s = &m->section[le32(dir[i].id)];
        memcpy(bytes + le64(dir[i].off), s->bytes, s->len);
    }
    image_fit_checksum(bytes, at);
    *len = at;
    return bytes;
}

/* ---- the sample ---- */

struct sample_attr {
    const char *name;
    enum tf_attr_type type;
    struct {
        const char *text;
        enum tf_atom_kind kind;
    } atoms[4];
};

static const struct sample_attr attrs[] = {
    {"channel", TF_CHANNEL_T, {{"email", 0}, {"webchat", 0}}},
    {"labels", TF_SET_T, {{"billing", 0}, {"refund", 0}}},
    {"segments", TF_SET_T, {{"vip", 0}}},
    {"priority", TF_PRIORITY_T, {{NULL, 0}}},
    {"subject",
     TF_TEXT_T,
     {{"ab", TF_ATOM_EQUALS}, {"a", TF_ATOM_PREFIX}, {"b", TF_ATOM_SUFFIX}, {"ab", TF_ATOM_CONTAINS}}},
    {"body", TF_TEXT_T, {{NULL, 0}}},
    {"customer", TF_TEXT_T, {{NULL, 0}}},
    {"plan", TF_LISTED_T, {{"free", 0}, {"pro", 0}}},
    {"total", TF_NUMBER_T, {{NULL, 0}}},
    {"gold", TF_BOOL_T, {{NULL, 0}}},
    {"tags", TF_SET_T, {{"a", 0}}},
};
enum {
    EMAIL,
    WEBCHAT,
    BILLING,
    REFUND,
    VIP,
    EQUALS_AB,
    STARTS_A,
    ENDS_B,
    CONTAINS_AB,
    FREE,
    PRO,
    TAG_A,
    ATOMS
};

static void add_attrs(struct image *m)
{
    enum { HASH = 16 };
    le32_t hash[HASH] = {L(0)};
    uint32_t atom = 0;
    for (uint32_t i = 0; i < SAMPLE_ATTRS; i++) {
        uint32_t first = atom;
        for (int a = 0; a < 4 && attrs[i].atoms[a].text; a++, atom++) {
            const char *text = attrs[i].atoms[a].text;
            IMAGE_ADD(m, ATOM, struct tf_atom,
                      {.string = L(image_string(m, text)), .kind = (uint8_t)attrs[i].atoms[a].kind});
            if (attrs[i].type == TF_TEXT_T) continue;
            uint32_t place = tf_name_hash(i, text, strlen(text)) % HASH;
            while (le32(hash[place])) place = (place + 1) % HASH;
            hash[place] = L(atom + 1);
        }
        IMAGE_ADD(m, ATTR, struct tf_attr,
                  {.name = L(image_string(m, attrs[i].name)),
                   .atom_first = L(first),
                   .atom_count = L(atom - first),
                   .type = (uint8_t)attrs[i].type});
    }
    image_add(m, TF_ATOM_HASH, hash, sizeof *hash, HASH);
    /* The automaton of subject: "" -a-> 1, -b-> 2; "a" -b-> 3. */
    IMAGE_ADD(m, AC_ROOT, struct tf_automaton, {L(TF_SUBJECT), L(0), L(4)});
    IMAGE_ADD(m, AC_STATE, struct tf_ac_state, {L(2 << TF_AC_SHIFT)}, {L(1 << TF_AC_SHIFT)}, {L(0)}, {L(2)});
    image_add(m, TF_AC_EDGE, "abb", 1, 3);
    IMAGE_ADD(m, AC_PATTERN, struct tf_ac_pattern, {L(1), L(STARTS_A)}, {L(2), L(ENDS_B)},
              {L(3), L(EQUALS_AB)}, {L(3), L(CONTAINS_AB)});
}

static void add_hours(struct image *m)
{
    IMAGE_ADD(m, WINDOW, struct tf_range, {L(4), L(4)}, {L(358), L(1)}, {L(0), L(9)});
    IMAGE_ADD(m, WINDOW_SET, struct tf_window_set, {L(0), L(1), L(0)}, {L(1), L(0), L(1)},
              {L(2), L(1), L(0)});
    IMAGE_ADD(m, ZONE, struct tf_zone,
              {.name = L(image_string(m, "Test/One")),
               .type_count = L(1),
               .change_count = L(1),
               .has_rule = 2,
               .std_offset_sec = L(3600),
               .dst_offset_sec = L(3600)});
    IMAGE_ADD(m, ZONE_TYPE, struct tf_zone_type, {.offset_sec = L(3600)});
    IMAGE_ADD(m, ZONE_CHANGE, struct tf_zone_change, {to_le64((uint64_t)-1000000000), L(0), L(0)});
    IMAGE_ADD(m, INTERVAL, struct tf_interval, {to_le16(540), to_le16(720)}, {to_le16(730), to_le16(1020)});
    IMAGE_ADD(m, DAY, struct tf_day, {L(0), L(2)}, {L(0), L(0)});
    IMAGE_ADD(m, WEEK, struct tf_week, {{L(0), L(0), L(0), L(0), L(0), L(0), L(0)}});
    IMAGE_ADD(m, SEASON, struct tf_season, {L(100), L(120), L(0)}, {L(350), L(10), L(0)});
    IMAGE_ADD(m, SPECIAL, struct tf_special, {L(50), L(1)}, {L(200), L(0)}, {L(201), L(1)});
    IMAGE_ADD(m, HOURS, struct tf_hours,
              {.name = L(image_string(m, "always")),
               .zone = L(N),
               .outside = L(N),
               .week = L(N),
               .closed = L(N),
               .breaks = L(N),
               .always = 1},
              {.name = L(image_string(m, "office")),
               .outside = L(N),
               .holidays_first = L(0),
               .holidays_count = L(1),
               .breaks = L(N), /* week 0 would take away all there is */
               .season_dated_count = L(1),
               .season_yearly_count = L(1),
               .special_dated_count = L(1),
               .special_yearly_count = L(2)},
              {.name = L(image_string(m, "duty")),
               .outside = L(1),
               .week = L(N),
               .closed = L(N),
               .breaks = L(N),
               .every_weeks = L(2),
               .chain = 1});
}

static void add_people(struct image *m)
{
    IMAGE_ADD(m, SKILL, le32_t, L(image_string(m, "swedish")));
    /* 0: skill, then agents 0 and 1; the channel */
    IMAGE_ADD(m, LIST, le32_t, L(0), L(1), L(BILLING), L(1));
    IMAGE_ADD(m, BY_CHANNEL, struct tf_by_channel, {L(0), L(1)}, {L(1), L(2)});
    IMAGE_ADD(m, AGENT, struct tf_agent,
              {.name = L(image_string(m, "anna")),
               .display_name = L(image_string(m, "Anna")),
               .rank = {L(0), L(2), L(50)},
               .limit = {L(0), L(1), L(N)},
               .device = {L(0), L(2), L(N)},
               .limit_total = L(12),
               .skill_count = L(1),
               .channel_first = L(N),
               .hours = L(1),
               .away = L(1),
               .role = TF_MANAGER,
               .weight = 2},
              {.name = L(image_string(m, "bo")),
               .display_name = L(N),
               .rank = MAP(50),
               .limit = MAP(N),
               .device = MAP(N),
               .limit_total = L(N),
               .channel_first = L(3),
               .channel_count = L(1),
               .hours = L(N),
               .away = L(N),
               .role = TF_AGENT_ROLE,
               .weight = 1});
    IMAGE_ADD(m, TEAM, struct tf_team,
              {.name = L(image_string(m, "one")),
               .description = L(N),
               .member_count = L(2),
               .assign = {L(0), L(2), L(TF_RANDOM)},
               .hours = MAP(1),
               .after_hours = MAP(TF_TO_FIRST + 1),
               .sticky = 1},
              {.name = L(image_string(m, "two")),
               .description = L(image_string(m, "nobody")),
               .assign = MAP(TF_MANUAL),
               .hours = MAP(0),
               .after_hours = MAP(TF_HOLD),
               .rotation = TF_ROTATION_GLOBAL});
}

static void add_rules(struct image *m)
{
    static const struct tf_unit code[] = {
        /* at 0 */
        UNIT(TF_OP_AND, 3), UNIT(TF_OP_HAS, REFUND), UNIT(TF_OP_NOT, 0), UNIT(TF_OP_HAS, BILLING),
        /* at 4 */
        UNIT(TF_OP_OR, 2), UNIT(TF_OP_HAS, CONTAINS_AB), UNIT(TF_OP_PRIORITY_IN, 8),
        /* at 7 */
        UNIT(TF_OP_AND, 5), UNIT(TF_OP_NUMBER_COMPARE, SAMPLE_TOTAL), UNIT(TF_TAG_CMP + TF_GE, 0),
        UNIT(TF_OP_BOOL, SAMPLE_GOLD), UNIT(TF_OP_COMPARE, SAMPLE_PLAN), UNIT(TF_TAG_CMP + TF_GE, 1),
        /* at 13 */
        UNIT(TF_OP_AND, 5), UNIT(TF_OP_HAS_ANY, 2), UNIT(TF_TAG_ITEM, EMAIL), UNIT(TF_TAG_ITEM, WEBCHAT),
        UNIT(TF_OP_DURING, 1), UNIT(TF_OP_ACTIVE, 2),
        /* at 19 */
        UNIT(TF_OP_TRUE, 0),
        /* at 20 */
        UNIT(TF_OP_OR, 9), UNIT(TF_OP_EXISTS, TF_BODY), UNIT(TF_OP_NUMBER_IN, SAMPLE_TOTAL),
        UNIT(TF_TAG_ITEM, 2), UNIT(TF_TAG_ITEM, 0), UNIT(TF_TAG_ITEM, 1), UNIT(TF_OP_FALSE, 0),
        UNIT(TF_OP_NOT, 0), UNIT(TF_OP_NOT, 0), UNIT(TF_OP_FALSE, 0)};
    image_add(m, TF_CODE, code, sizeof *code, sizeof code / sizeof *code);
    le64_t numbers[] = {to_le64(UINT64_C(0x4024000000000000)),
                        to_le64(UINT64_C(0x4026000000000000))}; /* 10, 11 */
    image_add(m, TF_NUMBER, numbers, sizeof *numbers, 2);
    IMAGE_ADD(m, STEP, struct tf_step, {L(0), L(N), L(0), TF_TO_TEAM, {0}},
              {L(1), L(1), L(60), TF_TO_AGENT, {0}}, {L(0), L(N), L(0), TF_TO_AGENT, {0}},
              {L(1), L(N), L(0), TF_TO_TEAM, {0}}, {L(N), L(N), L(0), TF_TO_NOBODY, {0}});
    IMAGE_ADD(m, OUTCOME, struct tf_outcome, {.step_count = to_le16(2), .set_priority = 4},
              {.add_first = L(2), .add_count = to_le16(1), .require_count = to_le16(1), .raise_priority = 3},
              {.step_first = L(2), .step_count = to_le16(1)}, {.step_first = L(3), .step_count = to_le16(1)},
              {.step_first = L(4), .step_count = to_le16(1)});
    IMAGE_ADD(m, RULE, struct tf_rule, {L(0), L(0)}, {L(4), L(1)}, {L(7), L(2)}, {L(13), L(3)},
              {L(19), L(4)});
    IMAGE_ADD(m, RULE_NAME, le32_t, L(image_string(m, "first")), L(image_string(m, "more")),
              L(image_string(m, "numbers")));
    IMAGE_ADD(m, DESCRIPTION, struct tf_description, {L(TF_D_RULE), L(0), L(0)},
              {L(TF_D_ATOM), L(VIP), L(0)});
    IMAGE_ADD(m, PROMISE, struct tf_promise,
              {L(image_string(m, "not false => team one")), L(20), L(0), L(2)});
    IMAGE_ADD(m, PROMISE_OUTCOME, struct tf_promise_outcome, {L(0), L(2), TF_P_TEAM_IN, 0, {0}},
              {L(0), L(0), TF_P_PRIORITY, 9, {0}});
}

/* Buckets from (atom, rule) pairs in order of atom; ATOMS: no atom. Signatures are zero and codes are asked:
 * nothing is turned away. */
static void add_index(struct image *m, enum tf_section_id bucket, enum tf_section_id sig,
                      enum tf_section_id entry, const uint32_t (*entries)[2], uint32_t count)
{
    static const uint8_t zero[TF_SIG_LEN + TF_SIG_SPARE] = {0};
    uint32_t at = 0;
    for (uint32_t atom = 0; atom <= ATOMS; atom++) {
        image_add(m, bucket, &(le32_t){L(at).raw}, 4, 1);
        for (; at < count && entries[at][0] == atom; at++) {
            uint32_t rule = entries[at][1];
            struct tf_entry e = {L(rule << 1 | 1), L(ATOMS), L(ATOMS << 1)};
            image_add(m, sig, zero, 1, TF_SIG_LEN);
            image_add(m, entry, &e, sizeof e, 1);
        }
    }
    image_add(m, sig, zero, 1, TF_SIG_SPARE);
    image_add(m, bucket, &(le32_t){L(at).raw}, 4, 1);
}

void image_sample(struct image *m)
{
    static const uint32_t decides[][2] = {{EMAIL, SAMPLE_TWO},
                                          {WEBCHAT, SAMPLE_TWO},
                                          {REFUND, SAMPLE_FIRST},
                                          {ATOMS, SAMPLE_NUMBERS},
                                          {ATOMS, SAMPLE_OTHERWISE}};
    static const uint32_t continues[][2] = {{CONTAINS_AB, SAMPLE_MORE}, {ATOMS, SAMPLE_MORE}};
    image_init(m);
    m->flags = TF_FLAG_STRIPPED;
    IMAGE_ADD(m, POLICY, struct tf_policy,
              {.name = L(image_string(m, "sample")),
               .zone = L(0),
               .zone_release = L(N),
               .unicode_version = L(image_string(m, "15.0.0")),
               .rule_count = L(3),
               .takes_count = L(1),
               .auto_assign = 1,
               .has_otherwise = 1});
    add_attrs(m);
    add_hours(m);
    add_people(m);
    add_rules(m);
    add_index(m, TF_INDEX_BUCKET, TF_INDEX_SIG, TF_INDEX_ENTRY, decides, 5);
    add_index(m, TF_CONT_BUCKET, TF_CONT_SIG, TF_CONT_ENTRY, continues, 2);
}
