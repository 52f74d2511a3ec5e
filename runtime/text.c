/*
 * UTF-8 text to the normal forms in which names and texts are compared: NFC(x), and NFC(casefold(NFD(x))).
 *
 * A text is cut into pieces: an ASCII character begins a piece unless what follows it is not ASCII. Nothing
 * in Unicode composes an ASCII character with what stands before it, and it is a starter, so the pieces'
 * normal forms stand beside each other as the whole's would. ASCII pieces need no code points at all; the
 * others are decoded, taken apart, put in canonical order, composed, and written out again.
 *
 * utf8proc gives the data and the composition. Its own ordering of combining marks is quadratic in a run of
 * them (100 kB: seconds), so that is done here, in linear time; and its one call with CASEFOLD and COMPOSE is
 * not the form that the contract names, so there are three passes.
 */
#include "text.h"

#include <string.h>
#include <utf8proc.h>

#include "table.h"

/* ---- UTF-8 ---- */

/* Bytes of the ASCII run at p. Eight at a time: 100 kB in 10 us. */
static size_t ascii_run(const char *p, size_t len)
{
    size_t i = 0;
    for (; len - i >= 8; i += 8) {
        if (sh_eight_bytes(p + i) & UINT64_C(0x8080808080808080)) break;
    }
    while (i < len && (unsigned char)p[i] < 0x80) i++;
    return i;
}

/* Bytes of the well-formed sequence that begins at p with a byte from 0x80 on; 0: none (Unicode table 3-7).
 */
static size_t sequence_len(const unsigned char *p, size_t len)
{
    unsigned lead = p[0], low = 0x80, high = 0xbf;
    size_t need = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (need == 0 || need > len) return 0;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    if (p[1] < low || p[1] > high) return 0;
    for (size_t i = 2; i < need; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0;
    }
    return need;
}

static int32_t decode(const unsigned char *p, size_t *len)
{
    unsigned lead = p[0];
    if (lead < 0x80) {
        *len = 1;
        return (int32_t)lead;
    }
    *len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t cp = lead & (0x7fu >> *len);
    for (size_t i = 1; i < *len; i++) cp = cp << 6 | (p[i] & 0x3fu);
    return (int32_t)cp;
}

static size_t encode(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t len = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, cp >>= 6) out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)(0xf00u >> len | cp);
    return len;
}

/* The piece that begins at text[at] with (or just before) something that is not ASCII: to the next ASCII. */
static size_t piece_end(const char *text, size_t len, size_t at)
{
    at++;
    while (at < len && (unsigned char)text[at] >= 0x80) at++;
    return at;
}

struct sh_shape sh_text_shape(const char *text, size_t len)
{
    if (sh_is_plain_name(text, len))
        return (struct sh_shape){.valid = true, .ascii = true, .below_300 = true};
    struct sh_shape s = {
        .valid = true, .has_nul = len > 0 && memchr(text, 0, len), .ascii = true, .below_300 = true};
    size_t run_from = 0; /* where the bytes that are not ASCII began */
    for (size_t i = ascii_run(text, len); i < len;) {
        if (s.ascii || (unsigned char)text[i - 1] < 0x80) run_from = i;
        s.ascii = false;
        size_t n = sequence_len((const unsigned char *)text + i, len - i);
        if (n == 0) {
            s.valid = false;
            return s;
        }
        if ((unsigned char)text[i] >= 0xcc) s.below_300 = false;
        i += n;
        if (i - run_from >= s.longest_len) s.longest_len = i - run_from + 1; /* with the ASCII before it */
        i += ascii_run(text + i, len - i);
    }
    return s;
}

/* ---- room ---- */

/* Code points that a piece of that many bytes can come to on the way: two for each byte at the most (U+0390
 * is two bytes and three code points in NFD; that no code point needs more, the tests show for all of them).
 */
static size_t room_for(size_t piece_len)
{
    return 2 * piece_len + 8;
}

bool sh_room_reserve(struct sh_room *room, const struct shunt_hooks *hooks, size_t piece_len)
{
    if (piece_len > SIZE_MAX / 64) return false;
    size_t cap = room_for(piece_len);
    if (cap <= room->cap) return true;
    if (cap < 2 * room->cap) cap = 2 * room->cap;
    int32_t *cps = sh_alloc(hooks, 2 * cap * sizeof *cps);
    if (!cps) return false;
    sh_room_release(room, hooks);
    *room = (struct sh_room){cps, cap};
    return true;
}

void sh_room_release(struct sh_room *room, const struct shunt_hooks *hooks)
{
    sh_free(hooks, room->cps, 2 * room->cap * sizeof *room->cps);
    *room = (struct sh_room){NULL, 0};
}

/* ---- canonical order ---- */

static unsigned combining_class(int32_t cp)
{
    return cp < 0x300 ? 0 : (unsigned)utf8proc_get_property(cp)->combining_class;
}

/* A stable insertion sort, for the runs that people write. */
static void sort_short(int32_t *cps, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int32_t cp = cps[i];
        unsigned class = combining_class(cp);
        size_t j = i;
        for (; j > 0 && combining_class(cps[j - 1]) > class; j--) cps[j] = cps[j - 1];
        cps[j] = cp;
    }
}

/* A stable counting sort over the 256 classes, for runs that only an attacker writes. tmp: room for count. */
static void sort_long(int32_t *cps, size_t count, int32_t *tmp)
{
    size_t place[257] = {0};
    for (size_t i = 0; i < count; i++) place[combining_class(cps[i]) + 1]++;
    for (size_t class = 1; class < 257; class ++) place[class] += place[class - 1];
    for (size_t i = 0; i < count; i++) tmp[place[combining_class(cps[i])]++] = cps[i];
    memcpy(cps, tmp, count * sizeof *cps);
}

static void order_marks(int32_t *cps, size_t count, int32_t *tmp)
{
    for (size_t i = 0; i < count;) {
        if (combining_class(cps[i]) == 0) {
            i++;
            continue;
        }
        size_t from = i;
        while (i < count && combining_class(cps[i]) != 0) i++;
        if (i - from <= 16)
            sort_short(cps + from, i - from);
        else
            sort_long(cps + from, i - from, tmp);
    }
}

/* ---- the passes ---- */

/* in to out, each code point replaced by its canonical decomposition, or its full case folding. */
static size_t map_each(utf8proc_option_t how, const int32_t *in, size_t count, int32_t *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        int boundary = 0;
        utf8proc_ssize_t made =
            utf8proc_decompose_char(in[i], out + n, (utf8proc_ssize_t)(cap - n), how, &boundary);
        if (made < 0 || (size_t)made > cap - n) break; /* cannot be: the text is valid and there is room */
        n += (size_t)made;
    }
    return n;
}

/* The piece's normal form, as code points in one of the room's two buffers. */
static const int32_t *normal_piece(enum sh_form form, const struct sh_room *room, const char *piece,
                                   size_t len, size_t *count)
{
    int32_t *a = room->cps, *b = room->cps + room->cap;
    size_t n = 0, used;
    for (size_t i = 0; i < len; i += used) b[n++] = decode((const unsigned char *)piece + i, &used);
    n = map_each(UTF8PROC_DECOMPOSE, b, n, a, room->cap);
    if (form == SH_FOLD) {
        order_marks(a, n,
                    b); /* before folding: U+0345 folds to a letter, and would hold back marks after it */
        n = map_each(UTF8PROC_CASEFOLD, a, n, b, room->cap);
        n = map_each(UTF8PROC_DECOMPOSE, b, n, a, room->cap);
    }
    order_marks(a, n, b);
    utf8proc_ssize_t composed =
        utf8proc_normalize_utf32(a, (utf8proc_ssize_t)n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    *count = composed < 0 ? 0 : (size_t)composed;
    return a;
}

static void sink_piece(enum sh_form form, const struct sh_room *room, const char *piece, size_t len,
                       sh_sink *sink, void *ctx)
{
    char out[256];
    size_t out_len = 0, count;
    const int32_t *cps = normal_piece(form, room, piece, len, &count);
    for (size_t i = 0; i < count; i++) {
        out_len += encode((uint32_t)cps[i], out + out_len);
        if (out_len > sizeof out - 4) sink(ctx, out, out_len), out_len = 0;
    }
    if (out_len > 0) sink(ctx, out, out_len);
}

static void sink_ascii(enum sh_form form, const char *text, size_t len, sh_sink *sink, void *ctx)
{
    if (form == SH_NFC) {
        if (len > 0) sink(ctx, text, len);
        return;
    }
    char lower[512];
    while (len > 0) {
        size_t n = len < sizeof lower ? len : sizeof lower;
        for (size_t i = 0; i < n; i++) {
            unsigned char c = (unsigned char)text[i];
            lower[i] = (char)(c + ((unsigned)(c - 'A') < 26u) * 32u);
        }
        sink(ctx, lower, n);
        text += n, len -= n;
    }
}

void sh_normalise(enum sh_form form, const struct sh_room *room, const char *text, size_t len, sh_sink *sink,
                  void *ctx)
{
    for (size_t i = 0; i < len;) {
        size_t plain = ascii_run(text + i, len - i);
        if (i + plain < len && plain > 0) plain--; /* the last one may compose with what follows */
        sink_ascii(form, text + i, plain, sink, ctx);
        i += plain;
        if (i == len) break;
        size_t end = piece_end(text, len, i);
        sink_piece(form, room, text + i, end - i, sink, ctx);
        i = end;
    }
}

/* ---- the public functions ---- */

/* A string that grows by the caller's hooks; at NULL after memory ran out. */
struct grown {
    struct shunt_hooks hooks;
    char *at;
    size_t len, cap;
};

static void grown_add(void *ctx, const char *bytes, size_t len)
{
    struct grown *g = ctx;
    if (!g->at) return;
    if (len >= g->cap - g->len) {
        size_t cap = 2 * g->cap + len;
        char *at = sh_resize(&g->hooks, g->at, g->cap, cap);
        if (!at) {
            sh_free(&g->hooks, g->at, g->cap);
            g->at = NULL;
            return;
        }
        g->at = at, g->cap = cap;
    }
    memcpy(g->at + g->len, bytes, len);
    g->len += len;
}

/* Shrinks to what it holds and a NUL. */
static bool grown_finish(struct grown *g)
{
    if (!g->at) return false;
    g->at[g->len] = 0;
    char *at = sh_resize(&g->hooks, g->at, g->cap, g->len + 1);
    if (!at) sh_free(&g->hooks, g->at, g->cap);
    g->at = at;
    return at != NULL;
}

static enum shunt_status normal_form(enum sh_form form, const char *text, size_t len,
                                     const struct shunt_hooks *given, char **out, size_t *out_len)
{
    struct sh_shape shape = sh_text_shape(text, len);
    if (!shape.valid) return SHUNT_BAD_TEXT;
    struct sh_room room = {NULL, 0};
    struct grown g = {.hooks = sh_hooks(given), .cap = len + 16};
    if (len > SIZE_MAX / 64 || !sh_room_reserve(&room, &g.hooks, shape.longest_len)) return SHUNT_NO_MEMORY;
    g.at = sh_alloc(&g.hooks, g.cap);
    if (g.at) sh_normalise(form, &room, text, len, grown_add, &g);
    sh_room_release(&room, &g.hooks);
    if (!grown_finish(&g)) return SHUNT_NO_MEMORY;
    *out = g.at, *out_len = g.len;
    return SHUNT_OK;
}

enum shunt_status shunt_text_nfc(const char *text, size_t len, const struct shunt_hooks *hooks, char **out,
                                 size_t *out_len)
{
    return normal_form(SH_NFC, text, len, hooks, out, out_len);
}

enum shunt_status shunt_text_fold(const char *text, size_t len, const struct shunt_hooks *hooks, char **out,
                                  size_t *out_len)
{
    return normal_form(SH_FOLD, text, len, hooks, out, out_len);
}
