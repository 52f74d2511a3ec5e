/* A compiled policy as bytes, for a test that must know nothing of the format but its page. */
#ifndef SHUNT_TESTS_PAGE_H
#define SHUNT_TESTS_PAGE_H

#include <stddef.h>

/* name: "p.yaml" or "p.shunt". The bytes are malloc()ed; NULL where the policy does not compile. */
unsigned char *page_table(const char *name, const char *text, size_t *len);

#endif
