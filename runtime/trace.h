/*
 * A condition as the nodes it is made of, and evaluated so that somebody looks on: see trace.c and
 * shunt_explain_rules().
 */
#ifndef SHUNT_RUNTIME_TRACE_H
#define SHUNT_RUNTIME_TRACE_H

#include "table.h"

/* How many nodes the condition at an offset in CODE has. */
size_t sh_node_count(const struct shunt_table *t, uint32_t code_off);

/* eval.c: sh_holds(), by the same code, which tells of every node that it looked at, what is inside a node
 * before it. */
bool sh_holds_watched(struct shunt_ticket *k, uint32_t code_off,
                      void (*told)(void *ctx, uint32_t code_off, bool value), void *ctx);

#endif
