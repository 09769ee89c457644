/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_target.c - finds previews that look at another place than the command that they are about.  See lint.h.
 *
 * A preview of `kubectl --context prod delete ns x` that shows the local cluster is worse than none: the person who sees it
 * says yes. */
#include "lint/lint.h"

#include <string.h>

#include "base/name.h"
#include "rules/target.h"
#include "subject/shell/shell.h"

/* The first program of a preview that has options for its target; static storage. */
struct lint_named {
	const char *program;
};

static bool lint_target_has_options(const char *program)
{
	const struct target_tool *tool = target_tool(program);
	return tool && *tool->target;
}

static int lint_target_of_command(const struct shell_command *c, void *data)
{
	struct lint_named *named = data;
	const char *program = c->n ? name_program(c->words[0]) : "";
	const struct target_tool *tool = target_tool(program);
	if (tool && *tool->target && !named->program)
		named->program = tool->names;
	return 0;
}

/* Return the names of the tool that the preview runs, or the first program of the rule, if it has options for its target. */
static const char *lint_target_tool(const struct rule *r, const char *command)
{
	struct lint_named named = {0};
	for (char **p = rule_exec_programs(r); p && *p; p++)
		if (lint_target_has_options(*p))
			return *p;
	shell_commands(command, strlen(command), NULL, lint_target_of_command, &named);
	return named.program;
}

static void lint_target_check(struct lint *l, const struct rule *r, const char *command, const char *field)
{
	const char *tool = command && !rule_names_target(r, command) ? lint_target_tool(r, command) : NULL;
	struct source src = {.name = r->file, .text = ""};
	if (tool)
		diag_at(&l->d, DIAG_ERROR, &src, r->line, 0,
			"the %s of %s does not name its target: options of %.*s choose one, so use {target}, {operands}, "
			"{--NAME} or a group of the match",
			field, r->id, (int)strcspn(tool, " "), tool);
}

void lint_target(struct lint *l, const struct rule *r)
{
	lint_target_check(l, r, r->preview, "preview");
	lint_target_check(l, r, r->when, "when");
	lint_target_check(l, r, r->keep, "keep");
	lint_target_check(l, r, r->undo, "undo");
}
