// The floor of whole programs: lines of JSON parsed and validated by simdjson's DOM, and nothing done.
//
//   json_floor FILE
#include <cstdio>
#include <cstdlib>
#include <simdjson.h>

int main(int argc, char **argv)
{
    simdjson::padded_string text;
    if (argc < 2 || simdjson::padded_string::load(argv[1]).get(text)) return 2;
    simdjson::dom::parser parser;
    size_t count = 0;
    for (const char *line = text.data(), *end = line + text.size(); line < end;) {
        const char *newline = static_cast<const char *>(memchr(line, '\n', static_cast<size_t>(end - line)));
        simdjson::dom::element ignored;
        // What follows a line is readable: the next one, or the padding.
        if (!newline || parser.parse(line, static_cast<size_t>(newline - line), false).get(ignored)) return 1;
        count++;
        line = newline + 1;
    }
    std::fprintf(stderr, "%zu lines\n", count);
    return 0;
}
