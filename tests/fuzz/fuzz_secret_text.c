/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_secret_text.c - gatesh/principal/secret_text.c: a file that secrets lie in. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "principal/secret_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {"a", "b", "a.b", "a.b.c", ".a", "a."};
	char *text = malloc(size + 1), out[16];
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		memset(out, 'x', sizeof out);
		if (!secret_text_find(text, size, keys[i], out, sizeof out) && !memchr(out, '\0', sizeof out))
			abort();
	}
	free(text);
	return 0;
}
