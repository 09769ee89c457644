/* SPDX-License-Identifier: BSD-2-Clause */
/* tool_calls.h - the tool calls that the session's agents have told of by their hooks (gatesh hook), so that a question says what
 * the agent said about it, and the agent hears of a refusal that its own file tool met as an error alone.
 *
 * An agent's words are shown as such and decide nothing.  Main thread only. */
#ifndef GATESH_ASK_TOOL_CALLS_H
#define GATESH_ASK_TOOL_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/wire.h"
#include "util/proc.h"

enum {
	TOOL_CALLS_MAX = 32, /* open at once, of all agents; the oldest makes room */
	TOOL_CALL_SAYS = 256,
	TOOL_CALL_TEXT = 512,
	TOOL_CALL_REFUSALS = 1024,
};

struct tool_call {
	pid_t pid; /* the agent: the process whose hook told of it; 0: this slot is free */
	uint64_t start_time;
	uint64_t number;      /* in the order of beginning */
	int64_t began_ms;     /* since 1970 */
	uint64_t began_ticks; /* since the system's start, as start_time */
	uint32_t limit_ms;    /* how long the agent waits for the command; 0: not known */
	char agent[16], id[64];
	char says[TOOL_CALL_SAYS];         /* the description of the call; "": none */
	char text[TOOL_CALL_TEXT];         /* the beginning of the command; "": it is not a shell's */
	char refusals[TOOL_CALL_REFUSALS]; /* lines that its processes were told, in order */
};

struct tool_calls {
	struct tool_call v[TOOL_CALLS_MAX];
	uint64_t last;
};

/* A call begins or ends: a decoded message (formats/wire.h) of the hook whose ancestry is `chain`, nearest first.  For a call
 * that ends, writes to `text` when it began, ms since 1970, and each refusal that it met, a line each; "": it is not known. */
void tool_calls_take(struct tool_calls *t, const struct wire_told *told, const struct proc *chain, int n, char *text,
		     size_t size);

/* The call that a process with this ancestry acts for; NULL if there is none or it is not certain which.  What the agent itself does
 * is of its newest call without a command.  What a process below it does is of a call whose command that process, or one between
 * the two, was started with after the call began. */
struct tool_call *tool_calls_find(struct tool_calls *t, const struct proc *chain, int n);

/* How much longer the agent waits for the process with this ancestry, in ms, less a margin for the refusal to arrive: 1 at least.  0:
 * that is not known.  The time runs from the start of the first process below the agent. */
unsigned tool_call_patience(const struct tool_call *c, const struct proc *chain, int n);

/* The margin before a limit, both in ms: a tenth of it, but half a second to five seconds. */
unsigned tool_call_margin(unsigned limit_ms);

/* Write `claude says: "clean old builds"`, or "" if the agent said nothing. */
void tool_call_describe(const struct tool_call *c, char *text, size_t size);

/* A process of the call was refused, and told so in `line`. */
void tool_call_refused(struct tool_call *c, const char *line);

#endif
