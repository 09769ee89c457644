/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_session.c - sends a tool call to the session.  See hook_session.h. */
#include "hook/hook_session.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "formats/wire.h"
#include "hook/hook_limit.h"
#include "seam/inside.h"

enum { HOOK_SESSION_WAIT_MS = 5000, HOOK_SESSION_SAID_MAX = 4 << 10 };

/* Append a string with its NUL, cut to what the session keeps anyway.  Returns its length for the message. */
static uint32_t hook_session_put(struct strbuf *b, const char *s)
{
	size_t n = s ? strnlen(s, HOOK_SESSION_SAID_MAX - 1) : 0;
	if (!n)
		return 0;
	strbuf_put(b, s, n);
	strbuf_put(b, "", 1);
	return (uint32_t)n + 1;
}

static void hook_session_message(const struct hook_event *e, bool ends, struct strbuf *out)
{
	struct wire_head head = {.magic = WIRE_MAGIC, .version = WIRE_VERSION, .type = WIRE_TOLD};
	struct wire_tell tell = {.ends = ends, .limit_ms = hook_limit_ms(e)};
	cleanup_strbuf struct strbuf said = {0};
	tell.agent_len = hook_session_put(&said, hook_agent_names()[e->agent]);
	tell.id_len = hook_session_put(&said, e->id);
	tell.says_len = hook_session_put(&said, e->description);
	tell.text_len = hook_session_put(&said, e->command);
	head.length = (uint32_t)(sizeof head + sizeof tell + said.len);
	strbuf_put(out, (const char *)&head, sizeof head);
	strbuf_put(out, (const char *)&tell, sizeof tell);
	strbuf_put(out, said.s ? said.s : "", said.len);
	if (said.err)
		out->err = said.err;
}

/* The text of the session's answer. */
static void hook_session_read(int fd, char *text, size_t size)
{
	char packet[WIRE_ANSWER_MAX + 1];
	struct wire_head head;
	struct wire_answer answer;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	if (poll(&p, 1, HOOK_SESSION_WAIT_MS) != 1)
		return;
	ssize_t n = recv(fd, packet, sizeof packet - 1, MSG_DONTWAIT);
	if (n < (ssize_t)(sizeof head + sizeof answer))
		return;
	memcpy(&head, packet, sizeof head);
	memcpy(&answer, packet + sizeof head, sizeof answer);
	if (head.magic != WIRE_MAGIC || head.version != WIRE_VERSION || head.type != WIRE_ANSWER ||
	    answer.text_len > (size_t)n - sizeof head - sizeof answer)
		return;
	snprintf(text, size, "%.*s", (int)answer.text_len, packet + sizeof head + sizeof answer);
}

void hook_session_tell(const struct hook_event *e, char *text, size_t size)
{
	char room[WIRE_TEXT_MAX] = "";
	cleanup_strbuf struct strbuf message = {0};
	int fd = session_channel();
	if (text)
		*text = '\0';
	if (fd < 0)
		return;
	hook_session_message(e, text != NULL, &message);
	if (!message.err && send(fd, message.s, message.len, MSG_NOSIGNAL) == (ssize_t)message.len)
		hook_session_read(fd, text ? text : room, text ? size : sizeof room);
	close(fd);
}
