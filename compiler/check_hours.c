/* Warnings about hours, from the facts that resolving them found. */
#include "compile.h"

void check_hours(struct compilation *c)
{
    for (uint32_t i = 1; i < c->model.hours.count; i++) {
        const struct m_hours *h = &c->model.hours.at[i];
        if (h->never_open) diag(&c->diags, W1401, h->at, h->name.s);
    }
}
