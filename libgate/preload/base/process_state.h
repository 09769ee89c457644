/* SPDX-License-Identifier: BSD-2-Clause */
/* process_state.h - the session of this process, if any: the constructor finds it, and the hooks read it.  Written
 * once, before any other thread starts.  It holds copies, because a program may overwrite its own environment.  Keep
 * it small: together with the GOT it should fit one page, the only page of the library that a process ever writes. */
#ifndef GATE_PRELOAD_BASE_PROCESS_STATE_H
#define GATE_PRELOAD_BASE_PROCESS_STATE_H

#include <stdbool.h>

#include "formats/image.h"
#include "preload/base/standin.h"

#define VAR_SESSION "GATE_SESSION="
#define VAR_PRELOAD "LD_PRELOAD="
#define VAR_TARGET NAME_TARGET "="
#define LIBRARY_NAME "libgate-preload.so"

enum {
	SESSION_DIR_MAX = 96, /* with "/ask.sock" it must fit struct sockaddr_un */
	LIBRARY_PATH_MAX = 1024,
	SESSION_PATH_MAX = SESSION_DIR_MAX + 16,
};

struct state {
	bool active;                                        /* in a session: the hooks keep it and its children there */
	bool judged_target;                                 /* gate-standin's target has been judged */
	const char *exe;                                    /* the executed file, AT_EXECFN; NULL: unknown */
	char session[sizeof VAR_SESSION + SESSION_DIR_MAX]; /* "GATE_SESSION=DIR" */
	char library[LIBRARY_PATH_MAX];                     /* the interposer's item of LD_PRELOAD */
	struct gate_image_head head;
};

extern struct state state;

/* Put the path of a file in the session's directory into buf. */
void state_path(const char *name, char buf[SESSION_PATH_MAX]);

/* Set the session's directory and read the head of its image.  Returns 0, or a negative errno with *what naming the
 * part that failed. */
int state_enter(const char *dir, const char **what);

/* The interposer's item in the value of LD_PRELOAD (separated by colons or blanks), with its length in *n.  NULL if it
 * is not there. */
const char *state_find_library(const char *value, size_t *n);

/* Map the whole image and check it.  Returns 0 with *map set, which the caller unmaps (head.size bytes), or a negative
 * errno. */
int state_map_image(const void **map);

#endif
