/* Outcomes as text: see test_report.h. */
#include "test_report.h"
#include "render.h"

#include <string.h>

static struct str str_of(const struct out *o)
{
    return (struct str){o->p ? o->p : "", o->len};
}

/* Takes the next line off the text, without its end. */
static bool next_line(struct str *text, struct str *line)
{
    if (text->len == 0) return false;
    const char *end = memchr(text->p, '\n', text->len);
    *line = (struct str){text->p, end ? (size_t)(end - text->p) : text->len};
    size_t taken = line->len + (end != NULL);
    *text = (struct str){text->p + taken, text->len - taken};
    return true;
}

static void put_lines(struct out *o, const char *margin, struct str text)
{
    for (struct str line; next_line(&text, &line);) {
        out_puts(o, line.len ? margin : "");
        out_visible(o, line);
        out_putc(o, '\n');
    }
}

static void put_place(struct out *o, const char *path, struct place at)
{
    out_visible(o, str_from(path));
    out_printf(o, ":%u:%u", at.line, at.column);
}

/* ---- people ---- */

static void human_test(struct test_report *r, const char *path, const struct test_outcome *t)
{
    const struct verdict *v = &t->verdict;
    if (r->quiet && v->good) return;
    out_puts(r->o, v->good ? "  ok    " : "  FAIL  ");
    out_visible(r->o, t->test->name.s);
    out_putc(r->o, '\n');
    if (!v->good) {
        out_puts(r->o, "        ");
        put_place(r->o, path, v->place);
        out_puts(r->o, ": ");
        out_visible(r->o, str_of(&v->message));
        out_putc(r->o, '\n');
        put_lines(r->o, "          ", str_of(&v->detail));
    }
    if (!r->quiet || !v->good) put_lines(r->o, "        note: ", str_of(&t->notes));
}

static void human_file(struct test_report *r, const char *path, const struct test_outcome *t, size_t count)
{
    bool shown = !r->quiet;
    for (size_t i = 0; i < count; i++) shown |= !t[i].verdict.good;
    if (!shown) return;
    out_visible(r->o, str_from(path));
    out_putc(r->o, '\n');
    for (size_t i = 0; i < count; i++) human_test(r, path, &t[i]);
}

static void human_end(struct test_report *r)
{
    if (r->quiet) return;
    out_printf(r->o, "%u passed, %u failed", r->passed, r->failed);
    if (r->broken) out_printf(r->o, "; %u file%s could not be tested", r->broken, r->broken == 1 ? "" : "s");
    out_putc(r->o, '\n');
}

/* ---- TAP 13 ---- */

/* A description: # would begin a directive. */
static void tap_text(struct out *o, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t from = i;
        while (i < text.len && text.p[i] != '#' && text.p[i] != '\\') i++;
        out_visible(o, (struct str){text.p + from, i - from});
        if (i < text.len) {
            out_putc(o, '\\');
            out_putc(o, text.p[i]);
        }
    }
}

static void tap_head(struct test_report *r, bool good, const char *path, struct str name)
{
    out_printf(r->o, "%s %u - ", good ? "ok" : "not ok", r->passed + r->failed + r->broken);
    tap_text(r->o, str_from(path));
    out_puts(r->o, ": ");
    tap_text(r->o, name);
    out_putc(r->o, '\n');
}

/* The block is YAML: a JSON string is one, and so are indented lines behind `|`. */
static void tap_block(struct out *o, struct str message, struct str detail)
{
    out_puts(o, "  ---\n  message: ");
    out_json(o, message);
    out_puts(o, "\n  detail: |2\n");
    put_lines(o, "    ", detail);
    out_puts(o, "  ...\n");
}

static void tap_test(struct test_report *r, const char *path, const struct test_outcome *t)
{
    struct out message;
    tap_head(r, t->verdict.good, path, t->test->name.s);
    if (t->notes.len) put_lines(r->o, "# note: ", str_of(&t->notes));
    if (t->verdict.good) return;
    out_init(&message, -1);
    put_place(&message, path, t->verdict.place);
    out_puts(&message, ": ");
    out_str(&message, str_of(&t->verdict.message));
    tap_block(r->o, str_of(&message), str_of(&t->verdict.detail));
    out_free_part(&message, r->o);
}

/* ---- JUnit ---- */

/* What XML 1.0 cannot hold at all becomes U+FFFD. Line ends stay in text; in an attribute they are blanks. */
static void xml_text(struct out *o, struct str text, bool attribute)
{
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        uint32_t c = utf8_next(text, &i);
        if (c == '<' || c == '>' || c == '&' || c == '"')
            out_puts(o, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;");
        else if (c == '\n' || c == '\t')
            out_putc(o, attribute ? ' ' : (char)c);
        else if (c < 0x20 || c == 0xfffe || c == 0xffff)
            out_puts(o, "\xef\xbf\xbd");
        else
            out_bytes(o, text.p + from, i - from);
    }
}

static void xml_attribute(struct out *o, const char *name, struct str value)
{
    out_printf(o, " %s=\"", name);
    xml_text(o, value, true);
    out_putc(o, '"');
}

static void junit_case(struct out *o, const char *path, struct str name)
{
    out_puts(o, "    <testcase");
    xml_attribute(o, "classname", str_from(path));
    xml_attribute(o, "name", name);
    xml_attribute(o, "file", str_from(path));
}

static void junit_test(struct out *o, const char *path, const struct test_outcome *t)
{
    const struct verdict *v = &t->verdict;
    junit_case(o, path, t->test->name.s);
    out_printf(o, " line=\"%u\" time=\"0\"", t->test->place.line);
    if (v->good && !t->notes.len) {
        out_puts(o, "/>\n");
        return;
    }
    out_puts(o, ">\n");
    if (!v->good) {
        out_puts(o, "      <failure type=\"expectation\"");
        xml_attribute(o, "message", str_of(&v->message));
        out_puts(o, ">");
        out_printf(o, "line %u, column %u\n", v->place.line, v->place.column);
        xml_text(o, str_of(&v->detail), false);
        out_puts(o, "</failure>\n");
    }
    if (t->notes.len) {
        out_puts(o, "      <system-out>");
        xml_text(o, str_of(&t->notes), false);
        out_puts(o, "</system-out>\n");
    }
    out_puts(o, "    </testcase>\n");
}

static void junit_suite(struct out *o, const char *path, size_t tests, uint32_t failures, uint32_t errors)
{
    out_puts(o, "  <testsuite");
    xml_attribute(o, "name", str_from(path));
    out_printf(o, " tests=\"%zu\" failures=\"%u\" errors=\"%u\" skipped=\"0\" time=\"0\">\n", tests, failures,
               errors);
}

static void junit_file(struct test_report *r, const char *path, const struct test_outcome *t, size_t count)
{
    uint32_t failures = 0;
    for (size_t i = 0; i < count; i++) failures += !t[i].verdict.good;
    junit_suite(&r->suites, path, count, failures, 0);
    for (size_t i = 0; i < count; i++) junit_test(&r->suites, path, &t[i]);
    out_puts(&r->suites, "  </testsuite>\n");
}

static void junit_broken(struct test_report *r, const char *path, struct str why)
{
    struct out *o = &r->suites;
    junit_suite(o, path, 1, 0, 1);
    junit_case(o, path, S("the tests can be run"));
    out_puts(o,
             " line=\"1\" time=\"0\">\n      <error type=\"file\" message=\"the tests could not be run\">");
    xml_text(o, why, false);
    out_puts(o, "</error>\n    </testcase>\n  </testsuite>\n");
}

static void junit_end(struct test_report *r)
{
    out_printf(r->o,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<testsuites name=\"shunt\" tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"0\">\n",
               r->passed + r->failed + r->broken, r->failed, r->broken);
    out_bytes(r->o, r->suites.p, r->suites.len);
    out_puts(r->o, "</testsuites>\n");
    if (r->suites.error && !r->o->error) r->o->error = r->suites.error;
}

/* ---- all of them ---- */

void test_report_begin(struct test_report *r, enum test_format format, bool quiet, struct out *o)
{
    *r = (struct test_report){.format = format, .quiet = quiet, .o = o};
    out_init(&r->suites, -1);
    if (format == TEST_TAP) out_puts(o, "TAP version 13\n");
}

void test_report_file(struct test_report *r, const char *path, const struct test_outcome *t, size_t count)
{
    if (r->format == TEST_HUMAN) human_file(r, path, t, count);
    if (r->format == TEST_JUNIT) junit_file(r, path, t, count);
    for (size_t i = 0; i < count; i++) {
        r->passed += t[i].verdict.good;
        r->failed += !t[i].verdict.good;
        if (r->format == TEST_TAP) tap_test(r, path, &t[i]);
    }
}

void test_report_broken(struct test_report *r, const char *path, struct str why)
{
    r->broken++;
    if (r->format == TEST_JUNIT) junit_broken(r, path, why);
    if (r->format != TEST_TAP) return;
    tap_head(r, false, path, S("the tests can be run"));
    tap_block(r->o, S("the tests could not be run"), why);
}

void test_report_coverage(struct test_report *r, struct str text)
{
    if (r->format == TEST_HUMAN) put_lines(r->o, "", text);
    if (r->format == TEST_TAP) put_lines(r->o, "# ", text);
    if (r->format != TEST_JUNIT) return;
    out_puts(
        &r->suites,
        "  <testsuite name=\"coverage\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">\n"
        "    <system-out>");
    xml_text(&r->suites, text, false);
    out_puts(&r->suites, "</system-out>\n  </testsuite>\n");
}

void test_report_end(struct test_report *r)
{
    if (r->format == TEST_HUMAN) human_end(r);
    if (r->format == TEST_TAP) out_printf(r->o, "1..%u\n", r->passed + r->failed + r->broken);
    if (r->format == TEST_JUNIT) junit_end(r);
    out_free(&r->suites);
}
