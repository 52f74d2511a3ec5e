/*
 * A line of JSON to its values, in one pass: see json_in.h. docs/decisions/0013-json-reader.md says why here
 * and not in a library.
 *
 * Two kinds of faults. What is no JSON ends the pass, and json_why() says what to call it. What is JSON, and
 * refused all the same (a key twice, U+0000, nesting past 64), is kept until the line's end: that it is no
 * JSON comes first. Of several, the outermost object's own comes first, then in the line's order.
 */
#include "json_token.h"

#include <stdlib.h>
#include <string.h>

/* Where the line's own object ends and what is in it begins: whose values are handed out. */
enum { DEPTH_MEMBERS = 1, DEPTH_ITEMS = 2 };
/* Nesting past the allowed by so much ends the pass. */
enum { DEPTH_END = LINE_DEPTH_MAX + 2 };

static const struct json_text no_text = {NULL, 0};

struct values {
    struct json_value *at;
    uint32_t count, cap;
};

struct json_reader {
    struct values members, items; /* handed out as one list: the items behind the members */
    struct json_text *keys;       /* of the objects that are open: each has its own at the end */
    uint32_t key_count, key_cap;
    char *room; /* room_len bytes: texts with escapes, spelled out */
    size_t room_len;

    struct json_cursor cursor;
    enum line_error refused; /* the first fault of the second kind */
    struct json_text about;
};

struct json_reader *json_reader_new(void)
{
    return calloc(1, sizeof(struct json_reader));
}

void json_reader_free(struct json_reader *r)
{
    if (!r) return;
    free(r->members.at);
    free(r->items.at);
    free(r->keys);
    free(r->room);
    free(r);
}

/* ---- room ---- */

static bool values_reserve(struct values *list, uint32_t count)
{
    if (list->count + count <= list->cap) return true;
    uint32_t cap = list->cap ? list->cap : 32;
    while (cap < list->count + count) cap *= 2;
    struct json_value *grown = realloc(list->at, cap * sizeof *grown);
    if (!grown) return false;
    list->at = grown;
    list->cap = cap;
    return true;
}

static bool keep_value(struct values *list, const struct json_value *v)
{
    if (!values_reserve(list, 1)) return false;
    list->at[list->count++] = *v;
    return true;
}

static bool keep_key(struct json_reader *r, struct json_text key)
{
    if (r->key_count == r->key_cap) {
        uint32_t cap = r->key_cap ? r->key_cap * 2 : 64;
        struct json_text *grown = realloc(r->keys, cap * sizeof *grown);
        if (!grown) return false;
        r->keys = grown;
        r->key_cap = cap;
    }
    r->keys[r->key_count++] = key;
    return true;
}

/* ---- keys that stand twice ---- */

static bool same(struct json_text a, struct json_text b)
{
    return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static int key_cmp(const void *x, const void *y)
{
    const struct json_text *a = x, *b = y;
    if (a->len != b->len) return a->len < b->len ? -1 : 1;
    return memcmp(a->p, b->p, a->len);
}

/* Many keys: sorted, so that no choice of them makes it quadratic. */
static const struct json_text *twice_among_many(struct json_text *keys, uint32_t count)
{
    qsort(keys, count, sizeof *keys, key_cmp);
    for (uint32_t i = 1; i < count; i++)
        if (same(keys[i - 1], keys[i])) return &keys[i];
    return NULL;
}

/* The first key that is there already, or NULL. Few keys: each is compared with those before it where one of
 * them shares its bit. 32: from there on all pairs could cost more than sorting. */
static const struct json_text *key_twice(struct json_text *keys, uint32_t count)
{
    if (count > 32) return twice_among_many(keys, count);
    uint64_t seen = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct json_text k = keys[i];
        unsigned mixed = (unsigned)k.len * 7;
        if (k.len) mixed += (unsigned char)k.p[0] + (unsigned char)k.p[k.len - 1] * 5u;
        uint64_t bit = UINT64_C(1) << (mixed & 63);
        for (uint32_t j = 0; (seen & bit) && j < i; j++)
            if (same(keys[j], k)) return &keys[i];
        seen |= bit;
    }
    return NULL;
}

/* ---- one pass ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The byte that comes next, white space skipped; 0 at the line's end (a NUL is no JSON either). Most programs
 * write no white space: the first look is inlined. */
static inline char next(struct json_cursor *c)
{
    while (c->at < c->end && *c->at <= ' ' && is_space(*c->at)) c->at++;
    return c->at < c->end ? *c->at : 0;
}

static inline bool take(struct json_cursor *c, char wanted)
{
    if (next(c) != wanted) return false;
    c->at++;
    return true;
}

static void refuse(struct json_reader *r, enum line_error error)
{
    if (!r->refused) r->refused = error;
}

static enum line_error read_value(struct json_reader *r, unsigned depth, struct json_value *v);

static enum line_error read_word(struct json_reader *r, const char *word, enum json_type type, bool truth,
                                 struct json_value *v)
{
    struct json_cursor *c = &r->cursor;
    size_t len = strlen(word);
    if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0) return LINE_NOT_JSON;
    c->at += len;
    v->type = type;
    v->truth = truth;
    return LINE_OK;
}

/* A container's next value, which is kept where its depth says. */
static enum line_error read_inner(struct json_reader *r, unsigned depth, struct json_text key)
{
    struct json_value v = {.key = key};
    enum line_error error = read_value(r, depth, &v);
    if (error || depth > DEPTH_ITEMS) return error;
    return keep_value(depth == DEPTH_MEMBERS ? &r->members : &r->items, &v) ? LINE_OK : LINE_NO_MEMORY;
}

/* A member, from its key's opening quote on. */
static enum line_error read_member(struct json_reader *r, unsigned depth)
{
    struct json_cursor *c = &r->cursor;
    struct json_text key;
    if (!take(c, '"')) return LINE_NOT_JSON;
    enum line_error error = json_read_text(c, &key);
    if (error) return error;
    if (!keep_key(r, key)) return LINE_NO_MEMORY;
    return take(c, ':') ? read_inner(r, depth, key) : LINE_NOT_JSON;
}

static bool holds_nul(const struct json_text *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (memchr(keys[i].p, 0, keys[i].len)) return true;
    return false;
}

/* An object's keys, from first_key on: their faults come before those of what is in it, and after what there
 * was before the object. */
static void look_at_keys(struct json_reader *r, uint32_t first_key, enum line_error refused_before)
{
    struct json_text *keys = r->keys + first_key;
    uint32_t count = r->key_count - first_key;
    r->key_count = first_key;
    if (refused_before) return;
    bool nul = r->cursor.has_nul && holds_nul(keys, count);
    const struct json_text *twice = nul ? NULL : key_twice(keys, count);
    if (!nul && !twice) return;
    r->refused = nul ? LINE_NUL : LINE_KEY_TWICE;
    r->about = nul ? no_text : *twice;
}

static enum line_error read_object(struct json_reader *r, unsigned depth)
{
    struct json_cursor *c = &r->cursor;
    uint32_t first_key = r->key_count;
    enum line_error refused_before = r->refused;
    do {
        enum line_error error = read_member(r, depth);
        if (error) return error;
    } while (take(c, ','));
    if (!take(c, '}')) return LINE_NOT_JSON;
    look_at_keys(r, first_key, refused_before);
    return LINE_OK;
}

static enum line_error read_array(struct json_reader *r, unsigned depth)
{
    struct json_cursor *c = &r->cursor;
    do {
        enum line_error error = read_inner(r, depth, no_text);
        if (error) return error;
    } while (take(c, ','));
    return take(c, ']') ? LINE_OK : LINE_NOT_JSON;
}

/* depth: of what stands around it. */
static enum line_error read_container(struct json_reader *r, unsigned depth, struct json_value *v)
{
    struct json_cursor *c = &r->cursor;
    bool is_object = *c->at++ == '{';
    v->type = is_object ? JSON_OBJECT : JSON_ARRAY;
    uint32_t first_item = r->items.count;
    if (depth >= LINE_DEPTH_MAX) refuse(r, LINE_TOO_DEEP);
    if (take(c, is_object ? '}' : ']')) return LINE_OK;
    if (depth + 1 >= DEPTH_END) return LINE_TOO_DEEP;
    enum line_error error = is_object ? read_object(r, depth + 1) : read_array(r, depth + 1);
    if (depth == DEPTH_MEMBERS) v->first = first_item, v->count = r->items.count - first_item;
    return error;
}

static enum line_error read_string(struct json_reader *r, struct json_value *v)
{
    struct json_cursor *c = &r->cursor;
    v->type = JSON_TEXT;
    c->at++;
    enum line_error error = json_read_text(c, &v->text);
    if (!error && c->has_nul && memchr(v->text.p, 0, v->text.len)) refuse(r, LINE_NUL);
    return error;
}

/* *v is zero but for its key. depth: how many containers are round it. */
static enum line_error read_value(struct json_reader *r, unsigned depth, struct json_value *v)
{
    switch (next(&r->cursor)) {
    case '"': return read_string(r, v);
    case '{':
    case '[': return read_container(r, depth, v);
    case 't': return read_word(r, "true", JSON_BOOL, true, v);
    case 'f': return read_word(r, "false", JSON_BOOL, false, v);
    case 'n': return read_word(r, "null", JSON_NULL, false, v);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': v->type = JSON_NUMBER; return json_read_number(&r->cursor, &v->number);
    default: return LINE_NOT_JSON;
    }
}

/* ---- a line ---- */

static bool begin(struct json_reader *r, const char *line, size_t len)
{
    if (r->room_len <= len) {
        char *grown = realloc(r->room, len + 1);
        if (!grown) return false;
        r->room = grown;
        r->room_len = len + 1;
    }
    r->members.count = r->items.count = r->key_count = 0;
    r->refused = LINE_OK;
    r->about = no_text;
    r->cursor = (struct json_cursor){.at = line, .end = line + len, .room = r->room};
    return true;
}

/* The members, and behind them the items. */
static enum line_error hand_out(struct json_reader *r, struct json_line *out)
{
    struct values *all = &r->members;
    uint32_t count = all->count;
    if (!values_reserve(all, r->items.count)) return LINE_NO_MEMORY;
    if (r->items.count) memcpy(all->at + count, r->items.at, r->items.count * sizeof *all->at);
    for (uint32_t i = 0; i < count; i++) all->at[i].first += count;
    out->values = all->at;
    out->count = count;
    return LINE_OK;
}

static enum line_error read_line(struct json_reader *r, struct json_line *out)
{
    struct json_value root = {0};
    enum line_error error = read_value(r, 0, &root);
    if (error) return error;
    next(&r->cursor);
    if (r->cursor.at != r->cursor.end) return LINE_NOT_JSON;
    if (root.type != JSON_OBJECT) {
        r->refused = LINE_NOT_OBJECT;
        r->about = no_text;
    }
    return r->refused ? LINE_OK : hand_out(r, out);
}

enum line_error json_read_line(struct json_reader *r, const char *line, size_t len, struct json_line *out)
{
    out->about = no_text;
    if (!begin(r, line, len)) return LINE_NO_MEMORY;
    enum line_error error = read_line(r, out);
    if (error) return error == LINE_NO_MEMORY ? error : json_why(line, len, error);
    out->about = r->about;
    return r->refused;
}
