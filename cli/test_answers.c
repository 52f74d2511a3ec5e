/* Lines of answers and their keys: see test_answers.h. */
#include "test_answers.h"

#include <stdlib.h>
#include <string.h>

void answers_init(struct answers *all)
{
    *all = (struct answers){0};
    out_init(&all->text, -1);
}

void answers_release(struct answers *all)
{
    out_free(&all->text);
    free(all->at);
    all->at = NULL;
}

static bool add_line(struct answers *all, struct answer line)
{
    if (all->count == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 32;
        struct answer *grown = realloc(all->at, cap * sizeof *grown);
        if (!grown) return false;
        all->at = grown;
        all->cap = cap;
    }
    all->at[all->count++] = line;
    return true;
}

bool answers_note(struct answers *all, uint32_t event)
{
    const struct answer *last = all->count ? &all->at[all->count - 1] : NULL;
    size_t off = last ? last->off + last->len + 1 : 0;
    while (off < all->text.len) {
        const char *p = all->text.p + off, *end = memchr(p, '\n', all->text.len - off);
        size_t len = end ? (size_t)(end - p) : all->text.len - off;
        if (!add_line(all, (struct answer){off, len, event})) return false;
        off += len + 1;
    }
    return !all->text.error;
}

struct str answer_line(const struct answers *all, size_t i)
{
    return (struct str){all->text.p + all->at[i].off, all->at[i].len};
}

/* ---- JSON ---- */

/* Behind the string that begins at i. */
static size_t skip_string(struct str s, size_t i)
{
    for (i++; i < s.len && s.p[i] != '"'; i++) i += s.p[i] == '\\';
    return i + 1;
}

/* Behind the value that begins at i: the comma or bracket that ends it. */
static size_t skip_value(struct str s, size_t i)
{
    int depth = 0;
    while (i < s.len) {
        char c = s.p[i];
        if (c == '"') {
            i = skip_string(s, i);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return i;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        i++;
    }
    return s.len;
}

struct str json_member(struct str object, struct str key)
{
    size_t i = 1;
    while (i < object.len && object.p[i] == '"') {
        size_t from = i + 1, behind = skip_string(object, i), end = skip_value(object, behind + 1);
        if (str_eq((struct str){object.p + from, behind - 1 - from}, key))
            return (struct str){object.p + behind + 1, end - behind - 1};
        i = end + 1;
    }
    return (struct str){NULL, 0};
}

struct str answer_value(const struct answers *all, size_t i, struct str key)
{
    return json_member(answer_line(all, i), key);
}

struct str answer_error(const struct answers *all, size_t i)
{
    struct str error = answer_value(all, i, S("error"));
    return error.p ? json_member(error, S("code")) : error;
}

/* The program escapes controls, `"` and `\` alone: \uXXXX is a control. */
void out_json_plain(struct out *o, struct str json)
{
    static const char short_forms[] = "b\bf\fn\nr\rt\t";
    size_t end = json.len && json.p[json.len - 1] == '"' ? json.len - 1 : json.len;
    for (size_t i = json.len && json.p[0] == '"'; i < end; i++) {
        if (json.p[i] != '\\' || i + 1 == end) {
            out_putc(o, json.p[i]);
            continue;
        }
        char c = json.p[++i];
        const char *s = strchr("bfnrt", c) ? strchr(short_forms, c) : NULL;
        if (c == 'u' && i + 4 < json.len) {
            out_putc(o, (char)strtol((const char[]){json.p[i + 3], json.p[i + 4], 0}, NULL, 16));
            i += 4;
        } else {
            out_putc(o, s ? s[1] : c);
        }
    }
}
