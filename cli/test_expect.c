/*
 * What a step expects, in a test file: a map of what one decision holds, or a list of such maps. Promises
 * that every key is one of a decision's (desk.md 7.1) or `error`, that words are ones a decision can hold,
 * and that times are times: such a mistake is told where it stands, not as a test that fails.
 */
#include "rfc3339.h"
#include "test_file.h"
#include "yaml_shape.h"

static const char *const expect_keys[] = {"ticket",  "status",   "team", "agent", "agents",   "device",
                                          "devices", "rule",     "why",  "until", "priority", "add",
                                          "step",    "warnings", "at",   "error"};
enum { EXPECT_KEY_COUNT = sizeof expect_keys / sizeof *expect_keys };

/* ---- words ---- */

/* The codes of lines that are refused: the program's own, then the desk's. */
static const char *error_word(unsigned i)
{
    static const char *const words[] = {
#define LINE_ERROR(id, code, message, moves) code,
#include "line_errors.def"
#undef LINE_ERROR
    };
    enum { COUNT = sizeof words / sizeof *words };
    return i < COUNT ? words[i] : shunt_refusal_code(SHUNT_REFUSED_NOTHING + 1 + (i - COUNT));
}

const char *test_word(struct str key, unsigned i)
{
    if (str_eq(key, S("status"))) return shunt_state_name(i);
    if (str_eq(key, S("why"))) return shunt_why_name(i);
    if (str_eq(key, S("priority"))) return shunt_priority_name(i);
    return str_eq(key, S("error")) ? error_word(i) : NULL;
}

/* `error: true` is any error. */
static void check_word(struct shape *p, const struct test_field *f)
{
    enum { WORDS_MAX = 64 };
    const struct yaml_node *real = yaml_real(f->value);
    struct str known[WORDS_MAX], word = real->u.text;
    size_t count = 0;
    if (!test_word(f->key.s, 0) || real->kind != YAML_TEXT || yaml_is_null(real)) return;
    if (str_eq(f->key.s, S("error")) && str_eq(word, S("true"))) return;
    for (const char *w; count < WORDS_MAX && (w = test_word(f->key.s, (unsigned)count)) != NULL; count++) {
        known[count] = str_from(w);
        if (str_eq(word, known[count])) return;
    }
    struct diag *g = diag(p->d, E0808, yaml_inner_span(p->t, real), f->key.s, word);
    diag_nearest(p->d, g, word, known, count);
}

static void check_time(struct shape *p, const struct test_field *f)
{
    const struct yaml_node *real = yaml_real(f->value);
    int64_t at_sec;
    bool is_time = str_eq(f->key.s, S("at")) || str_eq(f->key.s, S("until"));
    if (!is_time || real->kind != YAML_TEXT || yaml_is_null(real)) return;
    if (parse_rfc3339(real->u.text.p, real->u.text.len, &at_sec)) return;
    struct diag *g = diag(p->d, E0804, yaml_inner_span(p->t, real), real->u.text);
    diag_hint(p->d, g, "write it like 2026-03-02T09:15:00+01:00");
}

/* ---- maps and lists ---- */

static void read_key(struct shape *p, const struct yaml_pair *pair, struct test_expect *e)
{
    struct str known[EXPECT_KEY_COUNT], key = yaml_real(pair->key)->u.text;
    bool found = false;
    for (unsigned k = 0; k < EXPECT_KEY_COUNT; k++) {
        known[k] = str_from(expect_keys[k]);
        found |= str_eq(key, known[k]);
    }
    if (!found) {
        struct diag *g = diag(p->d, E0504, yaml_span(p->t, pair->key), key, S("a decision"));
        diag_nearest(p->d, g, key, known, EXPECT_KEY_COUNT);
        return;
    }
    uint32_t before = e->fields.count;
    test_add_field(p, &e->fields, pair);
    if (e->fields.count == before) return;
    check_word(p, &e->fields.at[before]);
    check_time(p, &e->fields.at[before]);
}

static void read_decision(struct shape *p, const struct yaml_node *value, struct test_step *s)
{
    uint32_t count;
    if (!yaml_expect(p, value, YAML_MAP, "a map of what the decision holds")) return;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    struct test_expect *e = vec_push(p->a, &s->expected);
    bool error = false;
    e->at = yaml_span(p->t, value);
    for (uint32_t i = 0; i < count; i++) {
        if (yaml_skip(pairs[i].key)) continue;
        bool is_error = str_eq(yaml_real(pairs[i].key)->u.text, S("error"));
        error |= is_error && !yaml_is_null(yaml_real(pairs[i].value));
        read_key(p, &pairs[i], e);
    }
    if (error && count > 1) diag0(p->d, E0807, e->at);
}

void test_read_expect(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_step *s = out;
    const struct yaml_node *real = yaml_real(value);
    if (yaml_skip(value)) return;
    s->expect_at = yaml_span(p->t, value);
    if (real->kind == YAML_LIST) {
        s->expects = EXPECT_ALL;
        for (uint32_t i = 0; i < real->count; i++) read_decision(p, real->u.items[i], s);
    } else if (yaml_expect(p, value, YAML_MAP, "a map of what the decision holds, or a list of such maps")) {
        s->expects = EXPECT_ONE;
        read_decision(p, value, s);
    }
}
