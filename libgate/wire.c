/* wire.c - the session's side of wire.h. */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gate.h>

_Static_assert((int)WIRE_EXEC == (int)GATE_EV_EXEC, "one number for the event on both sides");

long wire_expect(const void *msg, size_t n)
{
	struct wire_head head;
	if (n < sizeof head)
		return -EBADMSG;
	memcpy(&head, msg, sizeof head);
	if (head.magic != WIRE_MAGIC)
		return -EBADMSG;
	if (head.version != WIRE_VERSION)
		return -EPROTO;
	if (head.type < WIRE_EVENT || head.type > WIRE_ALIVE || head.length < sizeof head)
		return -EBADMSG;
	return head.length > WIRE_MESSAGE_MAX ? -EMSGSIZE : (long)head.length;
}

/* Take a NUL-terminated string of len bytes (0: absent) off the front of *p. */
static int take_string(const char **p, size_t *left, uint32_t len, const char **out)
{
	*out = NULL;
	if (!len)
		return 0;
	if (len > *left || strnlen(*p, len) != len - 1)
		return -EBADMSG;
	*out = *p;
	*p += len;
	*left -= len;
	return 0;
}

static int take_argv(const char *p, size_t left, uint32_t argc, const char ***out)
{
	if (argc > WIRE_ARGC_MAX || argc > left) /* a word is at least its NUL */
		return -EBADMSG;
	const char **argv = calloc(argc + (size_t)1, sizeof *argv);
	if (!argv)
		return -ENOMEM;
	for (uint32_t i = 0; i < argc; i++) {
		size_t len = strnlen(p, left);
		if (len == left) {
			free(argv);
			return -EBADMSG;
		}
		argv[i] = p;
		p += len + 1;
		left -= len + 1;
	}
	if (left) {
		free(argv);
		return -EBADMSG;
	}
	*out = argv;
	return 0;
}

int wire_decode_event(const void *msg, size_t len, struct gate_event *ev)
{
	struct wire_head head;
	struct wire_event fixed;
	long expected = wire_expect(msg, len);
	if (expected < 0)
		return expected == -EMSGSIZE ? -EBADMSG : (int)expected;
	memcpy(&head, msg, sizeof head);
	if ((size_t)expected != len || head.type != WIRE_EVENT || len < sizeof head + sizeof fixed)
		return -EBADMSG;
	memcpy(&fixed, (const char *)msg + sizeof head, sizeof fixed);
	const char *p = (const char *)msg + sizeof head + sizeof fixed;
	size_t left = len - sizeof head - sizeof fixed;
	*ev = (struct gate_event){.type = (enum gate_event_type)fixed.event, .argc = fixed.argc};
	if (fixed.event >= GATE_EV_VERDICT)
		return -EBADMSG;
	if (take_string(&p, &left, fixed.exe_len, &ev->exe) || take_string(&p, &left, fixed.cwd_len, &ev->cwd) ||
	    left != fixed.argv_len)
		return -EBADMSG;
	const char **argv = NULL;
	int err = take_argv(p, left, fixed.argc, &argv);
	ev->argv = argv;
	return err;
}

size_t wire_encode_answer(void *buf, size_t size, int ret, const char *text)
{
	struct wire_head head = {.magic = WIRE_MAGIC, .version = WIRE_VERSION, .type = WIRE_ANSWER};
	struct wire_answer fixed = {.ret = (uint32_t)ret};
	size_t room = size - sizeof head - sizeof fixed;
	if (room > WIRE_TEXT_MAX)
		room = WIRE_TEXT_MAX;
	if (text) {
		size_t n = strnlen(text, room - 1);
		memcpy((char *)buf + sizeof head + sizeof fixed, text, n);
		((char *)buf)[sizeof head + sizeof fixed + n] = '\0';
		fixed.text_len = (uint32_t)n + 1;
	}
	head.length = (uint32_t)(sizeof head + sizeof fixed + fixed.text_len);
	memcpy(buf, &head, sizeof head);
	memcpy((char *)buf + sizeof head, &fixed, sizeof fixed);
	return head.length;
}
