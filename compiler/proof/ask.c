/*
 * Gates into the solver, as far as a question mentions them: see ask.h. A gate is defined both ways (Tseitin 1968), once,
 * when a literal of it is first required or assumed; so a question costs what it mentions, not what the policy has.
 */
#include "ask_inside.h"

#include <limits.h>
#include <stdlib.h>

/* ---- clauses ---- */

int ask_new_var(struct ask *q)
{
    q->size++;
    return ++q->var_count;
}

void ask_clause(struct ask *q, const int *of, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) ccadical_add(q->solver, of[i]);
    ccadical_add(q->solver, 0);
    q->size += count;
    q->s->work += count;
}

void ask_clause2(struct ask *q, int a, int b)
{
    ask_clause(q, (const int[]){a, b}, 2);
}

/* ---- which node is which variable ---- */

static uint32_t node_place(const struct ask *q, uint32_t node)
{
    uint32_t i = node * UINT32_C(2654435761) >> 7 & (q->node_cap - 1);
    while (q->node_keys[i] && q->node_keys[i] != node + 1) i = (i + 1) & (q->node_cap - 1);
    return i;
}

static void grow_nodes(struct ask *q)
{
    uint32_t *keys = q->node_keys, old_cap = q->node_cap;
    int *of = q->node_lits;
    q->node_cap = old_cap ? 2 * old_cap : 64;
    q->node_keys = arena_array(q->a, uint32_t, q->node_cap);
    q->node_lits = arena_array(q->a, int, q->node_cap);
    for (uint32_t i = 0; i < old_cap; i++) {
        if (!keys[i]) continue;
        uint32_t place = node_place(q, keys[i] - 1);
        q->node_keys[place] = keys[i];
        q->node_lits[place] = of[i];
    }
    arena_give_back(q->a, keys, old_cap * sizeof *keys);
    arena_give_back(q->a, of, old_cap * sizeof *of);
}

static int node_lit(const struct ask *q, uint32_t node)
{
    uint32_t place = node_place(q, node);
    return q->node_keys[place] ? q->node_lits[place] : 0;
}

static void put_node(struct ask *q, uint32_t node, int is)
{
    if (2 * q->node_count >= q->node_cap) grow_nodes(q);
    uint32_t place = node_place(q, node);
    q->node_keys[place] = node + 1;
    q->node_lits[place] = is;
    q->node_count++;
}

/* ---- gates ---- */

static int kid_lit(const struct ask *q, lit l)
{
    int is = node_lit(q, lit_node(l));
    return lit_negative(l) ? -is : is;
}

static void define_and(struct ask *q, uint32_t node)
{
    const struct gate *g = &q->s->gates.nodes.at[node];
    int is = ask_new_var(q);
    q->room.count = 0;
    for (uint32_t i = 0; i < g->kid_count; i++) {
        int kid = kid_lit(q, q->s->gates.kids.at[g->kid_first + i]);
        ask_clause2(q, -is, kid);
        *vec_push(q->a, &q->room) = -kid;
    }
    *vec_push(q->a, &q->room) = is;
    ask_clause(q, q->room.at, q->room.count);
    put_node(q, node, is);
}

/* The solver tries false first: a ticket carries nothing and its priority is normal, unless there is a reason. */
static bool rather_true(const struct ask *q, const struct var *v)
{
    return v->kind == VAR_FROM && q->s->dims.at[v->dim].is_priority && v->index <= SHUNT_PRIORITY_NORMAL;
}

static void define(struct ask *q, uint32_t node)
{
    const struct gate *g = &q->s->gates.nodes.at[node];
    if (g->kind == GATE_AND) {
        define_and(q, node);
        return;
    }
    int is = ask_new_var(q);
    if (g->kind == GATE_VAR && rather_true(q, &q->s->vars.at[g->kid_first])) is = -is;
    put_node(q, node, is);
    if (g->kind == GATE_CONSTANT)
        ask_clause(q, (const int[]){-is}, 1);
    else
        ask_met(q, g->kid_first, is);
}

static bool push_kids(struct ask *q, uint32_t node, lits *stack)
{
    const struct gate *g = &q->s->gates.nodes.at[node];
    uint32_t before = stack->count;
    for (uint32_t i = 0; g->kind == GATE_AND && i < g->kid_count; i++) {
        uint32_t kid = lit_node(q->s->gates.kids.at[g->kid_first + i]);
        if (!node_lit(q, kid)) *vec_push(q->a, stack) = kid;
    }
    return stack->count > before;
}

/* Axioms ask for literals of variables while a stack is in use: theirs begins where it ends. */
int ask_lit(struct ask *q, lit l)
{
    lits *stack = &q->stack;
    uint32_t bottom = stack->count;
    *vec_push(q->a, stack) = lit_node(l);
    while (stack->count > bottom) {
        uint32_t node = stack->at[stack->count - 1];
        if (!node_lit(q, node) && push_kids(q, node, stack)) continue;
        stack->count--;
        if (!node_lit(q, node)) define(q, node);
    }
    return kid_lit(q, l);
}

/* ---- questions ---- */

static void count_learned(void *state, int *clause)
{
    (void)clause;
    ++*(uint64_t *)state;
}

static void release(void *solver)
{
    ccadical_release(solver);
}

/* Measured: a policy of 10,000 rules that is as policies are takes a twentieth of it. */
enum {
    WORK_CONFLICT = 10000,
    WORK_UNIT = 50,
    WORK_RULE = 1000,
    WORK_ASK = 200,
    WORK_LITERAL = 8,
    WORK_BEGIN = 300000
};
enum { WORK_SHARE = 8 }; /* of what the solver holds, a conflict looks at so much */

static void set_work(struct proof_budget *b, const struct space *s)
{
    if (b->work_set) return;
    b->work_set = true;
    b->work = WORK_BEGIN + WORK_CONFLICT * b->given;
    for (uint32_t i = 0; i < s->table_count; i++) {
        const struct table_view *v = &s->of[i].view;
        b->work +=
            (uint64_t)WORK_UNIT * v->CODE.count + (uint64_t)WORK_RULE * (v->RULE.count + v->PROMISE.count);
    }
}

bool proof_work(struct proof_budget *b, struct space *s)
{
    set_work(b, s);
    b->work -= s->work < b->work ? s->work : b->work;
    s->work = 0;
    if (b->work == 0) b->left = 0;
    return b->work > 0;
}

struct ask *ask_new(struct space *s, struct proof_budget *budget)
{
    struct arena *a = arena_part(s->a);
    struct ask *q = arena_new_of(a, struct ask);
    *q = (struct ask){.s = s, .a = a, .budget = budget, .limited = false};
    s->work += WORK_ASK;
    q->solver = ccadical_init();
    if (!q->solver) arena_fail(s->a);
    arena_defer(a, release, q->solver);
    ccadical_set_option(q->solver, "quiet", 1); /* it writes to standard output otherwise */
    ccadical_set_option(q->solver, "profile", 0); /* its timers take half of the time of questions this small */
    ccadical_set_option(q->solver, "phase", 0);   /* false first: see rather_true() */
    ccadical_set_learn(q->solver, &q->learned, INT_MAX, count_learned);
    grow_nodes(q);
    return q;
}

void ask_free(struct ask *q)
{
    arena_end(q->a);
}

void ask_require(struct ask *q, lit l)
{
    int is = ask_lit(q, l);
    ask_clause(q, &is, 1);
    *vec_push(q->a, &q->required) = l;
}

/* At most a tenth of what there was for one question, and what is left. */
static int share(const struct proof_budget *b)
{
    uint64_t most = b->given / 10 < 100 ? 100 : b->given / 10;
    if (most > b->left) most = b->left;
    return most < INT_MAX ? (int)most : INT_MAX;
}

enum answer ask_solver(struct ask *q, const lit *assumed, uint32_t count, const int *more, uint32_t more_count)
{
    q->s->work += q->size + WORK_LITERAL * (uint64_t)(count + more_count);
    if (!proof_work(q->budget, q->s)) return ASK_OPEN;
    int limit = share(q->budget);
    for (uint32_t i = 0; i < count; i++) (void)ask_lit(q, assumed[i]);
    for (uint32_t i = 0; i < count; i++) ccadical_assume(q->solver, ask_lit(q, assumed[i]));
    for (uint32_t i = 0; i < more_count; i++) ccadical_assume(q->solver, more[i]);
    if (limit == 0) return ASK_OPEN;
    uint64_t before = q->learned;
    ccadical_limit(q->solver, "conflicts", limit);
    int result = ccadical_solve(q->solver);
    uint64_t used = q->learned - before;
    q->s->work += used * q->size / WORK_SHARE;
    if (result == 0 && used < (uint64_t)limit) used = (uint64_t)limit;
    q->budget->left -= used < q->budget->left ? used : q->budget->left;
    return result == 10 ? ASK_YES : result == 20 ? ASK_NO : ASK_OPEN;
}

bool ask_model(struct ask *q, int is)
{
    return (ccadical_val(q->solver, abs(is)) > 0) == (is > 0);
}

enum answer ask(struct ask *q, const lit *assumed, uint32_t count)
{
    enum answer answer = ask_solver(q, assumed, count, NULL, 0);
    if (answer != ASK_YES) return answer;
    q->witness = ask_make_ticket(q, assumed, count);
    return q->witness ? ASK_YES : ASK_OPEN;
}

const struct witness *ask_witness(struct ask *q)
{
    return q->witness;
}

bool ask_needed(struct ask *q, lit assumed)
{
    return ccadical_failed(q->solver, ask_lit(q, assumed));
}
