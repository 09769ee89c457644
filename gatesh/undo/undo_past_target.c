/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past_target.c - decides where each name belongs.  What was lost, moved out of the workspaces or exchanged goes back to its place
 * of then.  What was moved otherwise stays where it is, unless another name needs that place, or its directory goes. */
#include "undo/undo_past.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/pathwalk.h"

enum { PAST_DEEP = 1 << 16 };

static bool undo_past_target_is_directory(const struct past *p, uint32_t name)
{
	const struct past_file *f = &p->files[p->names[name].file];
	return !f->mode || S_ISDIR(f->mode);
}

/* May an undo move it back to its place of then? */
static bool undo_past_target_is_home(struct past *p, uint32_t name)
{
	const struct store_records *k = p->names[name].moved;
	char *path = k ? past_path(p, PAST_THEN, p->names[name].at[PAST_THEN]) : NULL;
	bool home = path && undo_in_workspace(k->session, path);
	free(path);
	return home;
}

/* --- directories that are there again ----------------------------------------------------------------------------- */

/* Is a directory that was lost there again, as another one that was made since?  Then what was in it comes back into that one. */
static void undo_past_target_resolve(struct past *p, uint32_t name)
{
	uint32_t file = p->names[name].file;
	struct past_place at = p->names[name].at[PAST_THEN];
	if (p->files[file].resolved || p->names[name].at[PAST_NOW].dir || !at.dir)
		return;
	p->files[file].resolved = true;
	if (p->files[at.dir].names)
		undo_past_target_resolve(p, p->files[at.dir].names);
	at.dir = p->files[at.dir].same ? p->files[at.dir].same : at.dir;
	uint32_t there = past_look(p, PAST_NOW, at), other = p->names[there].file;
	if (!there || !S_ISDIR(p->files[other].mode) || p->names[there].at[PAST_THEN].dir)
		return;
	const struct store_records *k = p->files[file].lost;
	if (k && (k->r->mode != p->files[other].mode) && !p->files[other].attributes)
		p->files[other].attributes = k;
	p->files[file].same = other;
	p->names[there].free = true;
	past_take(p, name, PAST_THEN);
}

static void undo_past_target_directories(struct past *p)
{
	for (uint32_t n = 1; n <= p->nnames; n++)
		if (undo_past_target_is_directory(p, n))
			undo_past_target_resolve(p, n);
	for (uint32_t n = 1; n <= p->nnames; n++) {
		struct past_place at = p->names[n].at[PAST_THEN];
		if (!at.dir || !p->files[at.dir].same)
			continue;
		at.dir = p->files[at.dir].same;
		past_put(p, n, PAST_THEN, at);
	}
}

/* --- claims --------------------------------------------------------------------------------------------------------- */

/* The name belongs there.  Another one that stayed there has to go, too: undo_past_target_check(). */
static void undo_past_target_claim(struct past *p, uint32_t name, struct past_place at)
{
	uint32_t other = past_find(p, PAST_TARGET, at), there = past_look(p, PAST_NOW, at);
	if (there && !p->names[there].at[PAST_THEN].dir)
		p->names[there].free = true;
	if (other && other != name)
		past_take(p, other, PAST_TARGET);
	past_put(p, name, PAST_TARGET, at);
}

/* Does it stay where it is, if it can? */
static bool undo_past_target_stays(struct past *p, uint32_t name)
{
	const struct past_name *n = &p->names[name];
	if (!n->at[PAST_NOW].dir || past_same_place(n->at[PAST_NOW], n->at[PAST_THEN]))
		return false;
	return !n->back || !undo_past_target_is_home(p, name);
}

static bool undo_past_target_is_empty(struct past *p, struct past_place at)
{
	const char *name;
	char *path = past_path(p, PAST_NOW, at);
	int dir = path ? pathwalk_parent(path, &name) : -1;
	int fd = dir >= 0 ? openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	size_t n = 0;
	for (struct dirent *e; d && (e = readdir(d));)
		n += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	free(path);
	return d && !n;
}

/* A newer directory with something in it stays, and so does what was moved out of the workspaces from its place.  Anything else that is
 * newer is kept and replaced. */
static bool undo_past_target_is_taken(struct past *p, uint32_t name)
{
	struct past_place at = p->names[name].at[PAST_THEN];
	uint32_t there = p->names[name].out ? past_look(p, PAST_NOW, at) : 0;
	if (!there || there == name || p->names[there].at[PAST_THEN].dir ||
	    !S_ISDIR(p->files[p->names[there].file].mode) || undo_past_target_is_empty(p, at))
		return false;
	p->names[name].taken = true;
	return true;
}

static void undo_past_target_first(struct past *p)
{
	for (uint32_t n = 1; n <= p->nnames && !p->err; n++) {
		if (!p->names[n].at[PAST_THEN].dir || undo_past_target_stays(p, n))
			continue;
		bool there = p->names[n].at[PAST_NOW].dir && undo_past_target_is_taken(p, n);
		undo_past_target_claim(p, n, p->names[n].at[there ? PAST_NOW : PAST_THEN]);
	}
}

/* Is the directory of that place one that will be there?  Not if it is in the way of something, or if it would hold itself. */
static bool undo_past_target_is_held(const struct past *p, struct past_place at)
{
	unsigned deep = 0;
	while (at.dir && at.dir != PAST_ROOT && deep++ < PAST_DEEP) {
		const struct past_name *d = &p->names[p->files[at.dir].names];
		at = d->at[PAST_TARGET];
		if (!at.dir && d->free && !past_find(p, PAST_TARGET, d->at[PAST_NOW]))
			at = d->at[PAST_NOW];
	}
	return at.dir == PAST_ROOT;
}

/* Let the names stay that can; the others go back.  Returns whether one of them had to. */
static bool undo_past_target_check(struct past *p)
{
	bool moved = false;
	for (uint32_t n = 1; n <= p->nnames && !p->err; n++) {
		struct past_place now = p->names[n].at[PAST_NOW], then = p->names[n].at[PAST_THEN];
		struct past_place at = p->names[n].at[PAST_TARGET];
		if (!then.dir || !now.dir || (at.dir && !past_same_place(at, now)) || past_same_place(now, then))
			continue;
		uint32_t other = at.dir ? n : past_find(p, PAST_TARGET, now);
		if (!at.dir && !other) {
			undo_past_target_claim(p, n, now);
			other = n;
		}
		if (other == n && undo_past_target_is_held(p, now))
			continue;
		moved = true;
		if (undo_past_target_is_home(p, n)) {
			undo_past_target_claim(p, n, then);
			continue;
		}
		past_take(p, n, PAST_TARGET);
		past_take(p, n, PAST_THEN);
		p->names[n].free = true;
	}
	return moved;
}

/* A file was written by a link that the session made: where its name of then is, no record says. */
static void undo_past_target_search(struct past *p)
{
	for (uint32_t file = 1; file <= p->nfiles; file++) {
		const struct past_file *f = &p->files[file];
		bool named = !f->content || !f->present || !f->linked;
		for (uint32_t n = f->names; n && !named; n = p->names[n].next)
			named = p->names[n].at[PAST_THEN].dir;
		if (!named)
			past_search(p, f->content->session, f->dev, f->ino);
	}
}

void past_settle(struct past *p)
{
	undo_past_target_search(p);
	p->settling = true;
	for (uint32_t n = 1; n <= p->nnames; n++)
		past_take(p, n, PAST_TARGET);
	undo_past_target_directories(p);
	undo_past_target_first(p);
	while (!p->err && undo_past_target_check(p))
		;
}
