/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_restore.h - carries out a plan item by item, each one completely or not at all.  Nothing that is there now is
 * lost. */
#ifndef GATESH_UNDO_UNDO_RESTORE_H
#define GATESH_UNDO_UNDO_RESTORE_H

#include "undo/undo_keep.h"
#include "undo/undo_plan.h"
#include "util/progress.h"

struct undo_result {
	size_t done, failed;
	size_t newer; /* times that something newer was kept */
};

/* Carry out the items that can be done.  tell(path, why, data) gets every item that can't be done or fails, with `why`
 * in static storage.  Each item is a step of `progress`. */
void undo_restore(const struct undo_plan *p, const struct kept_list *l, struct undo_keep *u, struct undo_result *result,
		  struct progress *progress, void (*tell)(const char *path, const char *why, void *data), void *data);

#endif
