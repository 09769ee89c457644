/* SPDX-License-Identifier: BSD-2-Clause */
/* read_content.h - reads what a program is about to read: gate_event's read(), for a blocked process or gatesh
 * check. */
#ifndef GATESH_ASK_READ_CONTENT_H
#define GATESH_ASK_READ_CONTENT_H

#include <gate.h>

enum {
	CONTENT_FILE_MAX = 1 << 20,  /* bytes judged of a file */
	CONTENT_PIPE_MAX = 64 << 10, /* bytes judged of a pipe or socket */
	CONTENT_WAIT_MS = 100,       /* wait for a pipe's writers */
};

/* Implements gate_event's read.  Opens only regular files, relative to the process's root and current directory.  Reads
 * its standard input without consuming it: a file from its offset on, a pipe by tee(2), a socket by MSG_PEEK.  A
 * terminal has nothing to judge.  Without a process (event->pid 0), files are relative to event->cwd and there is no
 * standard input.  Blocks for at most CONTENT_WAIT_MS, so it is not for the main thread. */
int read_content(const struct gate_event *event, const char *path, struct gate_content *out);

#endif
