/* SPDX-License-Identifier: BSD-2-Clause */
/* match_files.c - matches file rules, by path, except and scope, against one file. */
#include <string.h>

#include "formats/image.h"
#include "formats/read_name.h"
#include "rules/rules_internal.h"

static bool match_files_any_matches(char *const *globs, const struct file_subject *f)
{
	for (; globs && *globs; globs++)
		if (gate_glob(*globs, f->path, f->home))
			return true;
	return false;
}

static unsigned match_files_events(const struct file_subject *f)
{
	bool as_overwritten = f->event == GATE_EVENT_WRITE && f->unkept;
	return 1u << f->event | (as_overwritten ? 1u << GATE_EVENT_TRUNCATE : 0);
}

bool rule_matches_file(const struct rule *r, const struct file_subject *f)
{
	if (!(rule_judges(r) & match_files_events(f)) || (r->outside && !f->outside))
		return false;
	if (r->within & ~f->flags)
		return false;
	if (r->programs && (!f->program || !rule_has_program(r, f->program)))
		return false;
	if (f->stranger && r->action == GATE_ACTION_ALLOW && r->programs)
		return false;
	return (!r->paths || match_files_any_matches(r->paths, f)) && !match_files_any_matches(r->excepts, f);
}

bool rule_reads_any(const struct rule *r)
{
	if (!(r->events & 1u << GATE_EVENT_READ) || r->action == GATE_ACTION_ALLOW)
		return false;
	for (char *const *p = r->paths; p && *p; p++)
		if (gate_read_needs_any(strrchr(*p, '/') ? strrchr(*p, '/') + 1 : *p))
			return true;
	return !r->paths || !*r->paths;
}

int ruleset_match_file(const struct ruleset *rs, const struct file_subject *f,
		       int (*found)(const struct rule *r, void *data), void *data)
{
	int ret = 0;
	for (size_t i = 0; !ret && i < rs->non_files; i++)
		if (rule_matches_file(rs->on_files[i], f))
			ret = found(rs->on_files[i], data);
	return ret;
}
