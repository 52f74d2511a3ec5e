/* A compiled policy as bytes: see page.h. */
#include "page.h"
#include "../../compiler/compile.h"

#include <stdlib.h>
#include <string.h>

struct job {
    struct arena *a;
    const char *name, *text;
    struct str table;
};

static void run(void *ctx)
{
    struct job *job = ctx;
    job->table = compile_text(job->a, job->name, str_from(job->text), NULL)->table;
}

unsigned char *page_table(const char *name, const char *text, size_t *len)
{
    struct job job = {arena_new(), name, text, {NULL, 0}};
    unsigned char *bytes = NULL;
    if (job.a && arena_try(job.a, run, &job) && job.table.p) {
        bytes = malloc(job.table.len);
        if (bytes) memcpy(bytes, job.table.p, job.table.len);
        *len = job.table.len;
    }
    arena_free(job.a);
    return bytes;
}
