/* Any bytes as a DSL policy. */
#include "fuzz_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    return fuzz_policy("fuzz.shunt", bytes, len);
}
