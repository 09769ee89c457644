/* SPDX-License-Identifier: BSD-2-Clause */
/* git_push.c - describes and refuses pushes. */
#include "broker/git_push.h"

#include <string.h>

#include "broker/git_ancestor.h"
#include "broker/git_request.h"

enum { SHOWN = 12, CHECKED_MAX = 64, WHY_MAX = 900 };

/* The first 64 updates of a push are looked up; a person looks at no more either. */
static int git_push_ancestor(pid_t pid, const struct git_update *u, unsigned *checked)
{
	return (*checked)++ < CHECKED_MAX ? git_ancestor(pid, u->before, u->after) : -1;
}

static void git_push_put(const struct git_update *u, int ancestor, struct strbuf *loses, struct strbuf *keeps)
{
	const char *name = !*u->after ? "git-delete-ref" : *u->before && ancestor != 1 ? "git-force-push" : "git-push";
	struct strbuf *out = *u->before && ancestor != 1 ? loses : keeps;
	strbuf_printf(out, "%s %.*s ", name, (int)u->ref_len, u->ref);
	strbuf_printf(out, "%.*s%s%.*s%s\n", SHOWN, u->before, *u->before && *u->after ? ".." : "", SHOWN, u->after,
		      *u->before && *u->after && ancestor < 0 ? " (it is unknown what it loses)" : "");
}

bool git_push_operations(pid_t pid, const char *text, size_t len, struct strbuf *out)
{
	cleanup_strbuf struct strbuf loses = {0}, keeps = {0};
	struct git_update u;
	unsigned checked = 0;
	size_t at = 0;
	int more;
	while ((more = git_push_next(text, len, &at, &u)) > 0)
		git_push_put(&u, *u.before && *u.after ? git_push_ancestor(pid, &u, &checked) : 0, &loses, &keeps);
	if (more < 0)
		strbuf_puts(out, "git-force-push ? (Gate can't read what is pushed)\n");
	strbuf_put(out, loses.s ? loses.s : "", loses.len);
	strbuf_put(out, keeps.s ? keeps.s : "", keeps.len);
	if (!out->len)
		strbuf_puts(out, "git-list-refs\n"); /* git asks so whether it may push, before a large body */
	if (loses.err || keeps.err)
		out->err = loses.err ? loses.err : keeps.err;
	return !more;
}

/* --- refusal ------------------------------------------------------------------------------------------------------ */

static void git_push_put_packet(struct strbuf *out, const char *band, const char *text, size_t len)
{
	strbuf_printf(out, "%04zx%s", len + strlen(band) + 4, band);
	strbuf_put(out, text, len);
}

void git_push_refuse(const char *text, size_t len, const char *why, struct strbuf *out)
{
	cleanup_strbuf struct strbuf report = {0}, line = {0};
	bool band = git_push_can(text, len, "side-band-64k");
	struct git_update u;
	size_t at = 0;
	git_push_put_packet(&report, "", "unpack ok\n", strlen("unpack ok\n"));
	while (git_push_next(text, len, &at, &u) > 0 && report.len < 32768) {
		line.len = 0;
		strbuf_printf(&line, "ng %.*s %.*s\n", (int)u.ref_len, u.ref, WHY_MAX, why);
		git_push_put_packet(&report, "", line.s ? line.s : "", line.len);
	}
	strbuf_puts(&report, "0000");
	if (band)
		git_push_put_packet(out, "\1", report.s ? report.s : "", report.len);
	else
		strbuf_put(out, report.s ? report.s : "", report.len);
	if (band)
		strbuf_puts(out, "0000");
	if (report.err || line.err)
		out->err = report.err ? report.err : line.err;
}
