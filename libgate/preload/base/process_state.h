/* SPDX-License-Identifier: BSD-2-Clause */
/* process_state.h - the session of this process, if any: the constructor finds it, and the hooks read it.  Written
 * once, before any other thread starts.  It holds copies, because a program may overwrite its own environment.  Keep
 * it small: together with the GOT it should fit one page, the only page of the library that a process ever writes. */
#ifndef GATE_PRELOAD_BASE_PROCESS_STATE_H
#define GATE_PRELOAD_BASE_PROCESS_STATE_H

#include <stdbool.h>

#include "formats/image.h"
#include "formats/seam.h"
#include "preload/base/standin.h"

#define VAR_SESSION "GATE_SESSION="
#define VAR_PRELOAD "LD_PRELOAD="
#define VAR_TARGET NAME_TARGET "="
#define LIBRARY_NAME "libgate-preload.so"

enum {
	SESSION_DIR_MAX = 96, /* with "/ask.sock" it must fit struct sockaddr_un */
	LIBRARY_PATH_MAX = 960,
	SESSION_PATH_MAX = SESSION_DIR_MAX + 16,
};

struct state {
	bool active;        /* in a session: the hooks keep it and its children there */
	bool seam;          /* the session sees the calls that this process does not judge */
	bool reads_any;     /* rules on read concern names that read_name.h does not list */
	bool leaves;        /* this process judges no calls any more: state_leave() */
	bool judged_target; /* gate-standin's target has been judged */
	const char *exe;    /* the executed file, AT_EXECFN; NULL: unknown */
	const void *image;  /* the whole policy image, mapped; NULL before the first need */
	char session[sizeof VAR_SESSION +
		     SESSION_DIR_MAX];  /* "GATE_SESSION=DIR", with the marks of seam.h where `seam` was set */
	char library[LIBRARY_PATH_MAX]; /* the interposer's item of LD_PRELOAD */
	struct gate_image_head head;    /* without the seam: read by the constructor */
};

extern struct state state;

/* Put the path of a file in the session's directory into buf. */
void state_path(const char *name, char buf[SESSION_PATH_MAX]);

/* Set the session's directory, `n` bytes of `dir`, with its marks (seam.h), and read the head of the image there; with the seam,
 * nothing is read before it is needed.  Returns 0, or a negative errno with *what naming the part that failed. */
int state_enter(const char *dir, size_t n, const char **what);

/* Enter a session whose image is mapped already: gatesh acts for its session's programs. */
void state_enter_mapped(const void *image);

/* The interposer's item in the value of LD_PRELOAD (separated by colons or blanks), with its length in *n.  NULL if it
 * is not there. */
const char *state_find_library(const char *value, size_t *n);

/* Get the whole image, and with the seam the cookie, at the first call.  Returns 0 with state.image set, or a negative
 * errno.  Several threads and vfork children may be first at once.  With the seam but without the image, this process
 * judges nothing: its calls carry no cookie, and the session judges them. */
int state_load(void);

/* The same for a hook.  If the session has ended, the kernel refuses the call with ENOSYS: it says so once. */
bool state_load_or_tell(void);

/* Judge nothing from now on: the calls of this process carry no cookie, and the session judges them.  For a process that
 * may not look at files, because of a seccomp filter of its own; it never loses that filter.  Without the seam, nothing
 * changes. */
void state_leave(void);

/* Can this process judge?  Costs a look at one word, but for the first time with the seam. */
static inline bool state_judges(void)
{
	return state.active && !state.leaves &&
	       (__builtin_expect(!state.seam || state.image != NULL, 1) || state_load_or_tell());
}

/* The head of the image.  All zero if this process can't judge. */
static inline const struct gate_image_head *state_head(void)
{
	return state.image ? state.image : &state.head;
}

#endif
