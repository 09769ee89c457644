/* SPDX-License-Identifier: BSD-2-Clause */
/* known_program.c - finds out for one file, without a session's image, which program it is by another name. */
#include <string.h>

#include "base/name.h"
#include "engine/handle.h"
#include "image/program_files.h"

/* Does a rule have this name?  Then its file does not matter. */
static bool known_program_is_named(const struct ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->n; i++)
		if (rs->rules[i]->programs && *rs->rules[i]->programs && rs->rules[i]->events & 1u << GATE_EVENT_EXEC &&
		    rule_has_program(rs->rules[i], name))
			return true;
	return false;
}

int gate_known_program(const gate_handle_t *h, const char *path, const char *exe, char known[PATH_MAX])
{
	const struct ruleset *rs = &h->policy->rules;
	struct program_files files = {0};
	struct gate_program_file file;
	const char *name = name_program(exe);
	*known = '\0';
	if (!path || known_program_is_named(rs, name) || program_file_look(exe, &file))
		return 0;
	int err = program_files_find(rs, path, &files);
	const char *found = err ? NULL : program_files_of(&files, &file, name);
	if (found && strlen(found) < PATH_MAX)
		strcpy(known, found);
	program_files_free(&files);
	return err;
}
