/*
 * Turns what libyaml stopped at into a sentence that says what happened and what to write. libyaml's own
 * words name its tokens; the place and the source around it tell more: a condition cut by a quote, a tab, a
 * comment inside a text. Assumes that libyaml's parser is in its error state. Always reports exactly one
 * diagnostic.
 */
#include "yaml_reader.h"

#include <string.h>

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}
static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool yaml_in_condition(const struct yaml_reader *r)
{
    if (!r->depth) return false;
    const struct yaml_frame *f = &r->frames[r->depth - 1];
    const struct yaml_node *key = f->key;
    if (f->node->kind == YAML_LIST) {
        key = r->depth > 1 ? f[-1].key : NULL;
        return key && str_eq(yaml_real(key)->u.text, S("promises"));
    }
    if (!key && r->stack.count >= f->first + 2) key = r->stack.at[r->stack.count - 2];
    return key && str_eq(yaml_real(key)->u.text, S("when"));
}

static struct diag *say(struct yaml_reader *r, enum diag_id id, uint32_t off)
{
    uint32_t len = off < r->t->text.len && !is_break(r->t->text.p[off]) ? 1 : 0;
    return diag0(r->d, id, yaml_at(r, off, len));
}

static void hint_quotes(struct yaml_reader *r, struct diag *g)
{
    diag_hint(r->d, g, "put the condition between single quotes: '…'");
}

/* From `off` on, the rest of the line is told of: where something stands in the wrong place. */
static uint32_t rest_of_line(struct str s, uint32_t off)
{
    uint32_t end = off;
    while (end < s.len && !is_break(s.p[end])) end++;
    while (end > off && is_blank(s.p[end - 1])) end--;
    return end - off;
}

/* ---- what went before ---- */

/* Whether a text, or one between quotes, ended right before `off`, on the same line. */
static bool behind_text(const struct yaml_reader *r, uint32_t off)
{
    if (!r->last_text || off < r->last_text_end) return false;
    for (uint32_t i = r->last_text_end; i < off; i++)
        if (!is_blank(r->t->text.p[i])) return false;
    return true;
}

static bool behind_quote(const struct yaml_reader *r, uint32_t off)
{
    const struct yaml_node *n = r->last_text;
    return n && (n->style == YAML_SINGLE || n->style == YAML_DOUBLE) && behind_text(r, off);
}

/* The last `when:` on the line before `off`: behind its colon. UINT32_MAX: there is none. */
static uint32_t when_on_line(struct str s, uint32_t off)
{
    for (uint32_t i = off, line = yaml_line_start(s, off); i-- > line;)
        if (s.len - i > 5 && !memcmp(s.p + i, "when:", 5)) return i + 5;
    return UINT32_MAX;
}

/* The same as behind_quote() and yaml_in_condition() where libyaml looked ahead of the nodes: `when: "…" ` up
 * to `off`. */
static bool quote_of_condition(const struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    uint32_t i = when_on_line(s, off);
    if (i == UINT32_MAX) return false;
    while (i < off && is_blank(s.p[i])) i++;
    char quote = i < off ? s.p[i++] : 0;
    if (quote != '"' && quote != '\'') return false;
    while (i < off && s.p[i] != quote) i++;
    for (i++; i < off && is_blank(s.p[i]);) i++;
    return i == off;
}

static bool behind_bracket(const struct yaml_reader *r, uint32_t off)
{
    uint32_t i = r->bracket_end;
    while (i && i < off && is_blank(r->t->text.p[i])) i++;
    return i && i == off;
}

/* Whether an alias of nothing, which was reported, ended right before `off`: "*labels has a". */
static bool behind_wrong_alias(const struct yaml_reader *r, uint32_t off)
{
    uint32_t i = r->wrong_alias_end;
    while (i && i < off && is_blank(r->t->text.p[i])) i++;
    return i && i == off;
}

/* Whether a plain text, then a comment, stand on the lines right above the one that holds `off`. */
static bool behind_comment(const struct yaml_reader *r, uint32_t off)
{
    const struct yaml_node *n = r->last_text;
    if (!n || n->style != YAML_PLAIN || !n->len || off < r->last_text_end) return false;
    bool comment = false;
    struct str s = r->t->text;
    for (uint32_t i = r->last_text_end; i < off && i < s.len; i++) {
        if (s.p[i] == '#') comment = true;
        if (s.p[i] == '#')
            while (i < off && !is_break(s.p[i])) i++;
        else if (!is_blank(s.p[i]) && !is_break(s.p[i]))
            return false;
    }
    return comment;
}

static void report_after_quote(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    bool condition = yaml_in_condition(r) || quote_of_condition(r, off);
    struct diag *g = diag0(r->d, condition ? E0522 : E0528, yaml_at(r, off, rest_of_line(s, off)));
    if (condition) hint_quotes(r, g);
    if (!behind_quote(r, off)) return;
    r->last_text->bad = true; /* what was read of it says nothing */
    diag_related(g, yaml_at(r, r->last_text->off, r->last_text->len),
                 S("this is where the quotes begin and end"));
}

static void report_after_comment(struct yaml_reader *r, uint32_t off)
{
    struct diag *g = diag0(r->d, E0532, yaml_at(r, off, rest_of_line(r->t->text, off)));
    if (yaml_in_condition(r))
        diag_hint(r->d, g, "move the comment above the key; inside quotes a # is part of the condition");
    r->last_text->bad = true;
}

/* ---- the kinds of error ---- */

/* Where the text of a condition that stands in {…} or […] begins, before `off`: as the nodes read so far
 * tell, or, where libyaml looked ahead of them, the last `when:` on the line. UINT32_MAX: there is none. */
static uint32_t flow_condition(const struct yaml_reader *r, uint32_t off)
{
    const struct yaml_frame *f = r->depth ? &r->frames[r->depth - 1] : NULL;
    struct str s = r->t->text;
    if (f && f->flow && yaml_in_condition(r) && r->last_text)
        return r->last_text == f->key ? r->last_text_end : r->last_text->off;
    return when_on_line(s, off);
}

/* In {…} or […]: where a comma or bracket ended a condition that is not quoted; UINT32_MAX: not so. */
static uint32_t flow_cut(const struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    uint32_t i = flow_condition(r, off);
    if (i == UINT32_MAX) return i;
    while (i < s.len && (s.p[i] == ':' || is_blank(s.p[i]))) i++;
    if (i < s.len && (s.p[i] == '"' || s.p[i] == '\'')) return UINT32_MAX;
    while (i < s.len && !is_break(s.p[i]) && !memchr(",[]{}", s.p[i], 5)) i++;
    return i <= off && i < s.len && !is_break(s.p[i]) ? i : UINT32_MAX;
}

static void report_flow_cut(struct yaml_reader *r, uint32_t off)
{
    if (r->last_text) r->last_text->bad = true;
    hint_quotes(r, say(r, E0523, off));
}

bool yaml_report_nameless(struct diags *d, struct span at, struct str section)
{
    static const struct {
        const char *section, *what, *name;
    } rows[] = {{"agents", "an agent", "anna"}, {"teams", "a team", "billing"}, {"hours", "hours", "office"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!str_eq(section, str_from(rows[i].section))) continue;
        diag_hint(d, diag(d, E0554, at, section, str_from(rows[i].what)),
                  "is the name missing above these? write it, such as %s:, and indent them deeper",
                  rows[i].name);
        return true;
    }
    return false;
}

/* Whether what comes before a line in the wrong column is a section that lost the line with its first name,
 * so that the keys below it set the column of the names; reported then. */
static bool report_lost_name(struct yaml_reader *r)
{
    const struct yaml_frame *f = r->depth == 1 ? &r->frames[0] : NULL;
    if (!f || f->node->kind != YAML_MAP || f->flow || r->stack.count < f->first + 2) return false;
    const struct yaml_node *key = yaml_real(r->stack.at[r->stack.count - 2]);
    struct yaml_node *map = r->stack.at[r->stack.count - 1];
    if (map->kind != YAML_MAP || map->style != YAML_BLOCK || map->bad) return false;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_node *value = yaml_real(map->u.map.pairs[i].value),
                               *first = map->u.map.pairs[0].key;
        if (value->kind == YAML_MAP || (value->kind == YAML_TEXT && !value->len)) continue;
        if (!yaml_report_nameless(r->d, yaml_at(r, first->off, first->len), key->u.text)) return false;
        return map->bad = true;
    }
    return false;
}

/* A line of a map that fits nothing: behind a quote, a comment, or in the wrong column. */
static void report_misplaced(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    if (behind_quote(r, off)) {
        report_after_quote(r, off);
    } else if (behind_bracket(r, off)) {
        diag0(r->d, E0536, yaml_at(r, off, rest_of_line(s, off)));
    } else if (behind_comment(r, off)) {
        report_after_comment(r, off);
    } else if (off < s.len && s.p[off] == ':') {
        diag_hint(r->d, say(r, E0513, off), "write a key before the colon");
    } else if (!report_lost_name(r)) {
        struct diag *g = diag0(r->d, E0530, yaml_at(r, off, rest_of_line(s, off)));
        const struct yaml_frame *f = r->depth ? &r->frames[r->depth - 1] : NULL;
        if (f && !f->flow && r->depth > 1)
            diag_related(g, yaml_at(r, f->node->off, 1),
                         f->node->kind == YAML_LIST ? S("the list above begins here")
                                                    : S("the map above begins here"));
    }
}

/* Whether the line that holds `off` is a "key:value", which YAML takes for a text; reported then. */
static bool report_glued_colon(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    uint32_t i = yaml_line_start(s, off);
    while (i < off && (is_blank(s.p[i]) || s.p[i] == '-')) i++;
    uint32_t from = i, len = rest_of_line(s, from);
    while (i < off && s.p[i] != ':' && !is_blank(s.p[i])) i++;
    if (i == from || i >= off || s.p[i] != ':' || is_blank(s.p[i + 1]) || is_break(s.p[i + 1])) return false;
    diag_hint(r->d, diag0(r->d, E0529, yaml_at(r, from, len)), "write a blank behind the colon");
    return true;
}

/* Whether the line above the one that holds `off` is a name alone that a colon should stand behind:
 * "office", with its keys deeper below it, where YAML takes them for one text; reported then. */
static bool report_bare_name(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    uint32_t line = yaml_line_start(s, off), i;
    if (!line) return false;
    i = yaml_line_start(s, line - (line > 1 && s.p[line - 1] == '\n' && s.p[line - 2] == '\r' ? 2 : 1));
    while (i < line && (is_blank(s.p[i]) || (s.p[i] == '-' && is_blank(s.p[i + 1])))) i++;
    struct str name = {s.p + i, rest_of_line(s, i)};
    if (!name.len || memchr("#\"'|>&*!", name.p[0], 9) || memchr(name.p, ':', name.len)) return false;
    if (r->last_text && r->last_text->off < i && r->last_text_end > i)
        return false; /* a text goes on there */
    struct diag *g = diag0(r->d, E0529, yaml_at(r, i, (uint32_t)name.len));
    diag_hint(r->d, g, "write %.*s:", (int)name.len, name.p);
    if (r->last_text && r->last_text->off == i) r->last_text->bad = true;
    return true;
}

/* "mapping values are not allowed": a second ": " on the line, or a line deeper than its key. */
static void report_colon(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    uint32_t line = yaml_line_start(s, off);
    bool second = false;
    for (uint32_t i = line; i + 1 < off; i++) second |= s.p[i] == ':' && is_blank(s.p[i + 1]);
    bool condition = yaml_in_condition(r);
    if (condition) {
        hint_quotes(r, say(r, E0521, off));
    } else if (second || behind_quote(r, off)) {
        diag_hint(r->d, say(r, E0527, off), "put the whole text between quotes");
    } else {
        if (line && (report_glued_colon(r, line - 1) || report_bare_name(r, off))) return;
        while (line < off && is_blank(s.p[line])) line++;
        struct diag *g = diag0(r->d, E0530, yaml_at(r, line, off - line));
        diag_hint(r->d, g,
                  "the line above has a value already: indent this one like it, or leave that value out");
    }
}

/* "could not find expected ':'": libyaml began to read a key. */
static void report_no_colon(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    if (behind_comment(r, off)) {
        report_after_comment(r, off);
        return;
    }
    struct diag *g = diag0(r->d, E0529, yaml_at(r, off, rest_of_line(s, off)));
    for (uint32_t i = off; i < s.len && !is_break(s.p[i]) && s.p[i] != ' '; i++)
        if (s.p[i] == ':') diag_hint(r->d, g, "write a blank behind the colon");
}

/* Whether the colon at `off` stands in a condition without quotes inside {…} or […]. */
static bool colon_in_flow_condition(const struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    uint32_t i = flow_condition(r, off);
    if (i == UINT32_MAX) return false;
    while (i < off && (s.p[i] == ':' || is_blank(s.p[i]))) i++;
    if (i == off || s.p[i] == '"' || s.p[i] == '\'') return false;
    while (i < off && !is_break(s.p[i]) && !memchr(",[]{}", s.p[i], 5)) i++;
    return i == off;
}

static void report_flow_colon(struct yaml_reader *r, uint32_t off)
{
    if (!colon_in_flow_condition(r, off)) {
        diag_hint(r->d, say(r, E0527, off), "put the whole text between quotes");
        return;
    }
    hint_quotes(r, say(r, E0521, off));
    if (r->last_text) r->last_text->bad = true;
}

static void report_flow(struct yaml_reader *r, uint32_t off, char closer)
{
    struct str s = r->t->text;
    uint32_t cut = flow_cut(r, off);
    if (behind_quote(r, off)) {
        report_after_quote(r, off);
    } else if (cut != UINT32_MAX) {
        report_flow_cut(r, cut);
    } else if (off < s.len && s.p[off] == ':' && behind_text(r, off)) {
        report_flow_colon(r, off);
    } else {
        struct diag *g = diag(r->d, E0524, yaml_at(r, off, off < s.len && !is_break(s.p[off])),
                              ((struct str){&closer, 1}));
        const struct yaml_frame *f = r->depth ? &r->frames[r->depth - 1] : NULL;
        if (f && f->flow) diag_related(g, yaml_at(r, f->node->off, 1), S("this bracket is still open"));
    }
}

/* A key with an open quote in it: `subject contains "Re` of a condition on a line of its own. */
static bool colon_in_quotes(const struct yaml_reader *r, uint32_t off)
{
    const struct yaml_frame *f = r->depth ? &r->frames[r->depth - 1] : NULL;
    if (!f || !f->key || f->flow || f->key->style != YAML_PLAIN || f->key->off + f->key->len > off)
        return false;
    bool open = false;
    for (size_t i = 0; i < f->key->u.text.len; i++) open ^= f->key->u.text.p[i] == '"';
    return open;
}

static void report_open_quote(struct yaml_reader *r, uint32_t off)
{
    if (flow_cut(r, off) != UINT32_MAX) {
        report_flow_cut(r, flow_cut(r, off));
    } else if (colon_in_quotes(r, off)) {
        const struct yaml_node *key = r->frames[r->depth - 1].key;
        hint_quotes(r, say(r, E0521, key->off + key->len));
    } else {
        say(r, E0517, off);
    }
}

static void report_start_of_text(struct yaml_reader *r, uint32_t off)
{
    struct str s = r->t->text;
    if (off >= s.len || s.p[off] == '\t')
        say(r, E0502, off);
    else
        diag(r->d, E0519, yaml_at(r, off, 1), ((struct str){s.p + off, 1}));
}

static void report_document(struct yaml_reader *r, uint32_t off)
{
    if (r->past_document || r->in_document) {
        if (r->t->end_off != UINT32_MAX && r->t->end_off < off)
            say(r, E0507, off);
        else
            report_misplaced(r, off);
    } else {
        diag_hint(r->d, say(r, E0514, off), "a line --- must stand between a directive and this");
    }
}

/* ---- libyaml's words ---- */

enum fault {
    FAULT_MISPLACED,
    FAULT_COLON,
    FAULT_NO_COLON,
    FAULT_LIST,
    FAULT_MAP,
    FAULT_START,
    FAULT_DOCUMENT,
    FAULT_QUOTE,
    FAULT_ESCAPE,
    FAULT_TAB,
    FAULT_LIST_HERE,
    FAULT_NODE,
    FAULT_COLON_FLOW,
    FAULT_DIRECTIVE,
    FAULT_ANCHOR,
    FAULT_TAG,
    FAULT_BLOCK_HEAD,
    FAULT_OTHER
};

/* What libyaml 0.2.5 says, by how it begins (or, for what it was at, by its context). */
static const struct {
    const char *problem, *context; /* NULL: any */
    enum fault fault;
} faults[] = {
    {"did not find expected key", NULL, FAULT_MISPLACED},
    {"did not find expected '-' indicator", NULL, FAULT_MISPLACED},
    {"mapping values are not allowed", NULL, FAULT_COLON},
    {"could not find expected ':'", NULL, FAULT_NO_COLON},
    {"did not find expected ',' or ']'", NULL, FAULT_LIST},
    {"did not find expected ',' or '}'", NULL, FAULT_MAP},
    {"found character that cannot start any token", NULL, FAULT_START},
    {"did not find expected <document start>", NULL, FAULT_DOCUMENT},
    {"found unexpected end of stream", "while scanning a quoted scalar", FAULT_QUOTE},
    {"found unexpected document indicator", NULL, FAULT_QUOTE},
    {NULL, "while parsing a quoted scalar", FAULT_ESCAPE},
    {"found a tab character", NULL, FAULT_TAB},
    {"block sequence entries are not allowed", NULL, FAULT_LIST_HERE},
    {"mapping keys are not allowed", NULL, FAULT_LIST_HERE},
    {"did not find expected node content", NULL, FAULT_NODE},
    {"found unexpected ':'", NULL, FAULT_COLON_FLOW},
    {NULL, "while scanning a directive", FAULT_DIRECTIVE},
    {NULL, "while scanning a %YAML directive", FAULT_DIRECTIVE},
    {NULL, "while scanning a %TAG directive", FAULT_DIRECTIVE},
    {"found duplicate %YAML directive", NULL, FAULT_DIRECTIVE},
    {"found duplicate %TAG directive", NULL, FAULT_DIRECTIVE},
    {"found incompatible YAML document", NULL, FAULT_DIRECTIVE},
    {"found undefined tag handle", NULL, FAULT_TAG},
    {NULL, "while scanning an anchor", FAULT_ANCHOR},
    {NULL, "while scanning an alias", FAULT_ANCHOR},
    {NULL, "while scanning a tag", FAULT_TAG},
    {NULL, "while parsing a tag", FAULT_TAG},
    {NULL, "while scanning a block scalar", FAULT_BLOCK_HEAD},
};

static bool begins(const char *words, const char *with)
{
    return !with || (words && !strncmp(words, with, strlen(with)));
}

static enum fault fault_of(const yaml_parser_t *p)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (begins(p->problem, faults[i].problem) && begins(p->context, faults[i].context))
            return faults[i].fault;
    return FAULT_OTHER;
}

static void report_words(struct yaml_reader *r, uint32_t off)
{
    diag(r->d, E0501, yaml_at(r, off, off < r->t->text.len),
         str_from(r->parser.problem ? r->parser.problem : "unknown"));
}

static void report_tag(struct yaml_reader *r, uint32_t from)
{
    struct str s = r->t->text;
    uint32_t end = from;
    while (end < s.len && !is_blank(s.p[end]) && !is_break(s.p[end])) end++;
    struct diag *g = diag(r->d, E0509, yaml_at(r, from, end - from), ((struct str){s.p + from, end - from}));
    if (yaml_in_condition(r) || when_on_line(s, from) != UINT32_MAX) yaml_hint_not(r, g, from);
}

void yaml_hint_not(struct yaml_reader *r, struct diag *g, uint32_t off)
{
    struct str s = r->t->text;
    while (off < s.len && (is_blank(s.p[off]) || s.p[off] == '!')) off++;
    uint32_t end = off;
    while (end < s.len && !is_blank(s.p[end]) && !is_break(s.p[end])) end++;
    diag_hint(r->d, g, "write not for the !: not %.*s …", (int)(end - off), s.p + off);
}

/* One row for each fault: a list of cases reads better whole than cut in two. */
static void report_fault(struct yaml_reader *r, enum fault fault, uint32_t at, uint32_t from)
{
    switch (fault) {
    case FAULT_MISPLACED: report_misplaced(r, at); break;
    case FAULT_COLON: report_colon(r, at); break;
    case FAULT_NO_COLON: report_no_colon(r, from); break;
    case FAULT_LIST: report_flow(r, at, ']'); break;
    case FAULT_MAP: report_flow(r, at, '}'); break;
    case FAULT_START: report_start_of_text(r, at); break;
    case FAULT_DOCUMENT: report_document(r, at); break;
    case FAULT_QUOTE: report_open_quote(r, from); break;
    case FAULT_ESCAPE: say(r, E0518, at); break;
    case FAULT_TAB: say(r, E0502, at); break;
    case FAULT_LIST_HERE: say(r, E0531, at); break;
    case FAULT_NODE: say(r, E0533, at); break;
    case FAULT_COLON_FLOW: diag_hint(r->d, say(r, E0527, at), "put the text between quotes"); break;
    case FAULT_DIRECTIVE: say(r, E0514, from); break;
    case FAULT_TAG: report_tag(r, from); break;
    case FAULT_ANCHOR: say(r, E0535, from); break;
    case FAULT_BLOCK_HEAD: say(r, E0534, from); break;
    case FAULT_OTHER: report_words(r, at); break;
    }
}

void yaml_report_error(struct yaml_reader *r)
{
    yaml_parser_t *p = &r->parser;
    if (p->error == YAML_READER_ERROR) {
        report_words(r, (uint32_t)(p->problem_offset < r->t->text.len ? p->problem_offset : r->t->text.len));
        return;
    }
    uint32_t at = yaml_mark_off(r, p->problem_mark.index);
    uint32_t from = p->context ? yaml_mark_off(r, p->context_mark.index) : at;
    uint32_t tab = yaml_indent_tab(r->t->text, at);
    if (tab == UINT32_MAX) tab = yaml_indent_tab(r->t->text, from);
    enum fault fault = fault_of(p);
    bool start =
        fault == FAULT_START || fault == FAULT_BLOCK_HEAD || fault == FAULT_ANCHOR || fault == FAULT_TAG;
    if (r->name_wrong || (r->last_text && r->last_text->bad)) return; /* reported, and this comes of it */
    if (behind_wrong_alias(r, at)) return;
    if (start && (behind_quote(r, from) || quote_of_condition(r, from))) {
        report_after_quote(r, from);
        return;
    }
    if (start && fault == FAULT_START && (behind_quote(r, at) || quote_of_condition(r, at))) {
        report_after_quote(r, at);
        return;
    }
    bool layout =
        fault == FAULT_MISPLACED || fault == FAULT_COLON || fault == FAULT_NO_COLON || fault == FAULT_START;
    if (tab != UINT32_MAX && layout)
        say(r, E0502, tab);
    else
        report_fault(r, fault, at, from);
}
