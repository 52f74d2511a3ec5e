/*
 * A property of many items before and after (diff_changed.c): what is gone and what is new, where both have
 * much in common. A list of 214 closed days, written down twice, would leave the one that moved to be looked
 * for.
 */
#include "diff_changed.h"
#include "render.h"

enum { FEW = 6 }; /* lists that short are read faster than what differs between them */

struct items {
    struct str *at;
    bool *in_both;
    uint32_t count, common;
};

static struct items items_of(struct arena *a, struct str words)
{
    struct items l = {.count = words.len > 0};
    for (size_t i = 0; i < words.len; i++) l.count += words.p[i] == BETWEEN;
    l.at = arena_array(a, struct str, l.count);
    l.in_both = arena_array(a, bool, l.count);
    for (uint32_t i = 0; i < l.count; i++) {
        size_t len = 0;
        while (len < words.len && words.p[len] != BETWEEN) len++;
        l.at[i] = (struct str){words.p, len};
        if (i + 1 < l.count) words = (struct str){words.p + len + 1, words.len - len - 1};
    }
    return l;
}

/* Marks what both have. false where what is gone and what is new does not say it all: an item stands twice,
 * what both have stands in another order, or of a list whose order counts a new one is not at the end. */
static bool mark_common(struct arena *a, bool ordered, struct items *before, struct items *after)
{
    struct strmap place = {0};
    uint32_t next = 0;
    for (uint32_t i = 0; i < before->count; i++)
        if (strmap_put(a, &place, before->at[i], i) != i) return false;
    for (uint32_t i = 0; i < after->count; i++) {
        uint32_t at = strmap_get(&place, after->at[i], SHUNT_NONE);
        if (at == SHUNT_NONE) continue;
        if (at < next || (ordered && after->common < i)) return false;
        next = at + 1;
        before->in_both[at] = after->in_both[i] = true;
        before->common = ++after->common;
    }
    return true;
}

static void tell_others(struct out *o, const char *word, const struct items *l)
{
    const char *between = word;
    for (uint32_t i = 0; i < l->count; i++) {
        if (l->in_both[i]) continue;
        out_puts(o, between);
        out_visible(o, l->at[i]);
        between = ", ";
    }
    if (l->count > l->common) out_puts(o, "; ");
}

bool diff_tell_items(struct arena *a, struct out *o, bool ordered, struct str before, struct str after)
{
    struct items of[2] = {items_of(a, before), items_of(a, after)};
    if (of[0].count <= FEW || of[1].count <= FEW) return false;
    if (!mark_common(a, ordered, &of[0], &of[1]) || !of[0].common) return false;
    tell_others(o, "no longer ", &of[0]);
    tell_others(o, "now also ", &of[1]);
    out_printf(o, "%u as before", of[0].common);
    return true;
}
