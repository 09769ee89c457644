/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_list.c - reads and prunes the directories of what rules kept. */
#include "keep/keep_list.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/state_dir.h"

enum { DAY_SECONDS = 24 * 3600 };

/* Read one directory; NULL record: it has none.  Returns 0 or -ENOMEM. */
static int keep_list_open(struct keep_entry *e, const char *dir, const char *session, const char *name)
{
	char path[PATH_MAX];
	*e = (struct keep_entry){.dir = strdup(dir)};
	snprintf(e->id, sizeof e->id, "%.48s.r%.8s", session, name);
	if (!e->dir)
		return -ENOMEM;
	if (keep_path(e, "keep.json", path, sizeof path))
		e->record = json_load_file(path, 0, NULL);
	if (e->record && !json_is_object(e->record)) {
		json_decref(e->record);
		e->record = NULL;
	}
	return 0;
}

static bool keep_list_is_visible(const struct dirent *d)
{
	return *d->d_name != '.';
}

/* Call `each` for every entry of a session's directory. */
typedef int keep_list_fn(struct keep_entry *e, void *data);
static int keep_list_walk_session(const char *top, const char *session, keep_list_fn *each, void *data)
{
	char path[PATH_MAX], dir[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", top, session), err = 0;
	DIR *d = n > 0 && n < PATH_MAX ? opendir(path) : NULL;
	for (struct dirent *entry; d && !err && (entry = readdir(d));) {
		struct keep_entry e;
		n = snprintf(dir, sizeof dir, "%s/%s", path, entry->d_name);
		if (!keep_list_is_visible(entry) || n >= PATH_MAX)
			continue;
		err = keep_list_open(&e, dir, session, entry->d_name);
		if (!err)
			err = each(&e, data);
		keep_clear(&e);
	}
	if (d)
		closedir(d);
	return err;
}

static int keep_list_walk(const char *session, keep_list_fn *each, void *data)
{
	char top[PATH_MAX];
	int err = state_dir_file(top, sizeof top, "keep");
	DIR *d = err || session ? NULL : opendir(top);
	if (session && !err)
		return keep_list_walk_session(top, session, each, data);
	for (struct dirent *entry; d && !err && (entry = readdir(d));)
		if (keep_list_is_visible(entry))
			err = keep_list_walk_session(top, entry->d_name, each, data);
	if (d)
		closedir(d);
	return err == -ENOENT ? 0 : err;
}

static int keep_list_add(struct keep_entry *e, void *data)
{
	struct keep_list *l = data;
	if (!e->record)
		return 0;
	struct keep_entry *v = reallocarray(l->v, l->n + 1, sizeof *v);
	if (!v)
		return -ENOMEM;
	l->v = v;
	v[l->n++] = *e;
	*e = (struct keep_entry){0};
	return 0;
}

static json_int_t keep_list_time(const struct keep_entry *e)
{
	return json_integer_value(json_object_get(e->record, "time"));
}

static int keep_list_by_time(const void *a, const void *b)
{
	json_int_t x = keep_list_time(a), y = keep_list_time(b);
	return x < y ? -1 : x > y;
}

int keep_list_read(struct keep_list *l, const char *session)
{
	*l = (struct keep_list){0};
	int err = keep_list_walk(session, keep_list_add, l);
	if (l->n)
		qsort(l->v, l->n, sizeof *l->v, keep_list_by_time);
	return err;
}

void keep_list_free(struct keep_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		keep_clear(&l->v[i]);
	free(l->v);
	*l = (struct keep_list){0};
}

struct keep_entry *keep_list_find(const struct keep_list *l, const char *id)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].id, id))
			return &l->v[i];
	return NULL;
}

struct keep_pruning {
	int64_t before_ms;
	size_t removed;
};

static int keep_list_prune_one(struct keep_entry *e, void *data)
{
	struct keep_pruning *p = data;
	struct stat st;
	bool had = e->record;
	bool old =
		had ? keep_list_time(e) < p->before_ms : !stat(e->dir, &st) && st.st_mtime < time(NULL) - DAY_SECONDS;
	if (old && !keep_drop(e))
		p->removed += had;
	return 0;
}

size_t keep_list_prune(const char *session, int64_t before_ms)
{
	struct keep_pruning p = {.before_ms = before_ms};
	keep_list_walk(session, keep_list_prune_one, &p);
	return p.removed;
}
