/* fuzz_wire.c - whatever arrives on ask.sock is decoded into strings that end, or refused. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gate.h>

#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gate_event ev;
	volatile size_t sum = 0;
	long expected = wire_expect(data, size);
	if (wire_decode_event(data, size, &ev))
		return 0;
	assert(expected == (long)size && ev.type < GATE_EV_VERDICT && !ev.argv[ev.argc]);
	for (size_t i = 0; i < ev.argc; i++)
		sum += strlen(ev.argv[i]);
	sum += (ev.exe ? strlen(ev.exe) : 0) + (ev.cwd ? strlen(ev.cwd) : 0);
	assert(sum < size);
	free((void *)ev.argv);
	return 0;
}
