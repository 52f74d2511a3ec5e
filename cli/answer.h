/* What `match` answers for a ticket, as JSON (commands.md 6). */
#ifndef SHUNT_CLI_ANSWER_H
#define SHUNT_CLI_ANSWER_H

#include "event_in.h"

/* One line. id: as it came. unknown: what the ticket's warnings are about. */
void out_answer(struct out *o, const struct shunt_table *table, struct json_text id,
                const struct shunt_decision *decision, const struct unknown_value *unknown,
                size_t unknown_count);

#endif
