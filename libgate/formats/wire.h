/* SPDX-License-Identifier: BSD-2-Clause */
/* wire.h - between the interposer and its session: one connection a question over a SOCK_SEQPACKET socket.
 *
 *   asker   -> EVENT  (head, struct wire_event, strings), in packets of at most WIRE_PACKET bytes; head.length is the
 *                     whole message, so the reader knows when it is complete
 *   session -> ALIVE  (head alone) every WIRE_ALIVE_MS while the question is open: an asker that hears nothing for
 *                     WIRE_SILENCE_MS refuses (a stopped session must not hang it)
 *   session -> ANSWER (head, struct wire_answer, text), one packet
 *
 * Whoever reads trusts nothing: lengths are checked before use; anything else than the expected is a fault.  The
 * asker's pid and uid are not in the message: they are the kernel's (SO_PEERCRED).  Native byte order: both ends are
 * one machine.
 * Needs libc headers only. */
#ifndef GATE_FORMATS_WIRE_H
#define GATE_FORMATS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "formats/event.h"

enum {
	WIRE_MAGIC = 0x45544147, /* "GATE" */
	WIRE_VERSION = 2,
	WIRE_PACKET = 64 << 10,
	WIRE_MESSAGE_MAX = 8 << 20, /* over ARG_MAX of Linux: 6 MiB (execve(2)) */
	WIRE_ARGC_MAX = 1 << 20,
	WIRE_TEXT_MAX = 2048,
	WIRE_COVERS_MAX = 1024,
	WIRE_ANSWER_MAX = 64 + WIRE_TEXT_MAX + WIRE_COVERS_MAX, /* bytes of an ANSWER, head and all */
	WIRE_ADDRESS_MAX = 128,                                 /* struct sockaddr_storage */
	WIRE_ALIVE_MS = 2000,
	WIRE_SILENCE_MS = 10000,
};

enum wire_type { WIRE_EVENT = 1, WIRE_ANSWER = 2, WIRE_ALIVE = 3 };

struct wire_head {
	uint32_t magic;
	uint16_t version;
	uint16_t type;
	uint32_t length; /* bytes of the whole message, this head included */
};

struct wire_event {
	uint32_t event; /* enum event_type */
	uint32_t file;  /* enum event_file_flag */
	uint64_t size;  /* of the file, bytes; connect: how often, since the last event about this destination */
	uint32_t exe_len, cwd_len; /* with their NULs; 0: absent */
	uint32_t address_len;      /* connect: a sockaddr, at most WIRE_ADDRESS_MAX bytes */
	uint32_t argc;
	uint32_t argv_len;       /* argc strings with their NULs */
	uint16_t flags;          /* enum wire_flag */
	uint8_t socket_type;     /* connect: SOCK_STREAM, ... */
	uint8_t socket_protocol; /* connect: IPPROTO_TCP, ...; 0: not known */
};
/* exe, cwd, address and the words follow.  The words are
 *   exec              argv
 *   unlink, truncate  path, "", why it can't be kept ("": it can)
 *   rename            path, the other path, why it can't be kept
 *   connect           the names the address was looked up by, maybe none; for a unix socket its real path */

enum wire_flag {
	WIRE_REPORT = 1,  /* it has been decided, and nobody waits for an answer: for the log */
	WIRE_REFUSED = 2, /* with WIRE_REPORT: refused, as an answer before had it */
};

/* A file event's answer may hold for more than that one: with `covers`, for every later event of the same type under
 * that directory, by this process and the children it forks, of which no rule more severe than `severity` speaks. */
struct wire_answer {
	uint32_t ret;        /* enum gate_ret; 0 allows */
	uint32_t text_len;   /* with its NUL; 0: none.  One line for the asker's stderr */
	uint32_t covers_len; /* with its NUL; 0: it is about this event only.  An absolute directory */
	uint32_t severity;   /* enum event_severity */
};
/* text and covers follow. */

struct gate_event;

#pragma GCC visibility push(default)

/* Session side.  Decode a complete EVENT message of `len` bytes into *ev, whose strings point into `msg`; the array of
 * an exec's argv or a connect's hosts is allocated (free it with wire_free_event()).  Of other events than exec, argv
 * is left empty.  0, -EBADMSG, -EPROTO (version), -ENOMEM.  wire.c. */
int wire_decode_event(const void *msg, size_t len, struct gate_event *ev);

void wire_free_event(struct gate_event *ev);

/* enum wire_flag of an EVENT message that has been decoded.  wire.c. */
unsigned wire_event_flags(const void *msg);

/* How many bytes the message that starts with these `n` will have: > 0, or -EBADMSG/-EPROTO/-EMSGSIZE; n must be at
 * least sizeof(struct wire_head). */
long wire_expect(const void *msg, size_t n);

/* What an ANSWER says. */
struct wire_verdict {
	int ret;
	const char *text;   /* or NULL; cut to WIRE_TEXT_MAX */
	const char *covers; /* or NULL; one over WIRE_COVERS_MAX is left out: the answer is about the one event then */
	unsigned severity;  /* with covers */
};

/* Encode an ANSWER into buf, of at least WIRE_ANSWER_MAX bytes.  Its size in bytes. */
size_t wire_encode_answer(void *buf, const struct wire_verdict *v);

#pragma GCC visibility pop

#endif
