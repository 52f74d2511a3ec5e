/*
 * Where things stand in the sources: spans as lines and columns, written into the file's own bytes (most of a
 * table is SPAN: a section made first and copied was 4,000 page faults more of 100,000 rules).
 * Spans come by kind and index already. Lines and columns are worked out with a cursor that moves from one
 * place to the next, so that a policy on a single line of megabytes takes no longer than any other:
 * source_place() counts from the line's start each time, which took minutes there.
 */
#include "lower.h"

#include <string.h>

/* ---- as they come ---- */

enum { PIECE_FIRST = 16, PIECE_MAX = 4000 };

struct raw_piece {
    struct raw_piece *next;
    uint32_t count, cap;
    struct raw_span at[];
};

/* Each as long as all before it, so that few places take little room. */
static struct raw_piece *add_piece(struct arena *a, struct raw_spans *of)
{
    uint32_t cap = of->count < PIECE_FIRST ? PIECE_FIRST : of->count < PIECE_MAX ? of->count : PIECE_MAX;
    struct raw_piece *piece = arena_alloc(a, sizeof *piece + cap * sizeof *piece->at);
    piece->cap = cap;
    if (of->last)
        of->last->next = piece;
    else
        of->first = piece;
    return of->last = piece;
}

void lower_span(struct lowering *l, enum tf_span_kind kind, uint32_t index, struct span at)
{
    struct raw_spans *of = &l->spans[kind];
    struct raw_piece *piece = of->last;
    if (l->c->options.strip || !span_said(at)) return;
    if (!piece || piece->count == piece->cap) piece = add_piece(l->a, of);
    piece->at[piece->count++] = (struct raw_span){index, at};
    of->count++;
}

/* ---- places ---- */

enum { UNKNOWN = UINT32_MAX };

struct cursor {
    struct source *source; /* NULL: nowhere yet */
    uint32_t line;         /* index into its line_offs */
    uint32_t begin, next;  /* offsets of its first byte, and of the next line's */
    uint32_t plain_end;    /* what ends before it: see is_plain(); 0: nothing */
    uint32_t line_end; /* offset of the line's end, without its end-of-line bytes; UNKNOWN: see line_end() */
    uint32_t off, column; /* column of off, from 0 */
};

/* Code points in bytes of valid UTF-8: all bytes but those that continue one (10xxxxxx), eight at a time. */
static uint32_t count_points(const struct source *s, uint32_t from, uint32_t to)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const char *p = s->text.p;
    uint32_t points = to - from;
    if (s->ascii) return points;
    for (; to - from >= 8; from += 8) {
        uint64_t x;
        memcpy(&x, p + from, sizeof x);
        points -= (uint32_t)(((x >> 7 & ~(x >> 6) & ones) * ones) >> 56);
    }
    for (; from < to; from++) points -= ((unsigned char)p[from] & 0xc0) == 0x80;
    return points;
}

static uint32_t next_line_off(const struct source *s, uint32_t line)
{
    return line + 1 < s->line_count ? s->line_offs[line + 1] : (uint32_t)s->text.len + 1;
}

static bool is_in_line(const struct cursor *at, uint32_t off)
{
    return off >= at->begin && off < at->next;
}

static uint32_t find_line(const struct source *s, uint32_t off)
{
    uint32_t lo = 0, hi = s->line_count;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->line_offs[mid] <= off)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static void begin_line(struct cursor *at, struct source *source, uint32_t line)
{
    uint32_t begin = source->line_offs[line];
    uint32_t next = next_line_off(source, line), plain_end = source->ascii && source->lf ? next : 0;
    *at = (struct cursor){source, line, begin, next, plain_end, UNKNOWN, begin, 0};
}

/* The next place is most often on this line or the next. */
static void to_line(struct arena *a, struct cursor *at, struct source *source, uint32_t off)
{
    bool same = at->source == source;
    if (same && is_in_line(at, off)) return;
    if (!same) source_line(a, source, 1); /* finds its lines */
    if (same && at->line + 1 < source->line_count) begin_line(at, source, at->line + 1);
    if (!same || !is_in_line(at, off)) begin_line(at, source, find_line(source, off));
}

static uint32_t line_end(struct arena *a, struct cursor *at)
{
    if (at->line_end == UNKNOWN)
        at->line_end = at->begin + (uint32_t)source_line(a, at->source, at->line + 1).len;
    return at->line_end;
}

/* As source_place(), whose answers are the same. */
static struct place place_at(struct arena *a, struct cursor *at, struct source *source, struct span span)
{
    uint32_t off = span.off < source->text.len ? span.off : (uint32_t)source->text.len;
    to_line(a, at, source, off);
    uint32_t last = line_end(a, at);
    if (off > last) off = last;
    if (off >= at->off)
        at->column += count_points(source, at->off, off);
    else
        at->column -= count_points(source, off, at->off);
    at->off = off;
    uint32_t end = span.len < last - off ? off + span.len : last;
    uint32_t length = count_points(source, off, end);
    return (struct place){at->line + 1, at->column + 1, length ? length : 1};
}

/* ---- the section ---- */

/* Every place that ends with its line, of the line that the cursor is on, in most sources: a letter is a
 * byte, and the line ends one before the next begins. So the text, no longer in the cache, is not looked at.
 */
static bool is_plain(const struct cursor *at, struct span span)
{
    return span.off >= at->begin && (uint64_t)span.off + span.len < at->plain_end;
}

/* Spans have a length: lower_span() takes no other. */
static struct tf_span *write_piece(struct lowering *l, enum tf_span_kind kind, const struct raw_piece *piece,
                                   struct cursor *at, struct tf_span *to)
{
    struct source *sources = l->c->sources.list.at;
    for (const struct raw_span *raw = piece->at; raw < piece->at + piece->count; raw++) {
        struct source *source = &sources[raw->at.file];
        struct place place = {at->line + 1, raw->at.off - at->begin + 1, raw->at.len};
        if (source != at->source || !is_plain(at, raw->at)) place = place_at(l->c->a, at, source, raw->at);
        *to++ = (struct tf_span){
            .kind = to_le32(kind),
            .index = to_le32(raw->index),
            .file = to_le32(raw->at.file),
            .line = to_le32(place.line),
            .column = to_le32(place.column),
            .length = to_le32(place.length),
        };
    }
    return to;
}

static struct tf_span *write_spans(struct lowering *l, enum tf_span_kind kind, struct tf_span *to)
{
    struct cursor at = {.source = NULL};
    for (const struct raw_piece *piece = l->spans[kind].first; piece; piece = piece->next)
        to = write_piece(l, kind, piece, &at, to);
    return to;
}

uint32_t lower_span_count(const struct lowering *l)
{
    uint32_t count = 0;
    for (unsigned kind = 0; kind < SPAN_KINDS; kind++) count += l->spans[kind].count;
    return count;
}

void lower_write_spans(struct lowering *l, struct tf_span *to)
{
    for (unsigned kind = 0; kind < SPAN_KINDS; kind++) to = write_spans(l, kind, to);
}
