/* Memory that runs out: see failing.h. */
#include "failing.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Before each block, its length; as long as keeps the block aligned. */
enum { HEAD_LEN = 16 };

static size_t *head_of(void *block)
{
    return (size_t *)(void *)((char *)block - HEAD_LEN);
}

static void *resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    struct failing *f = ctx;
    ck_assert_uint_eq(old_len, block ? *head_of(block) : 0);
    if (new_len > 0 && f->left == 0) return NULL;
    char *made = new_len ? malloc(HEAD_LEN + new_len) : NULL;
    if (made) {
        made += HEAD_LEN;
        *head_of(made) = new_len;
        memset(made, 0xa5, new_len);
        if (old_len) memcpy(made, block, old_len < new_len ? old_len : new_len);
        f->left--;
    }
    f->bytes = f->bytes + new_len - old_len;
    if (block) memset(block, 0xdd, old_len), free(head_of(block));
    return made;
}

struct shunt_hooks failing_hooks(struct failing *f)
{
    return (struct shunt_hooks){resize, f};
}
