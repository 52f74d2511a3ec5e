/* A file's tree as text, without places: for tests that two sources say the same. Every member of the tree is shown. */
#ifndef SHUNT_TESTS_DUMP_AST_H
#define SHUNT_TESTS_DUMP_AST_H

#include "ast.h"

struct str dump_file(struct arena *a, const struct file_ast *f);
/* One condition: (and (has labels refund) (not (bool vip))). */
void dump_expr(struct buf *b, const struct expr *e);

#endif
