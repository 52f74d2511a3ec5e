/*
 * Text as it is compared: UTF-8 checked, NFC for names, NFC(casefold(NFD(x))) for texts; without allocation
 * once there is room, and piece by piece, so that the result need not be kept.
 */
#ifndef SHUNT_RUNTIME_TEXT_H
#define SHUNT_RUNTIME_TEXT_H

#include "shunt.h"

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
