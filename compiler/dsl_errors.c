/*
 * Syntax errors in words: what was found, what was expected, and a hint for the slips people make.
 *
 * What was expected comes from the parser's tables, token by token, and is said in groups: "a value" for a
 * name, a string or a number. Slips are rows of a table, each with the test that knows it; the first that
 * fits gives the hint.
 */
#include "dsl_build.h"

#include <string.h>

enum { TOKEN_MAX = 160, FOUND_LEN_MAX = 60 };

/* What is wrong: the token that was refused, and what the parser would have taken in its place. */
struct slip {
    struct parse *p;
    const struct token *t;
    unsigned prev, before; /* kinds of the two tokens ahead of it */
    bool expected[TOKEN_MAX];
    bool condition_begins; /* a test, "not", "(" … */
    bool operator_follows; /* after an attribute */
    bool statement_begins;
};

/* ---- what was found ---- */

static struct str quoted(struct arena *a, struct str s)
{
    if (s.len <= FOUND_LEN_MAX) return arena_printf(a, "\"%.*s\"", (int)s.len, s.p);
    size_t len = FOUND_LEN_MAX;
    while (len && ((unsigned char)s.p[len] & 0xc0) == 0x80) len--;
    return arena_printf(a, "\"%.*s…\"", (int)len, s.p);
}

static struct str found(const struct parse *p, const struct token *t)
{
    bool condition = p->mode != TK_MODE_POLICY;
    if (t->kind == 0 || (t->kind == TK_SEP && t->s.len == 0))
        return p->mode == TK_MODE_PROMISE ? S("the end of the promise")
               : condition                ? S("the end of the condition")
                                          : S("the end of the file");
    if (t->kind == TK_SEP && t->s.p[0] == '\n') return S("the end of the line");
    if (t->kind == TK_NUMBER) return arena_printf(p->a, "the number %.*s", (int)t->s.len, t->s.p);
    if (t->kind != TK_STRING) return quoted(p->a, t->s);
    struct str s = quoted(p->a, t->s);
    return arena_printf(p->a, "the text %.*s", (int)s.len, s.p);
}

/* ---- what was expected ---- */

static void find_expected(struct slip *s)
{
    for (unsigned k = 0; k < TOKEN_MAX && k <= TK_LAST; k++) s->expected[k] = grammar_accepts(s->p, k);
    unsigned words_expected = 0;
    for (size_t i = 0; i < WORD_COUNT; i++)
        words_expected += words[i].use != WORD_CONDITION && s->expected[words[i].token];
    s->condition_begins = s->expected[TK_DURING] && s->expected[TK_LP];
    s->operator_follows = s->expected[TK_HAS] && s->expected[TK_CONTAINS];
    s->statement_begins = s->expected[TK_SEP] && words_expected >= 5;
}

/* A list in words: "a, b or c". */
struct phrase {
    struct buf text;
    uint32_t count;
    struct str last;
};

static void phrase_flush(struct phrase *f, const char *before_last)
{
    if (!f->last.p) return;
    if (f->count > 1) buf_puts(&f->text, before_last);
    buf_str(&f->text, f->last);
}

static void phrase_add(struct phrase *f, struct str item)
{
    phrase_flush(f, ", ");
    f->last = item;
    f->count++;
}

static void phrase_if(struct phrase *f, bool expected, const char *item)
{
    if (expected) phrase_add(f, str_from(item));
}

/* What a literal is at this place. */
static const char *literal_phrase(const struct slip *s)
{
    unsigned first = s->p->first.kind;
    if (s->prev == TK_EVERY) return "a number of weeks";
    if (s->prev == TK_RANK || s->prev == TK_WEIGHT || first == TK_LIMIT) return "a whole number";
    if (s->prev == TK_FROM || s->prev == TK_SPECIAL) return "a date";
    if (first == TK_TO || first == TK_OTHERWISE) return "a duration";
    if (first == TK_DAYS || first == TK_BREAK || first == TK_SPECIAL) return "hours such as 09:00-17:30";
    return "a date or a range of dates";
}

static void phrase_values(struct phrase *f, const struct slip *s)
{
    const bool *e = s->expected;
    if (s->condition_begins) return;
    if (e[TK_NAME] && e[TK_STRING] && e[TK_ODD])
        phrase_if(f, true, "a time zone");
    else if (e[TK_NAME] && e[TK_NUMBER])
        phrase_if(f, true, "a value");
    else if (e[TK_NAME])
        phrase_if(f, true, "a name");
    else
        phrase_if(f, e[TK_STRING], "a text between double quotes");
    phrase_if(f, e[TK_LITERAL], literal_phrase(s));
    phrase_if(f, e[TK_NUMBER] && !e[TK_NAME] && !e[TK_LITERAL], "a whole number (1)");
    phrase_if(f, e[TK_DAYS] && !s->statement_begins, "a day");
}

/* Whether a group has said the word already. */
static bool said_by_group(const struct slip *s, const struct word *w)
{
    unsigned k = w->token;
    if (s->condition_begins &&
        (k == TK_NOT || k == TK_TRUE || k == TK_FALSE || k == TK_DURING || k == TK_OUTSIDE))
        return true;
    if (!s->operator_follows) return false;
    return k == TK_HAS || k == TK_IN || k == TK_NOT || k == TK_CONTAINS || k == TK_STARTS || k == TK_ENDS ||
           k == TK_EXISTS || k == TK_AND || k == TK_OR;
}

static struct str statement_phrase(const struct slip *s)
{
    struct buf b;
    buf_init(&b, s->p->d->a);
    buf_puts(&b, "a statement (");
    const char *comma = "";
    if (s->expected[TK_DAYS]) buf_puts(&b, "mon-fri"), comma = ", ";
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (!s->expected[words[i].token]) continue;
        buf_puts(&b, comma);
        buf_puts(&b, words[i].spelling);
        comma = ", ";
    }
    buf_puts(&b, ")");
    return buf_done(&b);
}

static const char *with_after(unsigned token)
{
    return token == TK_STARTS || token == TK_ENDS ? " with" : "";
}

static struct str expected(const struct slip *s)
{
    struct phrase f = {0};
    const bool *e = s->expected;
    buf_init(&f.text, s->p->d->a);
    phrase_if(&f, s->condition_begins, "a condition");
    phrase_if(&f, s->operator_follows, "a test such as has, ==, in, contains or exists");
    if (s->statement_begins) phrase_add(&f, statement_phrase(s));
    phrase_values(&f, s);
    phrase_if(&f, e[TK_COMPARE] && !s->operator_follows, "a comparison such as ==");
    for (size_t i = 0; i < WORD_COUNT && !s->statement_begins; i++)
        if (e[words[i].token] && !said_by_group(s, &words[i]))
            phrase_add(&f,
                       arena_printf(s->p->d->a, "\"%s%s\"", words[i].spelling, with_after(words[i].token)));
    phrase_if(&f, e[TK_COMMA], "\",\"");
    phrase_if(&f, e[TK_LP] && !s->condition_begins, "\"(\"");
    phrase_if(&f, e[TK_RP] && !s->operator_follows, "\")\"");
    phrase_if(&f, e[TK_ARROW], "\"=>\"");
    phrase_if(&f, e[TK_LBRACE], "\"{\"");
    phrase_if(&f, e[TK_RBRACE], "\"}\"");
    phrase_if(&f, e[TK_SEP] && !s->statement_begins && !s->operator_follows, "the end of the line");
    phrase_if(&f, e[0] && s->p->mode == TK_MODE_CONDITION && !s->operator_follows,
              "the end of the condition");
    phrase_if(&f, e[0] && s->p->mode == TK_MODE_PROMISE, "the end of the promise");
    phrase_flush(&f, " or ");
    return buf_done(&f.text);
}

/* ---- slips and their hints ---- */

static bool same_letters(struct str s, const char *word)
{
    size_t i = 0;
    for (; i < s.len && word[i]; i++) {
        char c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
        if (c != word[i]) return false;
    }
    return i == s.len && !word[i];
}

static bool spelled(const struct token *t, const char *word)
{
    return t->kind != TK_STRING && same_letters(t->s, word);
}

static bool is_value(unsigned kind)
{
    return kind == TK_STRING || kind == TK_NUMBER || grammar_is_name(kind);
}

static bool is_operator(unsigned kind)
{
    return kind == TK_HAS || kind == TK_IN || kind == TK_COMPARE || kind == TK_CONTAINS ||
           kind == TK_STARTS || kind == TK_ENDS || kind == TK_EXISTS || kind == TK_NOT;
}

static bool wants_value(const struct slip *s)
{
    return s->expected[TK_NAME] && s->expected[TK_NUMBER] && !s->condition_begins;
}

/* "AND", "Or", "NOT": one of ours in other letters. */
static const char *meant_word(const struct token *t)
{
    static const char *const logic[] = {"and", "or", "not", "has", "in", "contains", "exists"};
    for (size_t i = 0; i < sizeof logic / sizeof *logic; i++)
        if (t->kind == TK_NAME && same_letters(t->s, logic[i])) return logic[i];
    return NULL;
}

/* A statement that was thought to go on. */
static struct str hint_line_ended(struct slip *s)
{
    unsigned k = s->t->kind;
    if (s->prev != TK_SEP || !s->t->first_on_line) return (struct str){NULL, 0};
    if (k != TK_AND && k != TK_OR) return (struct str){NULL, 0};
    return arena_printf(s->p->d->a,
                        "a line that goes on ends in \"%.*s\": put it at the end of the line before",
                        (int)s->t->s.len, s->t->s.p);
}

static struct str hint_double_not(struct slip *s)
{
    if (s->t->kind != TK_NOT || s->prev != TK_NOT) return (struct str){NULL, 0};
    return S("one \"not\" is enough; two undo each other");
}

static struct str hint_not_after(struct slip *s)
{
    if (s->prev == TK_NOT && s->t->kind == TK_HAS)
        return S("\"not\" stands before the whole test: not labels has refund");
    if (s->prev == TK_NOT && s->t->kind == TK_COMPARE)
        return S("write != for \"is not\", or \"not\" before the whole test");
    if (s->t->kind != TK_NOT || (s->prev != TK_HAS && s->prev != TK_COMPARE && !spelled(&s->p->prev, "is")))
        return (struct str){NULL, 0};
    return s->prev == TK_HAS ? S("\"not\" stands before the whole test: not labels has refund")
                             : S("write != for \"is not\"");
}

static struct str hint_letters(struct slip *s)
{
    const char *word = meant_word(s->t);
    if (!word) word = meant_word(&s->p->prev);
    return word ? arena_printf(s->p->d->a, "the words of the language are in lower case: write %s", word)
                : (struct str){NULL, 0};
}

static struct str hint_is(struct slip *s)
{
    static const char *const equals[] = {"is", "equals", "equal", "eq"};
    for (size_t i = 0; s->operator_follows && i < 4; i++)
        if (spelled(s->t, equals[i])) return S("write == for \"is\", != for \"is not\"");
    return (struct str){NULL, 0};
}

static struct str hint_includes(struct slip *s)
{
    static const char *const like[] = {"includes", "include", "matches", "like", "containing", "with"};
    for (size_t i = 0; s->operator_follows && i < 6; i++)
        if (spelled(s->t, like[i])) return S("a set \"has\" a value, a text \"contains\" one");
    static const char *const start[] = {"startswith", "starts-with", "starts_with", "start", "begins"};
    for (size_t i = 0; s->operator_follows && i < 5; i++)
        if (spelled(s->t, start[i])) return S("write: starts with");
    static const char *const end[] = {"endswith", "ends-with", "ends_with", "end"};
    for (size_t i = 0; s->operator_follows && i < 4; i++)
        if (spelled(s->t, end[i])) return S("write: ends with");
    return (struct str){NULL, 0};
}

static struct str hint_bool_value(struct slip *s)
{
    if (s->prev != TK_COMPARE || (s->t->kind != TK_TRUE && s->t->kind != TK_FALSE))
        return (struct str){NULL, 0};
    return S("a yes-or-no field is tested by its name alone: write the name, or \"not\" and the name");
}

static struct str hint_list(struct slip *s)
{
    if (s->t->kind == TK_COMMA && s->before == TK_HAS) return S("for one of several write: has any (a, b)");
    if (s->t->kind == TK_COMMA && s->before == TK_COMPARE) return S("for one of several write: in (a, b)");
    if (!s->expected[TK_LP] || !is_value(s->t->kind)) return (struct str){NULL, 0};
    if (s->prev == TK_IN || s->prev == TK_ANY || s->prev == TK_ALL || s->prev == TK_NONE)
        return S("the list stands in parentheses: (a, b)");
    return (struct str){NULL, 0};
}

static struct str hint_word_as_value(struct slip *s)
{
    if (!s->expected[TK_LP] || (s->prev != TK_ANY && s->prev != TK_ALL && s->prev != TK_NONE))
        return (struct str){NULL, 0};
    struct str word = s->p->prev.s;
    return arena_printf(s->p->d->a, "for a value of that name write \"%.*s\" with the quotes", (int)word.len,
                        word.p);
}

/* After a complete test: two values in a row, or a test without "and". */
static struct str hint_two_values(struct slip *s)
{
    if (!s->expected[TK_AND] || !s->expected[TK_OR] || s->operator_follows) return (struct str){NULL, 0};
    if (!is_value(s->t->kind) && s->t->kind != TK_NOT && s->t->kind != TK_LP && s->t->kind != TK_DURING)
        return (struct str){NULL, 0};
    bool test_begins = !is_value(s->t->kind) || is_operator(lex_peek(&s->p->lx).kind);
    if (test_begins) return S("put \"and\" or \"or\" between two tests");
    struct str a = s->p->prev.s, b = s->t->s;
    if (!is_value(s->prev) || a.len + b.len > 100) return (struct str){NULL, 0};
    return arena_printf(s->p->d->a, "a value of several words stands between double quotes: \"%.*s %.*s\"",
                        (int)a.len, a.p, (int)b.len, b.p);
}

static struct str hint_value_first(struct slip *s)
{
    if (!s->condition_begins || s->t->kind != TK_NUMBER) return (struct str){NULL, 0};
    return S("a test begins with the attribute: order_total > 5");
}

static struct str hint_name_of_words(struct slip *s)
{
    if (!s->expected[TK_LBRACE] || !grammar_is_name(s->t->kind) || !is_value(s->prev))
        return (struct str){NULL, 0};
    struct str a = s->p->prev.s, b = s->t->s;
    if (a.len + b.len > 100 || s->p->first.kind == TK_HOURS) return (struct str){NULL, 0};
    return arena_printf(s->p->d->a, "a name of several words stands between double quotes: \"%.*s %.*s\"",
                        (int)a.len, a.p, (int)b.len, b.p);
}

static struct str hint_arrow(struct slip *s)
{
    if (!s->expected[TK_ARROW] || (s->t->kind != TK_SEP && s->t->kind != 0)) return (struct str){NULL, 0};
    return S("a promise is written: CONDITION => OUTCOME");
}

static struct str hint_range(struct slip *s)
{
    if (s->prev != TK_LITERAL || (s->t->kind != TK_TO && !spelled(s->t, "until")))
        return (struct str){NULL, 0};
    return S("a range of dates is written 12-24..12-26, hours 09:00-17:30");
}

/* "hours office on UTC" */
static struct str hint_zone(struct slip *s)
{
    bool zone = s->t->kind == TK_ON || s->t->kind == TK_OF || s->t->kind == TK_ODD || spelled(s->t, "at");
    if (s->p->first.kind != TK_HOURS || !s->expected[TK_IN] || !zone) return (struct str){NULL, 0};
    return S("a time zone is written: in Europe/Stockholm");
}

static struct str hint_field(struct slip *s)
{
    if (s->p->first.kind != TK_FIELD || s->t->kind != TK_COMMA || s->before != TK_IS)
        return (struct str){NULL, 0};
    return S("a list of values is written: is one of a, b");
}

/* "tue, wed 09:00-17:00" */
static struct str hint_days(struct slip *s)
{
    if (s->t->kind != TK_COMMA || s->prev != TK_DAYS) return (struct str){NULL, 0};
    return S("each day, or range of days such as tue-wed, is a statement of its own");
}

static struct str hint_nearest(struct slip *s)
{
    struct str candidates[WORD_COUNT];
    size_t count = 0;
    if (s->t->kind == TK_STRING || s->t->kind == TK_SEP || s->t->s.len == 0) return (struct str){NULL, 0};
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (s->expected[words[i].token] && !(s->condition_begins && words[i].use == WORD_CONDITION))
            candidates[count++] = str_from(words[i].spelling);
    struct str near = nearest(s->t->s, candidates, count);
    return near.p ? arena_printf(s->p->d->a, "did you mean \"%.*s\"?", (int)near.len, near.p) : near;
}

typedef struct str (*hint_of)(struct slip *s);
static const hint_of hints[] = {
    hint_line_ended,  hint_double_not,    hint_not_after, hint_letters,       hint_is,
    hint_includes,    hint_bool_value,    hint_list,      hint_word_as_value, hint_two_values,
    hint_value_first, hint_name_of_words, hint_range,     hint_arrow,         hint_field,
    hint_days,        hint_zone,          hint_nearest,
};

/* ---- the report ---- */

/* A value or name that only lacks its quotes. */
static bool report_unquoted(struct slip *s)
{
    const struct token *t = s->t;
    struct str text = quoted(s->p->d->a, t->s);
    if (!s->expected[TK_STRING] || s->expected[TK_LITERAL]) return false;
    if (t->kind == TK_LITERAL && wants_value(s) && is_number_spelling(t->s)) {
        diag(s->p->d, E0115, t->at, t->s);
        return true;
    }
    bool odd = t->kind == TK_LITERAL || t->kind == TK_ODD;
    bool number = t->kind == TK_NUMBER && !s->condition_begins;
    bool name = grammar_is_name(t->kind) && !s->expected[TK_NAME] && !s->expected[TK_SEP] &&
                !s->expected[TK_COMMA] && !s->expected[TK_LBRACE];
    bool word = t->use == WORD_CONDITION && s->expected[TK_NAME] && !s->condition_begins &&
                s->prev != TK_COMPARE && t->kind != TK_NOT && t->kind != TK_AND && t->kind != TK_OR &&
                t->kind != TK_IN && !s->expected[TK_SEP];
    if (!odd && !number && !name && !word) return false;
    struct diag *g = diag(s->p->d, word ? E0123 : E0116, t->at, text);
    if (t->s.len < 200) diag_hint(s->p->d, g, "write \"%.*s\"", (int)t->s.len, t->s.p);
    return true;
}

/* A day spelled otherwise, at the beginning of a statement of hours. */
static bool report_day(struct slip *s)
{
    static const char days[] = "montuewedthufrisatsun";
    const struct token *t = s->t;
    uint8_t from, to;
    if (!s->expected[TK_DAYS] || t->kind != TK_NAME || t->s.len < 3) return false;
    for (size_t i = 0; i < 21; i += 3)
        if (same_letters((struct str){t->s.p, 3}, (char[]){days[i], days[i + 1], days[i + 2], 0}))
            return !read_day_range(s->p->d, t->s, t->at, &from, &to);
    return false;
}

/* Other languages write ">=" so. In a promise it is ours. */
static bool report_arrow(struct slip *s)
{
    if (s->t->kind != TK_ARROW || s->p->mode == TK_MODE_PROMISE) return false;
    if (s->p->mode == TK_MODE_POLICY && s->p->first.kind == TK_PROMISE) return false;
    diag(s->p->d, E0109, s->t->at, S("\"=>\""), S("\">=\""));
    return true;
}

/* Whether nothing but the missing ")" can have been meant. */
static bool report_parenthesis(struct slip *s)
{
    const struct token *t = s->t;
    const struct lexer *lx = &s->p->lx;
    if (t->kind == TK_RP && t->op) {
        diag0(s->p->d, E0112, t->at);
        return true;
    }
    bool over = t->kind == 0 || t->kind == TK_SEP || t->kind == TK_LBRACE || t->kind == TK_ARROW ||
                (t->first_on_line && t->use != WORD_NONE && t->use != WORD_CONDITION);
    if (!over || !lx->paren_depth || !s->expected[TK_RP]) return false;
    uint32_t open = lx->paren_depth < NESTING_MAX ? lx->paren_depth : NESTING_MAX;
    struct diag *g = diag(s->p->d, E0111, lx->parens[open - 1], found(s->p, t));
    diag_related(g, t->at, S("missing here"));
    return true;
}

void syntax_error(struct parse *p, const struct token *t)
{
    struct slip s = {.p = p, .t = t, .prev = p->prev.kind, .before = p->before.kind};
    p->error = true;
    if (t->kind == TK_BAD) return;
    if (p->mode != TK_MODE_POLICY && p->d->error_count > p->errors_before) return; /* one message is enough */
    find_expected(&s);
    if (report_arrow(&s) || report_parenthesis(&s) || report_unquoted(&s) || report_day(&s)) return;
    struct diag *g = diag(p->d, E0101, t->at, expected(&s), found(p, t));
    for (size_t i = 0; i < sizeof hints / sizeof *hints && !g->hint.p; i++) g->hint = hints[i](&s);
}

void brace_missing(struct parse *p, const struct token *t)
{
    if (t->kind == TK_LBRACE)
        diag_hint(p->d,
                  diag(p->d, E0101, t->at, S("\"{\" at the end of the line above"), S("it on its own line")),
                  "the \"{\" stands on the line of the word it belongs to");
    else
        diag_hint(p->d, diag(p->d, E0101, t->at, S("\"{\""), found(p, t)),
                  "a block begins with \"{\" at the end of this line, and ends with \"}\"");
}

void block_unclosed(struct parse *p, const struct token *t)
{
    const struct open_block *b = &p->blocks[p->block_depth - 1];
    struct str before = t->kind == TK_RBRACE ? S("the \"}\" of the block around it") : found(p, t);
    diag_related(diag(p->d, E0113, b->brace.at, before), t->at, S("missing here"));
}
