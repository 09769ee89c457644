/* SPDX-License-Identifier: BSD-2-Clause */
/* keys.h - decodes a terminal's bytes into keys.  It separates plain keys from everything else, so that no arrow key,
 * paste or terminal report is ever taken for a yes. */
#ifndef GATESH_TERM_KEYS_H
#define GATESH_TERM_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum key_type {
	KEY_CHAR, /* text: one UTF-8 character */
	KEY_ENTER,
	KEY_ESCAPE,
	KEY_CANCEL, /* Ctrl-C */
	KEY_EOF,    /* Ctrl-D */
	KEY_BACKSPACE,
	KEY_OTHER,  /* an arrow or function key, a mouse report, another control character */
	KEY_REPORT, /* the terminal's reply to a query of the program; text is the whole sequence */
};

/* How the key arrived.  Several keys in one read are not a person's answer to what they just saw, but may be fast
 * typing. */
enum key_origin { KEY_SINGLE, KEY_BURST, KEY_PASTE };

struct key {
	enum key_type type;
	enum key_origin origin;
	const char *text;
	size_t len;
};

enum { KEYS_ESCAPE_MS = 50, KEYS_SEQ_MAX = 4096 };

struct keys {
	char seq[KEYS_SEQ_MAX]; /* an incomplete sequence or character */
	size_t len;
	int raw_left;  /* bytes of an X10 mouse report still to come */
	bool overlong; /* the sequence is too long to keep; only its end is awaited */
	bool pasting, burst;
};

typedef void keys_fn(const struct key *key, void *data);

/* Decode `n` bytes from one read(2). */
void keys_feed(struct keys *k, const char *bytes, size_t n, keys_fn *each, void *data);

/* Is an ESC pending that becomes a key by itself unless more bytes come within KEYS_ESCAPE_MS? */
bool keys_waiting(const struct keys *k);

/* KEYS_ESCAPE_MS have passed: a pending ESC becomes the Escape key, anything else pending is dropped. */
void keys_timeout(struct keys *k, keys_fn *each, void *data);

#endif
