/* message.h - the interposer's lines on stderr, each one write; and the end of a refused program. */
#ifndef GATE_PRELOAD_BASE_MESSAGE_H
#define GATE_PRELOAD_BASE_MESSAGE_H

#include <stdbool.h>

/* The name that messages give the program; set by the constructor. */
void message_program(const char *execfn, const char *argv0);

/* One line as it is ("gate: ..."), a newline put behind it when it has none. */
void message_line(const char *line);

/* "gate: PROGRAM: WHAT": for hooks. */
void message_put(const char *what);

/* A refusal with the line of who decided it; NULL: one of our own.  Exit status 126. */
void __attribute__((noreturn)) message_refused(const char *line);

/* The name that messages give the program. */
const char *message_program_name(void);

/* A fault: nobody could decide.  `err` is a negative errno, 0 when `what` says it all.  Refuses as message_refused(), or
 * says so and returns when the image says on-fault: allow. */
void message_fault(const char *what, int err);

/* The same for a hooked call, which goes on (true, on-fault: allow) or fails. */
bool message_call_fault(const char *what, int err);

#endif
