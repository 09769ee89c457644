/* keys.h - what a person typed, out of the bytes of a terminal: plain keys, and everything else told apart from them,
 * so that no arrow key, paste or answer of the terminal itself is ever taken for a yes. */
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
	KEY_REPORT, /* the terminal's answer to a question of the program's; text is the whole sequence */
};

/* How it came.  Several keys in one read are not a person's answer to what they just saw, but may be fast typing. */
enum key_origin { KEY_SINGLE, KEY_BURST, KEY_PASTE };

struct key {
	enum key_type type;
	enum key_origin origin;
	const char *text;
	size_t len;
};

enum { KEYS_ESCAPE_MS = 50, KEYS_SEQ_MAX = 4096 };

struct keys {
	char seq[KEYS_SEQ_MAX]; /* a sequence or character that is not complete */
	size_t len;
	int raw_left;  /* bytes of an old mouse report still to come */
	bool overlong; /* the sequence is too long to keep; its end is awaited */
	bool pasting, burst;
};

typedef void keys_fn(const struct key *key, void *data);

/* Decode `n` bytes read at once. */
void keys_feed(struct keys *k, const char *bytes, size_t n, keys_fn *each, void *data);

/* Is an ESC waiting that is a key by itself unless more comes within KEYS_ESCAPE_MS? */
bool keys_waiting(const struct keys *k);

/* It has been that long: what waits is the Escape key, or is dropped. */
void keys_timeout(struct keys *k, keys_fn *each, void *data);

#endif
