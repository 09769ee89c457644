/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_help_text.c - any bytes as a tool's help: options and verbs of `gatesh new-command`. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "draft/help_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct help_text h = {.left_out = 0};
	char *text = strndup((const char *)data, size);
	if (text && !help_text_read(text, &h))
		for (size_t i = 0; i < h.options.n; i++)
			if (*h.options.v[i] != '-')
				abort();
	help_text_free(&h);
	free(text);
	return 0;
}
