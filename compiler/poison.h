/*
 * What an allocator of ours has not given out is not to be touched: AddressSanitizer is told so, where it
 * looks.
 */
#ifndef SHUNT_COMPILER_POISON_H
#define SHUNT_COMPILER_POISON_H

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define POISON_ASAN
#endif
#endif
#if defined POISON_ASAN || defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#endif

#endif
