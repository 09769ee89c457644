/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_known.c - looks for a path in the journals, in the audit log and on the disk. */
#include "undo/undo_known.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/audit_read.h"
#include "util/json.h"
#include "util/out.h"
#include "util/pathwalk.h"
#include "util/state_dir.h"

static void undo_known_when(time_t t, char *buf, size_t size)
{
	struct tm tm;
	localtime_r(&t, &tm);
	strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm);
}

static void undo_known_path(const char *path)
{
	fputs("gatesh: undo: ", stderr);
	out_text(stderr, path);
	fputs(": ", stderr);
}

/* Was it kept once?  Its object is gone, or the act never happened. */
static bool undo_known_kept(const struct kept_list *l, const char *path)
{
	const struct store_put_record *last = NULL;
	const struct kept_session *in = NULL;
	char when[40];
	for (size_t i = 0; i < l->nsessions; i++)
		for (size_t k = 0; k < STORE_COUNT_MAX; k++)
			for (size_t n = 0; n < l->sessions[i].journals[k].n; n++) {
				const struct store_put_record *r = &l->sessions[i].journals[k].v[n];
				if (!r->path || strcmp(r->path, path) || r->op == STORE_OP_RESTORED ||
				    (last && last->time.tv_sec > r->time.tv_sec))
					continue;
				last = r;
				in = &l->sessions[i];
			}
	if (!last)
		return false;
	undo_known_when(last->time.tv_sec, when, sizeof when);
	undo_known_path(path);
	if (last->op == STORE_OP_UNKEPT) {
		fprintf(stderr,
			"was opened for writing in place at %s (session %s); it could not be kept, and a yes allowed it\n",
			when, in->entry->name);
		return true;
	}
	fprintf(stderr, "was kept at %s (session %s), and has been put back, forgotten or pruned since\n", when,
		in->entry->name);
	return true;
}

/* A decision of the audit log about the path or a directory above it. */
struct decision {
	bool found, allowed;
	char *time, *session, *rule, *by;
};

static void undo_known_clear(struct decision *d)
{
	free(d->time);
	free(d->session);
	free(d->rule);
	free(d->by);
	*d = (struct decision){0};
}

static char *undo_known_copy(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	return s ? strdup(s) : NULL;
}

static void undo_known_line(struct decision *d, const char *path, const char *line, size_t len)
{
	json_t *o = json_loadb(line, len, 0, NULL);
	const char *at = json_string_value(json_object_get(o, "path")),
		   *verdict = json_string_value(json_object_get(o, "verdict")),
		   *event = json_string_value(json_object_get(o, "event"));
	if (at && verdict && event && strcmp(event, "connect") && strcmp(event, "exec") && store_under(path, at)) {
		undo_known_clear(d);
		*d = (struct decision){.found = true,
				       .allowed = !strcmp(verdict, "allow"),
				       .time = undo_known_copy(o, "time"),
				       .session = undo_known_copy(o, "session"),
				       .by = undo_known_copy(o, "by")};
		const char *rule = json_string_value(json_array_get(json_object_get(o, "rules"), 0));
		d->rule = rule ? strdup(rule) : NULL;
	}
	json_decref(o);
}

/* The newest decision about the path. */
static void undo_known_audit(struct decision *d, const char *path)
{
	struct audit_reader r;
	char log[PATH_MAX], *line;
	size_t len;
	if (state_dir_file(log, sizeof log, STATE_DIR_AUDIT))
		return;
	int err = audit_open(&r, log);
	while (!err && audit_next(&r, &line, &len, NULL) > 0)
		if (len && strstr(line, "\"path\":"))
			undo_known_line(d, path, line, len);
	audit_close(&r);
}

static bool undo_known_decided(const char *path)
{
	struct decision d = {0};
	undo_known_audit(&d, path);
	bool found = d.found;
	if (found) {
		undo_known_path(path);
		fputs(d.allowed ? "not kept: allowed" : "not kept, as it was refused", stderr);
		if (d.rule) {
			fputs(d.by ? ", asked for by rule " : " by rule ", stderr);
			out_text(stderr, d.rule);
		}
		if (d.by) {
			fputs(", by ", stderr);
			out_text(stderr, d.by);
		}
		fputs(" at ", stderr);
		out_text(stderr, d.time ? d.time : "?");
		fputs(" in session ", stderr);
		out_text(stderr, d.session ? d.session : "?");
		fputc('\n', stderr);
	}
	undo_known_clear(&d);
	return found;
}

/* The last session that worked there when the file was made, or NULL. */
static const struct store_entry *undo_known_maker(const struct kept_list *l, const char *path, long long born_ms)
{
	const struct store_entry *maker = NULL;
	for (int i = 0; i < l->nentries; i++)
		for (char **w = l->entries[i].workspaces; *w; w++)
			if (store_under(path, *w) && l->entries[i].kind == STORE_SESSION &&
			    l->entries[i].started_ms <= born_ms)
				maker = &l->entries[i];
	return maker;
}

static void undo_known_present(const struct kept_list *l, const char *path)
{
	struct statx x;
	const char *name;
	char when[40];
	int dir = pathwalk_parent(path, &name);
	int err = dir < 0 ? dir : statx(dir, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &x) ? -errno : 0;
	if (dir >= 0)
		close(dir);
	undo_known_path(path);
	if (err) {
		fputs("nothing is known of it: no session lost it, or it was made in the session, whose own files are not "
		      "kept\n",
		      stderr);
		return;
	}
	bool dated = x.stx_mask & STATX_BTIME;
	const struct store_entry *maker =
		dated ? undo_known_maker(l, path, (long long)x.stx_btime.tv_sec * 1000) : NULL;
	if (!maker) {
		fputs("is there, and no session has removed or overwritten it\n", stderr);
		return;
	}
	undo_known_when(x.stx_btime.tv_sec, when, sizeof when);
	fprintf(stderr, "is there, made at %s, after session %s began; a session's own files are not kept\n", when,
		maker->name);
}

void undo_known_report(const struct kept_list *l, const char *path)
{
	if (!undo_known_kept(l, path) && !undo_known_decided(path))
		undo_known_present(l, path);
}
