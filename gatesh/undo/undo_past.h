/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past.h - the past of a tree, computed from the records of sessions and from what is there now.
 *
 * A name is one link of a file: at a place (a directory and a name in it) now, and at a place then, before the first record.  The
 * records are played backwards over the names (undo_past_play.c); each changes the places `then`, so that at any moment these are the
 * tree of that time.  A path of a record is looked up in the tree of its time, so a directory that was moved is the same one by
 * every path it had.  undo_past_target.c decides where each name belongs, and undo_past_items.c how it gets there.
 *
 * Nothing here changes the disk.  Names and files are numbered from 1; 0 is none.  An error of memory is kept in `err`, and functions
 * return 0 after it. */
#ifndef GATESH_UNDO_UNDO_PAST_H
#define GATESH_UNDO_UNDO_PAST_H

#include <stdint.h>

#include "undo/undo_plan.h"

enum { PAST_ROOT = 1 }; /* the file that "/" is */

struct past_place {
	uint32_t dir;     /* a file; 0: no place */
	uint32_t len;     /* bytes of */
	const char *name; /* which points into a record's path */
};

enum past_when { PAST_NOW, PAST_THEN, PAST_TARGET, PAST_WHENS };

struct past_name {
	struct past_place at[PAST_WHENS];
	uint32_t chain[PAST_WHENS]; /* the next name in the same bucket */
	uint32_t file, next;        /* the next name of the same file */
	bool free : 1;              /* not of the past: it may be replaced, and is kept then */
	bool undone : 1; /* of those, an undo put it there: an earlier record may tell that it is of the past after all */
	bool back : 1;   /* it has to leave its place of now: moved out of the workspaces, or exchanged */
	bool out : 1;    /* of those, moved out of the workspaces */
	bool busy : 1, done : 1;                  /* undo_past_items.c */
	bool taken : 1;                           /* it stays where it is, as something newer has its place */
	const struct store_records *moved, *lost; /* the first record that moved it, and that of its loss */
};

struct past_file {
	dev_t dev;
	ino_t ino;
	mode_t mode;       /* 0: a directory of which no record tells more than its path */
	uint32_t names;    /* the first of its names */
	uint32_t chain;    /* the next file in the same bucket */
	uint32_t heir;     /* the name that an undo gave to another file instead */
	uint32_t same;     /* the directory that has taken its place, and is to be it; 0: itself */
	bool present : 1;  /* it was found on the disk */
	bool resolved : 1; /* undo_past_target.c has looked for that */
	bool by_undo : 1;  /* an undo has written its content */
	bool linked : 1;   /* it has more than one link, of which a guard may be one */
	long long born_ms; /* since 1970; 0: not known */
	const struct store_records *lost, *content,
		*attributes; /* the object or the directory's record; the first copy; the first ones */
};

struct past {
	struct past_name *names;
	struct past_file *files;
	uint32_t nnames, nfiles, names_room, files_room;
	uint32_t *buckets[PAST_WHENS], *by_ident; /* `nbuckets` of each */
	uint32_t nbuckets;
	unsigned searches; /* past_search() */
	bool settling;     /* every record has been played */
	int fd;            /* of the directory in which the last name was looked for */
	uint32_t fd_dir;
	char **texts; /* owned strings */
	size_t ntexts;
	int err;
};

/* Returns 0 or -ENOMEM.  past_close() in any case. */
int past_open(struct past *p);
void past_close(struct past *p);

/* A new file, which past_file_of() finds from now on, and a new name of a file, at no place. */
uint32_t past_add_file(struct past *p, dev_t dev, ino_t ino, mode_t mode);
uint32_t past_add_name(struct past *p, uint32_t file);

/* The newest file with the identity. */
uint32_t past_file_of(const struct past *p, dev_t dev, ino_t ino);

/* Tell a directory that was known by its path alone what it is. */
void past_identify(struct past *p, uint32_t file, const struct store_put_record *r);

/* Put a name to a place, where no other one is, or to none (dir 0). */
void past_put(struct past *p, uint32_t name, enum past_when when, struct past_place at);
void past_take(struct past *p, uint32_t name, enum past_when when);

/* The name at a place.  past_find() looks in the tree of `when`, past_look() on the disk as well, for PAST_NOW and PAST_THEN. */
uint32_t past_find(const struct past *p, enum past_when when, struct past_place at);
uint32_t past_look(struct past *p, enum past_when when, struct past_place at);

/* Search the workspaces of a session for the names of a file that no record of a name has told of.  Returns the file. */
uint32_t past_search(struct past *p, const struct kept_session *s, dev_t dev, ino_t ino);

/* The place of a path in the tree of then.  With `make`, directories that are missing above it are added as files without
 * identity; else the place has no directory. */
struct past_place past_place_of(struct past *p, const char *path, bool make);

/* Is the directory `dir` the file `above`, or under it? */
bool past_under(const struct past *p, enum past_when when, uint32_t dir, uint32_t above);

/* The path of a place.  The caller frees it.  NULL if a directory above it has no place, or without memory. */
char *past_path(struct past *p, enum past_when when, struct past_place at);

static inline bool past_same_place(struct past_place a, struct past_place b)
{
	return a.dir == b.dir && a.len == b.len && !__builtin_memcmp(a.name, b.name, a.len);
}

/* Play a record backwards, which is the newest of those that have not been played. */
void past_play(struct past *p, const struct store_records *k);

/* Decide where each name belongs. */
void past_settle(struct past *p);

/* Add the items that bring every name there, in the order in which they can be done.  Returns 0 or -ENOMEM. */
int past_items(struct past *p, struct undo_plan *plan);

/* Does it take the past to know the places?  It does if the sessions moved anything, or if the last to write was an undo.  A session
 * after an undo begins a history of its own, in which the records count one by one: what it took may have been made since. */
bool undo_past_matters(const struct kept_list *l, const struct undo_choice *c);

/* Add to the plan the items that bring back the state before the first record at or after c->since_ms.  Returns 0 or -ENOMEM. */
int undo_past_plan(struct undo_plan *plan, const struct kept_list *l, const struct undo_choice *c);

#endif
