/* The checksum of tables and saved desks (crc32c.c): made by the compiler and the desk, asked for by whoever opens them. */
#ifndef SHUNT_RUNTIME_CRC32C_H
#define SHUNT_RUNTIME_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32C (Castagnoli) over bytes; crc: of what came before, 0 at first. */
uint32_t sh_crc32c(uint32_t crc, const void *bytes, size_t len);
/* The same without the processor's own instruction: its oracle. */
uint32_t sh_crc32c_plain(uint32_t crc, const void *bytes, size_t len);

#endif
