/* SPDX-License-Identifier: BSD-2-Clause */
/* store_objects.c - reads the objects of a store, and their times from its journal. */
#include "store/store_objects.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_journal.h"
#include "store/store_records.h"

static int64_t store_objects_ms_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int store_objects_add(struct objects *o, const struct object *one)
{
	if (o->n == o->room) {
		size_t room = o->room ? o->room * 2 : 64;
		struct object *v = reallocarray(o->v, room, sizeof *v);
		if (!v)
			return -ENOMEM;
		o->v = v;
		o->room = room;
	}
	o->v[o->n] = *one;
	o->v[o->n].id = strdup(one->id);
	if (!o->v[o->n].id)
		return -ENOMEM;
	o->n++;
	o->bytes += one->bytes;
	return 0;
}

static uint64_t store_objects_bytes_of(int dir, const char *name)
{
	struct stat st;
	uint64_t sum = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ? 0 : (uint64_t)st.st_blocks * 512;
	int fd = sum && S_ISDIR(st.st_mode) ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	for (struct dirent *e; d && (e = readdir(d));)
		sum += strcmp(e->d_name, ".") && strcmp(e->d_name, "..") ? store_objects_bytes_of(fd, e->d_name) : 0;
	if (d)
		closedir(d);
	return sum;
}

static int store_objects_by_id(const void *a, const void *b)
{
	const struct store_put_record *x = a, *y = b;
	return !x->id || !y->id ? !x->id - !y->id : strcmp(x->id, y->id);
}

/* The time when an object was kept: from its record, or else its ctime, when it got its name. */
static int64_t store_objects_time_of(const struct journal *j, int dir, const char *id)
{
	struct store_put_record key = {.id = (char *)id};
	const struct store_put_record *r = j->n ? bsearch(&key, j->v, j->n, sizeof key, store_objects_by_id) : NULL;
	struct stat st;
	if (r)
		return store_objects_ms_of(r->time);
	return fstatat(dir, id, &st, AT_SYMLINK_NOFOLLOW) ? 0 : store_objects_ms_of(st.st_ctim);
}

static bool store_objects_is_part(const char *name)
{
	size_t n = strlen(name), end = strlen(STORE_PART_SUFFIX);
	return n > end && !strcmp(name + n - end, STORE_PART_SUFFIX);
}

/* Add the object to the sum as well. */
static void store_objects_sum(struct store_sum *s, const struct object *one)
{
	s->bytes += one->bytes;
	s->oldest = one->ms < s->oldest ? one->ms : s->oldest;
	s->newest = one->ms > s->newest ? one->ms : s->newest;
}

/* The newest record counts, too: it may be of something that has no object. */
static void store_objects_take_journal(struct journal *j, struct store_sum *sum)
{
	for (size_t i = 0; i < j->n; i++)
		if (store_objects_ms_of(j->v[i].time) > sum->newest)
			sum->newest = store_objects_ms_of(j->v[i].time);
	if (j->n)
		qsort(j->v, j->n, sizeof *j->v, store_objects_by_id);
}

int objects_read(struct objects *o, const struct store_entry *e, const char *store, struct store_sum *sum,
		 struct progress *progress)
{
	struct journal j = {0};
	bool known = store_sum_begin(sum, store);
	int dir = store_open(store), objects = records_objects(store);
	int err = dir < 0 ? dir : objects < 0 ? objects : journal_read(&j, dir);
	if (!err)
		store_objects_take_journal(&j, sum);
	DIR *d = err ? NULL : fdopendir(objects);
	for (struct dirent *f; d && !err && (f = readdir(d));) {
		struct object one = {.store = store, .id = f->d_name, .dev = sum->dev, .alive = e->alive};
		if (!strcmp(f->d_name, ".") || !strcmp(f->d_name, "..") ||
		    (e->alive && store_objects_is_part(f->d_name)))
			continue;
		one.ms = store_objects_time_of(&j, objects, one.id);
		one.bytes = store_objects_bytes_of(objects, one.id);
		store_objects_sum(sum, &one);
		err = store_objects_add(o, &one);
		progress_step(progress);
	}
	if (d)
		closedir(d);
	else if (objects >= 0)
		close(objects);
	if (dir >= 0)
		close(dir);
	journal_free(&j);
	sum->settled = sum->settled && known && !err;
	return err == -ENOENT ? 0 : err;
}

void objects_free(struct objects *o)
{
	for (size_t i = 0; i < o->n; i++)
		free(o->v[i].id);
	free(o->v);
	*o = (struct objects){0};
}
