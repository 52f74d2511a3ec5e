/*
 * A file's tree in the one canonical layout of the DSL (language.md 3): four spaces, the order of the grammar
 * within blocks and of the file between them, an empty line between blocks of different kinds and around
 * rules.
 *
 * Requires a tree without errors. What is printed parses to the same tree, and prints the same again.
 */
#include "print_dsl.h"

#include <inttypes.h>

/* Declarations that stand together without an empty line between them. */
static int group_of(enum item_kind kind)
{
    switch (kind) {
    case ITEM_NAME:
    case ITEM_TIMEZONE:
    case ITEM_INCLUDE: return 0;
    case ITEM_CHANNELS:
    case ITEM_LABELS:
    case ITEM_SEGMENTS:
    case ITEM_FIELD: return 1;
    case ITEM_HOURS: return 2;
    case ITEM_AGENT: return 3;
    case ITEM_TEAM: return 4;
    case ITEM_RULE:
    case ITEM_RULE_BRIEF: return 5;
    case ITEM_OTHERWISE:
    case ITEM_PRESENCE:
    case ITEM_AUTO_ASSIGN:
    case ITEM_ASSIGN_ON_REPLY: return 6;
    case ITEM_PROMISE: break;
    }
    return 7;
}

static void print_texts(struct layout *pr, const struct item *item)
{
    buf_puts(&pr->b, "include ");
    for (uint32_t i = 0; i < item->u.include.count; i++) {
        size_t from = pr->b.len;
        print_string(&pr->b, item->u.include.at[i].s);
        list_item(pr, from, i == 0);
    }
}

static void print_segments(struct layout *pr, const struct item *item)
{
    buf_puts(&pr->b, item->u.segments.count ? "segments " : "segments none");
    for (uint32_t i = 0; i < item->u.segments.count; i++) {
        const struct labelled *s = &item->u.segments.at[i];
        size_t from = pr->b.len;
        print_name(&pr->b, s->name.s);
        if (s->description.s.p) buf_putc(&pr->b, ' '), print_string(&pr->b, s->description.s);
        list_item(pr, from, i == 0);
    }
}

static void print_field(struct layout *pr, const struct field_decl *field)
{
    buf_puts(&pr->b, "field ");
    print_name(&pr->b, field->name.s);
    buf_puts(&pr->b, field->type.s.p ? " is " : " is one of ");
    if (field->type.s.p)
        print_word(&pr->b, field->type.s);
    else
        print_names(pr, &field->listed, "none");
}

static void print_promise_line(struct layout *pr, const struct promise_decl *promise)
{
    struct buf *b = &pr->b;
    buf_puts(b, "promise ");
    size_t from = b->len;
    print_promise(b, promise);
    if (utf8_count((struct str){b->p + pr->line_at, b->len - pr->line_at}) <= LINE_WIDTH) return;
    b->len = from;
    print_expr_in(b, promise->when, LINE_WIDTH, LINE_WIDTH, "    ");
    buf_puts(b, " => ");
    print_outcomes(b, promise, " and\n    ");
}

/* The text of a declaration that is one line. */
static void print_line(struct layout *pr, const struct item *item)
{
    struct buf *b = &pr->b;
    switch (item->kind) {
    case ITEM_INCLUDE: print_texts(pr, item); break;
    case ITEM_TIMEZONE: buf_puts(b, "timezone "), print_zone(b, item->u.word.s); break;
    case ITEM_CHANNELS: buf_puts(b, "channels "), print_names(pr, &item->u.names, "none"); break;
    case ITEM_LABELS: buf_puts(b, "labels "), print_names(pr, &item->u.names, "none"); break;
    case ITEM_SEGMENTS: print_segments(pr, item); break;
    case ITEM_FIELD: print_field(pr, item->u.field); break;
    case ITEM_OTHERWISE: buf_puts(b, "otherwise to "), print_steps(pr, &item->u.otherwise); break;
    case ITEM_PRESENCE: buf_puts(b, "presence "), print_word(b, item->u.word.s); break;
    case ITEM_AUTO_ASSIGN: buf_puts(b, item->u.flag.on ? "auto_assign on" : "auto_assign off"); break;
    case ITEM_ASSIGN_ON_REPLY:
        buf_puts(b, item->u.flag.on ? "assign_on_reply on" : "assign_on_reply off");
        break;
    case ITEM_PROMISE: print_promise_line(pr, item->u.promise); break;
    default: break;
    }
}

static void print_item(struct layout *pr, const struct item *item)
{
    switch (item->kind) {
    case ITEM_HOURS: print_hours(pr, item); return;
    case ITEM_AGENT: print_agent(pr, item); return;
    case ITEM_TEAM: print_team(pr, item); return;
    case ITEM_RULE: print_rule(pr, item); return;
    default: break;
    }
    line_begin(pr, item->at.off);
    print_line(pr, item);
    line_end(pr);
}

/* "policy NAME version 1", or "version 1" where the file names no policy. A version that was not said is not
 * made up where it can be left out. */
static void print_first_line(struct layout *pr)
{
    const struct item *named = NULL;
    for (uint32_t i = 0; i < pr->f->items.count && !named; i++)
        if (pr->f->items.at[i].kind == ITEM_NAME) named = &pr->f->items.at[i];
    if (!named && !span_said(pr->f->version_at)) return;
    line_begin(pr, named ? named->at.off : pr->f->version_at.off);
    line_also(pr, pr->f->version_at);
    if (named) buf_puts(&pr->b, "policy "), print_name(&pr->b, named->u.word.s), buf_putc(&pr->b, ' ');
    buf_printf(&pr->b, "version %" PRId64, span_said(pr->f->version_at) ? pr->f->version : 1);
    line_end(pr);
}

static void print_file(struct layout *pr)
{
    int group = group_of(ITEM_NAME);
    print_first_line(pr);
    for (uint32_t i = 0; i < pr->f->items.count; i++) {
        const struct item *item = &pr->f->items.at[i];
        if (item->kind == ITEM_NAME) continue;
        if (group_of(item->kind) != group || item->kind == ITEM_RULE) blank_line(pr);
        group = group_of(item->kind);
        print_item(pr, item);
    }
}

struct str print_dsl(struct arena *a, const struct file_ast *f)
{
    return print_with_comments(a, f, print_file);
}
