/* read_content.h - what a program is about to read: gate_event's read(), for a blocked process or for gatesh check. */
#ifndef GATESH_ASK_READ_CONTENT_H
#define GATESH_ASK_READ_CONTENT_H

#include <gate.h>

enum {
	CONTENT_FILE_MAX = 1 << 20,  /* bytes of a file that are judged */
	CONTENT_PIPE_MAX = 64 << 10, /* of a pipe or socket */
	CONTENT_WAIT_MS = 100,       /* for what a pipe has not got yet */
};

/* As gate_event's read.  Files are opened in the process's root and directory, and only regular ones; its standard
 * input is looked at and nothing of it consumed: a file from its offset on, a pipe by tee(2), a socket by MSG_PEEK.  Of
 * a terminal there is nothing to judge.  Without a process (event->pid 0) files are looked for in event->cwd, and
 * standard input is nobody's.  Blocks for CONTENT_WAIT_MS at most: not for the main thread. */
int read_content(const struct gate_event *event, const char *path, struct gate_content *out);

#endif
