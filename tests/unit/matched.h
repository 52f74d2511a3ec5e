/*
 * An open table and a ticket for tests of matching: what a ticket carries and what is decided of it, as one
 * line each.
 */
#ifndef SHUNT_TESTS_MATCHED_H
#define SHUNT_TESTS_MATCHED_H

#include "../../runtime/shunt.h"
#include "failing.h"

struct matched {
    uint8_t *bytes;
    const struct shunt_table *t;
    struct shunt_ticket *k, *room; /* said; to match one of a batch in */
    struct shunt_batch *batch;
    struct failing *memory; /* the table's and the ticket's: given back when both are */
    struct matched *wide;   /* the same table with second hashes; NULL: it has them itself, or is it */
};

/* The table written by hand (image.h); a policy in YAML. Either fails the test where it does not open. */
struct matched matched_sample(void);
struct matched matched_policy(const char *yaml);
void matched_close(struct matched *d);
/* "labels=refund labels=x channel=email total=4 gold=true subject=ab at=3600": words without spaces. Threads
 * may do so at the same time (Check's assertions, which may not, are called only where the words are wrong).
 */
void matched_say(struct matched *d, const char *ticket);
/* "RULE priority TARGET [+LABEL…] [!SKILL…]"; a takes is named by "team " too. */
void matched_answer(const struct matched *d, const struct shunt_decision *x, char *out, size_t len);
/* By the index, with and without what only some processors have, and by the scan; as one of a batch, before
 * which others stand, and put back from it; of that table and of `wide`. */
void matched_expect(struct matched *d, const char *ticket, const char *want);

#endif
