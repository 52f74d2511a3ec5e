/* See ical_lines.h. Time linear in the file: each byte is copied at most once. */
#include "ical_lines.h"

#include <string.h>

void ical_begin(struct ical_reader *r, struct arena *a, struct str bytes)
{
    if (str_starts(bytes, S("\xef\xbb\xbf"))) bytes = (struct str){bytes.p + 3, bytes.len - 3};
    *r = (struct ical_reader){.rest = bytes, .line = 1, .room = arena_alloc(a, bytes.len + 1)};
}

bool ical_is(struct str s, const char *word)
{
    size_t i = 0;
    for (; i < s.len && word[i]; i++) {
        char c = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
        if (c != word[i]) return false;
    }
    return i == s.len && !word[i];
}

/* The next line as it stands, without its end: CR LF, or LF alone. */
static struct str physical_line(struct ical_reader *r)
{
    const char *end = memchr(r->rest.p, '\n', r->rest.len);
    struct str s = {r->rest.p, end ? (size_t)(end - r->rest.p) : r->rest.len};
    size_t taken = s.len + (end != NULL);
    r->rest = (struct str){r->rest.p + taken, r->rest.len - taken};
    r->line++;
    if (s.len && s.p[s.len - 1] == '\r') s.len--;
    return s;
}

static bool goes_on(const struct ical_reader *r)
{
    return r->rest.len && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t');
}

/* A line and those that go on from it, joined. */
static struct str unfolded_line(struct ical_reader *r)
{
    struct str s = physical_line(r);
    if (!goes_on(r)) return s;
    char *to = r->room;
    memcpy(to, s.p, s.len);
    r->room += s.len;
    while (goes_on(r)) {
        s = physical_line(r);
        memcpy(r->room, s.p + 1, s.len - 1); /* at least the blank */
        r->room += s.len - 1;
    }
    return (struct str){to, (size_t)(r->room - to)};
}

static bool name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* The length of a name at s[i]. */
static size_t name_len(struct str s, size_t i)
{
    size_t n = 0;
    while (i + n < s.len && name_byte(s.p[i + n])) n++;
    return n;
}

/* Past the value of a parameter, in which text between double quotes may hold ';' and ':'. */
static size_t parameter_end(struct str s, size_t i)
{
    for (bool quoted = false; i < s.len; i++) {
        if (s.p[i] == '"') quoted = !quoted;
        if (!quoted && (s.p[i] == ';' || s.p[i] == ':')) break;
    }
    return i;
}

/* name *(";" parameter "=" value) ":" value */
static bool cut_line(struct str s, struct ical_line *out)
{
    size_t i = name_len(s, 0);
    struct str name = {s.p, i};
    while (i < s.len && s.p[i] == ';') {
        struct str parameter = {s.p + i + 1, name_len(s, i + 1)};
        size_t from = i + 1 + parameter.len + 1, end = from <= s.len ? parameter_end(s, from) : s.len;
        if (!parameter.len || end == s.len || s.p[from - 1] != '=') return false;
        if (ical_is(parameter, "VALUE")) out->type = (struct str){s.p + from, end - from};
        i = end;
    }
    if (!name.len || i == s.len || s.p[i] != ':') return false;
    out->name = name;
    out->value = (struct str){s.p + i + 1, s.len - i - 1};
    return true;
}

bool ical_next(struct ical_reader *r, struct ical_line *out)
{
    while (r->rest.len) {
        *out = (struct ical_line){.line = r->line};
        struct str s = unfolded_line(r);
        if (!s.len) continue;
        if (!cut_line(s, out)) *out = (struct ical_line){.line = out->line, .value = s};
        return true;
    }
    return false;
}
