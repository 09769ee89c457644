/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_http.c - gatesh/relay/protocol_http.c, where the client speaks first. */
#include "fuzz/fuzz_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_protocol(PROTOCOL_UNKNOWN, data, size);
}
