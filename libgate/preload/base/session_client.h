/* session_client.h - put one question to the session and wait for its answer: wire.h. */
#ifndef GATE_PRELOAD_BASE_SESSION_CLIENT_H
#define GATE_PRELOAD_BASE_SESSION_CLIENT_H

#include "formats/wire.h"

enum { ASK_LINE = WIRE_TEXT_MAX + 64 };

struct session_ask {
	struct wire_event event;  /* what it is; argc and the lengths but address_len are filled in here */
	const char *exe;          /* may be NULL */
	const void *address;      /* event.address_len bytes */
	const char *const *words; /* NULL-terminated: wire.h */
};

/* Ask: 0 allowed; 1 refused, *text the session's line (in `line`, or NULL); a negative errno: a fault, *text what
 * failed.  No descriptor is left open.  Uses 12 KiB of stack, blocks for as long as a person takes, holds no lock. */
int session_ask(const struct session_ask *a, char line[ASK_LINE], const char **text);

/* As session_ask(), in room that is given, and with all that the answer says. */
struct ask_room {
	char packet[4 << 10], answer[WIRE_ANSWER_MAX];
};
struct ask_answer {
	const char *text, *covers; /* in the room, or NULL */
	unsigned severity;
};
int session_ask_whole(const struct session_ask *a, struct ask_room *room, struct ask_answer *answer, const char **what);

/* Tell the session, which does not answer.  0, or a negative errno with *what set to what failed. */
int session_ask_report(const struct session_ask *a, const char **what);

/* Ask about the exec of `exe` (may be NULL) with `argv` (NULL-terminated).  Returns when it is allowed; otherwise does
 * not return.  For the constructor only: uses some 80 KiB of stack. */
void session_ask_exec(const char *exe, const char *const *argv);

#endif
