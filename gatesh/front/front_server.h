/* SPDX-License-Identifier: BSD-2-Clause */
/* front_server.h - the session's end of the answer socket, to which front ends attach.  front_proto.h describes the
 * protocol. */
#ifndef GATESH_FRONT_FRONT_SERVER_H
#define GATESH_FRONT_FRONT_SERVER_H

#include <stdbool.h>
#include <time.h>

#include "ask/question.h"
#include "util/loop.h"
#include "util/session_dir.h"

enum { FRONT_PEERS_MAX = 32, FRONT_LINE_MAX = 16 << 10, FRONT_QUEUE_MAX = 4 << 20 };

struct answers {
	struct loop *loop;
	struct questions *questions;
	const struct session_dir *dir;
	gate_handle_t *handle; /* the session's, for its grants */
	struct watch source;
	struct front *fronts;
	unsigned nfronts, subscribers; /* subscribers: without the desktop, which is gatesh's own */
	struct timer sweep;
	/* A process that may not answer tried to attach. */
	void (*refused)(void *data, pid_t pid);
	/* Freeze the session or thaw it; 0 or a negative errno. */
	int (*freeze)(void *data, const char *by, bool on);
	/* Allow everything unasked for `seconds`, or end that.  0 or a negative errno: -EBUSY in a frozen session,
	 * -EALREADY if it is not paused. */
	int (*pause)(void *data, const char *by, unsigned seconds);
	int (*resume)(void *data, const char *by);
	time_t paused_until; /* while questions->paused */
	/* End the session and its processes.  Returns the number of processes that were told, or a negative errno. */
	int (*end)(void *data, const char *by);
	/* How many processes has the ended command left?  NULL: it has not ended. */
	int (*left)(void *data);
	time_t left_since; /* when the command ended */
	/* A grant was revoked. */
	void (*revoked)(void *data);
	/* The person closed a question on the desktop: perhaps nobody is left to answer it. */
	void (*passed)(void *data);
	void *data;
};

/* 0 or a negative errno. */
int front_server_open(struct answers *a, struct loop *l, struct questions *qs, const struct session_dir *dir);
void front_server_close(struct answers *a);

/* Attach the other end of `fd` as the desktop's front end.  Takes over `fd`.  gatesh started that process itself, so
 * its credentials are not checked.  It is sent only questions with GATE_QUESTION_DESKTOP, and its yes counts only where
 * GATE_QUESTION_DESKTOP_YES is set.  0 or a negative errno. */
int front_server_attach_desktop(struct answers *a, int fd);

/* Send the event to the subscribers. */
void front_server_changed(struct answers *a, struct question *q, bool closed);
void front_server_frozen(struct answers *a, const char *by, bool frozen);
void front_server_paused(struct answers *a, const char *by, bool paused);

#endif
