/* undo_names.h - a file that had several names gets one of them back: it is looked for under its others. */
#ifndef GATESH_UNDO_UNDO_NAMES_H
#define GATESH_UNDO_UNDO_NAMES_H

#include "undo/undo_plan.h"

struct undo_names {
	const struct undo_plan *plan;
	const struct store_records **v; /* the list by file, or NULL when memory is out */
	size_t n;
	struct undo_sought {
		const struct store_put_record *r;
		char *path; /* owned; where a walk of the workspaces found the file */
	} * sought;         /* what the plan links, by file; NULL until walked */
	size_t nsought;
};

void undo_names_open(struct undo_names *u, const struct undo_plan *p, const struct kept_list *l);
void undo_names_close(struct undo_names *u);

/* Did the file of this record have names that are gone? */
bool undo_names_had(const struct undo_names *u, const struct store_put_record *r);

/* Link the file of record k as `name` in `dir`.  0 or a negative errno; -ENOENT when it has no name left, in no
 * workspace of the session and in no store. */
int undo_names_link(struct undo_names *u, const struct store_records *k, int dir, const char *name);

#endif
