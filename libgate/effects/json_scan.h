/* SPDX-License-Identifier: BSD-2-Clause */
/* json_scan.h - walks through a JSON text without building a tree: what is of no interest is skipped in place.  A text that
 * is not JSON ends the walk early.  Private to libgate/effects. */
#ifndef GATE_EFFECTS_JSON_SCAN_H
#define GATE_EFFECTS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

struct json_scan {
	const char *s;
	size_t len, pos;
};

/* Is c the next character after blanks?  json_scan_open() also moves behind it. */
bool json_scan_at(struct json_scan *j, char c);
bool json_scan_open(struct json_scan *j, char c);

/* In an object that is open: read the next key and its colon.  False at its end, which is taken. */
bool json_scan_key(struct json_scan *j, struct strbuf *key);

/* In an array that is open: is there another item?  False at its end, which is taken. */
bool json_scan_item(struct json_scan *j);

/* Read a string into *out, in place of what it has.  False, and nothing is taken, if no string is next. */
bool json_scan_string(struct json_scan *j, struct strbuf *out);

/* Skip a value; [*from, *to) is its text. */
void json_scan_skip(struct json_scan *j, size_t *from, size_t *to);

/* Does the key have this name? */
bool json_scan_is(const struct strbuf *key, const char *name);

#endif
