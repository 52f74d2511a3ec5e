/* What `match` answers for a ticket, as JSON (commands.md 6). */
#ifndef SHUNT_CLI_ANSWER_H
#define SHUNT_CLI_ANSWER_H

#include "event_in.h"

/* What an answer says of its rule, as it was said before: of the last rule that has the place. */
enum { ANSWER_MEMO_COUNT = 1024, ANSWER_MEMO_LEN = 120 };
struct answer_memo {
    uint32_t rule_plus_1; /* 0: none yet */
    uint32_t len;
    char text[ANSWER_MEMO_LEN];
};

/* One line. id: as it came. unknown: what the ticket's warnings are about. memo: of the table's answers,
 * ANSWER_MEMO_COUNT zeroed at first, of one thread; or NULL. */
void out_answer(struct out *o, const struct shunt_table *table, struct json_text id,
                const struct shunt_decision *decision, const struct unknown_value *unknown,
                size_t unknown_count, struct answer_memo *memo);

#endif
