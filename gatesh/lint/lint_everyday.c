/* SPDX-License-Identifier: BSD-2-Clause */
/* lint_everyday.c - tries everyday commands on every rule: no rule may ask about one or refuse it.  See lint.h. */
#include "lint/lint.h"

#include <errno.h>
#include <string.h>

#include "base/read_file.h"

enum { EVERYDAY_MAX = 16 << 20 };

/* One command of the corpus. */
struct everyday {
	struct lint *l;
	const char *name, *text; /* name: the file's, without its directory */
	unsigned line;
};

static int lint_everyday_found(const struct rule *r, const struct subject *s, int how, void *data)
{
	const struct everyday *e = data;
	if (r->action == GATE_ACTION_ASK || r->action == GATE_ACTION_DENY)
		lint_warn(e->l, r, NULL, "it %s an everyday command: %s (%s:%u)",
			  r->action == GATE_ACTION_ASK ? "asks about" : "refuses", e->text, e->name, e->line);
	return 0;
}

static int lint_everyday_try_command(struct everyday *e)
{
	struct subjects subjects = {0};
	struct gate_event ev = {
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .shell_text = e->text};
	int err = ruleset_subjects(&e->l->rules, &ev, &subjects);
	if (!err)
		err = ruleset_match(&e->l->rules, GATE_EVENT_EXEC, &subjects, lint_everyday_found, e);
	subjects_free(&subjects);
	return err == -E2BIG ? 0 : err;
}

int lint_everyday(struct lint *l, const char *path)
{
	cleanup_strbuf struct strbuf text = {0};
	const char *slash = strrchr(path, '/');
	struct everyday e = {.l = l, .name = slash ? slash + 1 : path};
	int err = read_file(path, EVERYDAY_MAX, &text, NULL);
	if (err)
		return err;
	for (char *at = text.s, *end; !err && at && *at; at = end) {
		end = at + strcspn(at, "\n");
		if (*end)
			*end++ = '\0';
		e.line++;
		e.text = at;
		if (*at && *at != '#')
			err = lint_everyday_try_command(&e);
	}
	return err;
}
