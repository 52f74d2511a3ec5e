/*
 * A table whose signatures have second hashes, as large ones have them (TABLE-FORMAT 8), of any that has
 * none: so that random policies, which are small, go that way too. Written from the page, without format.h's
 * hashes.
 */
#ifndef SHUNT_TESTS_WIDENED_H
#define SHUNT_TESTS_WIDENED_H

#include <stddef.h>
#include <stdint.h>

/* malloc'ed, aligned. */
uint8_t *widened_table(const void *bytes, size_t len, size_t *widened_len);
/* The second hash of an entry with those facts, of a table with so many atoms. */
uint8_t widened_hash(uint32_t also, uint32_t third, uint32_t atom_count);

#endif
