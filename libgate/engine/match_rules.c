/* SPDX-License-Identifier: BSD-2-Clause */
/* match_rules.c - asks the packs about an event, by its kind. */
#include "engine/match_rules.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "base/name.h"
#include "base/paths.h"

static int match_rules_connect(struct matching *m)
{
	struct destination d;
	int err = destination_of(m->ev, &d);
	if (!err)
		err = ruleset_match_connect(&m->h->policy->rules, &d, match_found_one, m);
	destination_free(&d);
	return err;
}

static int match_rules_file(struct matching *m)
{
	const struct gate_event *ev = m->ev;
	char home[GATE_HOME_SIZE], resolved[PATH_MAX];
	const char *as_told = gate_home(home, sizeof home);
	struct file_subject f = {
		.event = ev->type,
		.program = ev->exe ? name_program(ev->exe) : NULL,
		.path = ev->path,
		.home = as_told ? realpath(as_told, resolved) : NULL, /* resolved, like the path */
		.outside = ev->file & GATE_FILE_OUTSIDE,
		.flags = ev->file,
		.stranger = ev->type == GATE_EVENT_READ && ev->file & GATE_FILE_STRANGER,
		.unkept = ev->unkept,
	};
	return ruleset_match_file(&m->h->policy->rules, &f, match_found_one, m);
}

int match_rules(struct matching *m)
{
	const struct ruleset *rs = &m->h->policy->rules;
	const struct subjects *subjects = &m->h->check.subjects;
	switch (m->ev->type) {
	case GATE_EVENT_EXEC: return ruleset_match(rs, GATE_EVENT_EXEC, subjects, match_found, m);
	case GATE_EVENT_CONNECT: return match_rules_connect(m);
	case GATE_EVENT_STATEMENT:
	case GATE_EVENT_REQUEST: return ruleset_match_said(rs, m->ev, subjects, match_found, m);
	default: return match_rules_file(m);
	}
}
