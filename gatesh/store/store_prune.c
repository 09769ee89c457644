/* SPDX-License-Identifier: BSD-2-Clause */
/* store_prune.c - deletes kept objects by age, for the quota and for a full disk, oldest first.  See store.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"
#include "store/store_carried.h"
#include "store/store_objects.h"
#include "store/store_records.h"
#include "store/store_sum.h"
#include "util/remove_tree.h"

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

/* One store of one entry. */
struct looked {
	const struct store_entry *entry;
	const char *store;
	struct store_sum sum;
	bool remembered; /* the sum was there; the store itself has not been read */
};

struct all {
	struct store_entry *entries; /* owned */
	int nentries;
	struct looked *v; /* owned; entry after entry */
	size_t n;
	struct objects objects;
};

/* Is everything in the store spared by the quota and the disks?  Something is not, if in doubt. */
static bool store_prune_is_all_held(const struct prune_terms *t, const struct looked *l)
{
	return t->holds && (l->entry->alive || l->sum.oldest >= t->held_ms);
}

/* Does one number say what is held of the store? */
static bool store_prune_is_plain(const struct prune_terms *t, const struct looked *l)
{
	return !t->holds || store_prune_is_all_held(t, l) || l->sum.newest < t->held_ms;
}

/* May something have to go from a store whose sum is known, when all stores have so many bytes? */
static bool store_prune_may_take(const struct prune_terms *t, const struct looked *l, uint64_t bytes)
{
	bool wanted = bytes > t->quota;
	if (l->sum.oldest < t->before_ms && !(t->holds && l->entry->alive))
		return true;
	for (size_t i = 0; i < t->ndisks; i++)
		wanted = wanted || (t->disks[i].dev == l->sum.dev && t->disks[i].want);
	return wanted && !store_prune_is_all_held(t, l);
}

static int store_prune_read(struct all *a, struct looked *l, struct progress *progress)
{
	l->remembered = false;
	return objects_read(&a->objects, l->entry, l->store, &l->sum, progress);
}

/* Find the stores.  Those whose sums are not known are read. */
static int store_prune_look(struct all *a, const struct prune_terms *t, struct progress *progress)
{
	int err = 0;
	for (int i = 0; i < a->nentries; i++) {
		const struct store_entry *e = &a->entries[i];
		for (char **s = e->stores; *s && (!t->name || !strcmp(t->name, e->name)); s++) {
			struct looked *l = &a->v[a->n++];
			*l = (struct looked){.entry = e, .store = *s};
			l->remembered =
				store_sum_read(&l->sum, *s) && (l->sum.ended || e->alive) && store_prune_is_plain(t, l);
			int one = l->remembered ? 0 : store_prune_read(a, l, progress);
			err = err ? err : one;
		}
	}
	return err;
}

/* Read those as well from which something may have to go; of the others, the sums are enough. */
static int store_prune_read_more(struct all *a, const struct prune_terms *t, struct prune_result *result,
				 struct progress *progress)
{
	uint64_t bytes = a->objects.bytes;
	int err = 0;
	for (size_t i = 0; i < a->n; i++)
		bytes += a->v[i].remembered ? a->v[i].sum.bytes : 0;
	for (size_t i = 0; i < a->n; i++) {
		struct looked *l = &a->v[i];
		if (!l->remembered)
			continue;
		if (store_prune_may_take(t, l, bytes)) {
			int one = store_prune_read(a, l, progress);
			err = err ? err : one;
		} else {
			a->objects.bytes += l->sum.bytes;
			result->held += store_prune_is_all_held(t, l) ? l->sum.bytes : 0;
		}
	}
	return err;
}

/* An ended session's journal is useless if nothing in it can be restored, or if it is past its age.  `l`: its n stores. */
static bool store_prune_used_up(const struct looked *l, size_t n, int64_t before_ms)
{
	const struct store_entry *e = l->entry;
	struct kept_amount kept;
	int64_t newest = e->started_ms;
	bool remembered = true;
	if (e->alive)
		return false;
	for (size_t i = 0; i < n; i++) {
		newest = l[i].sum.newest > newest ? l[i].sum.newest : newest;
		remembered = remembered && l[i].remembered;
	}
	if (newest < before_ms)
		return true;
	return !remembered && !records_count(e, &kept) && !kept.things && !store_carried_is_needed(e);
}

/* Remove the entry if nothing in it is of use; else remember what it has, for the next time. */
static bool store_prune_finish(struct looked *l, size_t n, int64_t before_ms)
{
	if (store_prune_used_up(l, n, before_ms))
		return !store_remove(l->entry);
	for (size_t i = 0; i < n; i++) {
		l[i].sum.ended = !l->entry->alive;
		if (!l[i].remembered)
			store_sum_write(&l[i].sum, l[i].store);
	}
	return false;
}

static int store_prune_list(struct all *a)
{
	*a = (struct all){0};
	a->nentries = store_list(&a->entries, NULL, NULL);
	if (a->nentries < 0)
		return a->nentries;
	a->v = calloc((size_t)a->nentries + 1, STORE_COUNT_MAX * sizeof *a->v);
	return a->v ? 0 : -ENOMEM;
}

int store_prune(const struct prune_terms *terms, struct prune_result *result, struct progress *progress)
{
	struct all a;
	*result = (struct prune_result){0};
	int err = store_prune_list(&a);
	int one = err ? 0 : store_prune_look(&a, terms, progress);
	err = err ? err : one;
	one = store_prune_read_more(&a, terms, result, progress);
	err = err ? err : one;
	if (a.objects.n)
		qsort(a.objects.v, a.objects.n, sizeof *a.objects.v, store_prune_by_age);
	result->left = a.objects.bytes;
	one = store_prune_remove(&a.objects, *terms, result, progress);
	err = err ? err : one;
	for (size_t i = 0, end; i < a.n; i = end) {
		for (end = i + 1; end < a.n && a.v[end].entry == a.v[i].entry;)
			end++;
		result->sessions += store_prune_finish(&a.v[i], end - i, terms->before_ms);
	}
	objects_free(&a.objects);
	free(a.v);
	store_free(a.entries, a.nentries > 0 ? a.nentries : 0);
	return err;
}
