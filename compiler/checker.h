/* What the checks share. Internal to check*.c. A check reads the model and adds warnings, nothing else. */
#ifndef SHUNT_COMPILER_CHECKER_H
#define SHUNT_COMPILER_CHECKER_H

#include "check_fold.h"
#include "compile.h"

struct checker {
    struct compilation *c;
    struct arena *a;
    struct diags *d;
    const struct model *m;
    struct folder folder;
    struct arena *brief;        /* what one rule needs: cleared with each */
    struct arena *again;        /* the same, for a rule that is looked at beside another */
    const struct canon **rules; /* conditions folded so far; NULL: ask check_folded() */
    bool *dead;                 /* rules that decide or add nothing, and wrong ones: made by check_reach() */
    bool blind;                 /* an error may hide the use of anything */
};

/* Takes one from the work that is left; false where there is none. */
static inline bool spend(uint64_t *work)
{
    return *work && (*work)--;
}

/* A rule's condition, folded. Kept from then on: of a large policy few are asked for. */
const struct canon *check_folded(struct checker *k, uint32_t rule);

/* check_reach.c: W1001 rules, W1002 takes, W1004, W1005 conditions. */
void check_reach(struct checker *k);
/* check_steps.c: W1003 steps, W1016. */
void check_steps(struct checker *k);
/* check_effects.c: W1009 skills, W1017 set. */
void check_skills(struct checker *k);
void check_set(struct checker *k);
/* check_teams.c: W1006, W1007, W1008, W1014. */
void check_teams(struct checker *k);
void check_agents(struct checker *k);
/* check_members.c: W1015, W1018. What is found out for one team is kept for the next. */
struct members *members_new(struct checker *k);
void check_members(struct checker *k, struct members *all, const struct m_team *team, enum diag_id id,
                   struct span at);
/* check_unused.c: W1010 to W1013; W1019; W1020. */
void check_unused(struct checker *k);
void check_active(struct checker *k);
void check_case(struct checker *k);

#endif
