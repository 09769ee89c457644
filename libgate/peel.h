/* peel.h - from one command to every command it starts: wrappers, interpreters, shell texts.  Private to libgate. */
#ifndef GATE_PEEL_H
#define GATE_PEEL_H

#include "subject.h"

enum { PEEL_DEPTH_MAX = 32 }; /* wrappers within wrappers */

struct peel {
	struct subjects *out;
	bool live; /* leave `local` wrappers alone: what they start is gated by itself */
	unsigned depth;
};

/* Append the command itself, and every command that it starts.  0, -ENOMEM, -E2BIG. */
int peel_command(struct peel *p, const char *const *words, size_t n);

/* The same for each command of a shell text. */
int peel_text(struct peel *p, const char *text);

#endif
