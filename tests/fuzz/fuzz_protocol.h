/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_protocol.h - any bytes as those of a client: the parser stays inside of them, the server gets each byte once, and the
 * statements are the same whatever the pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support/protocol_drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `kind`: what the server's greeting has shown.  Only parts of a window, so that no statement is cut. */
static int fuzz_protocol(enum protocol_kind kind, const uint8_t *data, size_t size)
{
	static struct drive whole, pieces, refused;
	if (size < 1 || size > PROTOCOL_WINDOW / 2)
		return 0;
	size_t piece = 1 + data[0] % 16;
	memset(&whole, 0, sizeof whole);
	memset(&pieces, 0, sizeof pieces);
	memset(&refused, 0, sizeof refused);
	whole.protocol.kind = pieces.protocol.kind = refused.protocol.kind = kind;
	whole.protocol.binds = pieces.protocol.binds = refused.protocol.binds = data[0] & 128;
	refused.refuses = true;
	drive(&whole, data + 1, size - 1, size);
	drive(&pieces, data + 1, size - 1, piece);
	drive(&refused, data + 1, size - 1, piece);
	if (whole.judged != pieces.judged || strcmp(whole.said, pieces.said) ||
	    (!whole.nclient && memcmp(whole.to_server, data + 1, whole.nserver)) || refused.refused > whole.judged)
		abort();
	return 0;
}
