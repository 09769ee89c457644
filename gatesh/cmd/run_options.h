/* SPDX-License-Identifier: BSD-2-Clause */
/* run_options.h - the command line of gatesh run. */
#ifndef GATESH_CMD_RUN_OPTIONS_H
#define GATESH_CMD_RUN_OPTIONS_H

#include "session/run_session.h"

struct run_options {
	struct session_options session; /* without what a principal adds; the strings are argv's */
	const char *principal, *user;   /* NULL: none was given */
};

/* Parse the options and the command.  Returns -1 to go on, otherwise the exit status. */
int run_options_parse(int argc, char **argv, struct run_options *o);

#endif
