/*
 * The caller's allocator, or malloc's family where the caller has none. Nothing else in the runtime
 * allocates.
 */
#include "table.h"

#include <stdlib.h>

static void *malloc_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    (void)ctx, (void)old_len;
    if (new_len == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_len);
}

struct shunt_hooks sh_hooks(const struct shunt_hooks *given)
{
    return given ? *given : (struct shunt_hooks){malloc_resize, NULL};
}

void *sh_alloc(const struct shunt_hooks *hooks, size_t len)
{
    return sh_resize(hooks, NULL, 0, len);
}

void *sh_resize(const struct shunt_hooks *hooks, void *block, size_t old_len, size_t new_len)
{
    return new_len <= SH_LEN_MAX ? hooks->resize(hooks->ctx, block, old_len, new_len) : NULL;
}

void *sh_alloc_zero(const struct shunt_hooks *hooks, size_t len)
{
    void *block = sh_alloc(hooks, len);
    if (block) memset(block, 0, len);
    return block;
}

void sh_free(const struct shunt_hooks *hooks, void *block, size_t len)
{
    if (block) hooks->resize(hooks->ctx, block, len, 0);
}
