/*
 * The bytes of docs/DESK-FORMAT.md to a desk: header, people, rotations, customers; tickets and figures have
 * files of their own.
 *
 * The bytes are untrusted: whatever they are, either a reason is found why they are no saved desk, or what
 * was read is a desk whose later calls behave. What follows from the state is built by the functions that
 * build it for events too. The desk is nobody else's until the end, so that its transaction may be ended as
 * often as keeps what is put aside little.
 */
#include "desk_format.h"
#include "figures.h"
#include "sort.h"

/* ---- values ---- */

bool sh_desk_bad(struct desk_in *in, const char *reason)
{
    if (!in->reason) in->reason = reason;
    return false;
}

bool sh_desk_in_number(struct desk_in *in, uint64_t *v)
{
    *v = 0;
    for (unsigned shift = 0;; shift += 7) {
        DESK_REQUIRE(in, in->at < in->end, "it is cut off");
        uint8_t b = *in->at++;
        DESK_REQUIRE(in, shift < 63 || b <= 1, "a number beyond 64 bits");
        *v |= (uint64_t)(b & 0x7f) << shift;
        if (b & 0x80) continue;
        DESK_REQUIRE(in, b != 0 || shift == 0, "a number that is not in its shortest form");
        return true;
    }
}

bool sh_desk_in_signed(struct desk_in *in, int64_t *v)
{
    uint64_t n;
    if (!sh_desk_in_number(in, &n)) return false;
    *v = n & 1 ? -(int64_t)(n >> 1) - 1 : (int64_t)(n >> 1);
    return true;
}

bool sh_desk_in_byte(struct desk_in *in, uint8_t *v, uint8_t most)
{
    DESK_REQUIRE(in, in->at < in->end, "it is cut off");
    *v = *in->at++;
    DESK_REQUIRE(in, *v <= most, "a byte with an unknown meaning");
    return true;
}

bool sh_desk_in_below(struct desk_in *in, uint64_t limit, uint32_t *v)
{
    uint64_t n;
    if (!sh_desk_in_number(in, &n)) return false;
    DESK_REQUIRE(in, n < limit, "a number that names nothing");
    *v = (uint32_t)n;
    return true;
}

bool sh_desk_in_index(struct desk_in *in, uint32_t limit, uint32_t *v)
{
    if (!sh_desk_in_below(in, (uint64_t)limit + 1, v)) return false;
    *v = *v ? *v - 1 : TF_NONE;
    return true;
}

/* A step that counts hours may fall due past the end of time: never that far past it. */
#define TIME_LIMIT (SHUNT_TIME_MAX + (INT64_C(1) << 33))

bool sh_desk_in_time(struct desk_in *in, int64_t none, int64_t *v)
{
    uint64_t n;
    if (!sh_desk_in_number(in, &n)) return false;
    DESK_REQUIRE(in, n <= (uint64_t)(TIME_LIMIT - SHUNT_TIME_MIN), "a time out of range");
    *v = n ? SHUNT_TIME_MIN + (int64_t)(n - 1) : none;
    return true;
}

bool sh_desk_in_past(struct desk_in *in, int64_t from, int64_t *v)
{
    if (!sh_desk_in_time(in, DESK_NEVER, v)) return false;
    DESK_REQUIRE(in, in->d->core.has_time && *v >= from && *v <= in->d->core.now_sec,
                 "a time that is too early or after the last event");
    return true;
}

bool sh_desk_in_text(struct desk_in *in, struct shunt_string *s)
{
    uint64_t len;
    if (!sh_desk_in_number(in, &len)) return false;
    DESK_REQUIRE(in, len <= (uint64_t)(in->end - in->at), "it is cut off");
    DESK_REQUIRE(in, len < UINT32_MAX / 2, "a text that is too long");
    *s = (struct shunt_string){(const char *)in->at, (size_t)len};
    in->at += len;
    struct sh_shape shape = sh_text_shape(s->bytes, s->len);
    DESK_REQUIRE(in, shape.valid && !shape.has_nul, "a text that is not UTF-8 or holds U+0000");
    return true;
}

bool sh_desk_in_count(struct desk_in *in, size_t item_len, uint32_t *count)
{
    uint64_t n;
    if (!sh_desk_in_number(in, &n)) return false;
    DESK_REQUIRE(in, n <= (uint64_t)(in->end - in->at) / item_len && n < TF_NONE, "it is cut off");
    *count = (uint32_t)n;
    return true;
}

/* Room for a list of that many numbers: of no transaction, for it outlives them. */
static void reserve(struct desk_in *in, uint32_t count)
{
    const struct shunt_hooks *h = &in->d->txn.hooks;
    if (count <= in->numbers_cap) return;
    size_t cap = in->numbers_cap * 2 + count, item_len = sizeof *in->numbers;
    uint32_t *grown = sh_resize(h, in->numbers, in->numbers_cap * item_len, sh_array_len(cap, item_len));
    if (!grown) sh_txn_fail(&in->d->txn);
    in->numbers = grown;
    in->numbers_cap = cap;
}

bool sh_desk_in_distinct(struct desk_in *in, uint32_t limit, uint32_t *count)
{
    if (!sh_desk_in_count(in, 1, count)) return false;
    reserve(in, *count);
    in->stamp++;
    for (uint32_t i = 0; i < *count; i++) {
        if (!sh_desk_in_below(in, limit, &in->numbers[i])) return false;
        DESK_REQUIRE(in, in->seen[in->numbers[i]] != in->stamp, "something twice in a list");
        in->seen[in->numbers[i]] = in->stamp;
    }
    return true;
}

static bool section(struct desk_in *in, enum df_section id)
{
    DESK_REQUIRE(in, in->at < in->end, "it is cut off");
    DESK_REQUIRE(in, *in->at++ == id, "a section is not where it belongs");
    return true;
}

/* ---- names, teams ---- */

static bool load_names(struct desk_in *in, struct desk_names *names)
{
    struct txn *x = &in->d->txn;
    uint32_t count;
    struct shunt_string s;
    if (!sh_desk_in_count(in, 2, &count)) return false;
    sh_txn_save(x, names, sizeof *names);
    if (count) names->at = sh_txn_alloc(x, sh_array_len(count, sizeof *names->at));
    names->count = count; /* those not read yet are empty: freeing them is nothing */
    for (uint32_t i = 0; i < count; i++) {
        if (!sh_desk_in_text(in, &s)) return false;
        DESK_REQUIRE(in, s.len > 0, "an empty name");
        char *copy = sh_txn_alloc(x, s.len + 1);
        memcpy(copy, s.bytes, s.len);
        names->at[i] = (struct shunt_string){copy, s.len};
    }
    return true;
}

static bool load_all_names(struct desk_in *in)
{
    struct shunt_desk *d = in->d;
    return section(in, DF_NAMES) && load_names(in, &d->gone_rules) && load_names(in, &d->gone_labels) &&
           load_names(in, &d->gone_skills);
}

static bool load_teams(struct desk_in *in)
{
    uint32_t count, team, least = 0;
    if (!section(in, DF_TEAMS) || !sh_desk_in_count(in, 1, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!sh_desk_in_below(in, in->d->t->TEAM_count, &team)) return false;
        DESK_REQUIRE(in, team >= least, "teams out of order");
        in->d->teams[team].off = true;
        least = team + 1;
    }
    return true;
}

/* ---- agents ---- */

static bool load_channels(struct desk_in *in, struct desk_channels **channels)
{
    struct shunt_desk *d = in->d;
    uint32_t count, channel, least = 0;
    if (!sh_desk_in_count(in, 1, &count)) return false;
    *channels = sh_desk_channels(d, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!sh_desk_in_below(in, d->channel_count, &channel)) return false;
        DESK_REQUIRE(in, channel >= least, "channels out of order");
        (*channels)->at[i] = channel;
        least = channel + 1;
    }
    return true;
}

/* A walk over the devices: with `devices` NULL it checks them and counts the bytes of their texts. */
static bool walk_devices(struct desk_in *in, uint32_t count, struct desk_device *devices, char *texts,
                         size_t *len)
{
    struct shunt_string s;
    uint32_t channel;
    *len = 0;
    in->stamp++;
    for (uint32_t i = 0; i < count; i++) {
        if (!sh_desk_in_below(in, in->d->channel_count, &channel) || !sh_desk_in_text(in, &s)) return false;
        DESK_REQUIRE(in, in->seen[channel] != in->stamp, "a channel with two devices");
        in->seen[channel] = in->stamp;
        if (devices) {
            memcpy(texts + *len, s.bytes, s.len);
            devices[i] = (struct desk_device){channel, (uint32_t)s.len, texts + *len};
        }
        *len += s.len + 1;
    }
    return true;
}

/* One block: the devices, then their texts with a NUL behind each. */
static bool load_devices(struct desk_in *in, struct desk_device **devices, uint32_t *count, uint32_t *len)
{
    size_t texts_len;
    if (!sh_desk_in_count(in, 2, count)) return false;
    const uint8_t *from = in->at;
    if (!walk_devices(in, *count, NULL, NULL, &texts_len)) return false;
    uint64_t all = (uint64_t)*count * sizeof **devices + texts_len;
    DESK_REQUIRE(in, all <= UINT32_MAX, "devices that are too long");
    *len = (uint32_t)all;
    if (*count == 0) return true;
    *devices = sh_txn_alloc(&in->d->txn, *len);
    in->at = from;
    return walk_devices(in, *count, *devices, (char *)(*devices + *count), &texts_len);
}

static bool load_agent(struct desk_in *in, uint32_t agent)
{
    struct shunt_desk *d = in->d;
    struct desk_agent *a = desk_agent(d, agent);
    struct desk_channels *channels = NULL;
    struct desk_device *devices = NULL;
    uint32_t device_count = 0, devices_len = 0;
    uint8_t flags;
    if (!sh_desk_in_byte(in, &flags, DF_ONLINE | DF_SOME_CHANNELS | DF_DEVICES)) return false;
    DESK_REQUIRE(in, flags == 0 || (flags & DF_ONLINE && d->core.has_time), "presence of who is not online");
    DESK_REQUIRE(in, flags == 0 || d->t->AGENT[agent].role != TF_VIEWER, "a viewer who is online");
    if (!sh_desk_in_number(in, &a->last_automatic)) return false;
    DESK_REQUIRE(in, a->last_automatic <= d->core.automatic, "an automatic assignment after the last");
    if (flags & DF_SOME_CHANNELS && !load_channels(in, &channels)) return false;
    if (flags & DF_DEVICES && !load_devices(in, &devices, &device_count, &devices_len)) return false;
    if (flags) sh_desk_online(d, agent, channels, devices, device_count, devices_len, flags & DF_DEVICES);
    return true;
}

static bool last_before(const void *a, const void *b)
{
    return ((const struct desk_agent *)a)->last_automatic < ((const struct desk_agent *)b)->last_automatic;
}

/* No two agents had the same last automatic assignment. */
static bool check_last(struct desk_in *in)
{
    struct shunt_desk *d = in->d;
    uint32_t count = d->t->AGENT_count;
    const struct desk_agent **by_last = sh_txn_alloc(&d->txn, sh_array_len(count, sizeof(void *)));
    for (uint32_t i = 0; i < count; i++) by_last[i] = desk_agent(d, i);
    sh_sort((const void **)by_last, count, last_before);
    bool distinct = true;
    for (uint32_t i = 1; i < count; i++) {
        uint64_t last = by_last[i]->last_automatic;
        distinct &= last == 0 || last != by_last[i - 1]->last_automatic;
    }
    sh_txn_free(&d->txn, (void *)by_last, count * sizeof(void *));
    DESK_REQUIRE(in, distinct, "two agents with the same last automatic assignment");
    return true;
}

static bool load_agents(struct desk_in *in)
{
    if (!section(in, DF_AGENTS) || !sh_desk_in_number(in, &in->d->core.automatic)) return false;
    DESK_REQUIRE(in, in->d->core.automatic < UINT64_MAX / 2, "too many automatic assignments");
    for (uint32_t i = 0; i < in->d->t->AGENT_count; i++) {
        if (!load_agent(in, i)) return false;
    }
    return check_last(in);
}

/* ---- rotations ---- */

/* The team by which the rotation is found, or TF_NONE: there is no such rotation. */
static uint32_t rotation_team(const struct shunt_desk *d, uint32_t team, uint32_t channel)
{
    const struct tf_team *teams = d->t->TEAM;
    if (team != TF_NONE) {
        if (teams[team].rotation == TF_ROTATION_GLOBAL) return TF_NONE;
        return (teams[team].rotation == TF_ROTATION_CHANNEL) == (channel != TF_NONE) ? team : TF_NONE;
    }
    if (channel != TF_NONE) return TF_NONE;
    for (uint32_t i = 0; i < d->t->TEAM_count; i++) {
        if (teams[i].rotation == TF_ROTATION_GLOBAL) return i;
    }
    return TF_NONE;
}

static bool load_sums(struct desk_in *in, struct desk_rotation *r)
{
    struct shunt_desk *d = in->d;
    uint32_t count, wanted = r->team == TF_NONE ? d->t->AGENT_count : le32(d->t->TEAM[r->team].member_count);
    if (!sh_desk_in_count(in, 1, &count)) return false;
    if (count == 0) return true;
    DESK_REQUIRE(in, count == wanted, "as many sums as there are members, or none");
    r->sums = sh_txn_alloc(&d->txn, sh_array_len(count, sizeof *r->sums));
    r->sum_count = count;
    for (uint32_t i = 0; i < count; i++) {
        if (!sh_desk_in_signed(in, &r->sums[i])) return false;
        DESK_REQUIRE(in, r->sums[i] > -DF_SUM_MAX && r->sums[i] < DF_SUM_MAX, "a sum out of range");
    }
    return true;
}

static bool load_rotation(struct desk_in *in, bool first, uint64_t *before)
{
    struct shunt_desk *d = in->d;
    uint32_t team, channel, last;
    uint8_t inclusive;
    if (!sh_desk_in_index(in, d->t->TEAM_count, &team) ||
        !sh_desk_in_index(in, d->channel_count + 1, &channel) ||
        !sh_desk_in_index(in, d->t->AGENT_count, &last) || !sh_desk_in_byte(in, &inclusive, 1)) {
        return false;
    }
    uint64_t place = (uint64_t)team << 32 | channel;
    DESK_REQUIRE(in, first || place > *before, "rotations out of order");
    *before = place;
    uint32_t by = rotation_team(d, team, channel);
    DESK_REQUIRE(in, by != TF_NONE, "a rotation that the policy does not have");
    DESK_REQUIRE(in, last == TF_NONE || team == TF_NONE || sh_desk_is_member(d, team, last),
                 "a rotation with an agent who is not in it");
    DESK_REQUIRE(in, last != TF_NONE || !inclusive, "a rotation with an agent who is not in it");
    struct desk_rotation *r =
        sh_desk_rotation_of(d, by, channel == d->channel_count ? TF_NONE : channel, true);
    r->last = last;
    r->inclusive = inclusive;
    return load_sums(in, r);
}

static bool load_rotations(struct desk_in *in)
{
    uint32_t count;
    uint64_t before = 0;
    if (!section(in, DF_ROTATIONS) || !sh_desk_in_count(in, 5, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!load_rotation(in, i == 0, &before)) return false;
    }
    return true;
}

/* ---- customers ---- */

static bool load_customer(struct desk_in *in)
{
    struct shunt_desk *d = in->d;
    uint32_t team, agent, before = d->core.customer_count;
    struct shunt_string s;
    if (!sh_desk_in_below(in, d->t->TEAM_count, &team) || !sh_desk_in_below(in, d->t->AGENT_count, &agent) ||
        !sh_desk_in_text(in, &s)) {
        return false;
    }
    sh_desk_customer_set(d, team, s.bytes, s.len, agent);
    DESK_REQUIRE(in, d->core.customer_count == before + 1, "a customer twice, or too many of them");
    return true;
}

static bool load_customers(struct desk_in *in)
{
    uint32_t count;
    if (!section(in, DF_CUSTOMERS) || !sh_desk_in_count(in, 3, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!load_customer(in)) return false;
        if (i % 1024 == 0) desk_load_stands(in->d);
    }
    return true;
}

/* ---- all of it ---- */

static bool load_body(struct desk_in *in)
{
    struct shunt_desk *d = in->d;
    if (d->core.has_time) sh_desk_watches_advance(d, d->core.now_sec);
    if (!load_all_names(in) || !load_teams(in) || !load_agents(in) || !load_rotations(in)) return false;
    if (!load_customers(in)) return false;
    if (!section(in, DF_TICKETS) || !sh_desk_load_tickets(in)) return false;
    if (d->figures && (!section(in, DF_FIGURES_KEPT) || !sh_desk_load_figures(in))) return false;
    DESK_REQUIRE(in, in->at == in->end, "there is something behind its end");
    sh_desk_stale_all(d);
    return true;
}

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Room for stamps by the largest of what is listed, and what is listed. */
static uint64_t seen_count(const struct shunt_desk *d, size_t body_len)
{
    uint32_t own = most(most(d->t->AGENT_count, d->t->SKILL_count), le32(d->t->ATTR[TF_LABELS].atom_count));
    /* Names of earlier versions are in the body. */
    return (uint64_t)most(own, d->channel_count) + body_len + 1;
}

/* false: in->reason, or where there is none no memory; what was made stays for shunt_desk_free(). */
static bool load_within(struct desk_in *in)
{
    struct txn *x = &in->d->txn;
    if (setjmp(x->out)) {
        sh_txn_rollback(x);
        return false;
    }
    sh_txn_begin(x);
    if (load_body(in)) {
        sh_txn_commit(x);
        return true;
    }
    sh_txn_rollback(x);
    return false;
}

static const char *check_header(const struct df_header *h, const uint8_t *bytes, size_t len)
{
    static const uint8_t zero[4];
    size_t at = offsetof(struct df_header, checksum), behind = at + sizeof zero;
    if (le64(h->file_len) > len) return "it is cut off";
    if (le64(h->file_len) < len) return "there is something behind its end";
    uint32_t sum = sh_crc32c(sh_crc32c(0, bytes, at), zero, sizeof zero);
    if (le32(h->checksum) != sh_crc32c(sum, bytes + behind, len - behind)) return "the checksum is wrong";
    uint32_t flags = le32(h->flags);
    int64_t now = (int64_t)le64(h->now);
    if (flags & ~(uint32_t)(DF_HAS_TIME | DF_OFF | DF_FIGURES)) return "an unknown flag";
    if (!(flags & DF_HAS_TIME) && now != 0) return "a time where there was no event";
    if (now < SHUNT_TIME_MIN || now > SHUNT_TIME_MAX) return "a time out of range";
    if (le32(h->keep_days) > SHUNT_KEEP_DAYS_MAX) return "too many days to keep";
    return le32(h->customers_max) ? NULL : "no customers to remember";
}

static enum shunt_status read_header(const struct shunt_table *t, const uint8_t *bytes, size_t len,
                                     struct df_header *h, const char **reason)
{
    size_t table_len, head = len < sizeof h->magic ? len : sizeof h->magic;
    if (head == 0 || memcmp(bytes, DF_MAGIC, head) != 0) return SHUNT_NOT_A_DESK;
    *reason = "it is cut off";
    if (len < sizeof *h) return SHUNT_DESK_DAMAGED;
    memcpy(h, bytes, sizeof *h);
    *reason = "";
    if (le16(h->last_compatible) > DF_VERSION) return SHUNT_TABLE_VERSION;
    const char *wrong = check_header(h, bytes, len);
    if (wrong) {
        *reason = wrong;
        return SHUNT_DESK_DAMAGED;
    }
    const void *table = shunt_table_bytes(t, &table_len);
    bool same = table_len == le64(h->table_len) && sh_crc32c(0, table, table_len) == le32(h->table_checksum);
    return same ? SHUNT_OK : SHUNT_OTHER_TABLE;
}

static void begin(struct shunt_desk *d, const struct df_header *h)
{
    uint32_t flags = le32(h->flags);
    d->core.has_time = flags & DF_HAS_TIME;
    d->core.off = flags & DF_OFF;
    d->core.now_sec = (int64_t)le64(h->now);
    d->core.random = le64(h->random);
}

/* SHUNT_NO_MEMORY, SHUNT_DESK_DAMAGED. */
static enum shunt_status load_into(struct shunt_desk *d, const uint8_t *at, const uint8_t *end,
                                   const char **reason)
{
    const struct shunt_hooks h = d->txn.hooks;
    size_t seen_len = sh_array_len(seen_count(d, (size_t)(end - at)), sizeof(uint32_t));
    struct desk_in in = {.at = at, .end = end, .d = d, .seen = sh_alloc_zero(&h, seen_len)};
    if (!in.seen) return SHUNT_NO_MEMORY;
    bool ok = load_within(&in);
    sh_free(&h, in.seen, seen_len);
    sh_free(&h, in.numbers, in.numbers_cap * sizeof *in.numbers);
    if (ok) return SHUNT_OK;
    *reason = in.reason ? in.reason : "";
    return in.reason ? SHUNT_DESK_DAMAGED : SHUNT_NO_MEMORY;
}

enum shunt_status shunt_desk_load(const struct shunt_table *table, const void *bytes, size_t len,
                                  const struct shunt_hooks *hooks, struct shunt_desk **desk,
                                  const char **reason)
{
    const char *why = "";
    struct df_header h;
    struct shunt_desk *d;
    if (reason) *reason = "";
    enum shunt_status status = read_header(table, bytes, len, &h, &why);
    if (status == SHUNT_OK) {
        struct shunt_desk_options options = {.seed = le64(h.random),
                                             .keep_days = le32(h.keep_days),
                                             .customers_max = le32(h.customers_max),
                                             .figures = le32(h.flags) & DF_FIGURES};
        status = sh_desk_make(table, &options, hooks, &d);
    }
    if (status == SHUNT_OK) {
        begin(d, &h);
        status = load_into(d, (const uint8_t *)bytes + sizeof h, (const uint8_t *)bytes + len, &why);
        if (status == SHUNT_OK)
            *desk = d;
        else
            shunt_desk_free(d);
    }
    if (reason && status == SHUNT_DESK_DAMAGED) *reason = why;
    return status;
}
