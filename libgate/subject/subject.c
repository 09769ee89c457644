/* SPDX-License-Identifier: BSD-2-Clause */
/* subject.c - builds the subjects of an exec event: the names and words under which rules judge it. */
#include "subject/subject.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/name.h"
#include "base/strbuf.h"
#include "subject/shell/shell_var_table.h"
#include "subject/wrappers/wrapper.h"
#include "subject/wrappers/wrapper_content.h"

/* Return the index in argv of the program's own arguments: after the script's path if the kernel inserted an
 * interpreter (`#!`), otherwise after argv[0]. */
static size_t subject_arguments(const struct gate_event *e)
{
	for (size_t i = 1; i < e->argc && i <= 2; i++) /* `#!` passes at most one option to an interpreter */
		if (e->exe && !strcmp(e->argv[i], e->exe))
			return i + 1;
	return e->argc ? 1 : 0;
}

/* Add argv under the name of the file that was executed: `exe`, or the program that it is. */
static int subject_add_executed(const struct gate_event *e, const char *exe, struct wrapper_walk *peel)
{
	size_t from = subject_arguments(e), n = e->argc - from + 1;
	/* #!/usr/bin/env python3: the interpreter passes the gate with the script in an exec of its own */
	if (peel->live && from > 1 && !strcmp(name_program(e->argv[0]), "env") &&
	    wrapper_interpreter(name_program(e->argv[1])))
		return 0;
	const char **words = calloc(n, sizeof *words);
	if (!words)
		return -ENOMEM;
	words[0] = exe;
	for (size_t i = 1; i < n; i++)
		words[i] = e->argv[from + i - 1];
	int r = wrapper_command(peel, words, n);
	free(words);
	return r;
}

int subjects_of_exec(const struct gate_event *e, struct subjects *out)
{
	return subjects_with_content(e, NULL, out);
}

int subjects_with_content(const struct gate_event *e, const struct subject_wish *wish, struct subjects *out)
{
	unsigned budget = CONTENT_FILES_MAX;
	struct shell_vars vars = {0};
	struct wrapper_walk peel = {.out = out,
				    .live = e->pid != 0,
				    .vars = e->pid ? NULL : &vars,
				    .event = e,
				    .wish = wish,
				    .budget = &budget};
	int r = 0;
	if (e->shell_text)
		r = wrapper_text(&peel, e->shell_text);
	else if (e->exe)
		r = subject_add_executed(e, e->exe, &peel);
	if (!r && !e->shell_text && e->known)
		r = subject_add_executed(e, e->known, &peel);
	if (!r && !e->shell_text && (e->argc || !e->exe))
		r = wrapper_command(&peel, e->argv, e->argc);
	shell_vars_free(&vars);
	return r;
}
