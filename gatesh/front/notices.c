/* SPDX-License-Identifier: BSD-2-Clause */
/* notices.c - holds messages under a lock, lays them out for the panel and prints the unseen ones at the end. */
#include "front/notices.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/escape.h"

enum { MARGIN = 3 };

static void notices_woken(struct watch *w, uint32_t events)
{
	struct notices *n = w->data;
	uint64_t count;
	if (read(w->fd, &count, sizeof count) == sizeof count)
		n->changed(n->data);
}

int notices_open(struct notices *n, struct loop *l, void (*changed)(void *data), void *data)
{
	*n = (struct notices){.loop = l, .changed = changed, .data = data};
	pthread_mutex_init(&n->lock, NULL);
	n->wake = (struct watch){
		.events = EPOLLIN, .ready = notices_woken, .data = n, .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	return n->wake.fd < 0 ? -errno : loop_watch(l, &n->wake);
}

void notices_add(struct notices *n, const char *text)
{
	uint64_t one = 1;
	pthread_mutex_lock(&n->lock);
	if (n->text.err || n->text.len + strlen(text) > NOTICES_MAX)
		n->dropped++;
	else
		strbuf_printf(&n->text, "%s\n", text);
	pthread_mutex_unlock(&n->lock);
	while (write(n->wake.fd, &one, sizeof one) < 0 && errno == EINTR)
		;
}

bool notices_waiting(struct notices *n)
{
	pthread_mutex_lock(&n->lock);
	bool any = n->text.len;
	pthread_mutex_unlock(&n->lock);
	return any;
}

/* Lay out all messages, with a margin.  Returns their size. */
static size_t notices_body(struct notices *n, int margin, struct layout *body)
{
	pthread_mutex_lock(&n->lock);
	size_t amount = n->text.len;
	for (size_t i = 0; i < amount;) {
		cleanup_strbuf struct strbuf line = {0};
		size_t len = strcspn(n->text.s + i, "\n");
		escape_put(&line, n->text.s + i, len);
		if (line.err)
			body->err = line.err;
		else
			layout_text(body, "", margin, NULL, line.s ? line.s : "", 0);
		i += len + 1;
	}
	pthread_mutex_unlock(&n->lock);
	return amount;
}

size_t notices_lines(struct notices *n, struct layout *out)
{
	return notices_body(n, 0, out);
}

size_t notices_layout(struct notices *n, int rows, struct layout *out)
{
	struct layout body = {.cols = out->cols, .colour = out->colour};
	size_t amount = notices_body(n, MARGIN, &body);
	layout_add(out, "7", " gate ");
	int room = rows - 2 > 1 ? rows - 2 : 1;
	layout_move(out, &body, body.n > room ? body.n - room : 0, body.n);
	layout_add(out, "2", "   any key closes this");
	if (body.err)
		out->err = body.err;
	layout_free(&body);
	return amount;
}

void notices_seen(struct notices *n, size_t amount)
{
	pthread_mutex_lock(&n->lock);
	memmove(n->text.s, n->text.s + amount, n->text.len - amount + 1);
	n->text.len -= amount;
	pthread_mutex_unlock(&n->lock);
}

void notices_detach(struct notices *n)
{
	if (n->loop)
		loop_unwatch(n->loop, &n->wake);
}

void notices_print(struct notices *n)
{
	if (!n->loop)
		return;
	pthread_mutex_lock(&n->lock);
	if (n->text.len)
		fputs(n->text.s, stderr);
	if (n->dropped)
		fprintf(stderr, "gate: %u more messages were dropped\n", n->dropped);
	n->text.len = n->dropped = 0;
	pthread_mutex_unlock(&n->lock);
}

void notices_close(struct notices *n)
{
	if (!n->loop)
		return;
	notices_print(n);
	strbuf_free(&n->text);
	pthread_mutex_destroy(&n->lock);
	if (n->wake.fd >= 0)
		close(n->wake.fd);
}
