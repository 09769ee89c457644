/* versions.c - structs of gate.h from callers that were compiled with an older or a newer gate.h. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "engine/handle.h"

/* The structs as of 0.1.0: no caller knows less.  Never edited; new fields go to the end of the struct. */
enum {
	EVENT_SIZE_0_1 = offsetof(struct gate_event, socket_protocol) + sizeof(int),
	CONV_SIZE_0_1 = offsetof(struct gate_conv, probe) + sizeof(void (*)(void)),
};

/* As openat2(2) does it: what is known is copied, what is not known has to be zero. */
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
