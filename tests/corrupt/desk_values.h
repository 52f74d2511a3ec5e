/*
 * A saved desk as named values and back: docs/DESK-FORMAT.md read a second time, to change one of them.
 *
 * What each value is called is what the page calls it: teams.count, teams[0]; agent[1].flags,
 * agent[1].devices[0].text; rotation[0].last; customer[0].text; T5.why, T5.steps[1].after, a ticket by its
 * id; figures.arrived. The byte that begins section 3 is section3.
 *
 * An edit, and edits with a blank between them:
 *
 *     NAME=7          a number or byte, whatever it was
 *     NAME='x'        a text; what is between the quotes, "\xff" in C; NAME$7800 one of these bytes, in hex
 *     NAME#8001       these bytes, in hex, where the value was
 *     -NAME           the value is gone
 *     +NAME=7         a number before it; +NAME='x' a text
 */
#ifndef SHUNT_TESTS_DESK_VALUES_H
#define SHUNT_TESTS_DESK_VALUES_H

#include <stddef.h>
#include <stdint.h>

struct shunt_table;

enum saved_kind { SAVED_NUMBER, SAVED_BYTE, SAVED_TEXT, SAVED_RAW, SAVED_GONE };

struct saved_value {
    char name[48];
    enum saved_kind kind;
    uint64_t number;
    uint8_t bytes[64]; /* of a text or raw */
    size_t len;
};

struct saved_values {
    uint8_t header[64];
    struct saved_value at[4096];
    size_t count;
};

/* The bytes are right: what is not is an assertion of Check. */
void saved_read(struct saved_values *m, const struct shunt_table *t, const uint8_t *bytes, size_t len);
void saved_edit(struct saved_values *m, const char *edits);
/* Length and checksum are made to fit; the caller frees. */
uint8_t *saved_bytes(const struct saved_values *m, size_t *len);
/* Makes the checksum of changed bytes fit. */
void saved_mend(uint8_t *bytes, size_t len);

#endif
