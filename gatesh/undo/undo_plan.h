/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_plan.h - decides which kept objects come back, to which paths, and what is in the way.  Changes nothing. */
#ifndef GATESH_UNDO_UNDO_PLAN_H
#define GATESH_UNDO_UNDO_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store_records.h"

/* What to choose from a kept_list.  If a path was lost more than once, `since_ms` or a command selects its state before
 * the first of these losses; otherwise it is the state before the last command that touched the path.  What an undo
 * itself did is left alone, unless `redo` is set or its command is named. */
struct undo_choice {
	char **paths; /* absolute; these and everything under them */
	size_t npaths;
	const char *session; /* with command */
	unsigned command;    /* 0: any */
	long long since_ms;  /* 0: any */
	bool redo;           /* take back the newest undo */
};

/* In the order of execution. */
enum undo_act {
	UNDO_OPEN,     /* restore the attributes of a directory that lets its owner write there then */
	UNDO_REMOVE,   /* remove and keep what an undo put there */
	UNDO_ASIDE,    /* move the file that was moved onto the path back to its old path */
	UNDO_AWAY,     /* keep and remove a log or journal of SQLite's that is newer than the database */
	UNDO_MOVE,     /* move it back from outside the workspace, with all that other items put into it */
	UNDO_EXCHANGE, /* exchange it with what is at the path, or move it there if nothing is */
	UNDO_MKDIR,
	UNDO_PUT,        /* put the object back */
	UNDO_LINK,       /* link another name of a file */
	UNDO_ATTRIBUTES, /* restore mode, owner and extended attributes */
};

struct undo_item {
	const struct store_records *k;
	const char *path; /* the destination; points into the records or the plan's places */
	char *owned;      /* the memory of `path`, or NULL */
	const char
		*from; /* UNDO_ASIDE, UNDO_EXCHANGE, UNDO_MOVE: the current path.  UNDO_LINK: another name, or NULL */
	const char *cannot; /* why it can't be done, NULL if it can; static storage */
	enum undo_act act;
	unsigned order; /* UNDO_ASIDE: the one with a lower number comes first */
	bool placed;    /* UNDO_OPEN, UNDO_ATTRIBUTES: the plan puts it back, maybe as another inode */
	bool newer;     /* something else is at the path now; it is kept, too */
	bool between;   /* UNDO_ASIDE: a step on the way to another place */
};

struct undo_plan {
	struct undo_item *v; /* owned */
	size_t n, room;
	size_t able;   /* how many can be done */
	bool moves;    /* some of them bring a file from another path */
	char **places; /* owned, with the strings: paths that are not those of the records */
	size_t nplaces;
	void **made; /* owned: whatever else the items point to */
	size_t nmade, made_room;
	size_t *asides; /* owned: the items UNDO_ASIDE, until they are sorted */
	size_t nasides;
	long long since_ms; /* as in struct undo_choice */
};

/* Returns 0 or -ENOMEM.  The plan points into the list and is valid as long as that is. */
int undo_plan_make(struct undo_plan *p, const struct kept_list *l, const struct undo_choice *c);
void undo_plan_free(struct undo_plan *p);

/* Is `path` in one of this session's workspaces, so that an undo may write there? */
bool undo_in_workspace(const struct kept_session *s, const char *path);

/* Does the item bring back what was moved before it was lost?  It was lost at i->k->r->path. */
bool undo_was_moved(const struct undo_item *i);

/* The message for a negative errno of examining or writing a recorded path.  Static storage. */
const char *undo_error(int err);

#endif
