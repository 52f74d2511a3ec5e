/*
 * simdjson's DOM behind the C face of json_in.h. docs/decisions/0001-json.md says why this library.
 *
 * Nothing here throws: simdjson is used through its error codes, this file is compiled without exceptions,
 * and what grows is realloc()'s. But for one place: where simdjson finds out about the processor it makes
 * strings, inside functions that may not throw, so that running out of memory there would abort the program:
 * see out_of_memory().
 */
#define SIMDJSON_EXCEPTIONS 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <simdjson.h>
#pragma GCC diagnostic pop

#include "json_in.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include <unistd.h>

namespace
{

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

static_assert(LINE_SLACK_LEN >= simdjson::SIMDJSON_PADDING, "a line has the slack that simdjson wants");

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

bool same(json_text a, json_text b)
{
    return a.len == b.len && std::memcmp(a.p, b.p, a.len) == 0;
}

bool before(json_text a, json_text b)
{
    if (a.len != b.len) return a.len < b.len;
    return std::memcmp(a.p, b.p, a.len) < 0;
}

json_text text_of(std::string_view s)
{
    return {s.data(), s.size()};
}

/* By value: what simdjson's results give out lives no longer than they do. The type is known each time. */
array array_of(element e)
{
    return e.get_array().value_unsafe();
}
object object_of(element e)
{
    return e.get_object().value_unsafe();
}

/* Of the length and three of the letters. */
uint8_t mark_of(json_text key)
{
    const unsigned char *p = reinterpret_cast<const unsigned char *>(key.p);
    size_t mark = key.len * 29;
    if (key.len) mark += p[0] * 3u + p[key.len / 2] * 13u + p[key.len - 1] * 11u;
    return static_cast<uint8_t>(mark);
}

/* A value without what it contains. */
[[gnu::always_inline]] inline void value_of(element e, json_value *v)
{
    *v = json_value{};
    switch (e.type()) {
    case element_type::STRING:
        v->type = JSON_TEXT;
        v->text = text_of(e.get_string().value_unsafe());
        break;
    case element_type::BOOL:
        v->type = JSON_BOOL;
        v->truth = e.get_bool().value_unsafe();
        break;
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE:
        v->type = JSON_NUMBER;
        v->number = e.get_double().value_unsafe();
        break;
    case element_type::ARRAY: v->type = JSON_ARRAY; break;
    case element_type::OBJECT: v->type = JSON_OBJECT; break;
    case element_type::NULL_VALUE: v->type = JSON_NULL; break;
    }
}

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ || defined(__i386__)
/* Where the next number begins, behind texts. */
const char *next_number(const char *p)
{
    for (; *p != '-' && !(*p >= '0' && *p <= '9'); p++)
        if (*p == '"')
            while (*++p != '"')
                if (*p == '\\') p++;
    return p;
}

/* Debian's simdjson (3.0) reads the first eight digits of a fraction at once, and from behind where the
 * processor is big-endian: 0.12345678 is 0.87654321. On i386 it computes in longer registers and rounds twice:
 * one number in 300,000 is the double beside the nearest. There its doubles are replaced by what strtod()
 * reads, whose locale is C. The line is JSON, and an object. */
line_error mend_doubles(simdjson::dom::document &made, const char *line)
{
    uint64_t *tape = made.tape.get(), end = tape[0] << 8 >> 8;
    for (uint64_t i = 1; i < end; i++) {
        char kind = static_cast<char>(tape[i] >> 56), *behind;
        if (kind != 'l' && kind != 'u' && kind != 'd') continue;
        double number = std::strtod(line = next_number(line), &behind);
        if (number - number != 0) return LINE_BAD_NUMBER; /* infinite */
        line = behind;
        if (kind == 'd') std::memcpy(&tape[i + 1], &number, sizeof number);
        i++;
    }
    return LINE_OK;
}
#else
line_error mend_doubles(simdjson::dom::document &, const char *)
{
    return LINE_OK;
}
#endif

/* What a parser has room for until a longer line comes. For the longest it takes 4 MB, of which a short line
 * touches a page: room for all from the beginning costs an empty run 10 us. */
enum { LINE_FIRST_LEN = 4096 };

/* An array or an object, and where its value stands. */
struct container {
    uint32_t place;
    element e;
};

} // namespace

struct json_reader {
    simdjson::dom::parser parser{LINE_KEPT_LEN_MAX};
    list<json_value> values;
    list<container> containers; /* of those that are being read: each has its own at the end */
    list<json_text> keys;       /* of an object of many: to be sorted */
    bool may_hold_nul = false;
    json_text about = {nullptr, 0};

    /* One level more than allowed: what is just too deep is refused by read_contents(), far deeper by
     * simdjson. */
    simdjson::error_code make_room(size_t len) { return parser.allocate(len, LINE_DEPTH_MAX + 2); }
    line_error read_contents(element e, unsigned depth);
    line_error add_items(array a);
    line_error add_members(object o);
    [[gnu::always_inline]] inline line_error add_value(element e, json_value *v);
    line_error check_text(json_text s)
    {
        return may_hold_nul && std::memchr(s.p, 0, s.len) ? LINE_NUL : LINE_OK;
    }
    line_error keys_differ(const json_value *member, uint32_t count);
    line_error many_keys_differ(const json_value *member, uint32_t count);
};

/* Sorted, so that no choice of keys makes it quadratic. */
line_error json_reader::many_keys_differ(const json_value *member, uint32_t count)
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
line_error json_reader::keys_differ(const json_value *member, uint32_t count)
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

/* v: one of the values, in which nothing stands yet. What an array or an object contains is read later. */
line_error json_reader::add_value(element e, json_value *v)
{
    value_of(e, v);
    if (v->type == JSON_TEXT) return check_text(v->text);
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT) return LINE_OK;
    container *c = containers.add(1);
    if (!c) return LINE_NO_MEMORY;
    *c = container{static_cast<uint32_t>(v - values.at), e};
    return LINE_OK;
}

line_error json_reader::add_items(array a)
{
    json_value *v = values.add(static_cast<uint32_t>(a.size()));
    if (!v) return LINE_NO_MEMORY;
    for (element item : a)
        if (line_error error = add_value(item, v++)) return error;
    return LINE_OK;
}

line_error json_reader::add_members(object o)
{
    uint32_t count = static_cast<uint32_t>(o.size());
    json_value *first = values.add(count), *v = first;
    if (!v) return LINE_NO_MEMORY;
    for (auto field : o) {
        if (line_error error = add_value(field.value, v)) return error;
        v->key = text_of(field.key);
        v->key_mark = mark_of(v->key);
        if (line_error error = check_text(v++->key)) return error;
    }
    return keys_differ(first, count);
}

/* What the container contains, behind all values: its own first, then, container by container, what these
 * contain. What is contained in more than the line's object and a member of it is forgotten when it has been
 * checked. depth: how many containers are round what it contains, itself among them. */
line_error json_reader::read_contents(element e, unsigned depth)
{
    uint32_t from = containers.count;
    line_error error = e.is_array() ? add_items(array_of(e)) : add_members(object_of(e));
    uint32_t own = values.count, to = containers.count;
    if (!error && to > from && depth == LINE_DEPTH_MAX) error = LINE_TOO_DEEP;
    for (uint32_t i = from; i < to && !error; i++) {
        container c = containers.at[i];
        uint32_t first = values.count;
        error = read_contents(c.e, depth + 1);
        values.at[c.place].first = first;
        values.at[c.place].count = values.count - first;
    }
    if (depth > 1) values.count = own;
    containers.count = from;
    return error;
}

static line_error error_of(simdjson::error_code code, const char *line, size_t len)
{
    switch (code) {
    case simdjson::UTF8_ERROR: return LINE_NOT_UTF8;
    case simdjson::DEPTH_ERROR: return LINE_TOO_DEEP;
    case simdjson::NUMBER_ERROR: return LINE_BAD_NUMBER;
    case simdjson::STRING_ERROR: return LINE_BAD_STRING;
    case simdjson::MEMALLOC: return LINE_NO_MEMORY;
    default: break;
    }
    return len >= 3 && std::memcmp(line, "\xef\xbb\xbf", 3) == 0 ? LINE_BYTE_ORDER_MARK : LINE_NOT_JSON;
}

/* While a reader is made, memory that runs out ends the program as main() would end it: nothing has been
 * answered by then, and nothing below could give an error back. */
[[noreturn]] static void out_of_memory()
{
    static const char text[] = "shunt: out of memory\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(2);
    _exit(2);
}

json_reader *json_reader_new(void)
{
    std::new_handler before = std::set_new_handler(out_of_memory);
    json_reader *r = new (std::nothrow) json_reader;
    auto code = r ? r->make_room(LINE_FIRST_LEN) : simdjson::MEMALLOC;
    std::set_new_handler(before);
    if (code == simdjson::SUCCESS) return r;
    delete r;
    return nullptr;
}

void json_reader_free(json_reader *r)
{
    delete r;
}

line_error json_read_line(json_reader *r, const char *line, size_t len, json_line *out)
{
    element root;
    out->about = r->about = json_text{nullptr, 0};
    r->values.count = r->containers.count = 0;
    auto code = len > r->parser.capacity() ? r->make_room(LINE_KEPT_LEN_MAX) : simdjson::SUCCESS;
    if (!code) code = r->parser.parse(line, len, false).get(root);
    if (code) return error_of(code, line, len);
    if (!root.is_object()) return LINE_NOT_OBJECT;
    if (line_error error = mend_doubles(r->parser.doc, line)) return error;
    /* U+0000 can be there only as the escape; a raw one is no JSON. */
    r->may_hold_nul = std::memchr(line, '\\', len) && memmem(line, len, "\\u0000", 6);
    line_error error = r->read_contents(root, 1);
    out->about = r->about;
    if (error) return error;
    out->values = r->values.at;
    out->count = static_cast<uint32_t>(object_of(root).size());
    return LINE_OK;
}
