/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_options.h - the command line of gatesh undo. */
#ifndef GATESH_CMD_UNDO_OPTIONS_H
#define GATESH_CMD_UNDO_OPTIONS_H

#include <stdbool.h>

#include "undo/undo_plan.h"

enum undo_view { UNDO_VIEW_NONE, UNDO_VIEW_SHOW, UNDO_VIEW_DIFF };

struct undo_options {
	struct kept_choice sessions;
	struct undo_choice choice; /* without the paths, which are argv + optind */
	char *command;             /* ID or ID.N as given */
	enum undo_view view;       /* look at a kept version, and restore nothing */
	bool restore, all, dry, yes, json, force;
};

/* Parse the options.  Returns -1 to go on, otherwise the exit status. */
int undo_options_parse(int argc, char **argv, struct undo_options *o);

#endif
