/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past_play.c - plays a record backwards: from the tree just after the act to the one just before it.  A record is written before
 * its act, which may have failed, so the tree after it has to agree. */
#include "undo/undo_past.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAST_COARSE_MS = 10 }; /* a birth time is that of the last clock tick */

static long long undo_past_play_ms(const struct store_put_record *r)
{
	return (long long)r->time.tv_sec * 1000 + r->time.tv_nsec / 1000000;
}

/* Fill in the birth and the links of a file that is an object by now. */
static void undo_past_play_look_at_object(struct past_file *f)
{
	struct statx x;
	if (f->born_ms || !f->lost || !f->lost->r->id)
		return;
	int objects = records_objects(f->lost->store);
	if (objects >= 0 && !statx(objects, f->lost->r->id, AT_SYMLINK_NOFOLLOW, STATX_NLINK | STATX_BTIME, &x)) {
		f->linked = x.stx_nlink > 1;
		if (x.stx_mask & STATX_BTIME)
			f->born_ms = (long long)x.stx_btime.tv_sec * 1000 + x.stx_btime.tv_nsec / 1000000;
	}
	if (objects >= 0)
		close(objects);
}

/* Is it the record's file, and not one with its number that was born more than `slack` ms after the record was written? */
static bool undo_past_play_is_born(struct past *p, uint32_t file, const struct store_put_record *r, int slack)
{
	struct past_file *f = &p->files[file];
	if (!file || f->ino != r->ino || f->dev != r->dev || (f->mode & S_IFMT) != (r->mode & S_IFMT))
		return false;
	undo_past_play_look_at_object(f);
	return !f->born_ms || f->born_ms - undo_past_play_ms(r) <= slack;
}

/* A record is written when its file is there, so a file that was born later is another one, which has got the number of one that
 * was removed: ext4 gives it to the next. */
static bool undo_past_play_is(struct past *p, uint32_t file, const struct store_put_record *r)
{
	return undo_past_play_is_born(p, file, r, 0);
}

static uint32_t undo_past_play_known(struct past *p, const struct store_put_record *r)
{
	uint32_t file = past_file_of(p, r->dev, r->ino);
	return undo_past_play_is(p, file, r) ? file : 0;
}

static bool undo_past_play_by_undo(const struct store_records *k)
{
	return k->session->entry->kind != STORE_SESSION;
}

/* Its name of which the past knows no place; `undone`: because an undo put it there. */
static uint32_t undo_past_play_nowhere(const struct past *p, uint32_t file, bool undone)
{
	uint32_t name = p->files[file].names;
	while (name && (p->names[name].at[PAST_THEN].dir || (undone && !p->names[name].undone)))
		name = p->names[name].next;
	return name;
}

static void undo_past_play_drop(struct past *p, uint32_t name)
{
	past_take(p, name, PAST_THEN);
	p->names[name].free = true;
}

/* A directory without identity is the one that comes to its place. */
static void undo_past_play_merge(struct past *p, uint32_t from, uint32_t into)
{
	for (uint32_t n = 1; n <= p->nnames; n++) {
		struct past_place at = p->names[n].at[PAST_THEN];
		if (at.dir != from)
			continue;
		at.dir = into;
		past_put(p, n, PAST_THEN, at);
	}
}

/* Put the name to a place in the tree of then, of which another one may be as of a later time. */
static void undo_past_play_put(struct past *p, uint32_t name, struct past_place at)
{
	uint32_t there = past_look(p, PAST_THEN, at);
	uint32_t file = p->names[there].file;
	if (there && there != name) {
		undo_past_play_drop(p, there);
		if (!p->files[file].mode && S_ISDIR(p->files[p->names[name].file].mode))
			undo_past_play_merge(p, file, p->names[name].file);
	}
	if (p->err || !at.dir)
		return;
	past_put(p, name, PAST_THEN, at);
	p->names[name].free = p->names[name].undone = false;
}

/* --- losses ------------------------------------------------------------------------------------------------------- */

/* A rename brought what is there now: it goes back to its old name.  A file that the session itself made, as an editor's temporary
 * file, has none, and neither has a further link, as of ln -f: a move of one that is old has a record of its own. */
static void undo_past_play_unmove(struct past *p, uint32_t name, const struct store_records *k)
{
	uint32_t file = p->names[name].file;
	bool directory = S_ISDIR(p->files[file].mode);
	undo_past_play_look_at_object(&p->files[file]);
	long long born = p->files[file].born_ms;
	if (!directory && (p->files[file].linked || !born || born >= k->session->entry->started_ms)) {
		undo_past_play_drop(p, name);
		return;
	}
	struct past_place at = past_place_of(p, k->r->other, true);
	if (directory && past_under(p, PAST_THEN, at.dir, file))
		return;
	undo_past_play_put(p, name, at);
	p->names[name].moved = k;
}

/* Take what is at the place of a loss by now out of the way. */
static void undo_past_play_away(struct past *p, uint32_t name, uint32_t lost, const struct store_records *k)
{
	if (!undo_past_play_by_undo(k) && k->r->other) {
		undo_past_play_unmove(p, name, k);
		return;
	}
	bool empty = !p->files[p->names[name].file].mode;
	if (empty && k->r->op == STORE_OP_DIRECTORY)
		return; /* it is that directory: undo_past_play_put() */
	undo_past_play_drop(p, name);
	if (undo_past_play_by_undo(k)) {
		p->names[name].undone = true;
		p->files[lost].heir = name;
	}
}

/* May a file with the record's numbers be another one?  An object, or another name, keeps them from being used again. */
static bool undo_past_play_is_held(const struct store_put_record *r)
{
	return r->op != STORE_OP_DIRECTORY && ((r->id && r->op != STORE_OP_COPIED_AWAY) || r->nlink > 1);
}

/* Another process put another file to the path before the object was taken: it is that one which was lost. */
static struct store_put_record undo_past_play_taken(const struct store_records *k)
{
	struct store_put_record r = *k->r;
	struct stat st;
	int objects = k->another ? records_objects(k->store) : -1;
	if (objects < 0)
		return r;
	if (!fstatat(objects, r.id, &st, AT_SYMLINK_NOFOLLOW)) {
		r.dev = st.st_dev;
		r.ino = st.st_ino;
		r.mode = st.st_mode;
	}
	close(objects);
	return r;
}

/* The name that was lost.  A record whose object is gone counts only if an undo has put it back. */
static uint32_t undo_past_play_lost_name(struct past *p, const struct store_records *k)
{
	const struct store_put_record taken = undo_past_play_taken(k), *r = &taken;
	uint32_t file = undo_past_play_known(p, r);
	uint32_t name = file ? undo_past_play_nowhere(p, file, true) : 0;
	if (name || (r->id && !k->is_true))
		return name;
	if (!file || !undo_past_play_is_held(r))
		file = past_add_file(p, r->dev, r->ino, r->mode);
	name = past_add_name(p, file);
	if (file && ((r->id && k->is_true) || r->op == STORE_OP_DIRECTORY) && !p->files[file].lost)
		p->files[file].lost = k;
	if (name)
		p->names[name].lost = k;
	return name;
}

/* An undo put another file there: it may be the copy of this one. */
static void undo_past_play_heir(struct past *p, uint32_t file, struct past_place at)
{
	uint32_t heir = past_find(p, PAST_TARGET, at);
	if (heir && !p->names[heir].at[PAST_THEN].dir)
		p->files[file].heir = heir;
}

static void undo_past_play_loss(struct past *p, const struct store_records *k)
{
	struct past_place at = past_place_of(p, k->r->path, true);
	uint32_t there = past_look(p, PAST_THEN, at);
	if (there && undo_past_play_is_born(p, p->names[there].file, k->r, -PAST_COARSE_MS))
		return; /* the kernel refused it */
	uint32_t name = undo_past_play_lost_name(p, k);
	if (!name)
		return;
	undo_past_play_heir(p, p->names[name].file, at);
	if (there)
		undo_past_play_away(p, there, p->names[name].file, k);
	undo_past_play_put(p, name, past_place_of(p, k->r->path, true));
}

/* A guard that is the last link: something that left no record of its own has removed the file. */
static void undo_past_play_guard(struct past *p, const struct store_records *k)
{
	uint32_t file = undo_past_play_known(p, k->r);
	if (file && !p->files[file].present && !p->files[file].lost)
		p->files[file].lost = k;
	if (file || !k->is_true)
		return;
	file = past_add_file(p, k->r->dev, k->r->ino, k->r->mode);
	uint32_t name = past_add_name(p, file);
	if (!name)
		return;
	p->files[file].lost = p->names[name].lost = k;
	undo_past_play_put(p, name, past_place_of(p, k->r->path, true));
}

/* --- moves -------------------------------------------------------------------------------------------------------- */

/* The name that moved: at the new path, or one that another file replaced there. */
static uint32_t undo_past_play_moved_name(struct past *p, const struct store_put_record *r, struct past_place *from)
{
	*from = past_place_of(p, r->other, false);
	uint32_t name = past_look(p, PAST_THEN, *from);
	if (name && !p->files[p->names[name].file].mode && S_ISDIR(r->mode))
		past_identify(p, p->names[name].file, r);
	if (name && undo_past_play_is(p, p->names[name].file, r))
		return name;
	uint32_t file = undo_past_play_known(p, r);
	return file ? undo_past_play_nowhere(p, file, false) : 0;
}

/* ln -f makes a link by a temporary name, and moves that. */
static bool undo_past_play_is_link(const struct store_put_record *r)
{
	return r->op == STORE_OP_PLACED && r->nlink > 1 && !S_ISDIR(r->mode) && !strcmp(r->comm, "ln");
}

static void undo_past_play_move(struct past *p, const struct store_records *k)
{
	const struct store_put_record *r = k->r;
	struct past_place from, at;
	uint32_t name = undo_past_play_moved_name(p, r, &from);
	if (!name)
		return;
	at = past_place_of(p, r->path, true);
	uint32_t there = past_look(p, PAST_THEN, at), file = p->names[name].file;
	if ((there && p->names[there].file == file) || (S_ISDIR(r->mode) && past_under(p, PAST_THEN, at.dir, file)))
		return; /* the kernel refused it */
	if (undo_past_play_is_link(r)) {
		undo_past_play_drop(p, name);
		return;
	}
	past_take(p, name, PAST_THEN);
	if (there && r->op == STORE_OP_EXCHANGED) {
		undo_past_play_put(p, there, from);
		p->names[there].back = true;
		p->names[there].moved = k;
	}
	undo_past_play_put(p, name, at);
	p->names[name].moved = k;
	if (undo_past_play_by_undo(k))
		return;
	p->names[name].back |= r->op != STORE_OP_PLACED;
	p->names[name].out |= r->op == STORE_OP_MOVED;
}

/* A thing that an undo put there was not there before.  Its target, which is not known yet, keeps the place for undo_past_play_heir(). */
static void undo_past_play_restored(struct past *p, const struct store_records *k)
{
	struct past_place at = past_place_of(p, k->r->path, false);
	uint32_t name = past_look(p, PAST_THEN, at);
	if (!name || !undo_past_play_is(p, p->names[name].file, k->r))
		return;
	undo_past_play_drop(p, name);
	p->names[name].undone = true;
	past_put(p, name, PAST_TARGET, at);
}

/* --- contents and attributes ---------------------------------------------------------------------------------------- */

/* The file that the record is of: the one at its path, or the one that is elsewhere. */
static uint32_t undo_past_play_file(struct past *p, const struct store_put_record *r)
{
	uint32_t name = past_look(p, PAST_THEN, past_place_of(p, r->path, false));
	return name && undo_past_play_is(p, p->names[name].file, r) ? p->names[name].file : undo_past_play_known(p, r);
}

/* The copy is gone: an undo has put it back, into the file or as another one in its place. */
static void undo_past_play_consumed(struct past *p, uint32_t file)
{
	uint32_t heir = p->files[file].heir, name = p->files[file].names;
	if (p->files[file].by_undo)
		p->files[file].content = NULL;
	if (!heir || p->names[heir].at[PAST_THEN].dir || !p->names[name].at[PAST_THEN].dir)
		return;
	struct past_place at = p->names[name].at[PAST_THEN];
	undo_past_play_drop(p, name);
	undo_past_play_put(p, heir, at);
}

static void undo_past_play_content(struct past *p, const struct store_records *k)
{
	uint32_t file = undo_past_play_file(p, k->r);
	if (!k->is_true) {
		if (file)
			undo_past_play_consumed(p, file);
		return;
	}
	if (!file && undo_past_play_by_undo(k))
		return; /* somebody has removed it since that undo, and may have made another one in its place */
	if (!file && k->r->nlink > 1)
		file = past_search(p, k->session, k->r->dev, k->r->ino);
	if (!file) { /* it was lost without a record */
		file = past_add_file(p, k->r->dev, k->r->ino, k->r->mode);
		uint32_t name = past_add_name(p, file);
		if (!name)
			return;
		p->names[name].lost = k;
		undo_past_play_put(p, name, past_place_of(p, k->r->path, true));
	}
	p->files[file].content = k;
	p->files[file].by_undo = undo_past_play_by_undo(k);
}

static void undo_past_play_attributes(struct past *p, const struct store_records *k)
{
	uint32_t file = undo_past_play_file(p, k->r);
	if (!file)
		return;
	const struct store_records *later = p->files[file].attributes;
	if (k->is_true)
		p->files[file].attributes = k;
	else if (later && undo_past_play_by_undo(later))
		p->files[file].attributes = NULL;
}

void past_play(struct past *p, const struct store_records *k)
{
	switch (k->r->op) {
	case STORE_OP_MOVED:
	case STORE_OP_PLACED:
	case STORE_OP_EXCHANGED:
		if (k->r->other)
			undo_past_play_move(p, k);
		break;
	case STORE_OP_OVERWRITTEN:
	case STORE_OP_WRITTEN: undo_past_play_content(p, k); break;
	case STORE_OP_ATTRIBUTES: undo_past_play_attributes(p, k); break;
	case STORE_OP_GUARDED: undo_past_play_guard(p, k); break;
	case STORE_OP_RESTORED: undo_past_play_restored(p, k); break;
	case STORE_OP_UNKEPT: break;
	default: undo_past_play_loss(p, k); break;
	}
}
