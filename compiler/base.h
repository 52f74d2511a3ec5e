/*
 * What every part of the compiler stands on: strings, an arena, growable arrays, a map from strings.
 *
 * Everything the compiler allocates lives in one arena and dies with it; what one pass alone needs lives in a
 * part of that arena, which ends with the pass. arena_alloc() never returns NULL: where memory runs out,
 * control goes back to arena_try(), which answers false. So no code between them tests for NULL; what must be
 * released even then (a parser of libyaml's, say) is named to arena_defer().
 */
#ifndef SHUNT_COMPILER_BASE_H
#define SHUNT_COMPILER_BASE_H

#include "keyed_hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A string by pointer and length in bytes; not NUL-terminated unless a function says so. May hold NUL. */
struct str {
    const char *p;
    size_t len;
};

#define S(literal) ((struct str){(literal), sizeof(literal) - 1})

struct str str_from(const char *cstring);
static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || !memcmp(a.p, b.p, a.len));
}
/* Order of bytes, as memcmp; a prefix comes before what it begins. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);

/* ---- the arena ---- */

struct arena;

/* NULL where memory runs out. */
struct arena *arena_new(void);
/* The same, for another thread's part of the work: where `a` is large, it is from its beginning on. */
struct arena *arena_new_beside(struct arena *a);
/* Runs what was deferred, last first, then frees every block. NULL is allowed. */
void arena_free(struct arena *a);
/* Calls body(ctx); true when it returned, false when memory ran out within it. Does not nest. */
bool arena_try(struct arena *a, void (*body)(void *ctx), void *ctx);
/* Zeroed, aligned to 8 bytes; what is longer than 64 kB to 16. Never NULL; only to be called within arena_try(). */
void *arena_alloc(struct arena *a, size_t len);
/* The same, not zeroed: for what is written whole before it is read. */
void *arena_room(struct arena *a, size_t len);
#define arena_new_of(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define arena_array(a, T, count) ((T *)arena_items((a), sizeof(T), (count)))
/* So many items of a length; as if memory had run out where their bytes are more than a size can say. */
void *arena_items(struct arena *a, size_t item_len, uint64_t count);
/* As if memory had run out: for failures of other allocators. */
_Noreturn void arena_fail(struct arena *a);
/* A string of malloc's: copied, and freed, even where there is no memory for the copy. */
struct str arena_take(struct arena *a, char *string, size_t len);
/* release(object) is called by arena_free(); at once where there is no memory to note it, before control goes
 * back. */
void arena_defer(struct arena *a, void (*release)(void *object), void *object);
/* An arena within `a`, which ends with it, or earlier by arena_end(): what was made in it is gone then. */
struct arena *arena_part(struct arena *a);
void arena_end(struct arena *part);
/* The same, to begin anew with the memory at hand: for what one rule of many needs. */
void arena_clear(struct arena *part);
/* Ends what was made in it before `p`, as far as whole blocks go. */
void arena_drop_before(struct arena *part, const void *p);
/* What was given back, and what ended, goes to the system until it is needed again. */
void arena_trim(struct arena *a);
/* The memory of one arena_alloc() of `len`, which nobody looks at any more: for what is made next. Only what is
 * large is really given back: growing arrays leave it behind. */
void arena_give_back(struct arena *a, void *bytes, size_t len);

/* Copies; the copy is NUL-terminated behind its length. */
struct str arena_str(struct arena *a, struct str s);
/* printf into the arena; NUL-terminated. */
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- growable arrays: VEC(struct x) xs; *vec_push(a, &xs) = x; for (uint32_t i = 0; i < xs.count; i++) ---- */

#define VEC(T)                                                                                               \
    struct {                                                                                                 \
        T *at;                                                                                               \
        uint32_t count, cap;                                                                                 \
    }
void vec_grow_(struct arena *a, void *vec, size_t item_len, uint32_t more);
/* A pointer to a new zeroed item at the end; items move when the array grows, and the old ones are gone. */
#define vec_push(a, v)                                                                                       \
    ((v)->count == (v)->cap ? vec_grow_((a), (v), sizeof *(v)->at, 1) : (void)0,                             \
     memset(&(v)->at[(v)->count], 0, sizeof *(v)->at), &(v)->at[(v)->count++])
/* Room for `more` further items, which vec_push then takes without moving: not zeroed, so that what is not taken of
 * it is never touched. */
#define vec_reserve(a, v, more)                                                                              \
    ((v)->cap - (v)->count < (more) ? vec_grow_((a), (v), sizeof *(v)->at, (more)) : (void)0)

/* Room for just so many items in an empty array: vec_push() would take four at least, and a large policy has hundreds
 * of thousands of short lists. */
#define vec_room(a, v, n) ((v)->at = arena_room((a), sizeof *(v)->at * (n)), (v)->cap = (n))

/* ---- a growable byte buffer in the arena ---- */

struct buf {
    struct arena *a;
    char *p;
    size_t len, cap;
};
void buf_init(struct buf *b, struct arena *a);
void buf_reserve(struct buf *b, size_t more); /* room for `more` bytes at p + len, and one */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_str(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *cstring);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str buf_done(struct buf *b); /* the bytes so far, NUL-terminated behind their length */

/* ---- a map from strings to numbers ---- */

struct strmap {
    struct strmap_slot *slots;
    struct hash_key key;
    uint32_t count, cap; /* cap is 0 or a power of two */
};
/* The number kept under the key, or `absent`. */
uint32_t strmap_get(const struct strmap *m, struct str key, uint32_t absent);
/* Keeps value under key unless the key is there; returns what is there afterwards. The key is not copied. */
uint32_t strmap_put(struct arena *a, struct strmap *m, struct str key, uint32_t value);
/* Each value v becomes new_of[v]. */
void strmap_renumber(struct strmap *m, const uint32_t *new_of);
/* Room for so many keys in an empty map: one that grows to them is made anew ten times. */
void strmap_reserve(struct arena *a, struct strmap *m, uint32_t count);

/* ---- text ---- */

/* Decodes one code point at s[*i] and moves *i behind it. The bytes must be valid UTF-8. */
uint32_t utf8_next(struct str s, size_t *i);
/* Whether all of it is printable ASCII, tabs and line ends: true at once of most files. */
bool text_is_plain(struct str s);
/* The offset of the first byte that is not valid UTF-8 (overlong forms and surrogates included), or len. */
size_t utf8_bad(struct str s);
/* Code points in valid UTF-8. */
size_t utf8_count(struct str s);
/* Appends a code point as UTF-8. */
void buf_utf8(struct buf *b, uint32_t cp);
/* Damerau-Levenshtein distance (optimal string alignment) in code points, `limit` + 1 where it is more than
 * `limit`. Source: Boytsov, "Indexing methods for approximate dictionary searching", 2011. */
unsigned edit_distance(struct str a, struct str b, unsigned limit);
/* The candidate that differs by the case of ASCII letters alone, else the one nearest to name, within a third of its
 * length (at most 3; so none of fewer than three letters), the first on a tie; .p NULL where none is near. */
struct str nearest(struct str name, const struct str *candidates, size_t count);

#endif
