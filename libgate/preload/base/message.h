/* SPDX-License-Identifier: BSD-2-Clause */
/* message.h - prints the interposer's lines on stderr, each in one write, and ends a refused program. */
#ifndef GATE_PRELOAD_BASE_MESSAGE_H
#define GATE_PRELOAD_BASE_MESSAGE_H

#include <stdbool.h>

/* Set the program name for messages.  The constructor calls this. */
void message_program(const char *execfn, const char *argv0);

/* Print one line as it is ("gate: ...").  A newline is appended if it has none. */
void message_line(const char *line);

/* Print "gate: PROGRAM: WHAT".  For hooks. */
void message_put(const char *what);

/* Refuse: print the line of whoever decided, or a default line if it is NULL, and exit with status 126. */
void __attribute__((noreturn)) message_refused(const char *line);

/* The program name for messages. */
const char *message_program_name(void);

/* A fault: no decision is possible.  `err` is a negative errno, or 0 if `what` explains the fault by itself.  Prints
 * the fault, then refuses as message_refused() does, or returns if the image says on-fault: allow. */
void message_fault(const char *what, int err);

/* The same for a hooked call.  True: the call goes on (on-fault: allow).  False: it fails. */
bool message_call_fault(const char *what, int err);

#endif
