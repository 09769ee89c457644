/* SPDX-License-Identifier: BSD-2-Clause */
/* notices.h - holds gatesh's messages while a program has the terminal, until a person has seen them. */
#ifndef GATESH_FRONT_NOTICES_H
#define GATESH_FRONT_NOTICES_H

#include <pthread.h>

#include "base/strbuf.h"
#include "util/loop.h"
#include "util/text_layout.h"

enum { NOTICES_MAX = 64 << 10 }; /* bytes held; later messages are only counted */

struct notices {
	pthread_mutex_t lock; /* for text and dropped */
	struct strbuf text;   /* unseen lines, each with its newline */
	unsigned dropped;
	struct loop *loop;
	struct watch wake; /* an eventfd */
	/* Called in the main thread when a message has come in. */
	void (*changed)(void *data);
	void *data;
};

/* 0 or a negative errno. */
int notices_open(struct notices *n, struct loop *l, void (*changed)(void *data), void *data);

/* Hold a message of one line or several.  Any thread. */
void notices_add(struct notices *n, const char *text);

bool notices_waiting(struct notices *n);

/* Lay out the unseen messages in at most `rows` lines, the newest lines if not all of them fit.  Returns their size for
 * notices_seen(); out->err is set when memory ran out. */
size_t notices_layout(struct notices *n, int rows, struct layout *out);

/* Lay out all unseen messages without a frame.  Returns their size for notices_seen(). */
size_t notices_lines(struct notices *n, struct layout *out);
void notices_seen(struct notices *n, size_t amount);

/* Write the unseen messages to stderr, which counts as seen. */
void notices_print(struct notices *n);

/* Stop calling changed(); messages are still held.  This, notices_print() and notices_close() do nothing on a zero-initialised struct
 * that was never opened. */
void notices_detach(struct notices *n);

/* Write unseen messages to stderr: the program no longer has the terminal. */
void notices_close(struct notices *n);

#endif
