/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past.c - the names and files of a tree, now and in the past. */
#include "undo/undo_past.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "util/pathwalk.h"

enum { PAST_MANY = 1 << 16, PAST_BUCKETS = 1024, PAST_DEEP = 1 << 16 };

static uint32_t undo_past_hash(const struct past *p, struct past_place at)
{
	uint64_t h = at.dir * 0x9e3779b97f4a7c15u;
	for (uint32_t i = 0; i < at.len; i++)
		h = (h ^ (unsigned char)at.name[i]) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32) & (p->nbuckets - 1);
}

static uint32_t undo_past_hash_ident(const struct past *p, dev_t dev, ino_t ino)
{
	uint64_t h = (ino ^ dev << 40) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32) & (p->nbuckets - 1);
}

static void undo_past_link(struct past *p, uint32_t name, enum past_when when)
{
	uint32_t *bucket = &p->buckets[when][undo_past_hash(p, p->names[name].at[when])];
	p->names[name].chain[when] = *bucket;
	*bucket = name;
}

static void undo_past_link_file(struct past *p, uint32_t file)
{
	uint32_t *bucket = &p->by_ident[undo_past_hash_ident(p, p->files[file].dev, p->files[file].ino)];
	p->files[file].chain = *bucket;
	*bucket = file;
}

/* Give the tables more buckets.  The tables of then and now keep their order, in which the newest comes first. */
static void undo_past_rehash(struct past *p, uint32_t buckets)
{
	p->nbuckets = buckets;
	for (int when = 0; when < PAST_WHENS; when++) {
		free(p->buckets[when]);
		if (!(p->buckets[when] = calloc(buckets, sizeof(uint32_t))))
			p->err = -ENOMEM;
	}
	free(p->by_ident);
	if (!(p->by_ident = calloc(buckets, sizeof(uint32_t))))
		p->err = -ENOMEM;
	for (uint32_t n = 1; !p->err && n <= p->nnames; n++)
		for (int when = 0; when < PAST_WHENS; when++)
			if (p->names[n].at[when].dir)
				undo_past_link(p, n, (enum past_when)when);
	for (uint32_t f = 1; !p->err && f <= p->nfiles; f++)
		undo_past_link_file(p, f);
}

/* Room for one more.  Returns false if memory is out. */
static bool undo_past_grow(struct past *p, void **v, uint32_t n, uint32_t *room, size_t size)
{
	if (p->err || n + 1 < *room)
		return !p->err;
	uint32_t more = *room < PAST_MANY ? *room * 2 + 256 : *room + *room / 4;
	void *grown = reallocarray(*v, more, size);
	if (!grown) {
		p->err = -ENOMEM;
		return false;
	}
	if (!*room)
		memset(grown, 0, size); /* number 0 is none */
	*v = grown;
	*room = more;
	if (n > p->nbuckets)
		undo_past_rehash(p, p->nbuckets * 4);
	return !p->err;
}

int past_open(struct past *p)
{
	*p = (struct past){.fd = -1};
	undo_past_rehash(p, PAST_BUCKETS);
	uint32_t root = past_add_file(p, 0, 0, S_IFDIR | 0755);
	if (root)
		p->files[root].present = true;
	return p->err;
}

void past_close(struct past *p)
{
	if (p->fd >= 0)
		close(p->fd);
	for (int when = 0; when < PAST_WHENS; when++)
		free(p->buckets[when]);
	for (size_t i = 0; i < p->ntexts; i++)
		free(p->texts[i]);
	free(p->texts);
	free(p->by_ident);
	free(p->names);
	free(p->files);
	*p = (struct past){.fd = -1};
}

uint32_t past_add_file(struct past *p, dev_t dev, ino_t ino, mode_t mode)
{
	if (!undo_past_grow(p, (void **)&p->files, p->nfiles, &p->files_room, sizeof *p->files))
		return 0;
	uint32_t file = ++p->nfiles;
	p->files[file] = (struct past_file){.dev = dev, .ino = ino, .mode = mode};
	undo_past_link_file(p, file);
	return file;
}

uint32_t past_add_name(struct past *p, uint32_t file)
{
	if (!file || !undo_past_grow(p, (void **)&p->names, p->nnames, &p->names_room, sizeof *p->names))
		return 0;
	uint32_t name = ++p->nnames;
	p->names[name] = (struct past_name){.file = file, .next = p->files[file].names};
	p->files[file].names = name;
	return name;
}

uint32_t past_file_of(const struct past *p, dev_t dev, ino_t ino)
{
	uint32_t file = ino ? p->by_ident[undo_past_hash_ident(p, dev, ino)] : 0;
	while (file && (p->files[file].ino != ino || p->files[file].dev != dev))
		file = p->files[file].chain;
	return file;
}

void past_identify(struct past *p, uint32_t file, const struct store_put_record *r)
{
	struct past_file *f = &p->files[file];
	uint32_t *link = &p->by_ident[undo_past_hash_ident(p, f->dev, f->ino)];
	while (*link && *link != file)
		link = &p->files[*link].chain;
	if (*link)
		*link = f->chain;
	f->dev = r->dev;
	f->ino = r->ino;
	f->mode = r->mode;
	undo_past_link_file(p, file);
}

void past_take(struct past *p, uint32_t name, enum past_when when)
{
	struct past_place *at = &p->names[name].at[when];
	if (!at->dir)
		return;
	uint32_t *link = &p->buckets[when][undo_past_hash(p, *at)];
	while (*link && *link != name)
		link = &p->names[*link].chain[when];
	if (*link)
		*link = p->names[name].chain[when];
	*at = (struct past_place){0};
}

void past_put(struct past *p, uint32_t name, enum past_when when, struct past_place at)
{
	past_take(p, name, when);
	p->names[name].at[when] = at;
	if (at.dir)
		undo_past_link(p, name, when);
}

uint32_t past_find(const struct past *p, enum past_when when, struct past_place at)
{
	uint32_t name = at.dir ? p->buckets[when][undo_past_hash(p, at)] : 0;
	while (name && !past_same_place(p->names[name].at[when], at))
		name = p->names[name].chain[when];
	return name;
}

/* --- the disk ----------------------------------------------------------------------------------------------------- */

/* Open the directory as it is now, unless it is the one that is open.  Returns false if it can't be reached. */
static bool undo_past_enter(struct past *p, uint32_t dir)
{
	const char *name;
	if (p->fd_dir == dir)
		return p->fd >= 0;
	char *path = past_path(p, PAST_NOW, (struct past_place){.dir = dir, .len = 1, .name = "x"});
	if (p->fd >= 0)
		close(p->fd);
	p->fd = path ? pathwalk_parent(path, &name) : -ENOENT;
	p->fd_dir = dir;
	free(path);
	return p->fd >= 0;
}

/* A file that has several names is one, whenever these are found.  Another one may have got the number of one that is gone. */
static uint32_t undo_past_same_file(const struct past *p, const struct statx *x, dev_t dev)
{
	uint32_t file = S_ISDIR(x->stx_mode) ? 0 : past_file_of(p, dev, x->stx_ino);
	const struct past_file *f = &p->files[file];
	bool same = file && (f->mode & S_IFMT) == (x->stx_mode & S_IFMT);
	return same && (x->stx_nlink > 1 || (!f->present && !f->lost)) ? file : 0;
}

/* Look for the name on the disk, and add it to the tree of now. */
static uint32_t undo_past_read(struct past *p, struct past_place at)
{
	char text[NAME_MAX + 1];
	struct statx x;
	if (at.len > NAME_MAX || !undo_past_enter(p, at.dir))
		return 0;
	memcpy(text, at.name, at.len);
	text[at.len] = '\0';
	if (statx(p->fd, text, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &x))
		return 0;
	dev_t dev = makedev(x.stx_dev_major, x.stx_dev_minor);
	uint32_t file = undo_past_same_file(p, &x, dev);
	if (!file)
		file = past_add_file(p, dev, x.stx_ino, x.stx_mode);
	uint32_t name = past_add_name(p, file);
	if (!name)
		return 0;
	p->files[file].present = true;
	p->files[file].linked = x.stx_nlink > 1;
	if (x.stx_mask & STATX_BTIME)
		p->files[file].born_ms = (long long)x.stx_btime.tv_sec * 1000 + x.stx_btime.tv_nsec / 1000000;
	past_put(p, name, PAST_NOW, at);
	return name;
}

/* A file on the disk that has not been looked at was there then as well, as far as the records played so far tell. */
uint32_t past_look(struct past *p, enum past_when when, struct past_place at)
{
	uint32_t name = past_find(p, when, at);
	if (name || !at.dir || p->err || !p->files[at.dir].present || !S_ISDIR(p->files[at.dir].mode) ||
	    (when != PAST_NOW && past_find(p, PAST_NOW, at)))
		return name;
	name = undo_past_read(p, at);
	if (name && (when == PAST_THEN || (!p->settling && !past_find(p, PAST_THEN, at))))
		past_put(p, name, PAST_THEN, at);
	return name;
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

/* The directory at the place, or one without identity.  A link or a file above a path holds nothing that could be looked at. */
static uint32_t undo_past_directory(struct past *p, struct past_place at, bool make)
{
	uint32_t name = past_look(p, PAST_THEN, at);
	if (name || !make || p->err)
		return name ? p->names[name].file : 0;
	uint32_t file = past_add_file(p, 0, 0, 0);
	name = past_add_name(p, file);
	if (name)
		past_put(p, name, PAST_THEN, at);
	return name ? file : 0;
}

struct past_place past_place_of(struct past *p, const char *path, bool make)
{
	struct past_place at = {.dir = PAST_ROOT};
	const char *name = path + 1;
	for (const char *slash; at.dir && (slash = strchr(name, '/')); name = slash + 1) {
		at.name = name;
		at.len = (uint32_t)(slash - name);
		at.dir = undo_past_directory(p, at, make);
	}
	at.name = name;
	at.len = (uint32_t)strlen(name);
	return at;
}

bool past_under(const struct past *p, enum past_when when, uint32_t dir, uint32_t above)
{
	unsigned deep = 0;
	while (dir && dir != above && dir != PAST_ROOT && deep++ < PAST_DEEP)
		dir = p->files[dir].names ? p->names[p->files[dir].names].at[when].dir : 0;
	return dir && (dir == above || deep >= PAST_DEEP);
}

char *past_path(struct past *p, enum past_when when, struct past_place at)
{
	size_t len = 1;
	unsigned deep = 0;
	struct past_place up = at;
	for (; up.dir; up = p->names[p->files[up.dir].names].at[when]) {
		len += up.len + 1;
		if (up.dir == PAST_ROOT || ++deep > PAST_DEEP)
			break;
	}
	char *path = up.dir == PAST_ROOT ? malloc(len) : NULL;
	if (!path)
		return NULL;
	path[--len] = '\0';
	for (up = at;; up = p->names[p->files[up.dir].names].at[when]) {
		len -= up.len;
		memcpy(path + len, up.name, up.len);
		path[--len] = '/';
		if (up.dir == PAST_ROOT)
			return path;
	}
}
