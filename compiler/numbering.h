/*
 * Names as numbers: each spelling has one, from where conditions are read on.
 *
 * A large policy says the same ten thousand names half a million times. Each use is looked up once, here, in
 * a table that lies close together; what a name stands for is then kept by its number (resolve_plain.c).
 */
#ifndef SHUNT_COMPILER_NUMBERING_H
#define SHUNT_COMPILER_NUMBERING_H

#include "base.h"

struct numbering;

struct numbering *numbering_new(struct arena *a);
/* Where what is made with these numbers lives. */
struct arena *numbering_arena(const struct numbering *n);
uint32_t numbering_count(const struct numbering *n);
/* Its own copy of the name with that number. */
struct str numbering_name(const struct numbering *n, uint32_t number);
/* Ends its table: there are no more names to come. */
void numbering_close(struct numbering *n);

/* A name on its way to its number. Of several, those not known by their keys are hashed first and looked up
 * then, so that memory is waited for once and not for each. */
struct numbered {
    struct str s;
    uint64_t key;  /* its bytes as one number, where it is as short as that; else 0 */
    uint32_t hash; /* 0: number is known */
    uint32_t number;
    struct name_words text; /* as it stands in its place of the table, where it is short; else it says so */
};
void number_begin(struct numbering *n, struct numbered *name);
uint32_t number_end(struct numbering *n, struct numbered *name);

#endif
