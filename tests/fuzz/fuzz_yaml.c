/* Any bytes as a YAML policy. */
#include "fuzz_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    return fuzz_policy("fuzz.yaml", bytes, len);
}
