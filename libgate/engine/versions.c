/* SPDX-License-Identifier: BSD-2-Clause */
/* versions.c - converts structs from callers that were compiled with an older or a newer gate.h. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "engine/handle.h"
#include "formats/event.h"

/* The installed gate.h can't include formats/event.h, so these assertions keep the two in agreement. */
#define SAME(inside, outside) _Static_assert((int)(inside) == (int)(outside), "formats/event.h and gate.h disagree")
SAME(EVENT_EXEC, GATE_EVENT_EXEC);
SAME(EVENT_UNLINK, GATE_EVENT_UNLINK);
SAME(EVENT_RENAME, GATE_EVENT_RENAME);
SAME(EVENT_TRUNCATE, GATE_EVENT_TRUNCATE);
SAME(EVENT_WRITE, GATE_EVENT_WRITE);
SAME(EVENT_READ, GATE_EVENT_READ);
SAME(EVENT_CONNECT, GATE_EVENT_CONNECT);
SAME(EVENT_STATEMENT, GATE_EVENT_STATEMENT);
SAME(EVENT_REQUEST, GATE_EVENT_REQUEST);
SAME(EVENT_TYPE_COUNT, GATE_EVENT_VERDICT);
SAME(EVENT_FILE_OUTSIDE, GATE_FILE_OUTSIDE);
SAME(EVENT_FILE_DIRECTORY, GATE_FILE_DIRECTORY);
SAME(EVENT_FILE_MOVED, GATE_FILE_MOVED);
SAME(EVENT_FILE_CACHE, GATE_FILE_CACHE);
SAME(EVENT_FILE_IGNORED, GATE_FILE_IGNORED);
SAME(EVENT_FILE_LOCKED, GATE_FILE_LOCKED);
SAME(EVENT_FILE_STRANGER, GATE_FILE_STRANGER);
SAME(EVENT_SEVERITY_NOTICE, GATE_SEVERITY_NOTICE);
SAME(EVENT_SEVERITY_WARNING, GATE_SEVERITY_WARNING);
SAME(EVENT_SEVERITY_DANGER, GATE_SEVERITY_DANGER);
SAME(EVENT_SEVERITY_CRITICAL, GATE_SEVERITY_CRITICAL);

/* The sizes of the structs in 0.1.0, the smallest that any caller has.  Never change them; add new fields at the
 * end. */
enum {
	EVENT_SIZE_0_1 = offsetof(struct gate_event, socket_protocol) + sizeof(int),
	CONV_SIZE_0_1 = offsetof(struct gate_conv, probe) + sizeof(void (*)(void)),
};

/* Like openat2(2): copy the known fields and require that all others are zero. */
static int versions_copy(const void *in, size_t size, size_t least, void *out, size_t known)
{
	if (size < least)
		return -EINVAL;
	for (size_t i = known; i < size; i++)
		if (((const unsigned char *)in)[i])
			return -E2BIG;
	memset(out, 0, known);
	memcpy(out, in, size < known ? size : known);
	return 0;
}

int versions_event(const struct gate_event *in, struct gate_event *out)
{
	int err = versions_copy(in, in->struct_size, EVENT_SIZE_0_1, out, sizeof *out);
	out->struct_size = sizeof *out;
	return err;
}

int versions_conv(const struct gate_conv *in, struct gate_conv *out)
{
	int err = versions_copy(in, in->struct_size, CONV_SIZE_0_1, out, sizeof *out);
	out->struct_size = sizeof *out;
	return err;
}
