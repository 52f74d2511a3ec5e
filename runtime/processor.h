/*
 * What the processor has, asked when the program runs. The code for it is built in by attributes of
 * functions.
 *
 * glibc has looked when the program was loaded, and tells. The compiler's own __builtin_cpu_supports() looks
 * again, in a constructor: where a machine is virtual each CPUID is a trap, 75 us of each start in all.
 */
#ifndef SHUNT_RUNTIME_PROCESSOR_H
#define SHUNT_RUNTIME_PROCESSOR_H

#include <stdbool.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define SH_X86_64 1
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif
#endif

/* SSE 4.2: the instruction for CRC-32C. */
static inline bool sh_have_sse42(void)
{
#if defined(CPU_FEATURE_ACTIVE)
    return CPU_FEATURE_ACTIVE(SSE4_2);
#elif defined(SH_X86_64)
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2");
#else
    return false;
#endif
}

/* AVX2, BMI and BMI2. */
static inline bool sh_have_avx2(void)
{
#if defined(CPU_FEATURE_ACTIVE)
    return CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1) && CPU_FEATURE_ACTIVE(BMI2);
#elif defined(SH_X86_64)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
#else
    return false;
#endif
}

#endif
