/* Two texts to a unified diff. */
#ifndef SHUNT_CLI_TEXTDIFF_H
#define SHUNT_CLI_TEXTDIFF_H

#include "out.h"

/* Writes nothing where they are the same. The shortest edit script (E. W. Myers, "An O(ND) Difference
 * Algorithm", 1986) while it has at most a few thousand lines; past that the whole middle is shown as
 * replaced. false: no memory. */
bool out_diff(struct out *o, const char *name, struct str before, struct str after);

#endif
