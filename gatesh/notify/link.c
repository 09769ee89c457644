/* SPDX-License-Identifier: BSD-2-Clause */
/* link.c - reads the session's lines from the GLib main loop and sends requests. */
#include "notify/link.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LINE_MAX_BYTES = 8 << 20 };

static void link_heard(struct link *l, const json_t *o)
{
	const char *event = json_string_value(json_object_get(o, "event"));
	size_t i;
	json_t *q;
	json_array_foreach(json_object_get(o, "questions"), i, q) l->question(q, l->data);
	if (event && !strcmp(event, "question"))
		l->question(json_object_get(o, "question"), l->data);
	else if (event && !strcmp(event, "closed"))
		l->closed(json_integer_value(json_object_get(o, "id")), l->data);
}

static gboolean link_ready(int fd, GIOCondition condition, gpointer data)
{
	struct link *l = data;
	char buf[16 << 10];
	ssize_t n = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n > 0)
		strbuf_put(&l->in, buf, (size_t)n);
	if (n <= 0 || l->in.err || l->in.len > LINE_MAX_BYTES) {
		l->ended(l->data);
		return G_SOURCE_REMOVE;
	}
	for (char *nl; l->in.len && (nl = memchr(l->in.s, '\n', l->in.len));) {
		size_t len = (size_t)(nl - l->in.s);
		json_t *o = json_loadb(l->in.s, len, 0, NULL);
		memmove(l->in.s, nl + 1, l->in.len - len - 1);
		l->in.len -= len + 1;
		link_heard(l, o);
		json_decref(o);
	}
	return G_SOURCE_CONTINUE;
}

void link_send(struct link *l, json_t *request)
{
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	cleanup_strbuf struct strbuf line = {0};
	json_decref(request);
	if (text)
		strbuf_printf(&line, "%s\n", text);
	if (!text || line.err || send(l->fd, line.s, line.len, MSG_NOSIGNAL) != (ssize_t)line.len)
		l->ended(l->data);
	free(text);
}

int link_open(struct link *l, int fd)
{
	l->fd = fd;
	if (!g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, link_ready, l))
		return -ENOMEM;
	link_send(l, json_pack("{s:s}", "op", "subscribe"));
	return 0;
}
