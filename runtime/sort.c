/* Pointers put in order: see sort.h. */
#include "sort.h"

static void sift(const void **p, uint32_t root, uint32_t count, sh_before *before)
{
    for (uint64_t child; (child = root * UINT64_C(2) + 1) < count; root = (uint32_t)child) {
        if (child + 1 < count && before(p[child], p[child + 1])) child++;
        if (!before(p[root], p[child])) return;
        const void *t = p[root];
        p[root] = p[child];
        p[child] = t;
    }
}

void sh_sort(const void **p, uint32_t count, sh_before *before)
{
    for (uint32_t i = count / 2; i-- > 0;) sift(p, i, count, before);
    while (count > 1) {
        const void *t = p[0];
        p[0] = p[--count];
        p[count] = t;
        sift(p, 0, count, before);
    }
}
