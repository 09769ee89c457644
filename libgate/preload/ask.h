/* ask.h - put one question to the session and wait for its answer: wire.h. */
#ifndef GATE_PRELOAD_ASK_H
#define GATE_PRELOAD_ASK_H

/* Ask about the exec of `exe` (may be NULL) with `argv` (NULL-terminated).  Returns when it is allowed, with no
 * descriptor left open; otherwise does not return.  For the constructor only: uses some 80 KiB of stack. */
void ask_exec(const char *exe, const char *const *argv);

#endif
