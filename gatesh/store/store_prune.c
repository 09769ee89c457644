/* SPDX-License-Identifier: BSD-2-Clause */
/* store_prune.c - deletes kept objects by age and quota, oldest first.  See store.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "store/store_records.h"
#include "util/remove_tree.h"

struct object {
	const char *store;
	char id[NAME_MAX + 1];
	int64_t ms;
	uint64_t bytes;
};

struct objects {
	struct object *v;
	size_t n, room;
	uint64_t bytes;
	int64_t newest; /* time of the newest record in the stores read last */
};

static int64_t store_prune_ms_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int store_prune_add(struct objects *o, const struct object *one)
{
	if (o->n == o->room) {
		size_t room = o->room ? o->room * 2 : 64;
		struct object *v = reallocarray(o->v, room, sizeof *v);
		if (!v)
			return -ENOMEM;
		o->v = v;
		o->room = room;
	}
	o->v[o->n++] = *one;
	o->bytes += one->bytes;
	return 0;
}

static uint64_t store_prune_bytes_of(int dir, const char *name)
{
	struct stat st;
	uint64_t sum = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ? 0 : (uint64_t)st.st_blocks * 512;
	int fd = sum && S_ISDIR(st.st_mode) ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	for (struct dirent *e; d && (e = readdir(d));)
		sum += strcmp(e->d_name, ".") && strcmp(e->d_name, "..") ? store_prune_bytes_of(fd, e->d_name) : 0;
	if (d)
		closedir(d);
	return sum;
}

static int store_prune_by_id(const void *a, const void *b)
{
	const struct store_put_record *x = a, *y = b;
	return !x->id || !y->id ? !x->id - !y->id : strcmp(x->id, y->id);
}

/* The time when an object was kept: from its record, or else its ctime, when it got its name. */
static int64_t store_prune_time_of(const struct journal *j, int dir, const char *id)
{
	struct store_put_record key = {.id = (char *)id};
	const struct store_put_record *r = j->n ? bsearch(&key, j->v, j->n, sizeof key, store_prune_by_id) : NULL;
	struct stat st;
	if (r)
		return store_prune_ms_of(r->time);
	return fstatat(dir, id, &st, AT_SYMLINK_NOFOLLOW) ? 0 : store_prune_ms_of(st.st_ctim);
}

static bool store_prune_is_part(const char *name)
{
	size_t n = strlen(name), end = strlen(STORE_PART_SUFFIX);
	return n > end && !strcmp(name + n - end, STORE_PART_SUFFIX);
}

/* Collect the objects of a store, except partial copies in a living session. */
static int store_prune_read_store(struct objects *o, const struct store_entry *e, const char *store,
				  struct progress *progress)
{
	struct journal j = {0};
	int dir = store_open(store), objects = records_objects(store);
	int err = dir < 0 ? dir : objects < 0 ? objects : journal_read(&j, dir);
	for (size_t i = 0; !err && i < j.n; i++)
		if (store_prune_ms_of(j.v[i].time) > o->newest)
			o->newest = store_prune_ms_of(j.v[i].time);
	if (j.n)
		qsort(j.v, j.n, sizeof *j.v, store_prune_by_id);
	DIR *d = err ? NULL : fdopendir(objects);
	for (struct dirent *f; d && !err && (f = readdir(d));) {
		struct object one = {.store = store};
		if (!strcmp(f->d_name, ".") || !strcmp(f->d_name, "..") || (e->alive && store_prune_is_part(f->d_name)))
			continue;
		strcpy(one.id, f->d_name);
		one.ms = store_prune_time_of(&j, objects, one.id);
		one.bytes = store_prune_bytes_of(objects, one.id);
		err = store_prune_add(o, &one);
		progress_step(progress);
	}
	if (d)
		closedir(d);
	else if (objects >= 0)
		close(objects);
	if (dir >= 0)
		close(dir);
	journal_free(&j);
	return err == -ENOENT ? 0 : err;
}

static int store_prune_by_age(const void *a, const void *b)
{
	const struct object *x = a, *y = b;
	return x->ms < y->ms ? -1 : x->ms > y->ms;
}

static int store_prune_remove_object(const struct object *o)
{
	int objects = records_objects(o->store);
	int err = objects < 0 ? objects : remove_tree_at(objects, o->id);
	if (objects >= 0)
		close(objects);
	return err == -ENOENT ? 0 : err;
}

/* How many of the objects, which are sorted by age, are to go?  An error while they go can only make it more. */
static size_t store_prune_count(const struct objects *o, int64_t before_ms, uint64_t quota)
{
	uint64_t left = o->bytes;
	size_t n = 0;
	for (; n < o->n && (o->v[n].ms < before_ms || left > quota); n++)
		left -= o->v[n].bytes;
	return n;
}

/* Remove the oldest objects.  Returns 0 or the first negative errno. */
static int store_prune_remove(const struct objects *o, int64_t before_ms, uint64_t quota, struct prune_result *result,
			      struct progress *progress)
{
	int err = 0;
	progress_phase(progress, "undo: deleting", store_prune_count(o, before_ms, quota));
	for (size_t i = 0; i < o->n && (o->v[i].ms < before_ms || result->left > quota); i++) {
		int one = store_prune_remove_object(&o->v[i]);
		progress_step(progress);
		err = err ? err : one;
		if (one)
			continue;
		result->removed++;
		result->freed += o->v[i].bytes;
		result->left -= o->v[i].bytes;
	}
	return err;
}

/* An ended session's journal is useless if nothing in it can be restored, or if it is past its age. */
static bool store_prune_used_up(const struct store_entry *e, int64_t newest, int64_t before_ms)
{
	struct kept_amount kept;
	if (e->alive)
		return false;
	return (newest > e->started_ms ? newest : e->started_ms) < before_ms ||
	       (!records_count(e, &kept) && !kept.things);
}

int store_prune(int64_t before_ms, uint64_t quota, const char *name, struct prune_result *result,
		struct progress *progress)
{
	struct store_entry *entries;
	struct objects o = {0};
	int n = store_list(&entries, NULL, NULL), err = n < 0 ? n : 0;
	int64_t *newest = calloc((size_t)(n > 0 ? n : 0) + 1, sizeof *newest);
	*result = (struct prune_result){0};
	if (!newest)
		err = -ENOMEM;
	for (int i = 0; i < n && newest; i++) {
		o.newest = INT64_MIN;
		for (char **s = entries[i].stores; *s && (!name || !strcmp(name, entries[i].name)); s++) {
			int one = store_prune_read_store(&o, &entries[i], *s, progress);
			err = err ? err : one;
		}
		newest[i] = o.newest;
	}
	if (o.n)
		qsort(o.v, o.n, sizeof *o.v, store_prune_by_age);
	result->left = o.bytes;
	int one = store_prune_remove(&o, before_ms, quota, result, progress);
	err = err ? err : one;
	for (int i = 0; i < n && newest; i++)
		if ((!name || !strcmp(name, entries[i].name)) && store_prune_used_up(&entries[i], newest[i], before_ms))
			result->sessions += !store_remove(&entries[i]);
	free(newest);
	free(o.v);
	store_free(entries, n > 0 ? n : 0);
	return err;
}
