/*
 * A saved desk with something of everything in it, under the second version of its policy, as named values:
 * the one that tests break in one place each.
 */
#ifndef SHUNT_TESTS_SAVED_DESK_H
#define SHUNT_TESTS_SAVED_DESK_H

#include "desk_values.h"
#include "../unit/desk_story.h"

struct desk {
    struct story story;
    struct saved_values items;
};

void desk_open(struct desk *d);
void desk_close(struct desk *d);
/* Of bytes that claim to be saved under its policy. */
enum shunt_status desk_load(const struct desk *d, const uint8_t *bytes, size_t len, struct shunt_desk **made,
                            const char **reason);

#endif
