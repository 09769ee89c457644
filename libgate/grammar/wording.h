/* SPDX-License-Identifier: BSD-2-Clause */
/* wording.h - the words of one spelling of a command, and how its options are written.  Private to libgate/grammar. */
#ifndef GATE_GRAMMAR_WORDING_H
#define GATE_GRAMMAR_WORDING_H

#include "base/strbuf.h"
#include "grammar/reading.h"

/* Bits.  Without LONG and SHORT an option keeps its typed name; a value is behind a `=`, or a word of its own for a short option. */
enum {
	WORDING_TYPED = 0,
	WORDING_LONG = 1,
	WORDING_SHORT = 2,
	WORDING_SEPARATE = 4, /* the value is a word of its own */
	WORDING_JOINED = 8,   /* -nVALUE */
};

/* Zero-initialize; strbuf_free() the bytes. */
struct wording {
	struct strbuf bytes; /* each word with its NUL */
	size_t n;
};

void wording_put(struct wording *w, const char *s);
/* Append one word of three parts. */
void wording_put_joined(struct wording *w, const char *a, const char *between, const char *b);

/* Append an option: `name` and its value. */
void wording_put_option(struct wording *w, const struct piece *p, const char *name, unsigned how);
void wording_put_piece(struct wording *w, const struct piece *p, unsigned how);

/* Return the option's first short or long name, or NULL. */
const char *wording_option_name(const struct grammar_option *o, bool is_short);

#endif
