// SPDX-License-Identifier: MIT
/* CRC32c (Castagnoli; RFC 3720 section B.4, RFC 4960 appendix B), the checksum of PROXY protocol
 * section 2.2.3. */
#ifndef ROPP_CORE_CRC32C_H
#define ROPP_CORE_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Continues a checksum: 0 for the first bytes, what the call before returned for the next ones.
 * Each result is the finished checksum of all bytes so far. By the processor's own instruction when
 * the one it runs on has it (SSE4.2, ARMv8's CRC32), by tables otherwise. */
uint32_t ropp_crc32c(uint32_t crc, const uint8_t *bytes, size_t len);

/* The same by tables, whatever the processor has. */
uint32_t ropp_crc32c_by_tables(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
