/* SPDX-License-Identifier: BSD-2-Clause */
/* jsonc.c - scans JSON with comments.  See jsonc.h. */
#include "adopt/jsonc.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static int jsonc_value(struct jsonc t, size_t *at, unsigned depth);

static bool jsonc_is(struct jsonc t, size_t at, char c)
{
	return at < t.len && t.s[at] == c;
}

/* The end of the comment that begins at `at`; `at` itself if none does. */
static size_t jsonc_comment_end(struct jsonc t, size_t at)
{
	if (!jsonc_is(t, at, '/') || at + 1 >= t.len)
		return at;
	if (t.s[at + 1] == '/') {
		/* a carriage return alone ends no line of a settings file */
		while (at < t.len && t.s[at] != '\n' && !(t.s[at] == '\r' && jsonc_is(t, at + 1, '\n')))
			at++;
		return at;
	}
	if (t.s[at + 1] != '*')
		return at;
	for (size_t i = at + 2; i + 1 < t.len; i++)
		if (t.s[i] == '*' && t.s[i + 1] == '/')
			return i + 2;
	return at;
}

size_t jsonc_skip(struct jsonc t, size_t at)
{
	for (;;) {
		while (at < t.len && memchr(" \t\r\n", t.s[at], 4))
			at++;
		size_t end = jsonc_comment_end(t, at);
		if (end == at)
			return at;
		at = end;
	}
}

size_t jsonc_line_tail(struct jsonc t, size_t at)
{
	for (size_t i = at; i < t.len;) {
		size_t end = jsonc_comment_end(t, i);
		if (end > i) {
			if (memchr(t.s + i, '\n', end - i))
				return at;
			at = i = end;
		} else if (t.s[i] == ' ' || t.s[i] == '\t') {
			i++;
		} else {
			return at;
		}
	}
	return at;
}

static int jsonc_string(struct jsonc t, size_t *at)
{
	size_t i = *at;
	if (!jsonc_is(t, i, '"'))
		return -EBADMSG;
	for (i++; i < t.len && t.s[i] != '"'; i++) {
		if ((unsigned char)t.s[i] < ' ')
			break;
		if (t.s[i] == '\\')
			i++;
	}
	if (!jsonc_is(t, i, '"')) {
		*at = i < t.len ? i : t.len;
		return -EBADMSG;
	}
	*at = i + 1;
	return 0;
}

/* A number, true, false or null: what the agent makes of it is its own concern. */
static int jsonc_scalar(struct jsonc t, size_t *at)
{
	size_t from = *at;
	while (*at < t.len && (isalnum((unsigned char)t.s[*at]) || memchr("+-.", t.s[*at], 3)))
		(*at)++;
	return *at > from ? 0 : -EBADMSG;
}

/* The next item of a container; jsonc_next() with the depth of its value. */
static int jsonc_item(struct jsonc_walk *w, struct jsonc_item *item, unsigned depth)
{
	struct jsonc t = w->text;
	w->at = jsonc_skip(t, w->at);
	if (jsonc_is(t, w->at, w->object ? '}' : ']')) {
		w->close = w->at;
		return 0;
	}
	*item = (struct jsonc_item){.key = w->at, .key_end = w->at};
	if (w->object) {
		if (jsonc_string(t, &w->at))
			return -EBADMSG;
		item->key_end = w->at;
		w->at = jsonc_skip(t, w->at);
		if (!jsonc_is(t, w->at, ':'))
			return -EBADMSG;
		w->at = jsonc_skip(t, w->at + 1);
	}
	item->value = w->at;
	if (jsonc_value(t, &w->at, depth))
		return -EBADMSG;
	item->value_end = w->at;
	size_t next = jsonc_skip(t, w->at);
	if (jsonc_is(t, next, ',')) {
		item->comma = next;
		w->at = next + 1;
	} else if (!jsonc_is(t, next, w->object ? '}' : ']')) {
		w->at = next;
		return -EBADMSG;
	}
	return 1;
}

static int jsonc_value(struct jsonc t, size_t *at, unsigned depth)
{
	struct jsonc_walk w;
	struct jsonc_item item;
	int got;
	if (jsonc_is(t, *at, '"'))
		return jsonc_string(t, at);
	if (jsonc_enter(&w, t, *at))
		return jsonc_scalar(t, at);
	if (depth >= JSONC_DEPTH_MAX)
		return -EBADMSG;
	while ((got = jsonc_item(&w, &item, depth + 1)) > 0)
		;
	*at = got ? w.at : w.close + 1;
	return got;
}

int jsonc_root(struct jsonc t, struct jsonc_item *root, size_t *bad)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t at = t.len >= 3 && !memcmp(t.s, bom, 3) ? 3 : 0;
	at = jsonc_skip(t, at);
	*root = (struct jsonc_item){.key = at, .key_end = at, .value = at};
	int err = jsonc_value(t, &at, 0);
	root->value_end = at;
	if (!err && (at = jsonc_skip(t, at)) < t.len)
		err = -EBADMSG;
	*bad = at;
	return err;
}

int jsonc_enter(struct jsonc_walk *w, struct jsonc t, size_t value)
{
	*w = (struct jsonc_walk){.text = t, .at = value + 1, .object = jsonc_is(t, value, '{')};
	return w->object || jsonc_is(t, value, '[') ? 0 : -EINVAL;
}

int jsonc_next(struct jsonc_walk *w, struct jsonc_item *item)
{
	return jsonc_item(w, item, 0);
}

int jsonc_member(struct jsonc t, size_t value, const char *key, struct jsonc_item *item)
{
	struct jsonc_walk w;
	struct jsonc_item one;
	size_t n = strlen(key);
	int got, found = -ENOENT;
	if (jsonc_enter(&w, t, value) || !w.object)
		return -EINVAL;
	while ((got = jsonc_next(&w, &one)) > 0) {
		if (one.key_end - one.key != n + 2 || memcmp(t.s + one.key + 1, key, n))
			continue;
		*item = one;
		found = 0;
	}
	return got < 0 ? got : found;
}
