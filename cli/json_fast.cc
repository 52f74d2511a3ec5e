/*
 * The fast reader: simdjson's DOM. docs/decisions/0001-json.md says why this library.
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

#include "json_kind.h"
#include "json_layout.h"

#include <new>

#include <unistd.h>

namespace
{

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

static_assert(LINE_SLACK_LEN >= simdjson::SIMDJSON_PADDING, "a line has the slack that simdjson wants");

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

/* For json_layout.h. */
struct dom {
    using value = element;

    static bool is_array(element e) { return e.is_array(); }
    static uint32_t count(element e)
    {
        return static_cast<uint32_t>(e.is_array() ? array_of(e).size() : object_of(e).size());
    }
    template <typename F> [[gnu::always_inline]] static inline line_error each_item(element e, F f)
    {
        for (element item : array_of(e))
            if (line_error error = f(item)) return error;
        return LINE_OK;
    }
    template <typename F> [[gnu::always_inline]] static inline line_error each_member(element e, F f)
    {
        for (auto field : object_of(e))
            if (line_error error = f(text_of(field.key), field.value)) return error;
        return LINE_OK;
    }
    [[gnu::always_inline]] static inline void read(element e, json_value *v)
    {
        v->first = v->count = 0;
        v->truth = false;
        if (e.is_string()) { /* as most are: this can be foreseen */
            v->type = JSON_TEXT;
            v->text = text_of(e.get_string().value_unsafe());
            return;
        }
        switch (e.type()) {
        case element_type::STRING: break;
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
};

/* What a parser has room for until a longer line comes. For the longest it takes 4 MB, of which a short line
 * touches a page: room for all from the beginning costs an empty run 10 us. */
enum { LINE_FIRST_LEN = 4096 };

struct reader {
    simdjson::dom::parser parser{LINE_KEPT_LEN_MAX};
    json_layout<dom> layout;

    /* One level more than allowed: what is just too deep is refused by the layout, far deeper by simdjson. */
    simdjson::error_code make_room(size_t len) { return parser.allocate(len, LINE_DEPTH_MAX + 2); }
};

line_error error_of(simdjson::error_code code, const char *line, size_t len)
{
    switch (code) {
    case simdjson::UTF8_ERROR: return LINE_NOT_UTF8;
    case simdjson::DEPTH_ERROR: return LINE_TOO_DEEP;
    case simdjson::NUMBER_ERROR: return LINE_BAD_NUMBER;
    case simdjson::STRING_ERROR: return LINE_BAD_STRING;
    case simdjson::MEMALLOC: return LINE_NO_MEMORY;
    default: return not_json(line, len);
    }
}

/* While a reader is made, memory that runs out ends the program as main() would end it: nothing has been
 * answered by then, and nothing below could give an error back. */
[[noreturn]] void out_of_memory()
{
    static const char text[] = "shunt: out of memory\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(2);
    _exit(2);
}

json_reader *make_reader()
{
    std::new_handler before = std::set_new_handler(out_of_memory);
    reader *r = new (std::nothrow) reader;
    auto code = r ? r->make_room(LINE_FIRST_LEN) : simdjson::MEMALLOC;
    std::set_new_handler(before);
    if (code == simdjson::SUCCESS) return reinterpret_cast<json_reader *>(r);
    delete r;
    return nullptr;
}

void free_reader(json_reader *r)
{
    delete reinterpret_cast<reader *>(r);
}

line_error read_line(json_reader *of, const char *line, size_t len, json_line *out)
{
    reader *r = reinterpret_cast<reader *>(of);
    element root;
    out->about = json_text{nullptr, 0};
    auto code = len > r->parser.capacity() ? r->make_room(LINE_KEPT_LEN_MAX) : simdjson::SUCCESS;
    if (!code) code = r->parser.parse(line, len, false).get(root);
    if (code) return error_of(code, line, len);
    if (!root.is_object()) return LINE_NOT_OBJECT;
    return r->layout.lay_out(root, line, len, out);
}

} // namespace

const json_kind json_fast = {JSON_KIND_VERSION, make_reader, free_reader, read_line};
