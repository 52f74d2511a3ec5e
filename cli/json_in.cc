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

/* A growable array of plain values; push() answers NULL where memory ran out. */
template <typename T> struct list {
    T *at = nullptr;
    uint32_t count = 0, cap = 0;

    ~list() { std::free(at); }
    T *push()
    {
        if (count == cap) {
            uint32_t wanted = cap ? cap * 2 : 32;
            T *grown = static_cast<T *>(std::realloc(static_cast<void *>(at), wanted * sizeof(T)));
            if (!grown) return nullptr;
            at = grown;
            cap = wanted;
        }
        return &at[count++];
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
json_text text_of(element e)
{
    std::string_view s = e.get_string().value_unsafe();
    return text_of(s);
}

/* A value without what it contains. */
void value_of(element e, json_value *v)
{
    *v = json_value{};
    switch (e.type()) {
    case element_type::STRING:
        v->type = JSON_TEXT;
        v->text = text_of(e);
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

} // namespace

struct json_reader {
    simdjson::dom::parser parser{LINE_KEPT_LEN_MAX};
    list<json_value> values;
    list<json_text> keys; /* of the objects being walked: each has its own at the end */
    uint32_t member_count = 0;
    bool may_hold_nul = false;
    json_text about = {nullptr, 0};

    /* One level more than allowed: what is just too deep is refused by walk(), far deeper by simdjson. */
    simdjson::error_code make_room(size_t len) { return parser.allocate(len, LINE_DEPTH_MAX + 2); }
    line_error walk(element e, unsigned depth);
    line_error walk_object(object o, unsigned depth);
    line_error check_text(json_text s)
    {
        return may_hold_nul && std::memchr(s.p, 0, s.len) ? LINE_NUL : LINE_OK;
    }
    line_error keys_differ(uint32_t from);
    line_error flatten(object root);
};

/* Few keys: each is compared with those before it that share its bit. Many: sorted, so that no choice of keys
 * makes it quadratic. 32: where comparing all pairs would begin to cost more than sorting. */
line_error json_reader::keys_differ(uint32_t from)
{
    json_text *first = keys.at + from;
    uint32_t count = keys.count - from;
    if (count > 32) {
        std::sort(first, first + count, before);
        for (uint32_t i = 1; i < count; i++)
            if (same(first[i - 1], first[i])) {
                about = first[i];
                return LINE_KEY_TWICE;
            }
        return LINE_OK;
    }
    uint64_t seen = 0;
    for (uint32_t i = 0; i < count; i++) {
        json_text k = first[i];
        unsigned mixed = static_cast<unsigned>(k.len) * 7;
        if (k.len)
            mixed += static_cast<unsigned char>(k.p[0]) + static_cast<unsigned char>(k.p[k.len - 1]) * 5u;
        uint64_t bit = uint64_t(1) << (mixed & 63);
        for (uint32_t j = 0; (seen & bit) && j < i; j++)
            if (same(first[j], k)) {
                about = k;
                return LINE_KEY_TWICE;
            }
        seen |= bit;
    }
    return LINE_OK;
}

line_error json_reader::walk_object(object o, unsigned depth)
{
    uint32_t from = keys.count;
    for (auto field : o) {
        json_text key = text_of(field.key);
        if (line_error error = check_text(key)) return error;
        json_text *slot = keys.push();
        if (!slot) return LINE_NO_MEMORY;
        *slot = key;
    }
    if (line_error error = keys_differ(from)) return error;
    keys.count = from;
    for (auto field : o)
        if (line_error error = walk(field.value, depth)) return error;
    return LINE_OK;
}

/* depth: how many containers are round e. */
line_error json_reader::walk(element e, unsigned depth)
{
    switch (e.type()) {
    case element_type::STRING: return check_text(text_of(e));
    case element_type::OBJECT:
        if (depth == LINE_DEPTH_MAX) return LINE_TOO_DEEP;
        return walk_object(object_of(e), depth + 1);
    case element_type::ARRAY:
        if (depth == LINE_DEPTH_MAX) return LINE_TOO_DEEP;
        for (element item : array_of(e))
            if (line_error error = walk(item, depth + 1)) return error;
        return LINE_OK;
    default: return LINE_OK;
    }
}

/* The members of the root first, then, container by container, what each of them holds. */
line_error json_reader::flatten(object root)
{
    values.count = 0;
    for (auto field : root) {
        json_value *v = values.push();
        if (!v) return LINE_NO_MEMORY;
        value_of(field.value, v);
        v->key = text_of(field.key);
    }
    member_count = values.count;
    uint32_t k = 0;
    for (auto field : root) {
        json_type type = values.at[k].type;
        uint32_t first = values.count;
        if (type == JSON_ARRAY)
            for (element item : array_of(field.value)) {
                json_value *v = values.push();
                if (!v) return LINE_NO_MEMORY;
                value_of(item, v);
            }
        if (type == JSON_OBJECT)
            for (auto inner : object_of(field.value)) {
                json_value *v = values.push();
                if (!v) return LINE_NO_MEMORY;
                value_of(inner.value, v);
                v->key = text_of(inner.key);
            }
        values.at[k].first = first;
        values.at[k++].count = values.count - first;
    }
    return LINE_OK;
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
    r->keys.count = 0;
    auto code = len > r->parser.capacity() ? r->make_room(LINE_KEPT_LEN_MAX) : simdjson::SUCCESS;
    if (!code) code = r->parser.parse(line, len, false).get(root);
    if (code) return error_of(code, line, len);
    if (!root.is_object()) return LINE_NOT_OBJECT;
    if (line_error error = mend_doubles(r->parser.doc, line)) return error;
    /* U+0000 can be there only as the escape; a raw one is no JSON. */
    r->may_hold_nul = std::memchr(line, '\\', len) && memmem(line, len, "\\u0000", 6);
    line_error error = r->walk(root, 0);
    if (!error) error = r->flatten(object_of(root));
    out->about = r->about;
    if (error) return error;
    out->values = r->values.at;
    out->count = r->member_count;
    return LINE_OK;
}
