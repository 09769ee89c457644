/* undo_restore.h - carry out a plan: item after item, each whole or not at all, and nothing that is there is lost. */
#ifndef GATESH_UNDO_UNDO_RESTORE_H
#define GATESH_UNDO_UNDO_RESTORE_H

#include "undo/undo_keep.h"
#include "undo/undo_plan.h"

struct undo_result {
	size_t done, failed;
	size_t newer; /* how many times something newer was kept */
};

/* Carry out the able items.  What fails is told by tell(path, why, data), why in static storage. */
void undo_restore(const struct undo_plan *p, const struct kept_list *l, struct undo_keep *u, struct undo_result *result,
		  void (*tell)(const char *path, const char *why, void *data), void *data);

#endif
