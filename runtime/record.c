/* What a ticket carries, as bytes: see record.h. */
#include "record.h"

/* ---- writing ---- */

enum { LEB_MAX = 10 };

static inline size_t put_leb(uint8_t *p, uint64_t v)
{
    size_t len = 0;
    if (v < 0x80) { /* as most are */
        *p = (uint8_t)v;
        return 1;
    }
    for (; v >= 0x80; v >>= 7) p[len++] = (uint8_t)(v | 0x80);
    p[len++] = (uint8_t)v;
    return len;
}

/* Room for len bytes more. */
static bool room(struct shunt_ticket *k, size_t len)
{
    if (k->record_cap - k->record_len >= len) return true;
    size_t cap = k->record_cap * 2 + len + 64;
    uint8_t *grown = sh_resize(&k->hooks, k->record, k->record_cap, cap);
    if (!grown) return false;
    k->record = grown;
    k->record_cap = cap;
    return true;
}

static void put_head(struct shunt_ticket *k, uint32_t attr, bool cleared)
{
    k->record_len += put_leb(k->record + k->record_len, (uint64_t)attr << 1 | cleared);
}

enum shunt_status sh_record_bytes(struct shunt_ticket *k, uint32_t attr, const char *bytes, size_t len)
{
    if (len > UINT32_MAX - 64 || len > SH_LEN_MAX || !room(k, 2 * LEB_MAX + len)) return SHUNT_NO_MEMORY;
    uint8_t *p = k->record + k->record_len;
    p += put_leb(p, (uint64_t)attr << 1);
    p += put_leb(p, len);
    if (len) memcpy(p, bytes, len);
    k->record_len = (size_t)(p + len - k->record);
    return SHUNT_OK;
}

enum shunt_status sh_record_number(struct shunt_ticket *k, uint32_t attr, double number)
{
    uint64_t bits;
    if (!room(k, LEB_MAX + sizeof bits)) return SHUNT_NO_MEMORY;
    put_head(k, attr, false);
    memcpy(&bits, &number, sizeof bits);
    for (unsigned i = 0; i < sizeof bits; i++) k->record[k->record_len++] = (uint8_t)(bits >> 8 * i);
    return SHUNT_OK;
}

enum shunt_status sh_record_flag(struct shunt_ticket *k, uint32_t attr, bool flag)
{
    if (!room(k, LEB_MAX + 1)) return SHUNT_NO_MEMORY;
    put_head(k, attr, false);
    k->record[k->record_len++] = flag;
    return SHUNT_OK;
}

enum shunt_status sh_record_clear(struct shunt_ticket *k, uint32_t attr)
{
    if (!room(k, LEB_MAX)) return SHUNT_NO_MEMORY;
    put_head(k, attr, true);
    return SHUNT_OK;
}

/* ---- reading ---- */

static bool get_long_leb(const uint8_t **at, const uint8_t *end, uint64_t *v)
{
    *v = 0;
    for (int shift = 0; *at < end && shift < 63; shift += 7) {
        uint8_t b = *(*at)++;
        *v |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) return true;
    }
    return false;
}

/* Nearly all are of one byte. */
static inline bool get_leb(const uint8_t **at, const uint8_t *end, uint64_t *v)
{
    if (*at == end || **at & 0x80) return get_long_leb(at, end, v);
    *v = *(*at)++;
    return true;
}

static bool get_number(const uint8_t **at, const uint8_t *end, double *number)
{
    uint64_t bits = 0;
    if ((size_t)(end - *at) < sizeof bits) return false;
    for (unsigned i = 0; i < sizeof bits; i++) bits |= (uint64_t)(*at)[i] << 8 * i;
    *at += sizeof bits;
    memcpy(number, &bits, sizeof bits);
    return true;
}

static bool get_bytes(const uint8_t **at, const uint8_t *end, struct sh_entry *e)
{
    uint64_t len;
    if (!get_leb(at, end, &len) || len > (uint64_t)(end - *at)) return false;
    e->bytes = (const char *)*at;
    e->len = (uint32_t)len;
    *at += len;
    return true;
}

static bool get_value(enum tf_attr_type type, const uint8_t **at, const uint8_t *end, struct sh_entry *e)
{
    switch (type) {
    case TF_NUMBER_T: return get_number(at, end, &e->number);
    case TF_BOOL_T:
        if (*at == end) return false;
        e->flag = *(*at)++ != 0;
        return true;
    default: return get_bytes(at, end, e);
    }
}

bool sh_record_next_of_any(const struct shunt_table *t, const uint8_t **at, const uint8_t *end,
                           struct sh_entry *e)
{
    uint64_t head;
    *e = (struct sh_entry){.from = *at};
    if (*at == end || !get_leb(at, end, &head) || head >> 1 >= t->ATTR_count) return false;
    e->attr = (uint32_t)(head >> 1);
    e->cleared = head & 1;
    if (!e->cleared && !get_value((enum tf_attr_type)t->ATTR[e->attr].type, at, end, e)) return false;
    e->to = *at;
    return true;
}

static enum shunt_status say(struct shunt_ticket *k, const struct sh_entry *e)
{
    switch ((enum tf_attr_type)k->t->ATTR[e->attr].type) {
    case TF_SET_T: return shunt_ticket_add_name(k, e->attr, e->bytes, e->len);
    case TF_TEXT_T: return shunt_ticket_set_text(k, e->attr, e->bytes, e->len);
    case TF_NUMBER_T: return shunt_ticket_set_number(k, e->attr, e->number);
    case TF_BOOL_T: return shunt_ticket_set_bool(k, e->attr, e->flag);
    default: return shunt_ticket_set_name(k, e->attr, e->bytes, e->len);
    }
}

enum shunt_status sh_record_say(const uint8_t *record, size_t len, struct shunt_ticket *ticket)
{
    const uint8_t *at = record, *end = record + len;
    struct sh_entry e;
    shunt_ticket_reset(ticket);
    while (sh_record_next(ticket->t, &at, end, &e)) {
        if (!e.cleared && say(ticket, &e) == SHUNT_NO_MEMORY) return SHUNT_NO_MEMORY;
    }
    return SHUNT_OK;
}

static size_t copy_entry(uint8_t *into, size_t len, const struct sh_entry *e)
{
    memcpy(into + len, e->from, (size_t)(e->to - e->from));
    return len + (size_t)(e->to - e->from);
}

size_t sh_record_update(const struct shunt_table *t, const uint8_t *old, size_t old_len,
                        const uint8_t *update, size_t update_len, uint64_t *named, uint8_t *into)
{
    struct sh_entry e;
    size_t len = 0;
    for (const uint8_t *at = update; old_len && sh_record_next(t, &at, update + update_len, &e);)
        sh_set_bit(named, e.attr);
    for (const uint8_t *at = old; sh_record_next(t, &at, old + old_len, &e);) {
        if (!sh_bit(named, e.attr)) len = copy_entry(into, len, &e);
    }
    for (const uint8_t *at = update; sh_record_next(t, &at, update + update_len, &e);) {
        if (!e.cleared) len = copy_entry(into, len, &e);
    }
    return len;
}
