/*
 * A table in parts that a test can change: made by hand, or taken from a real table, and put together again
 * with offsets, padding and checksum right. So a test breaks one thing and nothing else.
 */
#ifndef SHUNT_TESTS_IMAGE_H
#define SHUNT_TESTS_IMAGE_H

#include "../../runtime/format.h"
#include "../../runtime/shunt.h"

enum { IMAGE_SECTIONS = 64 };

struct image_section {
    uint8_t *bytes; /* malloc'ed: cap of them */
    size_t len, cap;
    uint32_t record_len;
};

struct image {
    uint16_t version, last_compatible;
    uint32_t flags;
    struct image_section section[IMAGE_SECTIONS]; /* by id; one of no length is left out */
};

void image_init(struct image *m);
void image_free(struct image *m);
/* Takes a right table apart. */
void image_load(struct image *m, const void *bytes, size_t len);
/* The sample below: every section that a stripped table can have, one thing of each kind. */
void image_sample(struct image *m);

/* Appends records. */
void image_add(struct image *m, uint32_t id, const void *records, size_t record_len, size_t count);
#define IMAGE_ADD(m, name, type, ...)                                                                        \
    image_add((m), TF_##name, (type[]){__VA_ARGS__}, sizeof(type),                                           \
              sizeof((type[]){__VA_ARGS__}) / sizeof(type))
/* A unit of CODE, where one is initialised. */
#define UNIT(tag, number)                                                                                    \
    {                                                                                                        \
        (tag),                                                                                               \
        {                                                                                                    \
            {                                                                                                \
                (number) & 255, (number) >> 8                                                                \
            }                                                                                                \
        }                                                                                                    \
    }
uint32_t image_string(struct image *m, const char *text);
/* Record i of a section, to be changed in place. */
void *image_at(struct image *m, uint32_t id, size_t i);
#define IMAGE_AT(m, name, type, i) ((type *)image_at((m), TF_##name, (i)))
size_t image_count(const struct image *m, uint32_t id);
void image_remove(struct image *m, uint32_t id);

/* The file; aligned, malloc'ed. */
uint8_t *image_bytes(const struct image *m, size_t *len);
/* Makes the checksum fit the bytes, whatever they are; nothing where there is no whole header. */
void image_fit_checksum(uint8_t *bytes, size_t len);

/*
 * What image_sample() says:
 *
 *   timezone +01:00 all year; hours office: mon-sun 09:00-17:00, closed 1970-01-05; duty: outside office
 *   channels email, webchat; labels billing, refund; segments vip; fields plan (free, pro), total, gold, tags
 * (a) subject patterns: == "ab", starts with "a", ends with "b", contains "ab" agents anna (skill swedish,
 * away 12-24..01-02), bo; teams one (anna, bo), two (none) 0 first:   labels has refund and not labels has
 * billing    set urgent  to one, then agent bo after 60 s of office 1 more:    subject contains "ab" or
 * priority == urgent     raise high, add billing, require swedish, continue 2 numbers: total >= 10.0 and gold
 * and plan >= pro           to agent anna 3 team two: channel in (email, webchat) and during office and
 * active 1970-01-01..1970-01-10 4 otherwise: nobody
 */
enum { SAMPLE_PLAN = TF_FIELD_FIRST, SAMPLE_TOTAL, SAMPLE_GOLD, SAMPLE_TAGS, SAMPLE_ATTRS };
enum { SAMPLE_FIRST, SAMPLE_MORE, SAMPLE_NUMBERS, SAMPLE_TWO, SAMPLE_OTHERWISE };
/* Facts of its index: 12 atoms, always, two of each attribute; hours; dates; those of `total` by two NUMBERs. */
enum { SAMPLE_HOURS = 64, SAMPLE_BOUNDS = 128, SAMPLE_FACTS = 192 };

#endif
