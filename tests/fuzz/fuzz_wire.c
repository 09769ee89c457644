/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_wire.c - any bytes that arrive on ask.sock are decoded into terminated strings, or refused. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include <gate.h>

#include "formats/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gate_event ev;
	struct wire_told told;
	volatile size_t sum = 0;
	if (!wire_decode_told(data, size, &told)) {
		sum = (told.agent ? strlen(told.agent) : 0) + (told.id ? strlen(told.id) : 0) +
		      (told.says ? strlen(told.says) : 0) + (told.text ? strlen(told.text) : 0);
		assert(sum < size);
		return 0;
	}
	long expected = wire_expect(data, size);
	if (wire_decode_event(data, size, &ev))
		return 0;
	assert(expected == (long)size && ev.type < GATE_EVENT_VERDICT && (!ev.argv || !ev.argv[ev.argc]));
	for (size_t i = 0; i < ev.argc; i++)
		sum += strlen(ev.argv[i]);
	for (const char *const *host = ev.hosts; host && *host; host++)
		sum += strlen(*host);
	sum += (ev.path ? strlen(ev.path) : 0) + (ev.other ? strlen(ev.other) : 0) +
	       (ev.unkept ? strlen(ev.unkept) : 0);
	sum += (ev.exe ? strlen(ev.exe) : 0) + (ev.cwd ? strlen(ev.cwd) : 0);
	assert(sum < size);
	wire_free_event(&ev);
	return 0;
}
