/*
 * A second decoder of tables, written from docs/TABLE-FORMAT.md alone: see page_decoder.c.
 */
#ifndef SHUNT_TESTS_PAGE_DECODER_H
#define SHUNT_TESTS_PAGE_DECODER_H

#include <stddef.h>
#include <stdint.h>

#define PAGE_NONE 4294967295u

/* The table to decode; borrowed. Clears what was said. */
void page_open(const unsigned char *bytes, size_t len);
/* Header, directory, checksum: the test fails where they are not as the page says. */
void page_check_file(void);
/* Every record in words, a line or so for each. */
const char *page_words(void);
/* The hash of 4.4, of no table. */
uint32_t page_name_hash(uint32_t attr, const char *name, size_t len);
/* The atom of that name, by that hash; PAGE_NONE. */
uint32_t page_find_atom(uint32_t attr, const char *name);
const char *page_atom_name(uint32_t atom);
/* The patterns of the attribute that a folded text has, as its automaton finds them: " ^re: *refund". */
const char *page_found_in(uint32_t attr, const char *text);
/* The rules of the entries that a ticket finds in the index that begins with that section: " 0 4". channel:
 * an atom, or PAGE_NONE. */
const char *page_candidates(uint32_t first_section, const uint32_t *atoms, uint32_t count, uint32_t priority,
                            uint32_t channel);

#endif
