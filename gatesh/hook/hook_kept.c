/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_kept.c - counts what was kept since a moment.  See hook_kept.h. */
#include "hook/hook_kept.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/store_records.h"
#include "util/session_dir.h"

enum { HOOK_KEPT_READ_MAX = 1 << 20, HOOK_KEPT_COMMANDS_MAX = 3 };

/* The id of the session, the last part of its directory's name; "": not known. */
static void hook_kept_session(char id[SESSION_ID_MAX])
{
	const char *dir = getenv("GATE_SESSION");
	size_t n = dir ? strlen(dir) : 0;
	while (n && (dir[n - 1] == '/' || dir[n - 1] == '.'))
		n--;
	size_t from = n;
	while (from && dir[from - 1] != '/')
		from--;
	snprintf(id, SESSION_ID_MAX, "%.*s", n ? (int)(n - from) : 0, n ? dir + from : "");
}

/* Bytes of the session's journals; LONG_MAX if they are not known. */
static long hook_kept_size(const char *session)
{
	struct store_entry *v = NULL;
	long size = 0;
	int n = store_list(&v, NULL, NULL);
	for (int i = 0; i < n; i++) {
		if (strcmp(v[i].name, session) != 0)
			continue;
		for (char **s = v[i].stores; *s; s++) {
			char path[PATH_MAX];
			struct stat st;
			if (snprintf(path, sizeof path, "%s/journal", *s) < (int)sizeof path && !stat(path, &st))
				size += st.st_size;
		}
	}
	store_free(v, n > 0 ? n : 0);
	return n < 0 ? LONG_MAX : size;
}

static void hook_kept_ignore(const char *where, const char *why, void *data)
{
}

static bool hook_kept_counts(const struct store_records *k, int64_t since_ms)
{
	int64_t ms = (int64_t)k->r->time.tv_sec * 1000 + k->r->time.tv_nsec / 1000000;
	return k->r->id && ms >= since_ms && S_ISREG(k->r->mode);
}

/* Count the files and the commands that they were kept for, the first of which are named. */
static void hook_kept_count(const struct kept_list *l, int64_t since_ms, struct strbuf *out)
{
	unsigned commands[HOOK_KEPT_COMMANDS_MAX];
	size_t files = 0, n = 0;
	bool more = false;
	for (size_t i = 0; i < l->n; i++) {
		if (!hook_kept_counts(&l->v[i], since_ms))
			continue;
		files++;
		size_t k = 0;
		while (k < n && commands[k] != l->v[i].command)
			k++;
		if (k == n && n < HOOK_KEPT_COMMANDS_MAX)
			commands[n++] = l->v[i].command;
		else if (k == n)
			more = true;
	}
	if (!files)
		return;
	strbuf_printf(out, "gate: %zu file%s kept; the user restores %s by ", files, files == 1 ? " was" : "s were",
		      files == 1 ? "it" : "them");
	for (size_t k = 0; k < n && !more; k++)
		strbuf_printf(out, "%s`gatesh undo --command %s.%u`", k ? " and " : "", l->v[0].session->entry->name,
			      commands[k]);
	if (more)
		strbuf_puts(out, "`gatesh undo`, which lists them");
}

void hook_kept_describe(int64_t since_ms, struct strbuf *out)
{
	char session[SESSION_ID_MAX];
	struct kept_list l = {0};
	hook_kept_session(session);
	long size = *session ? hook_kept_size(session) : 0;
	if (!size || size > HOOK_KEPT_READ_MAX)
		return;
	const struct kept_choice choice = {.session = session};
	if (!records_load(&l, &choice, hook_kept_ignore, NULL))
		hook_kept_count(&l, since_ms, out);
	records_free(&l);
}
