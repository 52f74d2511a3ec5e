/*
 * The order of names: that of their bytes, as str_cmp(). Names may hold any bytes but NUL at their ends.
 */
#ifndef SHUNT_COMPILER_NAME_ORDER_H
#define SHUNT_COMPILER_NAME_ORDER_H

#include "base.h"

struct ranked {
    uint64_t first;         /* names_order()'s own */
    const struct str *name; /* set by the caller, as `was` */
    uint32_t was;           /* whose name it is */
};

void names_order(struct arena *a, struct ranked *list, uint32_t count);

#endif
