/* SPDX-License-Identifier: BSD-2-Clause */
/* store_create.c - makes a session's entry and stores, and removes them with their content.  See store.h. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"
#include "store/store_internal.h"
#include "util/proc.h"
#include "util/remove_tree.h"

static char **store_create_resolved_list(const char *const *paths)
{
	size_t n = 0;
	while (paths[n])
		n++;
	char **v = calloc(n + 1, sizeof *v);
	for (size_t i = 0; v && i < n; i++)
		if (!(v[i] = realpath(paths[i], NULL)) && !(v[i] = strdup(paths[i])))
			break;
	return v;
}

static void store_create_stamp(struct store_entry *e)
{
	struct timespec now;
	struct tm tm;
	char text[40];
	struct proc self;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03ldZ", now.tv_nsec / 1000000);
	e->started = strdup(text);
	e->started_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	e->pid = getpid();
	e->start_time = proc_read(e->pid, &self) ? 0 : self.start_time;
}

static int store_create_fill(struct store_entry *e, const char *name, const char *base, const char *const *workspaces)
{
	if (snprintf(e->name, sizeof e->name, "%s", name) >= (int)sizeof e->name)
		return -ENAMETOOLONG;
	e->workspaces = store_create_resolved_list(workspaces);
	e->stores = calloc(STORE_COUNT_MAX + 1, sizeof *e->stores);
	store_create_stamp(e);
	if (asprintf(&e->dir, "%s/%s", base, name) < 0)
		e->dir = NULL;
	return e->workspaces && e->stores && e->dir && e->started && e->agent && e->command ? 0 : -ENOMEM;
}

static int store_create_make_stores(struct store_entry *e, struct strbuf *why)
{
	int err = 0;
	for (char **w = e->workspaces; *w; w++) {
		if (why->len)
			strbuf_puts(why, "; ");
		int one = store_place(e, *w, why);
		err = one ? one : err;
		if (!one && why->len >= 2 && !strcmp(why->s + why->len - 2, "; "))
			why->s[why->len -= 2] = '\0';
	}
	if (e->stores[0])
		store_place_home(e);
	return e->stores[0] ? 0 : err ? err : -ENOENT;
}

int store_create(struct store_entry *e, const char *name, enum store_kind kind, const char *const *workspaces,
		 const char *agent, const char *command, struct strbuf *why)
{
	char base[PATH_MAX] = "$XDG_STATE_HOME";
	bool made = false;
	*e = (struct store_entry){.kind = kind, .alive = kind == STORE_SESSION};
	e->agent = strdup(agent);
	e->command = strdup(command);
	int registry = registry_open(base, true), dir = -1;
	int err = registry < 0 ? registry : store_create_fill(e, name, base, workspaces);
	if (!err)
		dir = store_directory(registry, name, true, &made);
	if (!err && (dir < 0 || !made))
		err = dir < 0 ? dir : -EEXIST;
	if (err)
		strbuf_printf(why, "%s%s%s: %s", base, registry < 0 ? "" : "/", registry < 0 ? "" : name,
			      store_error(err));
	else
		err = store_create_make_stores(e, why);
	if (!err && (err = registry_write(dir, e)))
		strbuf_printf(why, "%s: %s", e->dir, store_error(err));
	if (dir >= 0)
		close(dir);
	if (registry >= 0)
		close(registry);
	if (err && made)
		store_remove(e);
	if (err)
		store_entry_clear(e);
	return err;
}

/* Remove STORE with its content. */
static int store_create_remove_store(const char *path)
{
	char holder[PATH_MAX];
	snprintf(holder, sizeof holder, "%s", path);
	char *name = strrchr(holder, '/');
	if (!name || name == holder)
		return -EINVAL;
	*name++ = '\0';
	int dir = store_open(holder); /* leaves it alone if it is a symbolic link or not ours */
	int err = dir < 0 ? dir : remove_tree_at(dir, name);
	if (dir >= 0)
		close(dir);
	return err == -ENOENT ? 0 : err;
}

/* Remove the directory that holds STORE if nothing but the marks is left in it. */
static void store_create_remove_holder(const char *store)
{
	char holder[PATH_MAX];
	snprintf(holder, sizeof holder, "%s", store);
	char *slash = strrchr(holder, '/');
	if (!slash || slash == holder)
		return;
	*slash = '\0';
	DIR *dir = opendir(holder);
	bool other = !dir;
	for (struct dirent *e; dir && (e = readdir(dir));)
		other = other || (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") && !store_is_mark(e->d_name));
	if (!other)
		store_unmark(dirfd(dir));
	if (dir)
		closedir(dir);
	if (!other)
		rmdir(holder);
}

int store_remove(const struct store_entry *e)
{
	int err = 0;
	for (char **s = e->stores; s && *s; s++) {
		int one = strcmp(*s, e->dir) ? store_create_remove_store(*s) : 0;
		if (!one && strcmp(*s, e->dir))
			store_create_remove_holder(*s);
		err = err ? err : one;
	}
	int last = err ? err : store_create_remove_store(e->dir);
	return err ? err : last;
}
