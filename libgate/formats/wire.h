/* SPDX-License-Identifier: BSD-2-Clause */
/* wire.h - the protocol between the interposer and its session: one connection per question on a SOCK_SEQPACKET socket.
 *
 *   asker   -> EVENT  (head, struct wire_event, strings), in packets of at most WIRE_PACKET bytes; head.length counts
 *                     the whole message, so that the reader knows when it is complete
 *   session -> ALIVE  (head alone) every WIRE_ALIVE_MS while the question is open: an asker that receives nothing
 *                     for WIRE_SILENCE_MS refuses, so that a stopped session can't hang it
 *   session -> ANSWER (head, struct wire_answer, text), one packet
 *
 * The hook of an agent tells of a tool call in the same way: TOLD (head, struct wire_tell, strings), which is answered at once.
 *
 * A reader trusts nothing: it checks lengths before use, and any unexpected content is a fault.  The asker's pid and
 * uid are not in the message: the kernel supplies them (SO_PEERCRED).  The byte order is native, because both ends run
 * on one machine.  Needs libc headers only. */
#ifndef GATE_FORMATS_WIRE_H
#define GATE_FORMATS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "formats/event.h"

enum {
	WIRE_MAGIC = 0x45544147, /* "GATE" */
	WIRE_VERSION = 6,
	WIRE_PACKET = 64 << 10,
	WIRE_MESSAGE_MAX = 8 << 20, /* more than the ARG_MAX of Linux, 6 MiB (execve(2)) */
	WIRE_ARGC_MAX = 1 << 20,
	WIRE_TEXT_MAX = 2048,
	WIRE_STATEMENT_MAX = 1 << 20, /* bytes of a statement's text; of a longer one, the beginning is sent */
	WIRE_COVERS_MAX = 1024,
	WIRE_ANSWER_MAX = 64 + WIRE_TEXT_MAX + WIRE_COVERS_MAX, /* bytes of an ANSWER, head included */
	WIRE_ADDRESS_MAX = 128,                                 /* struct sockaddr_storage */
	WIRE_ALIVE_MS = 2000,
	WIRE_SILENCE_MS = 10000,
};

enum wire_type { WIRE_EVENT = 1, WIRE_ANSWER = 2, WIRE_ALIVE = 3, WIRE_TOLD = 4 };

struct wire_head {
	uint32_t magic;
	uint16_t version;
	uint16_t type;
	uint32_t length; /* bytes of the whole message, this head included */
};

struct wire_event {
	uint32_t event; /* enum event_type */
	uint32_t file;  /* enum event_file_flag */
	uint64_t size;  /* of the file, in bytes; connect: connections since the last event about this destination */
	uint32_t exe_len, cwd_len; /* bytes, with their NULs; 0: absent */
	uint32_t address_len;      /* connect: a sockaddr, at most WIRE_ADDRESS_MAX bytes */
	uint32_t argc;
	uint32_t argv_len;       /* bytes of argc strings, with their NULs */
	uint16_t flags;          /* enum wire_flag */
	uint8_t socket_type;     /* connect: SOCK_STREAM, ... */
	uint8_t socket_protocol; /* connect: IPPROTO_TCP, ...; 0: not known */
	uint32_t known_len;      /* exec: the path of the program that it is by another name, with its NUL; 0: absent */
	uint32_t text_len;       /* statement: bytes of its text, which has no NUL of its own and may have any bytes */
};
/* After the struct come exe, cwd, address, known, the text and the words.  The words are
 *   exec              argv
 *   unlink, truncate, write
 *                     path, "", why the file can't be kept ("": it can)
 *   rename            path, the other path, why the file can't be kept
 *   connect           the names that the process looked up to get the address, possibly none; for a unix socket its
 *                     resolved path
 *   statement         its engine, the database ("": unknown), and the name that the program gave for the address, if any; for a
 *                     unix socket its path.  Without an address, the database is a file */

enum wire_flag {
	WIRE_REPORT = 1,  /* already decided: for the log, nobody waits for an answer */
	WIRE_REFUSED = 2, /* with WIRE_REPORT: refused, because an earlier answer says so */
	WIRE_PART = 4,    /* statement: the text is the beginning of a longer one */
};

/* The answer to a file event may cover more than that event.  With `covers`, it holds for every later event of the same
 * type under that directory, by this process and the children that it forks, unless a rule more severe than `severity`
 * matches.  After the struct come text and covers. */
struct wire_answer {
	uint32_t ret;        /* enum gate_ret; 0 allows */
	uint32_t text_len;   /* bytes, with its NUL; 0: none.  One line for the asker's stderr; "": print nothing */
	uint32_t covers_len; /* bytes, with its NUL; 0: this event only.  An absolute directory */
	uint32_t severity;   /* enum event_severity */
};

/* A tool call of an agent begins or ends (gatesh hook).  After the struct come the strings, with their NULs; 0: absent. */
struct wire_tell {
	uint32_t ends; /* 1: it has ended; the answer's text is when it began, ms since 1970, and a line
						       * for each refusal that it met; none: no such call is known */
	uint32_t agent_len, id_len, says_len,
		text_len;  /* the agent's name, the call's id, its description, the command */
	uint32_t limit_ms; /* how long the agent waits for the command before it ends it; 0: not known */
};

struct gate_event;

#pragma GCC visibility push(default)

/* A decoded TOLD message.  Strings point into the message; NULL: absent. */
struct wire_told {
	int ends;
	const char *agent, *id, *says, *text;
	uint32_t limit_ms; /* as in the message */
};

/* Session side.  Decode a complete TOLD message of `len` bytes.  Returns 0, or -EBADMSG: it is none.  gatesh/ask/wire_decode.c. */
int wire_decode_told(const void *msg, size_t len, struct wire_told *told);

/* Session side.  Decode a complete EVENT message of `len` bytes into *ev.  Its strings point into `msg`; the array of
 * argv (exec) or hosts (connect, statement) is allocated, and wire_free_event() frees it.  For events other than exec, argv is
 * empty.
 * Returns 0, -EBADMSG, -EPROTO (another version) or -ENOMEM.  gatesh/ask/wire_decode.c. */
int wire_decode_event(const void *msg, size_t len, struct gate_event *ev);

void wire_free_event(struct gate_event *ev);

/* Return the flags, enum wire_flag, of a decoded EVENT message.  gatesh/ask/wire_decode.c. */
unsigned wire_event_flags(const void *msg);

/* Return the length in bytes of the message that starts with these `n` bytes, or -EBADMSG, -EPROTO or -EMSGSIZE.  n
 * must be at least sizeof(struct wire_head). */
long wire_expect(const void *msg, size_t n);

/* The content of an ANSWER. */
struct wire_verdict {
	int ret;
	const char *text;   /* or NULL; cut to WIRE_TEXT_MAX bytes */
	const char *covers; /* or NULL; one longer than WIRE_COVERS_MAX is left out: the answer covers one event then */
	unsigned severity;  /* with covers */
};

/* Session side.  Encode an ANSWER into `buf`, which holds at least WIRE_ANSWER_MAX bytes.  Returns its size in
 * bytes. */
size_t wire_encode_answer(void *buf, const struct wire_verdict *v);

#pragma GCC visibility pop

#endif
