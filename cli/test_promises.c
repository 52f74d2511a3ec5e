/*
 * Promises of a test file to results: see test_promises.h. They are compiled against the policy's names, as
 * texts of their own (proof/asserted.h); what is found wrong there is told at its place in the test file.
 */
#include "test_promises.h"
#include "broken_out.h"
#include "proof/proof.h"
#include "proof_memory.h"
#include "witness_out.h"

/* ---- what is wrong with them ---- */

static struct span place_in_file(const struct cond_text *text, struct span at)
{
    uint32_t end = at.off + at.len;
    if (end > text->text.len) end = (uint32_t)text->text.len;
    if (at.off > end) at.off = end;
    if (!text->map) return (struct span){text->file, text->base + at.off, at.len};
    uint32_t off = text->map[at.off], to = text->map[end];
    return (struct span){text->file, off, to > off ? to - off : at.len};
}

/* Warnings are for the policy's own promises; a second place in another source is none of the file's. */
static void take_over(struct diags *d, const struct diag *from, const struct cond_text *texts)
{
    if (from->at.file == 0 || !diag_is_error(from->id)) return;
    const struct cond_text *text = &texts[from->at.file - 1];
    struct diag *g = diag0(d, from->id, place_in_file(text, from->at));
    g->message = from->message;
    g->hint = from->hint;
}

void test_promises_check(struct test_file *f, const struct shunt_table *table)
{
    struct arena *a = f->c->a;
    struct diags *d = &f->c->diags;
    uint32_t count = f->promises.count;
    if (count == 0) return;
    struct promise_text *texts = arena_array(a, struct promise_text, count);
    struct cond_text *places = arena_array(a, struct cond_text, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct test_promise *p = &f->promises.at[i];
        places[i] = yaml_cond_text(f->tree, yaml_real(p->value));
        texts[i] = (struct promise_text){S("promise"), p->as_test.name.s};
    }
    f->asserted = assert_open(a, table, texts, count);
    const struct diags *wrong = &f->asserted.compiled->diags;
    for (uint32_t i = 0; !f->asserted.table && i < wrong->list.count; i++)
        take_over(d, wrong->list.at[i], places);
    if (!f->asserted.table && !d->error_count) arena_fail(a); /* nothing of it can be told */
    diags_sort(d);
}

/* ---- proving them ---- */

struct proofs {
    struct test_file *f;
    const struct shunt_table *table;
    struct promise_result *results;
    struct arena *a;
    struct space *s;
    struct out text;
};

static struct str kept(struct proofs *p)
{
    if (p->text.error) arena_fail(p->f->c->a);
    struct str text = arena_str(p->f->c->a, (struct str){p->text.p, p->text.len});
    p->text.len = 0;
    return text;
}

static void tell_broken(struct proofs *p, const struct finding *f, struct promise_result *result)
{
    struct shunt_decision decision;
    if (!witness_match(p->s, 0, f->ticket, &decision)) arena_fail(p->f->c->a);
    out_puts(&p->text, "the promise does not hold: ");
    out_broken(&p->text, p->a, p->s, f->ticket, &decision);
    result->message = kept(p);
    out_puts(&p->text, "ticket  ");
    out_witness(&p->text, p->s, f->ticket);
    out_puts(&p->text, "\nshunt explain says why, given the policy and this ticket\n");
    result->detail = kept(p);
}

static void take(void *ctx, const struct finding *f)
{
    struct proofs *p = ctx;
    struct promise_result *result = &p->results[f->promise];
    bool open = f->kind == FINDING_UNDECIDED;
    result->holds = !open && f->value;
    if (!open && !f->value) tell_broken(p, f, result);
    if (!open) return;
    result->message =
        S("it was left open whether the promise holds: the proof ended at its budget or a limit");
    result->detail = S("shunt prove --assert asks it alone, with a --proof-budget of your own\n");
}

static void prove(void *ctx)
{
    struct proofs *p = ctx;
    const struct shunt_table *tables[] = {p->table, p->f->asserted.table};
    struct proof_budget budget = {.given = PROOF_BUDGET_DEFAULT, .left = PROOF_BUDGET_DEFAULT};
    p->a = arena_part(p->f->c->a);
    p->s = space_new(p->a, tables, 2, true);
    prove_promises(p->s, 1, &budget, take, p);
    arena_end(p->a);
}

bool test_promises_prove(struct test_file *f, const struct shunt_table *table, struct promise_result *results)
{
    struct proofs p = {.f = f, .table = table, .results = results};
    if (f->promises.count == 0) return true;
    out_init(&p.text, -1);
    bool done = proof_try(f->c->a, prove, &p);
    out_free(&p.text);
    return done;
}
