/* SPDX-License-Identifier: BSD-2-Clause */
/* session_client.h - sends one question to the session and waits for its answer.  wire.h defines the protocol. */
#ifndef GATE_PRELOAD_BASE_SESSION_CLIENT_H
#define GATE_PRELOAD_BASE_SESSION_CLIENT_H

#include "formats/wire.h"

enum { ASK_LINE = WIRE_TEXT_MAX + 64 };

struct session_ask {
	struct wire_event
		event;     /* the event; session_client.c fills in argc and all lengths but address_len and text_len */
	const char *exe;   /* may be NULL */
	const char *known; /* exec: the program that it is by another name; or NULL */
	const void *address;      /* event.address_len bytes */
	const char *text;         /* statement: event.text_len bytes */
	const char *const *words; /* NULL-terminated: wire.h */
};

/* Ask the session.  Returns 0 if allowed; 1 if refused, with *text the session's line (in `line`) or NULL; or a
 * negative errno with *text saying what failed.  Leaves no descriptor open.  Uses 12 KiB of stack, blocks for as long
 * as a person takes, holds no lock. */
int session_ask(const struct session_ask *a, char line[ASK_LINE], const char **text);

/* The same in a room that the caller provides, with everything that the answer contains. */
struct ask_room {
	char packet[4 << 10], answer[WIRE_ANSWER_MAX];
};
struct ask_answer {
	const char *text, *covers; /* in the room, or NULL */
	unsigned severity;
};
int session_ask_whole(const struct session_ask *a, struct ask_room *room, struct ask_answer *answer, const char **what);

/* Report to the session, which does not answer.  Returns 0, or a negative errno with *what saying what failed. */
int session_ask_report(const struct session_ask *a, const char **what);

/* Ask about the exec of `exe` (may be NULL), which is the program `known` (NULL: what it is called), with `argv`
 * (NULL-terminated).  Returns only if it is allowed, or if nobody
 * can decide and the image says on-fault: allow.  For the constructor only: uses some 80 KiB of stack. */
void session_ask_exec(const char *exe, const char *known, const char *const *argv);

#endif
