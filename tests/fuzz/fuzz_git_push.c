/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_git_push.c - gatesh/broker/git_request.c and git_push.c: the commands of a push. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "broker/git_ancestor.h"
#include "broker/git_push.h"
#include "broker/git_request.h"

/* No program is started here. */
int git_ancestor(pid_t pid, const char *before, const char *after)
{
	return strlen(before) != strlen(after) ? (abort(), 0) : *before % 3 - 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t n = git_push_size(text, size);
	if (!n || n == SIZE_MAX)
		return 0;
	cleanup_strbuf struct strbuf operations = {0}, refusal = {0};
	if (n > size || git_push_size(text, n) != n)
		abort();
	git_push_operations(1, text, n, &operations);
	git_push_refuse(text, n, "gate: no", &refusal);
	if (!operations.len || operations.s[operations.len - 1] != '\n' || !refusal.len)
		abort();
	for (size_t i = 0; i < operations.len; i++)
		if ((unsigned char)operations.s[i] < ' ' && operations.s[i] != '\n')
			abort();
	return 0;
}
