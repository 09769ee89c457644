/* notices.h - what gatesh has to say while a program has the terminal: kept until a person has seen it. */
#ifndef GATESH_FRONT_NOTICES_H
#define GATESH_FRONT_NOTICES_H

#include <pthread.h>

#include "base/strbuf.h"
#include "util/loop.h"
#include "util/text_layout.h"

enum { NOTICES_MAX = 64 << 10 }; /* bytes kept; of what comes after that only the number of messages */

struct notices {
	pthread_mutex_t lock; /* for text and dropped */
	struct strbuf text;   /* not seen yet: lines, each with its newline */
	unsigned dropped;
	struct loop *loop;
	struct watch wake; /* an eventfd */
	/* There is something new.  Main thread. */
	void (*changed)(void *data);
	void *data;
};

/* 0 or a negative errno. */
int notices_open(struct notices *n, struct loop *l, void (*changed)(void *data), void *data);

/* Keep a message (one line, or several).  Any thread. */
void notices_add(struct notices *n, const char *text);

bool notices_waiting(struct notices *n);

/* Lay out what has not been seen, at most `rows` lines: the newest when not all of it fits.  Returns how much of it
 * that is, for notices_seen(); out->err tells whether memory ran out. */
size_t notices_layout(struct notices *n, int rows, struct layout *out);
void notices_seen(struct notices *n, size_t amount);

/* changed() is called no more; messages are still kept.  Harmless, as is notices_close(), when zero-initialised and
 * never opened. */
void notices_detach(struct notices *n);

/* What nobody has seen goes to stderr: the terminal is the person's again. */
void notices_close(struct notices *n);

#endif
