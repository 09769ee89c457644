/* SPDX-License-Identifier: BSD-2-Clause */
/* session_seam.h - the kernel's seam of a session, or, where there is none, the files that stand in for it.  The
 * functions are called in this order; errors are negative errnos.  Main thread only. */
#ifndef GATESH_SESSION_SESSION_SEAM_H
#define GATESH_SESSION_SESSION_SEAM_H

#include "session/session_core.h"

/* Does this session use the seam?  Not with --allow-setuid or --tier preload, and not on a kernel that has none. */
bool session_seam_is_used(const struct session_core *v);

/* Start the holder, before there is any thread. */
int session_seam_begin(struct session_core *v);

/* Make the memory that the session's processes get. */
int session_seam_prepare(struct session_core *v);

/* Open the supervisors, or publish the files. */
int session_seam_open(struct session_core *v);

/* The guard for the session's first program (util/spawn.h); NULL if there is none, with *err 0 or a negative errno. */
struct exec_guard *session_seam_guard(struct session_core *v, int *err);

/* The same for a preview; `data` is the session. */
struct exec_guard *session_seam_guard_preview(void *data, int *err);

/* How GATE_SESSION ends in this session: formats/seam.h. */
const char *session_seam_mark(const struct session_core *v);

/* A child has ended; perhaps it was the holder. */
void session_seam_holder_child(struct session_core *v, pid_t pid);

/* Take no more calls. */
void session_seam_end(struct session_core *v);

/* Does a thread still look at a file of the session? */
bool session_seam_is_busy(const struct session_core *v);

/* Free what session_seam_end() left; not while a thread is busy. */
void session_seam_free(struct session_core *v);

#endif
