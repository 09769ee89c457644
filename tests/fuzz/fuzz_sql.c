/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_sql.c - any bytes as text for each SQL client, and as one-liners: every part is a terminated string. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "subject/code/oneliner.h"
#include "subject/code/sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int part(const struct sql_part *p, void *total)
{
	*(size_t *)total += strlen(p->text) + (p->blanked ? strlen(p->blanked) : 0);
	return 0;
}

static int call(const struct oneliner_call *c, void *total)
{
	*(size_t *)total += c->shell ? strlen(c->shell) : 0;
	for (size_t i = 0; i < c->n; i++)
		*(size_t *)total += strlen(c->words[i]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t total = 0;
	char *text = malloc(size + 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (enum sql_dialect d = SQL_POSTGRES; d <= SQL_SQLITE; d++)
		if (sql_parts(d, text, size, part, &total))
			abort();
	for (enum oneliner_language l = ONELINER_PYTHON; l <= ONELINER_AWK; l++)
		if (oneliner_commands(l, text, call, &total))
			abort();
	free(text);
	return 0;
}
