/* What a fuzz target is: see libFuzzer's documentation. Every tests/fuzz/fuzz_*.c defines this one function.
 */
#ifndef SHUNT_TESTS_FUZZ_H
#define SHUNT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
