/*
 * Properties of teams, agents and hours, as two policies are compared by them: put in words that are equal
 * where it is the same. Inside diff_changed.c, diff_lists.c and
 * diff_hours.c.
 */
#ifndef SHUNT_CLI_DIFF_CHANGED_H
#define SHUNT_CLI_DIFF_CHANGED_H

#include "diff_out.h"

/* Between the items of a list while they are compared: in no name (language.md 1.3). Shown as a comma. */
enum { BETWEEN = '\x1f' };

/* A thing's property in words; nothing where it does not have it. */
typedef void say_property(struct dump *d, uint32_t index, struct out *o);
struct property {
    const char *key;
    say_property *say;
};
/* What it says, by way of `o`; in the arena of d's words. */
struct str diff_say(say_property *say, struct dump *d, uint32_t index, struct out *o);

/* Days that come with commas between them, as a list. */
void diff_say_days(struct out *o, struct str days);

/* diff_lists.c: "no longer A, B; now also C; 212 as before", of long lists that have much in common. false,
 * and nothing is told, where both are better told whole. ordered: it counts which comes first; else they come
 * sorted. */
bool diff_tell_items(struct arena *a, struct out *o, bool ordered, struct str before, struct str after);

/* diff_hours.c */
enum { HOURS_PROPERTIES = 8 };
extern const struct property hours_properties[HOURS_PROPERTIES];
/* What goes without saying where the one that it is part of differs; NULL: nothing. */
say_property *diff_part_of(say_property *say);
/* Whether a property of hours is made of lists that say the same in both tables. false: that is not known. */
bool diff_lists_alike(struct diff_run *r, say_property *say, const uint32_t index[2]);

#endif
