/* SPDX-License-Identifier: BSD-2-Clause */
/* keys.c - splits terminal input into characters, escape sequences and pastes. */
#include "term/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESC = 0x1b };

static void keys_emit(struct keys *k, enum key_type type, keys_fn *each, void *data)
{
	enum key_origin origin = k->pasting ? KEY_PASTE : k->burst ? KEY_BURST : KEY_SINGLE;
	struct key key = {.type = type, .origin = origin, .text = k->seq, .len = k->len};
	each(&key, data);
	k->len = 0;
	k->overlong = false;
}

static bool keys_is(const struct keys *k, const char *seq)
{
	return k->len == strlen(seq) && !memcmp(k->seq, seq, k->len);
}

/* The kitty keyboard protocol: CSI CODE ; MODIFIERS [: EVENT] u.  Only keys that the panel knows are recognised. */
static enum key_type keys_kitty_key(struct keys *k)
{
	unsigned code = 0, mods = 1, event = 1;
	k->seq[k->len] = '\0';
	sscanf(k->seq + 2, "%u;%u:%u", &code, &mods, &event);
	if (event == 3) /* a key release */
		return KEY_OTHER;
	unsigned held = (mods - 1) & 0x3f; /* without Caps Lock and Num Lock */
	if ((code == 'c' || code == 'd') && held == 4)
		return code == 'c' ? KEY_CANCEL : KEY_EOF;
	if (held > 1)
		return KEY_OTHER;
	if (code >= 0x20 && code < 0x7f) {
		k->seq[0] = (char)(held && code >= 'a' && code <= 'z' ? code - 32 : code);
		k->len = 1;
		return KEY_CHAR;
	}
	return code == 13 ? KEY_ENTER : code == 27 ? KEY_ESCAPE : code == 127 ? KEY_BACKSPACE : KEY_OTHER;
}

/* Handle a complete CSI sequence. */
static void keys_csi(struct keys *k, keys_fn *each, void *data)
{
	char final = k->seq[k->len - 1];
	enum key_type type = KEY_OTHER;
	if (keys_is(k, "\x1b[200~") || keys_is(k, "\x1b[201~")) {
		k->pasting = k->seq[4] == '0';
		k->len = 0;
		return;
	}
	if (keys_is(k, "\x1b[M")) {
		k->raw_left = 3; /* X10 mouse report: three arbitrary bytes follow */
		k->len = 0;
		return;
	}
	bool bare = k->len > 2 && (k->seq[2] == '?' || k->seq[2] == '>' || k->seq[2] == '=');
	if (final == 'u' && !bare)
		type = keys_kitty_key(k);
	else if (final == 'c' || final == 'n' || final == 't' || final == 'y' || bare || (final == 'R' && k->len > 3))
		type = KEY_REPORT;
	keys_emit(k, type, each, data);
}

/* Is the sequence in k->seq complete?  It starts with ESC and has at least two bytes. */
static bool keys_complete(const struct keys *k)
{
	unsigned char kind = (unsigned char)k->seq[1], c = (unsigned char)k->seq[k->len - 1];
	if (kind == '[')
		return k->len > 2 && c >= 0x40 && c <= 0x7e && !(k->len == 3 && c == '[');
	if (kind == 'O')
		return k->len > 2;
	if (strchr("]P_^X", kind))
		return c == 0x07 || (c == '\\' && k->len > 2 && k->seq[k->len - 2] == ESC);
	return true; /* Alt with a key */
}

static void keys_sequence(struct keys *k, unsigned char c, keys_fn *each, void *data)
{
	if (c == ESC && k->len == 1) { /* two Escapes */
		keys_emit(k, KEY_ESCAPE, each, data);
	}
	if (k->len == KEYS_SEQ_MAX - 1) {
		k->overlong = true;
		k->len = 2; /* keep the introducer, which determines where it ends */
	}
	k->seq[k->len++] = (char)c;
	if (k->len < 2 || !keys_complete(k))
		return;
	if (k->seq[1] == '[')
		keys_csi(k, each, data);
	else
		keys_emit(k, strchr("]P_^", k->seq[1]) && !k->overlong ? KEY_REPORT : KEY_OTHER, each, data);
}

static void keys_control(struct keys *k, unsigned char c, keys_fn *each, void *data)
{
	enum key_type type = c == '\r' || c == '\n' ? KEY_ENTER :
			     c == 3                 ? KEY_CANCEL :
			     c == 4                 ? KEY_EOF :
			     c == 8 || c == 0x7f    ? KEY_BACKSPACE :
						      KEY_OTHER;
	k->seq[k->len++] = (char)c;
	keys_emit(k, type, each, data);
}

static void keys_one(struct keys *k, unsigned char c, keys_fn *each, void *data)
{
	size_t want = c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (k->raw_left) {
		k->raw_left--;
	} else if (k->len && k->seq[0] == ESC) {
		keys_sequence(k, c, each, data);
	} else if (c == ESC) {
		k->len = 0;
		k->seq[k->len++] = ESC;
	} else if (c < 0x20 || c == 0x7f) {
		k->len = 0;
		keys_control(k, c, each, data);
	} else if (k->len && c >> 6 != 2) {
		k->len = 0; /* a character cut short */
		keys_one(k, c, each, data);
	} else if (!k->len && c >= 0x80 && (c < 0xc2 || c > 0xf4)) {
		return; /* not UTF-8 */
	} else {
		if (k->len)
			want = (unsigned char)k->seq[0] < 0xe0 ? 2 : (unsigned char)k->seq[0] < 0xf0 ? 3 : 4;
		k->seq[k->len++] = (char)c;
		if (k->len == want)
			keys_emit(k, KEY_CHAR, each, data);
	}
}

/* Do these bytes of one read hold several keys? */
static bool keys_is_burst(const char *bytes, size_t n)
{
	size_t chars = 0, escapes = 0;
	for (size_t i = 0; i < n; i++) {
		chars += (unsigned char)bytes[i] >> 6 != 2;
		escapes += bytes[i] == ESC;
	}
	return escapes > 1 || (chars > 1 && bytes[0] != ESC);
}

void keys_feed(struct keys *k, const char *bytes, size_t n, keys_fn *each, void *data)
{
	k->burst = !keys_waiting(k) && keys_is_burst(bytes, n);
	for (size_t i = 0; i < n; i++)
		keys_one(k, (unsigned char)bytes[i], each, data);
}

bool keys_waiting(const struct keys *k)
{
	return k->len && k->seq[0] == ESC;
}

void keys_timeout(struct keys *k, keys_fn *each, void *data)
{
	if (k->len == 1 && k->seq[0] == ESC)
		keys_emit(k, KEY_ESCAPE, each, data);
	else
		k->len = 0;
}
