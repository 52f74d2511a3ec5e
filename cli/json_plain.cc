/*
 * The plain reader: RapidJSON's events, put down one after another. It answers as the fast one does, which
 * says what is wrong with a line in simdjson's order: first what can be seen without reading values, a string
 * that does not end, a byte below 0x20 in one, bytes that are not UTF-8; then what comes first in the line.
 *
 * RapidJSON is told to parse in place, in a copy of the line, and without recursion: so all that it wants of
 * memory is some bytes for each level, and it is given room for as many as there may be. What it does not do
 * as desk.md 1.4 says: half a surrogate pair at the end, U+0000 in the line, and numbers, whose text it only
 * finds, and not even that where it takes one for too large.
 */
#define RAPIDJSON_NEW(x) nullptr /* it has what it needs: level_room */
#define RAPIDJSON_DELETE(x) static_cast<void>(x)
#include <rapidjson/reader.h>

#include "json_kind.h"
#include "json_layout.h"

#include <cmath>
#include <new>

namespace
{

/* ---- numbers ---- */

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

const char *skip_digits(const char *p)
{
    while (is_digit(*p)) p++;
    return p;
}

/* Where the number that begins at p ends; NULL: it is none (RFC 8259, section 6). */
const char *number_end(const char *p)
{
    if (*p == '-') p++;
    if (!is_digit(*p)) return nullptr;
    p = *p == '0' ? p + 1 : skip_digits(p);
    if (*p == '.') {
        if (!is_digit(*++p)) return nullptr;
        p = skip_digits(p);
    }
    if (*p != 'e' && *p != 'E') return p;
    p++;
    if (*p == '+' || *p == '-') p++;
    return is_digit(*p) ? skip_digits(p) : nullptr;
}

/* NaN: it is out of range. */
double integer(const char *p, const char *end)
{
    bool below = *p == '-';
    uint64_t n = 0;
    for (p += below; p < end; p++)
        if (__builtin_mul_overflow(n, uint64_t(10), &n) || __builtin_add_overflow(n, uint64_t(*p - '0'), &n))
            return NAN;
    if (!below) return static_cast<double>(n);
    if (n == 0) return 0; /* -0 is an integer, and they have one 0 */
    return n <= uint64_t(1) << 63 ? -static_cast<double>(n) : NAN;
}

/* The nearest double: strtod()'s, whose locale is C. What follows the number belongs to no number. */
double number_of(const char *p, const char *end)
{
    const char *q = *p == '-' ? p + 1 : p;
    if (skip_digits(q) == end) return integer(p, end);
    double number = std::strtod(p, nullptr);
    return std::isinf(number) ? NAN : number;
}

/* Where the next number begins, behind strings; NULL: there is none. The text ends with NUL. */
char *next_number(char *p)
{
    for (; *p && *p != '-' && !is_digit(*p); p++)
        if (*p == '"')
            while (*++p != '"') {
                if (*p == '\\') p++;
                if (!*p) return nullptr;
            }
    return *p ? p : nullptr;
}

/* ---- texts ---- */

struct nowhere {
    void Put(char) {}
};

/* line[len] can be read. */
bool is_utf8(const char *line, size_t len)
{
    rapidjson::StringStream in(line);
    nowhere out;
    while (in.Tell() < len)
        if (!rapidjson::UTF8<>::Validate(in, out)) return false;
    return in.Tell() == len;
}

/* Every string ends, and none holds a byte below 0x20. */
bool strings_right(const char *line, size_t len)
{
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        if (line[i] == '"') in_string = !in_string;
        if (in_string && static_cast<unsigned char>(line[i]) < 0x20) return false;
        if (line[i] == '\\' && ++i < len && in_string && static_cast<unsigned char>(line[i]) < 0x20)
            return false;
    }
    return !in_string;
}

/* Half of a pair came out of an escape alone: RapidJSON refuses what else is no UTF-8. */
bool has_half_pair(const char *p, size_t len)
{
    for (const char *end = p + len; (p = static_cast<const char *>(std::memchr(p, 0xed, end - p))); p++)
        if (static_cast<unsigned char>(p[1]) >= 0xa0) return true;
    return false;
}

const char *const spaces = " \t\r\n", *const marks = "[]{},:";

bool is_one_of(char c, const char *these)
{
    return c && std::strchr(these, c);
}

/* An object that is not closed is found out before what is in it is read. */
bool is_closed(const char *line, size_t len)
{
    size_t from = 0;
    while (from < len && is_one_of(line[from], spaces)) from++;
    while (len > from && is_one_of(line[len - 1], spaces)) len--;
    return from == len ||
           (line[from] == '{' ? line[len - 1] == '}' : line[from] != '[' || line[len - 1] == ']');
}

/* Whether it is a number that goes on wrongly, or has only begun, at the place of an error. The line is right
 * up to there. */
bool is_in_number(const char *line, size_t len, size_t at)
{
    size_t from = at;
    while (from > 0 && !is_one_of(line[from - 1], spaces) && !is_one_of(line[from - 1], marks) &&
           line[from - 1] != '"')
        from--;
    if (from == at || (line[from] != '-' && !is_digit(line[from]))) return false;
    return line[at - 1] == '-' || (at < len && !is_one_of(line[at], spaces) && !is_one_of(line[at], marks));
}

/* ---- what is parsed ---- */

/* A value, with its key where it is a member. Of a container's, `count` is how many it contains, and what it
 * contains follows it; `first` is where that ends. */
struct tree {
    using value = const json_value *;

    static bool is_array(value v) { return v->type == JSON_ARRAY; }
    static uint32_t count(value v) { return v->count; }
    static void read(value of, json_value *v)
    {
        *v = *of;
        v->first = v->count = 0;
    }
    static value behind(value v)
    {
        return v->type == JSON_ARRAY || v->type == JSON_OBJECT ? v + v->first : v + 1;
    }
    template <typename F> static line_error each_item(value v, F f)
    {
        uint32_t left = v->count;
        for (v++; left > 0; left--, v = behind(v))
            if (line_error error = f(v)) return error;
        return LINE_OK;
    }
    template <typename F> static line_error each_member(value v, F f)
    {
        return each_item(v, [&](value member) { return f(member->key, member); });
    }
};

/* What simdjson goes to, so that what is just too deep is refused by the layout: 65 levels, and one that is
 * empty. */
enum { DEPTH_MAX = LINE_DEPTH_MAX + 2 };

/* For each level RapidJSON keeps two numbers. */
struct level_room {
    static const bool kNeedFree = false;
    enum { LEN = (DEPTH_MAX + 1) * 2 * sizeof(rapidjson::SizeType) };
    alignas(rapidjson::SizeType) char at[LEN];
    void *Malloc(size_t) { return at; }
    void *Realloc(void *, size_t, size_t) { return at; }
    static void Free(void *) {}
};

struct reader {
    list<char> copy;
    list<json_value> values;
    list<double> numbers; /* where RapidJSON was not to see them */
    bool has_numbers, may_hold_half;
    uint32_t number_at;
    json_text key;
    uint32_t open[DEPTH_MAX], depth;
    line_error error;
    rapidjson::InsituStringStream *in; /* while it is parsed: the copy, from where RapidJSON is on */
    json_layout<tree> layout;

    bool refuse(line_error why)
    {
        error = why;
        return false;
    }
    json_value *add(json_type type)
    {
        json_value *v = values.add(1);
        if (!v) {
            refuse(LINE_NO_MEMORY);
            return nullptr;
        }
        *v = json_value{};
        v->type = type;
        v->key = key;
        key = json_text{nullptr, 0};
        if (depth) values.at[open[depth - 1]].count++;
        return v;
    }
    bool check_text(const char *p, size_t len)
    {
        return may_hold_half && has_half_pair(p, len) ? refuse(LINE_BAD_STRING) : true;
    }
    /* Whether what begins here ends at once. Of one level too many simdjson takes that alone. */
    bool is_empty(json_type type) const
    {
        const char *p = in->src_ + 1;
        while (is_one_of(*p, spaces)) p++;
        return *p == (type == JSON_ARRAY ? ']' : '}');
    }
    bool begin(json_type type)
    {
        if (depth + 1 == DEPTH_MAX && !is_empty(type)) return refuse(LINE_TOO_DEEP);
        if (!add(type)) return false;
        open[depth++] = values.count - 1;
        return true;
    }
    bool end()
    {
        uint32_t at = open[--depth];
        values.at[at].first = values.count - at;
        return true;
    }

    /* RapidJSON's events. */
    bool Null() { return add(JSON_NULL); }
    bool Bool(bool truth)
    {
        json_value *v = add(JSON_BOOL);
        if (v) v->truth = truth;
        return v;
    }
    bool RawNumber(const char *p, rapidjson::SizeType len, bool)
    {
        if (has_numbers && number_at == numbers.count) return refuse(LINE_BAD_NUMBER); /* cannot be */
        double number = has_numbers ? numbers.at[number_at++] : number_of(p, p + len);
        if (std::isnan(number)) return refuse(LINE_BAD_NUMBER);
        json_value *v = add(JSON_NUMBER);
        if (v) v->number = number;
        return v;
    }
    bool String(const char *p, rapidjson::SizeType len, bool)
    {
        json_value *v = check_text(p, len) ? add(JSON_TEXT) : nullptr;
        if (v) v->text = json_text{p, len};
        return v;
    }
    bool Key(const char *p, rapidjson::SizeType len, bool)
    {
        key = json_text{p, len};
        return check_text(p, len);
    }
    bool StartObject() { return begin(JSON_OBJECT); }
    bool EndObject(rapidjson::SizeType) { return end(); }
    bool StartArray() { return begin(JSON_ARRAY); }
    bool EndArray(rapidjson::SizeType) { return end(); }
    /* Of numbers that are not left text. */
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(int64_t) { return false; }
    bool Uint64(uint64_t) { return false; }
    bool Double(double) { return false; }

    bool copy_line(const char *line, size_t len);
    bool take_numbers();
    rapidjson::ParseErrorCode parse(size_t *at);
    line_error parse_line(const char *line, size_t len);
};

bool reader::copy_line(const char *line, size_t len)
{
    copy.count = 0;
    char *p = copy.add(static_cast<uint32_t>(len + 1));
    if (!p) return false;
    std::memcpy(p, line, len);
    p[len] = 0;
    return true;
}

/* Each number of the copy is read, and 0 stands there instead. What is none stays, for RapidJSON to refuse,
 * and what is behind it. */
bool reader::take_numbers()
{
    numbers.count = 0;
    for (char *p = copy.at; (p = next_number(p));) {
        const char *end = number_end(p);
        if (!end) break;
        double *number = numbers.add(1);
        if (!number) return false;
        *number = number_of(p, end);
        *p++ = '0';
        while (p < end) *p++ = ' ';
    }
    return true;
}

/* at: of an error, where it is, else where the text ends. */
rapidjson::ParseErrorCode reader::parse(size_t *at)
{
    using namespace rapidjson;
    enum {
        HOW = kParseInsituFlag | kParseIterativeFlag | kParseValidateEncodingFlag | kParseNumbersAsStringsFlag
    };
    level_room room;
    GenericReader<UTF8<>, UTF8<>, level_room> events(&room, level_room::LEN);
    InsituStringStream text(copy.at);
    in = &text;
    values.count = depth = number_at = 0;
    key = json_text{nullptr, 0};
    error = LINE_OK;
    ParseResult result = events.Parse<HOW>(text, *this);
    *at = result.IsError() ? result.Offset() : text.Tell();
    in = nullptr;
    return result.Code();
}

/* Of numbers as RapidJSON takes them, 1e309 and more is too large whatever stands before it, as it is in
 * 0e309, and so are 309 digits before a fraction and an exponent below 0. There the numbers are read here. */
line_error reader::parse_line(const char *line, size_t len)
{
    size_t at;
    has_numbers = false;
    may_hold_half = std::memchr(line, '\\', len);
    if (!copy_line(line, len)) return LINE_NO_MEMORY;
    rapidjson::ParseErrorCode code = parse(&at);
    if (code == rapidjson::kParseErrorNumberTooBig) {
        has_numbers = true;
        if (!copy_line(line, len) || !take_numbers()) return LINE_NO_MEMORY;
        code = parse(&at);
    }
    if (!code && at == len) return LINE_OK;
    if (error == LINE_NO_MEMORY) return error;
    if (!strings_right(line, len)) return not_json(line, len);
    if (!is_utf8(line, len)) return LINE_NOT_UTF8;
    if (!is_closed(line, len)) return not_json(line, len);
    switch (code) {
    case rapidjson::kParseErrorTermination: return error;
    case rapidjson::kParseErrorStringEscapeInvalid:
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return LINE_BAD_STRING;
    case rapidjson::kParseErrorNumberTooBig:
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent: return LINE_BAD_NUMBER;
    default: return is_in_number(line, len, at) ? LINE_BAD_NUMBER : not_json(line, len);
    }
}

json_reader *make_reader()
{
    void *room = std::malloc(sizeof(reader));
    return reinterpret_cast<json_reader *>(room ? new (room) reader : nullptr);
}

void free_reader(json_reader *of)
{
    reader *r = reinterpret_cast<reader *>(of);
    if (r) r->~reader();
    std::free(r);
}

line_error read_line(json_reader *of, const char *line, size_t len, json_line *out)
{
    reader *r = reinterpret_cast<reader *>(of);
    out->about = json_text{nullptr, 0};
    if (line_error error = r->parse_line(line, len)) return error;
    if (r->values.at[0].type != JSON_OBJECT) return LINE_NOT_OBJECT;
    return r->layout.lay_out(r->values.at, line, len, out);
}

} // namespace

const json_kind json_plain = {JSON_KIND_VERSION, make_reader, free_reader, read_line};
