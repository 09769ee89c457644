/* SPDX-License-Identifier: BSD-2-Clause */
/* act_host_gatesh.h - runs the interposer's own judgement of deletions and overwrites (libgate/preload/files/act_*.c)
 * in gatesh, for a program that can't load it: the same ladder, the same store.  Where the interposer would ask the
 * session, this fills in a question.  After act_host_open(), any number of threads may act at once. */
#ifndef GATESH_SUPERVISE_ACT_HOST_GATESH_H
#define GATESH_SUPERVISE_ACT_HOST_GATESH_H

#include <gate.h>
#include <limits.h>

/* The acting process, and the question it may need to ask. */
struct act_host {
	pid_t tid;
	char program[64];     /* base name */
	bool allowed;         /* a person said yes: keep without asking */
	char above[PATH_MAX]; /* util/foreign_root.h */
	/* filled in if the act ended with -EPERM because Gate has to ask */
	bool asks;
	enum gate_event_type event;
	unsigned file; /* enum gate_file_flag */
	uint64_t size;
	char path[PATH_MAX], other[PATH_MAX], unkept[128]; /* "": none */
};

/* The policy image of the session.  Call it once per process. */
void act_host_open(const void *image);

/* Does this session judge file events? */
bool act_host_judges(void);

/* From now on, the acts of this thread are those of `a`, which must live until the last of them has returned. */
void act_host_as(struct act_host *a);

#endif
