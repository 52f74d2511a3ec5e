/*
 * Entries of one list are taken while the file is read, and their nodes' memory is used again (yaml_tree.h).
 *
 * libyaml looks ahead, and an error may be found to begin in a text that was read before: so an entry is
 * taken when the next one is whole, and two of them are there at any time.
 */
#include "yaml_reader.h"

bool yaml_is_taken(const struct yaml_reader *r, const struct yaml_node *list)
{
    return list == r->t->taken;
}

void yaml_take_begin(struct yaml_reader *r, struct yaml_node *list)
{
    const struct yaml_frame *top = &r->frames[0];
    if (list->kind != YAML_LIST || r->t->taken || r->t->anchors.count) return;
    if (top->node->kind != YAML_MAP || !top->key || top->key->kind != YAML_TEXT || top->key->bad) return;
    if (!str_eq(top->key->u.text, r->taker->key)) return;
    r->t->taken = list;
    for (size_t i = 0; i < 2; i++) r->entries[i] = arena_part(r->a);
    r->young = r->entries[0];
}

static void take(struct yaml_reader *r)
{
    if (r->last_entry) r->taker->take(r->taker->ctx, r->t, r->last_entry);
    r->last_entry = NULL;
}

void yaml_take_before(struct yaml_reader *r, struct span entry, uint32_t entry_size, uint8_t height)
{
    struct yaml_node *list = r->frames[1].node;
    uint64_t size = (uint64_t)list->size + entry_size;
    list->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
    if (height >= list->height) list->height = (uint8_t)(height + 1);
    list->len = entry.off + entry.len - list->off;
    take(r);
}

void yaml_take_entry(struct yaml_reader *r, struct yaml_node *entry)
{
    yaml_take_before(r, yaml_span(r->t, entry), entry->size, entry->height);
    r->last_entry = entry;
    if (r->last_text && r->last_text->off < entry->off) r->last_text = NULL; /* it has none of its own */
    if (r->t->anchors.count) return;                                         /* aliases may stand for it */
    r->young = r->young == r->entries[0] ? r->entries[1] : r->entries[0];
    arena_clear(r->young);
}

void yaml_take_end(struct yaml_reader *r)
{
    r->young = r->a;
}

void yaml_take_last(struct yaml_reader *r)
{
    take(r);
}
