/* SPDX-License-Identifier: BSD-2-Clause */
/* body_whole.c - reads a body into memory. */
#include "broker/body_whole.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { PART_BYTES = 65536, SILENCE_MS = 30000 };

static const char *body_whole_put(struct body *b, const char *bytes, size_t n, struct strbuf *out)
{
	strbuf_put(out, bytes, body_take(b, bytes, n));
	if (out->len > BODY_WHOLE_MAX)
		return "a signed body of more than 64 MiB; send it in parts";
	return out->err ? "memory is out" : body_is_bad(b) ? "a body that is none" : NULL;
}

const char *body_whole(int fd, const struct request_head *h, const char *early, size_t n, bool waits,
		       struct strbuf *out)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct body b = body_of(h);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char part[PART_BYTES];
	if (h->length > BODY_WHOLE_MAX)
		return "a signed body of more than 64 MiB; send it in parts";
	const char *wrong = body_whole_put(&b, early, n, out);
	if (waits && !wrong && !body_is_over(&b) && send(fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL) < 0)
		return "";
	while (!wrong && !body_is_over(&b)) {
		ssize_t got = poll(&p, 1, SILENCE_MS) == 1 ? recv(fd, part, sizeof part, 0) : 0;
		if (got <= 0)
			return "";
		wrong = body_whole_put(&b, part, (size_t)got, out);
	}
	return wrong;
}
