/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_judge.h - has what is said over a connection judged: first by a look in the relay's thread, which settles most of
 * it in microseconds; what a rule speaks of goes to the main thread, whose job asks and writes the log. */
#ifndef GATESH_RELAY_RELAY_JUDGE_H
#define GATESH_RELAY_RELAY_JUDGE_H

#include "relay/relay_actor.h"
#include "relay/relay_server.h"

/* An event, made of a statement.  It borrows from the statement, from the actor and from the relay's scratch memory. */
struct said {
	struct gate_event event;
	const char *hosts[RELAY_NAMES_MAX + 2];
};

/* A question that the main thread has. */
struct relay_question;

/* Of the last commands of a connection that passed, though no rule was asked: Redis commands without an effect differ in nothing that
 * a rule on statements looks at, as long as the database is the same.  Zero-initialise. */
struct relay_passed {
	bool harmless;
	char database[PROTOCOL_NAME_MAX];
};

/* Does the statement pass as one before it did?  relay_judge_note_passed(): this one has passed relay_judge_passes(). */
bool relay_judge_passes_as_before(const struct relay_server *r, const struct relay_passed *before,
				  const struct protocol *p, const struct protocol_statement *s);
void relay_judge_note_passed(struct relay_passed *passed, const struct protocol *p, const struct protocol_statement *s);

/* Make the event.  The relay's thread; *out is valid until the next call. */
void relay_judge_read(struct relay_server *r, const struct relay_actor *a, const struct protocol *p,
		      const struct protocol_statement *s, struct said *out);

/* Does no rule speak of it?  Then it may be forwarded at once.  False in a frozen session. */
bool relay_judge_passes(struct relay_server *r, const struct said *said);

/* Have it judged.  `answered` is called in the relay's thread, with a line that says why if it was refused, unless the
 * question was dropped; the question is gone when it returns.  NULL without memory. */
struct relay_question *relay_judge_ask(struct relay_server *r, struct relay_actor *a, const struct said *said,
				       void (*answered)(void *data, bool yes, const char *why), void *data);

/* Nobody waits for the answer any more: the question is taken back, and answered() will not be called. */
void relay_judge_drop(struct relay_question *q);

#endif
