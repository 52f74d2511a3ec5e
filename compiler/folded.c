/* Texts as they are compared: see folded.h. */
#include "folded.h"
#include "../runtime/shunt.h"

static void *arena_resize(void *ctx, void *block, size_t old_len, size_t new_len)
{
    if (new_len == 0) return NULL;
    void *p = arena_alloc(ctx, new_len);
    if (block) memcpy(p, block, old_len < new_len ? old_len : new_len);
    return p;
}

bool is_own_fold(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] >= 0x80 || (s.p[i] >= 'A' && s.p[i] <= 'Z')) return false;
    return true;
}

struct str fold_text(struct arena *a, struct str s)
{
    if (is_own_fold(s)) return s;
    struct shunt_hooks hooks = {arena_resize, a};
    struct str out = {NULL, 0};
    char *p;
    if (shunt_text_fold(s.p ? s.p : "", s.len, &hooks, &p, &out.len) != SHUNT_OK) return s;
    out.p = p;
    return out;
}
