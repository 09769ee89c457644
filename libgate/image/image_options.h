/* SPDX-License-Identifier: BSD-2-Clause */
/* image_options.h - what the policy image says of a session, beyond the policy.  Internal to Gate. */
#ifndef GATE_IMAGE_IMAGE_OPTIONS_H
#define GATE_IMAGE_IMAGE_OPTIONS_H

#include <stdbool.h>
#include <time.h>

/* What of a session the interposer has to know.  Lists are NULL-terminated, of absolute paths without symbolic links;
 * NULL: empty.  With `workspaces` NULL no file event is judged. */
struct gate_image_options {
	bool on_fault_allow; /* gate.conf's on-fault */
	const char *const *workspaces;
	const char *const *temporary; /* directories in which nothing is worth a question */
	const char *const *stores;    /* this session's directories for what is kept, one a file system: store.h */
	const char *home;             /* what ~ stands for in path: lines */
	const char *path;      /* PATH, where the files of the programs that rules name are found; NULL: nowhere */
	struct timespec since; /* what was born later was made in this session; CLOCK_REALTIME */
};

#endif
