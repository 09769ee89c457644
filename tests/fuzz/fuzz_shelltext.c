/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_shelltext.c - any bytes as shell text: splits it into commands, peels wrappers, and renders subjects. */
#include <stdlib.h>
#include <string.h>

#include "subject/shell/shell.h"
#include "subject/subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int ignore(const struct shell_command *command, void *unused)
{
	return command->words[command->n] != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct subjects s = {0};
	struct gate_event e = {.struct_size = sizeof(struct gate_event), .shell_text = text};
	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (shell_commands(text, size, NULL, ignore, NULL) > 0)
		abort();
	subjects_of_exec(&e, &s);
	subjects_free(&s);
	free(text);
	return 0;
}
