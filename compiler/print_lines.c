/*
 * Lines of the DSL's canonical layout, and the comments between and behind them.
 *
 * A dry run of the printer collects anchors: where in the source each line's things stand. A comment on a
 * line of its own goes before the line of the next anchor, one behind something to the line of the last
 * anchor before it. So none is lost, whatever the order in which things are printed. A line has room for one
 * comment behind it: of several the last stays there and the others go before it. Printing what was printed
 * so places each the same again.
 */
#include "print_dsl.h"

#include <stdlib.h>

/* ---- placing ---- */

static int anchor_cmp(const void *x, const void *y)
{
    const struct anchor *a = x, *b = y;
    if (a->off != b->off) return a->off < b->off ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

static int placed_cmp(const void *x, const void *y)
{
    const struct placed_comment *a = x, *b = y;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    return a->comment < b->comment ? -1 : a->comment > b->comment;
}

/* The first anchor at or after `off`, in sorted anchors. */
static uint32_t anchor_after(const struct layout *pr, uint32_t off)
{
    uint32_t lo = 0, hi = pr->anchors.count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (pr->anchors.at[mid].off < off)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* In YAML a comment can stand behind what has no line in the DSL (`agents:  # all`): it goes before the next.
 */
static struct placed_comment place_comment(const struct layout *pr, const struct comment *c,
                                           uint32_t line_count)
{
    uint32_t next = anchor_after(pr, c->off);
    const struct anchor *last = next > 0 ? &pr->anchors.at[next - 1] : NULL;
    bool behind = last && !c->own_line && last->off >= c->line_off;
    if (behind || (last && c->inside)) return (struct placed_comment){last->line, behind, c};
    return (struct placed_comment){next < pr->anchors.count ? pr->anchors.at[next].line : line_count, false,
                                   c};
}

/* Gives the dry run's anchors to the comments. Those behind everything belong to the line after the last. */
static void place_comments(struct layout *pr, uint32_t line_count)
{
    if (pr->anchors.count) qsort(pr->anchors.at, pr->anchors.count, sizeof *pr->anchors.at, anchor_cmp);
    for (uint32_t i = 0; i < pr->f->comments.count; i++)
        *vec_push(pr->a, &pr->placed) = place_comment(pr, &pr->f->comments.at[i], line_count);
    qsort(pr->placed.at, pr->placed.count, sizeof *pr->placed.at, placed_cmp);
}

struct str print_with_comments(struct arena *a, const struct file_ast *f, void (*body)(struct layout *pr))
{
    struct layout dry = {.a = a, .f = f, .dry = true}, pr = {.a = a, .f = f};
    if (f->comments.count) {
        buf_init(&dry.b, a);
        body(&dry);
        place_comments(&dry, dry.line);
        pr.placed.at = dry.placed.at;
        pr.placed.count = dry.placed.count;
    }
    buf_init(&pr.b, a);
    body(&pr);
    line_begin(&pr, UINT32_MAX); /* what comments are left */
    if (pr.b.len > 1 && pr.b.p[pr.b.len - 1] == '\n' && pr.b.p[pr.b.len - 2] == '\n') pr.b.len--;
    return buf_done(&pr.b);
}

/* ---- lines ---- */

static bool at_block_start(const struct layout *pr)
{
    return pr->b.len == (pr->depth ? pr->blocks[pr->depth - 1].body_at : 0);
}

void blank_line(struct layout *pr)
{
    bool blank = pr->b.len >= 2 && pr->b.p[pr->b.len - 1] == '\n' && pr->b.p[pr->b.len - 2] == '\n';
    if (!blank && !at_block_start(pr)) buf_putc(&pr->b, '\n');
}

static void indent(struct layout *pr)
{
    pr->line_at = pr->b.len;
    for (uint32_t i = 0; i < pr->depth; i++) buf_puts(&pr->b, "    ");
}

/* Whether the comment at index i of `placed` stays behind its line: the last of those that stood behind. */
static bool stays_behind(const struct layout *pr, uint32_t i)
{
    const struct placed_comment *c = &pr->placed.at[i];
    if (!c->behind) return false;
    for (uint32_t k = i + 1; k < pr->placed.count && pr->placed.at[k].line == c->line; k++)
        if (pr->placed.at[k].behind) return false;
    return true;
}

static void comment_line(struct layout *pr, const struct comment *c)
{
    indent(pr);
    buf_str(&pr->b, c->text);
    buf_putc(&pr->b, '\n');
    if (pr->depth) pr->blocks[pr->depth - 1].comments = true;
}

/* Prints the comments that go before line `line`; keeps the one that stays behind it for line_end(). */
static void comments_before(struct layout *pr, uint32_t line)
{
    uint32_t i = pr->next_placed;
    struct placed_comment behind = {0};
    bool blank = false;
    for (; i < pr->placed.count && pr->placed.at[i].line == line; i++) {
        const struct comment *c = pr->placed.at[i].comment;
        if (stays_behind(pr, i)) {
            behind = pr->placed.at[i];
            continue;
        }
        if (blank || (c->own_line && c->blank_before)) blank_line(pr);
        comment_line(pr, c);
        blank = c->own_line && c->blank_after;
    }
    if (blank) blank_line(pr);
    pr->next_placed = i;
    if (!behind.comment) return;
    pr->placed.at[i - 1] = behind; /* the others are printed */
    pr->next_placed = i - 1;
}

void line_begin(struct layout *pr, uint32_t off)
{
    if (pr->dry)
        *vec_push(pr->a, &pr->anchors) = (struct anchor){off, pr->line};
    else
        comments_before(pr, pr->line);
    pr->line++;
    indent(pr);
}

void line_also(struct layout *pr, struct span said)
{
    if (pr->dry && span_said(said)) *vec_push(pr->a, &pr->anchors) = (struct anchor){said.off, pr->line - 1};
}

/* The comment that stays behind line `line`, if there is one. */
static bool comment_behind(struct layout *pr, uint32_t line)
{
    if (pr->next_placed >= pr->placed.count || pr->placed.at[pr->next_placed].line != line) return false;
    buf_puts(&pr->b, "  ");
    buf_str(&pr->b, pr->placed.at[pr->next_placed++].comment->text);
    return true;
}

void line_end(struct layout *pr)
{
    bool comment = comment_behind(pr, pr->line - 1);
    buf_putc(&pr->b, '\n');
    if (!pr->depth) return;
    pr->blocks[pr->depth - 1].lines++;
    pr->blocks[pr->depth - 1].comments |= comment;
}

/* ---- blocks ---- */

void block_begin(struct layout *pr)
{
    struct print_block block = {.head_at = pr->line_at};
    buf_puts(&pr->b, " {");
    block.comments = comment_behind(pr, pr->line - 1);
    buf_putc(&pr->b, '\n');
    block.body_at = pr->b.len;
    pr->blocks[pr->depth++] = block;
}

static bool holds(struct str s, char c)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] == c) return true;
    return false;
}

/* Draws "HEAD {", its one line and "}" together where they fit. true: done. */
static bool block_on_one_line(struct layout *pr, const struct print_block *block)
{
    size_t inner_at = block->body_at + 4 * (pr->depth + 1);
    if (block->comments || block->lines > 1) return false;
    struct str head = {pr->b.p + block->head_at, block->body_at - 1 - block->head_at};
    struct str inner = {NULL, 0};
    if (block->lines == 1) inner = (struct str){pr->b.p + inner_at, pr->b.len - 1 - inner_at};
    if (holds(head, '\n') || holds(inner, '\n') || holds(inner, '{')) return false;
    if (utf8_count(head) + utf8_count(inner) + 3 > LINE_WIDTH) return false;
    inner = arena_str(pr->a, inner);
    pr->b.len = block->body_at - 1;
    buf_putc(&pr->b, ' ');
    buf_str(&pr->b, inner);
    buf_puts(&pr->b, inner.len ? " }" : "}");
    return true;
}

void block_end(struct layout *pr, uint32_t off)
{
    struct print_block *block = &pr->blocks[pr->depth - 1];
    if (pr->dry)
        *vec_push(pr->a, &pr->anchors) = (struct anchor){off, pr->line};
    else
        comments_before(pr, pr->line);
    while (pr->b.len > block->body_at && pr->b.p[pr->b.len - 1] == '\n' && pr->b.p[pr->b.len - 2] == '\n')
        pr->b.len--;
    pr->line++;
    pr->depth--;
    if (!block_on_one_line(pr, block)) {
        indent(pr);
        buf_putc(&pr->b, '}');
    }
    line_end(pr);
}

/* ---- lists ---- */

void list_item(struct layout *pr, size_t from, bool first)
{
    struct buf *b = &pr->b;
    if (first) return;
    struct str line = {b->p + pr->line_at, b->len - pr->line_at};
    struct str item = arena_str(pr->a, (struct str){b->p + from, b->len - from});
    bool fits = utf8_count(line) + 3 <= LINE_WIDTH;
    b->len = from;
    buf_puts(b, fits ? ", " : ",\n");
    if (!fits) {
        indent(pr);
        buf_puts(b, "    ");
    }
    buf_str(b, item);
}
