/* SPDX-License-Identifier: BSD-2-Clause */
/* store_prune.c - deletes kept objects by age, for the quota and for a full disk, oldest first.  See store.h. */
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
	dev_t dev;
	bool alive; /* of a living session */
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
	struct stat st;
	int dir = store_open(store), objects = records_objects(store);
	int err = dir < 0 ? dir : objects < 0 ? objects : journal_read(&j, dir);
	for (size_t i = 0; !err && i < j.n; i++)
		if (store_prune_ms_of(j.v[i].time) > o->newest)
			o->newest = store_prune_ms_of(j.v[i].time);
	if (j.n)
		qsort(j.v, j.n, sizeof *j.v, store_prune_by_id);
	dev_t dev = !err && !fstat(objects, &st) ? st.st_dev : 0;
	DIR *d = err ? NULL : fdopendir(objects);
	for (struct dirent *f; d && !err && (f = readdir(d));) {
		struct object one = {.store = store};
		if (!strcmp(f->d_name, ".") || !strcmp(f->d_name, "..") || (e->alive && store_prune_is_part(f->d_name)))
			continue;
		strcpy(one.id, f->d_name);
		one.ms = store_prune_time_of(&j, objects, one.id);
		one.bytes = store_prune_bytes_of(objects, one.id);
		one.dev = dev;
		one.alive = e->alive;
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

/* Is the object's return promised, so that neither a quota nor a disk takes it? */
static bool store_prune_is_held(const struct prune_terms *t, const struct object *o)
{
	return t->holds && (o->alive || o->ms >= t->held_ms);
}

static struct prune_disk *store_prune_disk_of(struct prune_terms *t, const struct object *o)
{
	for (size_t i = 0; i < t->ndisks; i++)
		if (t->disks[i].dev == o->dev && t->disks[i].want)
			return &t->disks[i];
	return NULL;
}

enum why_gone { GONE_NOT, GONE_OLD, GONE_QUOTA, GONE_DISK };

/* Must the object go, when so many bytes are left with it? */
static enum why_gone store_prune_why(struct prune_terms *t, const struct object *o, uint64_t left)
{
	if (o->ms < t->before_ms && !(t->holds && o->alive))
		return GONE_OLD;
	if (store_prune_is_held(t, o))
		return GONE_NOT;
	return left > t->quota ? GONE_QUOTA : store_prune_disk_of(t, o) ? GONE_DISK : GONE_NOT;
}

/* The object is gone: its disk needs that much less. */
static void store_prune_count_disk(struct prune_terms *t, const struct object *o)
{
	struct prune_disk *d = store_prune_disk_of(t, o);
	if (d)
		d->want -= d->want < o->bytes ? d->want : o->bytes;
}

/* How many of the objects, which are sorted by age, are to go?  An error while they go can only make it more. */
static size_t store_prune_count(const struct objects *o, struct prune_terms t)
{
	uint64_t left = o->bytes;
	size_t n = 0;
	for (size_t i = 0; i < o->n; i++) {
		if (store_prune_why(&t, &o->v[i], left) == GONE_NOT)
			continue;
		n++;
		left -= o->v[i].bytes;
		store_prune_count_disk(&t, &o->v[i]);
	}
	return n;
}

/* Remove the oldest objects.  Returns 0 or the first negative errno. */
static int store_prune_remove(const struct objects *o, struct prune_terms t, struct prune_result *result,
			      struct progress *progress)
{
	int err = 0;
	progress_phase(progress, "undo: deleting", store_prune_count(o, t));
	for (size_t i = 0; i < o->n; i++) {
		const struct object *one = &o->v[i];
		enum why_gone why = store_prune_why(&t, one, result->left);
		int failed = why ? store_prune_remove_object(one) : 0;
		if (!why || failed)
			result->held += store_prune_is_held(&t, one) ? one->bytes : 0;
		if (why)
			progress_step(progress);
		err = err ? err : failed;
		if (!why || failed)
			continue;
		store_prune_count_disk(&t, one);
		result->removed++;
		result->freed += one->bytes;
		result->left -= one->bytes;
		result->for_disks += why == GONE_DISK;
		result->freed_on_disks += why == GONE_DISK ? one->bytes : 0;
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

int store_prune(const struct prune_terms *terms, struct prune_result *result, struct progress *progress)
{
	const char *name = terms->name;
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
	int one = store_prune_remove(&o, *terms, result, progress);
	err = err ? err : one;
	for (int i = 0; i < n && newest; i++)
		if ((!name || !strcmp(name, entries[i].name)) &&
		    store_prune_used_up(&entries[i], newest[i], terms->before_ms))
			result->sessions += !store_remove(&entries[i]);
	free(newest);
	free(o.v);
	store_free(entries, n > 0 ? n : 0);
	return err;
}
