/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_https_answer.c - gatesh/principal/https_answer.c: what a server that gives out secrets answers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "principal/https_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct https_answer a;
	char *text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	int got = https_answer_parse(text, size, false, &a);
	if (!got) /* nothing is changed before the end */
		got = memcmp(text, data, size) ? abort(), 0 : https_answer_parse(text, size, true, &a);
	if (!got || (got > 0 && (a.body < text || a.body + a.len > text + size || a.body[a.len])))
		abort();
	free(text);
	return 0;
}
