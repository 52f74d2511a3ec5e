/*
 * Text as it is compared: UTF-8 checked, NFC for names, NFC(casefold(NFD(x))) for texts; without allocation
 * once there is room, and piece by piece, so that the result need not be kept.
 */
#ifndef SHUNT_RUNTIME_TEXT_H
#define SHUNT_RUNTIME_TEXT_H

#include "shunt.h"
#include "words.h"

enum sh_form { SH_NFC, SH_FOLD };

/* What a text is before it is normalised. */
struct sh_shape {
    bool valid; /* UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF */
    bool has_nul;
    bool ascii;         /* nothing else in it */
    bool below_300;     /* no code point from U+0300 on: it is its own NFC */
    size_t longest_len; /* bytes of the longest piece that must be normalised as a whole */
};
struct sh_shape sh_text_shape(const char *text, size_t len);

/* Not 0 where a byte is 0 or no ASCII: one from 0x80 on has that bit itself, and 0 borrows, which of all
 * others none does. */
static inline uint64_t sh_not_plain(uint64_t word)
{
    return ((word - UINT64_C(0x0101010101010101)) | word) & UINT64_C(0x8080808080808080);
}

/* Whether a name is of ASCII without NUL, as most are, and neither very short nor long: of a few words, the
 * last of which end with it. false: look closer. */
static inline bool sh_is_plain_name(const char *p, size_t len)
{
    if (len < 4 || len > 32) return false;
    if (len < 8) return !sh_not_plain(sh_four_bytes(p) | sh_four_bytes(p + len - 4) << 32);
    uint64_t odd = sh_not_plain(sh_eight_bytes(p)) | sh_not_plain(sh_eight_bytes(p + len - 8));
    if (len > 16) odd |= sh_not_plain(sh_eight_bytes(p + 8)) | sh_not_plain(sh_eight_bytes(p + len - 16));
    return !odd;
}

/* Room to work in: two buffers of code points. Zeroed: none yet. */
struct sh_room {
    int32_t *cps; /* 2 * cap */
    size_t cap;
};
/* Makes room for pieces of up to piece_len bytes; false: no memory, and the room is as before. */
bool sh_room_reserve(struct sh_room *room, const struct shunt_hooks *hooks, size_t piece_len);
void sh_room_release(struct sh_room *room, const struct shunt_hooks *hooks);

/* Takes the normal form in order, in pieces of at least one byte. */
typedef void sh_sink(void *ctx, const char *bytes, size_t len);
/* Gives text's normal form to the sink. The text is valid, and there is room for its longest piece. */
void sh_normalise(enum sh_form form, const struct sh_room *room, const char *text, size_t len, sh_sink *sink,
                  void *ctx);

#endif
