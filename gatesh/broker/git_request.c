/* SPDX-License-Identifier: BSD-2-Clause */
/* git_request.c - reads requests of git's smart protocol. */
#include "broker/git_request.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { PACKET_HEAD = 4, PACKET_MAX = 65520, FLUSH = 0 };

/* --- method and target -------------------------------------------------------------------------------------------- */

static bool git_request_is(const struct request_head *h, const char *method)
{
	return h->method_len == strlen(method) && !memcmp(h->method, method, h->method_len);
}

static bool git_request_ends(const char *s, size_t n, const char *tail)
{
	size_t k = strlen(tail);
	return n > k && !memcmp(s + n - k, tail, k);
}

enum git_kind git_request_kind(const struct request_head *h)
{
	const char *query = memchr(h->target, '?', h->target_len);
	size_t path = query ? (size_t)(query - h->target) : h->target_len, rest = h->target_len - path;
	if (memchr(h->target, '%', path) || memchr(h->target, ';', path))
		return GIT_OTHER;
	if (git_request_is(h, "POST") && git_request_ends(h->target, path, "/git-upload-pack"))
		return GIT_FETCH;
	if (git_request_is(h, "POST") && git_request_ends(h->target, path, "/git-receive-pack"))
		return GIT_PUSH;
	if (!git_request_is(h, "GET") || !git_request_ends(h->target, path, "/info/refs"))
		return GIT_OTHER;
	if (rest == strlen("?service=git-upload-pack") && !memcmp(query, "?service=git-upload-pack", rest))
		return GIT_FETCH;
	return rest == strlen("?service=git-receive-pack") && !memcmp(query, "?service=git-receive-pack", rest) ?
		       GIT_LIST :
		       GIT_OTHER;
}

/* --- the commands of a push --------------------------------------------------------------------------------------- */

/* The length of the packet at the start of the text, with its head; FLUSH; -1: it is none; -2: there is more of it. */
static long git_packet(const char *s, size_t n)
{
	long size = 0;
	for (size_t i = 0; i < PACKET_HEAD; i++) {
		if (i == n)
			return -2;
		if (!isxdigit((unsigned char)s[i]))
			return -1;
		int c = tolower((unsigned char)s[i]);
		size = size * 16 + (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	if (size == FLUSH)
		return FLUSH;
	if (size <= PACKET_HEAD || size > PACKET_MAX)
		return -1;
	return (size_t)size > n ? -2 : size;
}

size_t git_push_size(const char *text, size_t len)
{
	for (size_t at = 0;;) {
		long size = git_packet(text + at, len - at);
		if (size == FLUSH)
			return at + PACKET_HEAD;
		if (size < 0)
			return size == -1 ? SIZE_MAX : 0;
		at += (size_t)size;
	}
}

/* Read an object's id and the blank behind it; all zeros is none.  Returns its length, 0 if it is not one. */
static size_t git_take_id(const char *s, size_t n, char id[GIT_ID_MAX + 1])
{
	size_t len = 0;
	while (len < n && len < GIT_ID_MAX && isxdigit((unsigned char)s[len])) {
		id[len] = (char)tolower((unsigned char)s[len]);
		len++;
	}
	id[len] = '\0';
	if ((len != 40 && len != 64) || len == n || s[len] != ' ')
		return 0;
	if (strspn(id, "0") == len)
		id[0] = '\0';
	return len;
}

static bool git_take_command(const char *s, size_t n, struct git_update *u)
{
	size_t first = git_take_id(s, n, u->before),
	       second = first ? git_take_id(s + first + 1, n - first - 1, u->after) : 0;
	if (!second || first != second || (!*u->before && !*u->after))
		return false;
	u->ref = s + first + second + 2;
	u->ref_len = 0;
	for (size_t most = n - first - second - 2; u->ref_len < most && (unsigned char)u->ref[u->ref_len] > ' ';
	     u->ref_len++)
		if (u->ref[u->ref_len] == 0x7f)
			return false;
	size_t end = (size_t)(u->ref - s) + u->ref_len; /* then the capabilities, a newline, or nothing */
	return u->ref_len && (end == n || s[end] == '\0' || (s[end] == '\n' && end + 1 == n));
}

int git_push_next(const char *text, size_t len, size_t *at, struct git_update *u)
{
	long size;
	while ((size = git_packet(text + *at, len - *at)) > 0) {
		const char *s = text + *at + PACKET_HEAD;
		size_t n = (size_t)size - PACKET_HEAD;
		*at += (size_t)size;
		if (n > strlen("shallow ") && !memcmp(s, "shallow ", strlen("shallow ")))
			continue;
		return git_take_command(s, n, u) ? 1 : -1;
	}
	return size == FLUSH ? 0 : -1;
}

/* Is the capability among these words, which blanks part? */
static bool git_has_word(const char *s, size_t n, const char *word)
{
	size_t k = strlen(word), len = 0;
	for (size_t at = 0; at < n; at += len + 1) {
		len = 0;
		while (at + len < n && s[at + len] != ' ' && s[at + len] != '\n')
			len++;
		if (len >= k && !memcmp(s + at, word, k) && (len == k || s[at + k] == '=' || s[at + k] == '-'))
			return true;
	}
	return false;
}

bool git_push_can(const char *text, size_t len, const char *capability)
{
	long size;
	for (size_t at = 0; (size = git_packet(text + at, len - at)) > 0; at += (size_t)size) {
		const char *nul = memchr(text + at, '\0', (size_t)size);
		if (nul)
			return git_has_word(nul + 1, (size_t)(text + at + size - nul - 1), capability);
	}
	return false;
}
