/* undo_plan.h - which of what was kept comes back, where to, and what stands in the way.  Changes nothing. */
#ifndef GATESH_UNDO_UNDO_PLAN_H
#define GATESH_UNDO_UNDO_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store_records.h"

/* What to choose of a kept_list.  Of a path lost more than once: with `since_ms` or a command its state before the
 * first of these losses, else before the last command that touched it.  What an undo did itself is left alone, but
 * for `redo`, or when it is named by its command. */
struct undo_choice {
	char **paths; /* absolute; these and all under them */
	size_t npaths;
	const char *session; /* with command */
	unsigned command;    /* 0: any */
	long long since_ms;  /* 0: any */
	bool redo;           /* take back the newest undo */
};

/* In the order in which they are carried out. */
enum undo_act {
	UNDO_REMOVE, /* take away what an undo put there; it is kept */
	UNDO_ASIDE,  /* what was moved onto the path goes back to where it came from */
	UNDO_MKDIR,
	UNDO_PUT,  /* the object */
	UNDO_MOVE, /* back from outside the workspace */
	UNDO_LINK, /* another name of a file */
};

struct undo_item {
	const struct store_records *k;
	enum undo_act act;
	const char *path;   /* where to; within the records */
	const char *from;   /* UNDO_ASIDE, UNDO_MOVE: where it is now */
	bool newer;         /* something else is there by now: it is kept, too */
	const char *cannot; /* why it can't be done, NULL when it can; static storage */
};

struct undo_plan {
	struct undo_item *v; /* owned */
	size_t n, room;
	size_t able; /* how many can be done */
};

/* 0, or -ENOMEM.  The plan lives as long as the list. */
int undo_plan_make(struct undo_plan *p, const struct kept_list *l, const struct undo_choice *c);
void undo_plan_free(struct undo_plan *p);

/* May something be written at `path` for this session: is it in one of its workspaces? */
bool undo_in_workspace(const struct kept_session *s, const char *path);

/* What a negative errno of looking at or writing a recorded path means.  Static storage. */
const char *undo_error(int err);

#endif
