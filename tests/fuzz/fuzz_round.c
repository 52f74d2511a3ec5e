/*
 * Bytes that a random policy is drawn from (tests/gen): it compiles alike in both spellings, converts there
 * and back, and tickets are matched as the slow oracle says. What differs is complained of, and that ends the
 * program.
 */
#include "../unit/random_run.h"
#include "fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct run r;
    struct tape tape = {bytes, len, 0};
    run_begin(&r, len);
    struct gen drawing = {&r.pool, len};
    r.pool.tape = &tape;
    draw_init_with(&r.d, &r.pool, len, gen_policy(&drawing, len));
    run_write_policy(&r);
    run_everything(&r, 8);
    if (r.complaints) abort();
    run_close(&r);
    return 0;
}
