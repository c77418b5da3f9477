// SPDX-License-Identifier: MIT
/* CRC32c (Castagnoli; RFC 3720 section B.4, RFC 4960 appendix B), the checksum of PROXY protocol
 * section 2.2.3. */
#ifndef ROPP_CORE_CRC32C_H
#define ROPP_CORE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Continues a checksum: 0 for the first bytes, what the call before returned for the next ones.
 * Each result is the finished checksum of all bytes so far. */
uint32_t ropp_crc32c(uint32_t crc, const uint8_t *bytes, size_t len);

#endif
