/*
 * Pointers put in order: heap sort, in place, never quadratic, without memory; for the C library's may
 * allocate behind the hooks' back. Equal ones come in any order: `before` is to leave none.
 */
#ifndef SHUNT_RUNTIME_SORT_H
#define SHUNT_RUNTIME_SORT_H

#include <stdbool.h>
#include <stdint.h>

typedef bool sh_before(const void *a, const void *b);
void sh_sort(const void **p, uint32_t count, sh_before *before);

#endif
