/*
 * What a ticket carries, as bytes: what was said to a ticket that records, in order, so that a desk can keep
 * it and say it again.
 *
 * A record is a row of entries. An entry: the attribute's index and a bit, (attr << 1 | cleared), as LEB128;
 * and but for a cleared one the value: a name, a member or a text as its length (LEB128) and its bytes (names
 * in NFC, texts as they came), a number as eight bytes of its bits, little-endian, a bool as one byte. A set
 * has an entry for each member. Values the policy does not know are entries that clear.
 */
#ifndef SHUNT_RUNTIME_RECORD_H
#define SHUNT_RUNTIME_RECORD_H

#include "ticket.h"

struct sh_entry {
    uint32_t attr;
    bool cleared, flag;
    double number;
    const char *bytes; /* of a name, a member, a text */
    uint32_t len;
    const uint8_t *from; /* the entry's own bytes: [from, to) */
    const uint8_t *to;
};

/* Of any entry what sh_record_next() is. */
bool sh_record_next_of_any(const struct shunt_table *t, const uint8_t **at, const uint8_t *end,
                           struct sh_entry *e);
/* Fewer than 128 bytes of one of the first 64 attributes, as most entries are. */
static inline bool sh_record_next_short(const struct shunt_table *t, const uint8_t **at, const uint8_t *end,
                                        struct sh_entry *e)
{
    const uint8_t *p = *at;
    if (end - p < 2 || (p[0] | p[1]) & 0x80 || p[0] & 1) return false;
    uint32_t attr = p[0] >> 1, len = p[1];
    if (attr >= t->ATTR_count || t->ATTR[attr].type >= TF_NUMBER_T || len > end - p - 2) return false;
    *e = (struct sh_entry){
        .attr = attr, .bytes = (const char *)p + 2, .len = len, .from = p, .to = p + 2 + len};
    *at = e->to;
    return true;
}
/* The entry at *at, which moves behind it. false: the end, or (of bytes that are not verified) not an entry.
 * Reads nothing at or past `end`. */
static inline bool sh_record_next(const struct shunt_table *t, const uint8_t **at, const uint8_t *end,
                                  struct sh_entry *e)
{
    return sh_record_next_short(t, at, end, e) || sh_record_next_of_any(t, at, end, e);
}
/* Says a record to a ticket, which is reset first. SHUNT_NO_MEMORY. */
enum shunt_status sh_record_say(const uint8_t *record, size_t len, struct shunt_ticket *ticket);
/* `old` as `update` changes it: the attributes that update names are update's. Writes at most old_len +
 * update_len bytes; the length written. named: a zero bit for each attribute, written over; not looked at where
 * there is no `old`. */
size_t sh_record_update(const struct shunt_table *t, const uint8_t *old, size_t old_len,
                        const uint8_t *update, size_t update_len, uint64_t *named, uint8_t *into);
/* Appends to the record of a ticket that records: called by ticket.c. SHUNT_NO_MEMORY. */
enum shunt_status sh_record_bytes(struct shunt_ticket *k, uint32_t attr, const char *bytes, size_t len);
enum shunt_status sh_record_number(struct shunt_ticket *k, uint32_t attr, double number);
enum shunt_status sh_record_flag(struct shunt_ticket *k, uint32_t attr, bool flag);
enum shunt_status sh_record_clear(struct shunt_ticket *k, uint32_t attr);

#endif
