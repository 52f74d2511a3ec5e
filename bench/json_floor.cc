// The floor of whole programs: lines of JSON parsed and validated by simdjson's DOM, and nothing done.
//
//   json_floor FILE          the file loaded as simdjson loads files: whole
//   json_floor FILE blocks   read 256 kB at a time, as shunt reads: without the page faults of the whole file
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

static simdjson::dom::parser parser;
static size_t count = 0;

// The whole lines of [line, end), behind which there is padding: what is left of them, or NULL.
static const char *parse_lines(const char *line, const char *end)
{
    while (const void *newline = line < end ? memchr(line, '\n', static_cast<size_t>(end - line)) : nullptr) {
        const char *to = static_cast<const char *>(newline);
        simdjson::dom::element ignored;
        // What follows a line is readable: the next one, or the padding.
        if (parser.parse(line, static_cast<size_t>(to - line), false).get(ignored)) return nullptr;
        count++;
        line = to + 1;
    }
    return line;
}

static bool parse_whole(const char *file)
{
    simdjson::padded_string text;
    if (simdjson::padded_string::load(file).get(text)) return false;
    return parse_lines(text.data(), text.data() + text.size()) == text.data() + text.size();
}

static bool parse_blocks(const char *file)
{
    enum { BLOCK_LEN = 1 << 18, LINE_MAX_LEN = 1 << 20 };
    static char buffer[LINE_MAX_LEN + BLOCK_LEN + simdjson::SIMDJSON_PADDING];
    size_t len = 0;
    ssize_t n = 0;
    for (int fd = open(file, O_RDONLY); len <= LINE_MAX_LEN && (n = read(fd, buffer + len, BLOCK_LEN)) > 0;) {
        const char *end = buffer + len + n, *rest = parse_lines(buffer, end);
        if (!rest) return false;
        len = static_cast<size_t>(end - rest);
        memmove(buffer, rest, len);
    }
    return n == 0 && len == 0;
}

int main(int argc, char **argv)
{
    if (argc < 2 || !(argc > 2 ? parse_blocks(argv[1]) : parse_whole(argv[1]))) return 1;
    std::fprintf(stderr, "%zu lines\n", count);
    return 0;
}
