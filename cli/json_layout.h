/*
 * How a line that was parsed is laid out as json_in.h says, and what desk.md 1.4 refuses of JSON that is
 * right: a key twice, U+0000, nesting past 64. For both readers, so that both say the same, in the same
 * order.
 *
 * Parsed is what a reader has parsed: its values are of type Parsed::value; read() gives one without what it
 * contains, count() how many items or members it has, each_item() and each_member() call a function with each
 * of them, until that answers an error.
 */
#ifndef SHUNT_CLI_JSON_LAYOUT_H
#define SHUNT_CLI_JSON_LAYOUT_H

#include "json_in.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace
{

/* A growable array of plain values; add() answers NULL where memory ran out. */
template <typename T> struct list {
    T *at = nullptr;
    uint32_t count = 0, cap = 0;

    ~list() { std::free(at); }
    /* So many more, which the caller fills: the first of them. */
    T *add(uint32_t more)
    {
        if (!at || cap - count < more) {
            uint32_t wanted = cap ? cap : 32;
            while (wanted - count < more) wanted *= 2;
            T *grown = static_cast<T *>(std::realloc(static_cast<void *>(at), wanted * sizeof(T)));
            if (!grown) return nullptr;
            at = grown;
            cap = wanted;
        }
        count += more;
        return &at[count - more];
    }
};

inline bool same(json_text a, json_text b)
{
    return a.len == b.len && std::memcmp(a.p, b.p, a.len) == 0;
}

inline bool before(json_text a, json_text b)
{
    if (a.len != b.len) return a.len < b.len;
    return std::memcmp(a.p, b.p, a.len) < 0;
}

/* Of the length and three of the letters. */
inline uint8_t mark_of(json_text key)
{
    const unsigned char *p = reinterpret_cast<const unsigned char *>(key.p);
    size_t mark = key.len * 29;
    if (key.len) mark += p[0] * 3u + p[key.len / 2] * 13u + p[key.len - 1] * 11u;
    return static_cast<uint8_t>(mark);
}

/* What is refused as no JSON at all. */
inline line_error not_json(const char *line, size_t len)
{
    return len >= 3 && std::memcmp(line, "\xef\xbb\xbf", 3) == 0 ? LINE_BYTE_ORDER_MARK : LINE_NOT_JSON;
}

template <typename Parsed> class json_layout
{
    using value = typename Parsed::value;

    /* An array or an object, and where its value stands. */
    struct container {
        uint32_t place;
        value of;
    };
    list<json_value> values;
    list<container> containers; /* of those that are being read: each has its own at the end */
    list<json_text> keys;       /* of an object of many: to be sorted */
    bool may_hold_nul = false;
    json_text about = {nullptr, 0};

    line_error check_text(json_text s)
    {
        return may_hold_nul && std::memchr(s.p, 0, s.len) ? LINE_NUL : LINE_OK;
    }

    /* Sorted, so that no choice of keys makes it quadratic. */
    line_error many_keys_differ(const json_value *member, uint32_t count)
    {
        keys.count = 0;
        json_text *key = keys.add(count);
        if (!key) return LINE_NO_MEMORY;
        for (uint32_t i = 0; i < count; i++) key[i] = member[i].key;
        std::sort(key, key + count, before);
        for (uint32_t i = 1; i < count; i++)
            if (same(key[i - 1], key[i])) {
                about = key[i];
                return LINE_KEY_TWICE;
            }
        return LINE_OK;
    }

    /* Few keys: each is compared with those before it that share its bit. 32: where comparing all pairs would
     * begin to cost more than sorting. */
    line_error keys_differ(const json_value *member, uint32_t count)
    {
        uint64_t seen = 0;
        if (count > 32) return many_keys_differ(member, count);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t bit = uint64_t(1) << (member[i].key_mark & 63);
            for (uint32_t j = 0; (seen & bit) && j < i; j++)
                if (same(member[j].key, member[i].key)) {
                    about = member[i].key;
                    return LINE_KEY_TWICE;
                }
            seen |= bit;
        }
        return LINE_OK;
    }

    /* v: one of the values, in which nothing stands yet. What an array or an object contains is read later.
     */
    [[gnu::always_inline]] inline line_error add_value(value of, json_value *v)
    {
        Parsed::read(of, v);
        if (v->type == JSON_TEXT) return check_text(v->text);
        if (v->type != JSON_ARRAY && v->type != JSON_OBJECT) return LINE_OK;
        container *c = containers.add(1);
        if (!c) return LINE_NO_MEMORY;
        *c = container{static_cast<uint32_t>(v - values.at), of};
        return LINE_OK;
    }

    line_error add_items(value array)
    {
        json_value *v = values.add(Parsed::count(array));
        if (!v) return LINE_NO_MEMORY;
        return Parsed::each_item(array, [&](value item) { return add_value(item, v++); });
    }

    line_error add_members(value object)
    {
        uint32_t count = Parsed::count(object);
        json_value *first = values.add(count), *v = first;
        if (!v) return LINE_NO_MEMORY;
        line_error error = Parsed::each_member(object, [&](json_text key, value member) {
            if (line_error wrong = add_value(member, v)) return wrong;
            v->key = key;
            v->key_mark = mark_of(key);
            return check_text(v++->key);
        });
        return error ? error : keys_differ(first, count);
    }

    /* What the container contains, behind all values: its own first, then, container by container, what these
     * contain. What is contained in more than the line's object and a member of it is forgotten when it has
     * been checked. depth: how many containers are round what it contains, itself among them. */
    line_error read_contents(value of, unsigned depth)
    {
        uint32_t from = containers.count;
        line_error error = Parsed::is_array(of) ? add_items(of) : add_members(of);
        uint32_t own = values.count, to = containers.count;
        if (!error && to > from && depth == LINE_DEPTH_MAX) error = LINE_TOO_DEEP;
        for (uint32_t i = from; i < to && !error; i++) {
            container c = containers.at[i];
            uint32_t first = values.count;
            error = read_contents(c.of, depth + 1);
            values.at[c.place].first = first;
            values.at[c.place].count = values.count - first;
        }
        if (depth > 1) values.count = own;
        containers.count = from;
        return error;
    }

  public:
    /* root: the line's object. */
    line_error lay_out(value root, const char *line, size_t len, json_line *out)
    {
        values.count = containers.count = 0;
        about = json_text{nullptr, 0};
        /* U+0000 can be there only as the escape; a raw one is no JSON. */
        may_hold_nul = std::memchr(line, '\\', len) && memmem(line, len, "\\u0000", 6);
        line_error error = read_contents(root, 1);
        out->about = about;
        if (error) return error;
        out->values = values.at;
        out->count = Parsed::count(root);
        return LINE_OK;
    }
};

} // namespace

#endif
