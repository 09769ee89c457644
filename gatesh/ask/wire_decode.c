/* SPDX-License-Identifier: BSD-2-Clause */
/* wire_decode.c - the session's side of formats/wire.h: decodes events and encodes answers. */
#include "formats/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gate.h>

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
	if (head.type < WIRE_EVENT || head.type > WIRE_TOLD || head.length < sizeof head)
		return -EBADMSG;
	return head.length > WIRE_MESSAGE_MAX ? -EMSGSIZE : (long)head.length;
}

/* Take a NUL-terminated string of len bytes (0: absent) off the front of *p. */
static int wire_take_string(const char **p, size_t *left, uint32_t len, const char **out)
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

/* Only a statement has a text. */
static int wire_take_text(const char **p, size_t *left, const struct wire_event *fixed, struct gate_event *ev)
{
	if (fixed->text_len > *left || fixed->text_len > WIRE_STATEMENT_MAX ||
	    ((fixed->text_len || fixed->flags & WIRE_PART) && ev->type != GATE_EVENT_STATEMENT))
		return -EBADMSG;
	if (ev->type == GATE_EVENT_STATEMENT)
		ev->text = *p;
	ev->text_len = fixed->text_len;
	ev->text_flags = fixed->flags & WIRE_PART ? GATE_TEXT_PART : 0;
	*p += fixed->text_len;
	*left -= fixed->text_len;
	return 0;
}

/* The bytes stay in the message and may be unaligned, so copy them to read more than the family. */
static int wire_take_address(const char **p, size_t *left, uint32_t len, struct gate_event *ev)
{
	if (len > *left || len > WIRE_ADDRESS_MAX || (len && len < sizeof(sa_family_t)))
		return -EBADMSG;
	if (len)
		ev->address = (const struct sockaddr *)(const void *)*p;
	ev->address_len = len;
	*p += len;
	*left -= len;
	return 0;
}

static int wire_take_argv(const char *p, size_t left, uint32_t argc, const char ***out)
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

static const char *wire_some(const char *s)
{
	return *s ? s : NULL;
}

/* Set a Unix socket's path, or the host names of an address.  Takes over the array. */
static int wire_give_destination(struct gate_event *ev, const char **words, uint32_t n)
{
	sa_family_t family = AF_UNSPEC;
	if (ev->address)
		memcpy(&family, ev->address, sizeof family);
	bool local = family == AF_UNIX;
	if (n && !local) {
		ev->hosts = words;
		return ev->address ? 0 : -EBADMSG;
	}
	ev->path = n ? words[0] : NULL;
	free(words);
	return ev->address && n == local ? 0 : -EBADMSG;
}

/* Set a statement's engine and database; what is left says where the server is.  Takes over the array. */
static int wire_give_statement(struct gate_event *ev, const char **words, uint32_t n)
{
	if (n < 2 || !*words[0] || (!ev->address && n > 2)) {
		free(words);
		return -EBADMSG;
	}
	ev->engine = words[0];
	ev->database = wire_some(words[1]);
	ev->socket_type = SOCK_STREAM;
	if (!ev->address) {
		free(words);
		return 0;
	}
	for (uint32_t i = 2; i <= n; i++) /* with the NULL at the end */
		words[i - 2] = words[i];
	return wire_give_destination(ev, words, n - 2);
}

/* Assign the event's words to its members.  Takes over the array. */
static int wire_give_words(struct gate_event *ev, const char **words, uint32_t n)
{
	switch (ev->type) {
	case GATE_EVENT_EXEC:
		ev->argv = words;
		ev->argc = n;
		return 0;
	case GATE_EVENT_CONNECT: return wire_give_destination(ev, words, n);
	case GATE_EVENT_STATEMENT: return wire_give_statement(ev, words, n);
	default: break;
	}
	bool whole = n == 3 && *words[0] == '/' && (*words[1] == '/' || ev->type != GATE_EVENT_RENAME);
	if (whole) {
		ev->path = words[0];
		ev->other = wire_some(words[1]);
		ev->unkept = wire_some(words[2]);
	}
	free(words);
	return whole ? 0 : -EBADMSG;
}

void wire_free_event(struct gate_event *ev)
{
	free((void *)ev->argv);
	free((void *)ev->hosts);
	ev->argv = ev->hosts = NULL;
	ev->argc = 0;
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
	*ev = (struct gate_event){.struct_size = sizeof(struct gate_event),
				  .type = (enum gate_event_type)fixed.event,
				  .file = fixed.file,
				  .size = fixed.size,
				  .socket_type = fixed.socket_type,
				  .socket_protocol = fixed.socket_protocol};
	if (fixed.event > GATE_EVENT_STATEMENT || fixed.flags & ~(WIRE_REPORT | WIRE_REFUSED | WIRE_PART))
		return -EBADMSG;
	if (wire_take_string(&p, &left, fixed.exe_len, &ev->exe) ||
	    wire_take_string(&p, &left, fixed.cwd_len, &ev->cwd) ||
	    wire_take_address(&p, &left, fixed.address_len, ev) ||
	    wire_take_string(&p, &left, fixed.known_len, &ev->known) || wire_take_text(&p, &left, &fixed, ev) ||
	    left != fixed.argv_len)
		return -EBADMSG;
	const char **words = NULL;
	int err = wire_take_argv(p, left, fixed.argc, &words);
	if (!err)
		err = wire_give_words(ev, words, fixed.argc);
	if (err)
		wire_free_event(ev); /* on error, the caller has nothing to free */
	return err;
}

int wire_decode_told(const void *msg, size_t len, struct wire_told *told)
{
	struct wire_head head;
	struct wire_tell fixed;
	const char *p = (const char *)msg + sizeof head + sizeof fixed;
	*told = (struct wire_told){0};
	if (wire_expect(msg, len) != (long)len || len < sizeof head + sizeof fixed)
		return -EBADMSG;
	memcpy(&head, msg, sizeof head);
	memcpy(&fixed, (const char *)msg + sizeof head, sizeof fixed);
	if (head.type != WIRE_TOLD || fixed.ends > 1)
		return -EBADMSG;
	size_t left = len - sizeof head - sizeof fixed;
	told->ends = (int)fixed.ends;
	told->limit_ms = fixed.limit_ms;
	if (wire_take_string(&p, &left, fixed.agent_len, &told->agent) ||
	    wire_take_string(&p, &left, fixed.id_len, &told->id) ||
	    wire_take_string(&p, &left, fixed.says_len, &told->says) ||
	    wire_take_string(&p, &left, fixed.text_len, &told->text) || left)
		return -EBADMSG;
	return 0;
}

unsigned wire_event_flags(const void *msg)
{
	struct wire_event fixed;
	memcpy(&fixed, (const char *)msg + sizeof(struct wire_head), sizeof fixed);
	return fixed.flags;
}

/* Append a string of at most max bytes, including its NUL, at *to.  Returns the bytes it took. */
static uint32_t wire_give_string(char **to, const char *s, size_t max)
{
	if (!s)
		return 0;
	size_t n = strnlen(s, max - 1);
	memcpy(*to, s, n);
	(*to)[n] = '\0';
	*to += n + 1;
	return (uint32_t)n + 1;
}

size_t wire_encode_answer(void *buf, const struct wire_verdict *v)
{
	struct wire_head head = {.magic = WIRE_MAGIC, .version = WIRE_VERSION, .type = WIRE_ANSWER};
	struct wire_answer fixed = {.ret = (uint32_t)v->ret, .severity = v->severity};
	char *p = (char *)buf + sizeof head + sizeof fixed;
	fixed.text_len = wire_give_string(&p, v->text, WIRE_TEXT_MAX);
	if (v->covers && strlen(v->covers) < WIRE_COVERS_MAX)
		fixed.covers_len = wire_give_string(&p, v->covers, WIRE_COVERS_MAX);
	head.length = (uint32_t)(p - (char *)buf);
	memcpy(buf, &head, sizeof head);
	memcpy((char *)buf + sizeof head, &fixed, sizeof fixed);
	return head.length;
}
