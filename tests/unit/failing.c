/* Memory that runs out: see failing.h. */
#include "failing.h"

#include <stdlib.h>

static void *resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct failing *f = ctx;
    if (new_len == 0) {
        free(block);
        f->bytes -= block ? old_len : 0;
        return NULL;
    }
    if (f->left == 0) return NULL;
    void *grown = realloc(block, new_len);
    if (!grown) return NULL;
    f->left--;
    f->bytes += new_len - (block ? old_len : 0);
    return grown;
}

struct shunt_hooks failing_hooks(struct failing *f)
{
    return (struct shunt_hooks){resize, f};
}
