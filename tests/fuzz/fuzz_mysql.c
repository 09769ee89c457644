/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_mysql.c - gatesh/relay/protocol_mysql.c, where the server has greeted. */
#include "fuzz/fuzz_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_protocol(PROTOCOL_MYSQL, data, size);
}
