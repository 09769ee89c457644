/* SPDX-License-Identifier: BSD-2-Clause */
/* store_registry.c - reads and writes $XDG_STATE_HOME/gate/undo/, which has an entry for each session with stores.  See
 * store.h.
 *
 * Paths in session.json are percent-encoded as in a journal, because they need not be UTF-8. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "store/store_internal.h"
#include "store/store_journal.h"
#include "util/json.h"
#include "util/proc.h"
#include "util/state_dir.h"
#include "util/timespan.h"

enum { ENTRY_VERSION = 1, ENTRY_MAX = 1 << 20 };

static const char *const kinds[] = {[STORE_SESSION] = "session", [STORE_UNDO] = "undo", [STORE_REDO] = "redo"};

int registry_open(char *path, bool make)
{
	struct stat st;
	int err = state_dir_file(path, PATH_MAX, "undo");
	if (err)
		return err;
	char *name = strrchr(path, '/');
	if (make && (err = state_dir_make(path)))
		return err;
	*name = '\0';
	int gate = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (gate < 0)
		return -errno;
	err = fstat(gate, &st) ? -errno : st.st_uid != geteuid() || st.st_mode & 022 ? -EPERM : 0;
	if (!err && (size_t)(name - path) + sizeof "/undo" > PATH_MAX)
		err = -ENAMETOOLONG;
	if (!err)
		strcpy(name, "/undo");
	int undo = err ? err : store_directory(gate, "undo", make, NULL);
	close(gate);
	int marked = make && undo >= 0 ? store_mark(undo) : 0;
	if (marked && marked != -ENOSPC && marked != -EDQUOT) { /* a full disk is for the stores to say */
		close(undo);
		undo = marked;
	}
	return undo;
}

static json_t *registry_encoded_list(char **paths)
{
	json_t *a = json_array();
	for (; a && *paths; paths++) {
		cleanup_strbuf struct strbuf b = {0};
		journal_encode(&b, *paths);
		if (b.err || json_array_append_new(a, json_string(b.s))) {
			json_decref(a);
			return NULL;
		}
	}
	return a;
}

int registry_write(int dir, const struct store_entry *e)
{
	json_t *o = json_object();
	int bad = json_object_set_new(o, "v", json_integer(ENTRY_VERSION)) | json_put(o, "kind", kinds[e->kind]) |
		  json_object_set_new(o, "workspaces", registry_encoded_list(e->workspaces)) |
		  json_object_set_new(o, "stores", registry_encoded_list(e->stores)) | json_put(o, "agent", e->agent) |
		  json_put(o, "command", e->command) | json_put(o, "started", e->started) |
		  json_object_set_new(o, "pid", json_integer(e->pid)) |
		  json_object_set_new(o, "start_time", json_integer((json_int_t)e->start_time));
	int fd = -1, err = bad ? -ENOMEM : 0;
	if (!err)
		fd = openat(dir, STORE_ENTRY_FILE ".new", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (!err && fd < 0)
		err = -errno;
	errno = 0;
	if (!err && json_dumpfd(o, fd, JSON_COMPACT | JSON_ENSURE_ASCII))
		err = errno ? -errno : -ENOSPC;
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	if (!err && renameat(dir, STORE_ENTRY_FILE ".new", dir, STORE_ENTRY_FILE))
		err = -errno;
	if (err)
		unlinkat(dir, STORE_ENTRY_FILE ".new", 0);
	json_decref(o);
	return err;
}

static char **registry_decoded_list(const json_t *a, size_t most)
{
	size_t n = json_array_size(a), i;
	char **v = json_is_array(a) && n <= most ? calloc(n + 1, sizeof *v) : NULL;
	json_t *item;
	json_array_foreach(v ? a : NULL, i, item)
	{
		v[i] = strdup(json_is_string(item) ? json_string_value(item) : "");
		if (v[i] && journal_decode(v[i]) && journal_is_path(v[i]))
			continue;
		for (size_t k = 0; k <= i; k++)
			free(v[k]);
		free(v);
		return NULL;
	}
	return v;
}

static char *registry_copy_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	return strdup(s ? s : "");
}

static enum store_kind registry_kind_of(const json_t *o)
{
	const char *s = json_string_value(json_object_get(o, "kind"));
	for (int k = STORE_SESSION; s && k <= STORE_REDO; k++)
		if (!strcmp(s, kinds[k]))
			return (enum store_kind)k;
	return STORE_SESSION;
}

/* Returns NULL, or a message that says what is wrong with the object. */
static const char *registry_entry_parse(const json_t *o, struct store_entry *e)
{
	enum { WORKSPACES_MAX = 256 };
	long long ms;
	if (!json_is_object(o))
		return STORE_ENTRY_FILE " is not an object";
	if (json_integer_value(json_object_get(o, "v")) != ENTRY_VERSION)
		return "from another version of gate";
	e->kind = registry_kind_of(o);
	e->workspaces = registry_decoded_list(json_object_get(o, "workspaces"), WORKSPACES_MAX);
	e->stores = registry_decoded_list(json_object_get(o, "stores"), STORE_COUNT_MAX);
	e->agent = registry_copy_of(o, "agent");
	e->command = registry_copy_of(o, "command");
	e->started = registry_copy_of(o, "started");
	if (!e->workspaces || !e->stores || !e->agent || !e->command || !e->started)
		return STORE_ENTRY_FILE " has no valid list of workspaces and stores";
	if (timespan_parse_iso(e->started, &ms))
		return STORE_ENTRY_FILE " has no valid start time";
	e->started_ms = ms;
	e->pid = (pid_t)json_integer_value(json_object_get(o, "pid"));
	e->start_time = (uint64_t)json_integer_value(json_object_get(o, "start_time"));
	e->alive = e->kind == STORE_SESSION && e->pid > 0 && proc_alive(e->pid, e->start_time);
	return NULL;
}

/* Read the entry `name`.  Returns NULL, or a message that says why it is not one. */
static const char *registry_entry_read(int registry, const char *base, const char *name, struct store_entry *e)
{
	*e = (struct store_entry){0};
	if (strlen(name) >= sizeof e->name || asprintf(&e->dir, "%s/%s", base, name) < 0)
		return "not a session's entry";
	memcpy(e->name, name, strlen(name) + 1);
	int dir = store_directory(registry, name, false, NULL);
	if (dir < 0)
		return store_error(dir);
	int fd = openat(dir, STORE_ENTRY_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	const char *why = NULL;
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > ENTRY_MAX)
		why = "no readable " STORE_ENTRY_FILE;
	json_t *o = why ? NULL : json_loadfd(fd, 0, NULL);
	if (!why)
		why = registry_entry_parse(o, e);
	json_decref(o);
	if (fd >= 0)
		close(fd);
	close(dir);
	return why;
}

static int registry_by_start(const void *a, const void *b)
{
	const struct store_entry *x = a, *y = b;
	return x->started_ms < y->started_ms ? -1 : x->started_ms > y->started_ms ? 1 : strcmp(x->name, y->name);
}

int store_list(struct store_entry **out, void (*tell)(const char *dir, const char *why, void *data), void *data)
{
	char base[PATH_MAX];
	int registry = registry_open(base, false), n = 0;
	*out = NULL;
	if (registry < 0)
		return registry == -ENOENT ? 0 : registry;
	DIR *dir = fdopendir(registry);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		struct store_entry entry;
		if (e->d_name[0] == '.' || store_is_mark(e->d_name))
			continue;
		const char *why = registry_entry_read(registry, base, e->d_name, &entry);
		struct store_entry *more = why ? NULL : realloc(*out, ((size_t)n + 1) * sizeof **out);
		if (more)
			*out = more;
		if (why && tell)
			tell(entry.dir ? entry.dir : base, why, data);
		if (more)
			more[n++] = entry;
		else
			store_entry_clear(&entry);
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(*out, (size_t)n, sizeof **out, registry_by_start);
	return n;
}

void store_entry_clear(struct store_entry *e)
{
	for (char **p = e->workspaces; p && *p; p++)
		free(*p);
	for (char **p = e->stores; p && *p; p++)
		free(*p);
	free(e->workspaces);
	free(e->stores);
	free(e->dir);
	free(e->agent);
	free(e->command);
	free(e->started);
	*e = (struct store_entry){0};
}

void store_free(struct store_entry *v, int n)
{
	for (int i = 0; i < n; i++)
		store_entry_clear(&v[i]);
	free(v);
}
