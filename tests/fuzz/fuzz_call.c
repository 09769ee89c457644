/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_call.c - whatever an asker passes to a system call, gatesh reads it as terminated strings or refuses it: numbers of
 * either ABI, pointers into nowhere, arrays without an end, paths of any bytes.  The asker is this process. */
#include <assert.h>
#include <linux/audit.h>
#include <linux/limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "supervise/call_abi.h"
#include "supervise/tracee.h"

enum { ROOM = 64 << 10, PAGE = 4096, HEAD = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The asker's memory: the input lies at its end, before a page that can't be read. */
static uint8_t *fuzz_call_memory(const uint8_t *data, size_t size)
{
	static uint8_t *room;
	if (!room) {
		room = mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
		assert(room != MAP_FAILED && !mprotect(room + ROOM, PAGE, PROT_NONE));
	}
	size = size < ROOM ? size : ROOM;
	memcpy(room + ROOM - size, data, size);
	return room + ROOM - size;
}

static void fuzz_call_read_path(uint64_t at)
{
	char name[PATH_MAX];
	struct tracee_path p;
	long n = tracee_string(getpid(), at, name, sizeof name);
	if (n < 0)
		return;
	assert((size_t)n == strlen(name));
	if (!tracee_enter(getpid(), -100, name, &p)) {
		assert(p.parent >= 0 && strlen(p.name) <= NAME_MAX && !strchr(p.name, '/'));
		close(p.parent);
	}
}

static void fuzz_call_read_words(uint64_t at, size_t width)
{
	char **words;
	volatile size_t sum = 0;
	long n = tracee_words(getpid(), at, width, &words);
	for (long i = 0; i < n; i++)
		sum += strlen(words[i]);
	assert(n < 0 || (!words[n] && sum <= TRACEE_WORDS_MAX * 2));
	if (n >= 0)
		free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seccomp_data d = {.arch = AUDIT_ARCH_X86_64};
	bool narrow;
	if (size < HEAD)
		return 0;
	const uint8_t *at = fuzz_call_memory(data + HEAD, size - HEAD);
	d.nr = data[0] | (data[1] & 1) << 8;
	if (data[1] & 2)
		d.arch = AUDIT_ARCH_I386;
	for (unsigned i = 0; i < 6; i++) /* into the input, just behind it, or nowhere */
		d.args[i] = data[2 + i] == 0xff ? data[2 + i] : (uint64_t)(uintptr_t)at + data[2 + i];
	if (call_abi_widen(getpid(), &d, &narrow))
		return 0;
	assert(narrow == !!(data[1] & 2));
	fuzz_call_read_path(d.args[0]);
	fuzz_call_read_path(d.args[1]);
	fuzz_call_read_words(d.args[1], narrow ? 4 : 8);
	return 0;
}
