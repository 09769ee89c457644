/* SPDX-License-Identifier: BSD-2-Clause */
/* store_room.c - looks for room before a file is kept, so that what is kept is not dropped again.  Where the file system is
 * nearly full, a copy on another one holds the promise and lets the space go. */
#include <errno.h>
#include <sys/vfs.h>

#include "formats/allowance.h"
#include "preload/base/own_files.h"
#include "preload/base/sys.h"
#include "preload/files/store_put.h"

enum { STORE_ROOM_LARGE = 8 /* from this fraction of what is left on, the limit may be too old */ };

/* The free bytes of the store's file system, as the kernel says; UINT64_MAX if it does not. */
static uint64_t store_room_free(const struct keeping *k, const struct gate_image_store *s)
{
	struct statfs fs;
	if (SYS(statfs, (const char *)k->v->m->image + s->path, &fs, 0, 0, 0, 0) || !fs.f_blocks)
		return UINT64_MAX;
	return (uint64_t)fs.f_bavail * (uint64_t)(fs.f_frsize ? fs.f_frsize : fs.f_bsize);
}

static bool store_room_on_disk(const struct keeping *k, const struct gate_image_store *s, struct allowance *disk,
			       uint64_t bytes)
{
	if (bytes > allowance_left(disk) / STORE_ROOM_LARGE) {
		uint64_t free = store_room_free(k, s), used = __atomic_load_n(&disk->used, __ATOMIC_RELAXED);
		if (free < bytes || free - bytes < used)
			return false;
		allowance_set(disk, 0, free);
	}
	return allowance_take(disk, bytes);
}

/* Find a store with room: the file's own, else one on another file system, to which it is copied. */
static struct allowance *store_room_find(struct keeping *k, struct allowances *all, uint64_t bytes)
{
	const struct gate_image_files *files = gate_image_files(k->v->m->image);
	const struct gate_image_store *s = (const void *)((const char *)k->v->m->image + files->stores.at);
	const struct gate_image_store *own = k->store;
	uint32_t n = files->stores.n < STORE_COUNT_MAX ? files->stores.n : STORE_COUNT_MAX;
	size_t at = (size_t)(own - s);
	if (at >= n || store_room_on_disk(k, own, &all->disk[at], bytes))
		return &all->disk[at < n ? at : 0];
	if (k->v->st.stx_size > victim_terms(k->v)->max)
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		if ((s[i].dev_major == own->dev_major && s[i].dev_minor == own->dev_minor) ||
		    !store_room_on_disk(k, &s[i], &all->disk[i], bytes))
			continue;
		k->store = &s[i];
		k->elsewhere = true;
		return &all->disk[i];
	}
	return NULL;
}

const char *store_room_take(struct keeping *k, bool copy)
{
	struct allowances *all = own_files_allowances();
	const struct statx *st = &k->v->st;
	uint64_t bytes = copy || !st->stx_blocks ? st->stx_size : st->stx_blocks * 512;
	if (k->taken || !all)
		return NULL;
	if (!allowance_take(&all->quota, bytes))
		return "the quota for kept files is used up";
	k->disk = store_room_find(k, all, bytes);
	if (k->disk) {
		k->taken = bytes;
		return NULL;
	}
	allowance_give_back(&all->quota, bytes);
	return "its disk is nearly full, and a kept file frees no space: a yes deletes it for good";
}

void store_room_give_back(struct keeping *k)
{
	struct allowances *all = own_files_allowances();
	if (!k->taken || !all)
		return;
	allowance_give_back(&all->quota, k->taken);
	allowance_give_back(k->disk, k->taken);
	k->taken = 0;
}
