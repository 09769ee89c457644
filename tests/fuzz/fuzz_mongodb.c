/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_mongodb.c - gatesh/relay/protocol_mongodb*.c, where the client speaks first. */
#include "fuzz/fuzz_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_protocol(PROTOCOL_UNKNOWN, data, size);
}
