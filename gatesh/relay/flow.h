/* SPDX-License-Identifier: BSD-2-Clause */
/* flow.h - the bytes on their way in one direction, and one side's socket.  A flow takes memory only while it holds bytes. */
#ifndef GATESH_RELAY_FLOW_H
#define GATESH_RELAY_FLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "util/loop.h"

enum { FLOW_MAX = 64 << 10, FLOW_GROWN = 1 << 20, FLOW_BULK = 32 << 10, FLOW_PIPE = 1 << 20 };

struct flow {
	char *bytes; /* `room` of them; NULL: empty */
	size_t room, at, n;
	size_t piped; /* bytes that go through a pipe, without being copied; they are before `bytes` */
	int in, out;  /* its ends, if `has_pipe` */
	bool has_pipe;
	bool bulk;   /* much came at once */
	bool ended;  /* no more will come */
	bool passed; /* its end has been passed on */
};

struct side {
	struct watch source;
	bool watched;
};

static inline char *flow_start(const struct flow *f)
{
	return f->bytes + f->at;
}

/* Append bytes, as many as there is room for.  Returns their number. */
size_t flow_put(struct flow *f, const void *bytes, size_t n);

/* Make room for twice as many bytes, up to FLOW_GROWN.  Returns false if there is no more. */
bool flow_grow(struct flow *f);

/* Drop bytes from the front. */
void flow_drop(struct flow *f, size_t n);

/* Receive what is there.  Returns 1 if something came or ended, 0 if nothing, or a negative errno. */
int flow_receive(struct flow *f, int fd);

/* Send up to `n` bytes from the front.  Returns the number sent, 0 if the socket is full, or a negative errno. */
long flow_send(struct flow *f, int fd, size_t n);

/* For bytes that nobody looks at, as long as the flow is empty: receive up to `max` of them into its pipe, and send what is in it.
 * The results are those of flow_receive() and flow_send(). */
int flow_pipe_in(struct flow *f, int fd, uint64_t max, size_t *got);
long flow_pipe_out(struct flow *f, int fd);

/* Forget the bytes; and the pipe. */
void flow_free(struct flow *f);
void flow_close(struct flow *f);

/* Watch the side for exactly these events; for none, not even for its end. */
int side_watch(struct loop *l, struct side *s, uint32_t events);

/* Close it; with `reset`, the other end gets ECONNRESET. */
void side_close(struct loop *l, struct side *s, bool reset);

#endif
