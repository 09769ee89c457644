/* SPDX-License-Identifier: BSD-2-Clause */
/* protocol_resp.c - the serialization protocol of Redis (RESP2 and RESP3), the client's side: each command is an array of
 * strings, or a line of words.  A refused command is replaced by one that no server knows, whose error names the reason: the
 * replies to a pipeline stay in order, and a transaction that it belongs to is discarded. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "relay/protocol.h"

enum { ARGUMENTS_MAX = 1 << 20, BULK_MAX = 1 << 29, LINE_MAX_LEN = 64 << 10, NUMBER_MAX = 12, SHOWN_MAX = 1024 };
enum { SCRIPT_MAX = 32 << 10, SCRIPT_AT = 2 }; /* of EVAL, the words up to the script */

/* The commands that a client may begin a connection with, as a line.  Other protocols have lines, too. */
static const char *const words[] = {"PING",    "AUTH",   "HELLO",  "SELECT",   "INFO",     "FLUSHALL",
				    "FLUSHDB", "CONFIG", "DEL",    "UNLINK",   "SHUTDOWN", "EVAL",
				    "SCRIPT",  "DEBUG",  "CLIENT", "FUNCTION", "REPLICAOF"};

/* The state of walking over one command. */
struct walk {
	const uint8_t *in;
	size_t len, at;
	bool bad, cut; /* not a command; a command that goes on behind the bytes */
};

/* "*3\r\n", "$5\r\n": returns the number, or -1 with w->bad or w->cut. */
static int64_t resp_number(struct walk *w, uint8_t type, int64_t max)
{
	int64_t n = 0;
	size_t i = w->at;
	if (i < w->len && w->in[i] != type)
		w->bad = true;
	for (i++; !w->bad && i < w->len && isdigit(w->in[i]) && i - w->at < NUMBER_MAX; i++)
		n = n * 10 + w->in[i] - '0';
	if (i + 1 >= w->len)
		w->cut = !w->bad;
	else if (w->in[i] != '\r' || w->in[i + 1] != '\n' || i == w->at + 1 || n > max)
		w->bad = true;
	if (w->bad || w->cut)
		return -1;
	w->at = i + 2;
	return n;
}

/* The next argument.  One that is longer than the bytes counts with what there is of it. */
static bool resp_argument(struct walk *w, struct protocol_text *t, uint64_t *rest)
{
	int64_t n = resp_number(w, '$', BULK_MAX);
	if (n < 0)
		return false;
	size_t have = w->len - w->at;
	*t = (struct protocol_text){(const char *)w->in + w->at, have < (size_t)n ? have : (size_t)n};
	*rest = have < (size_t)n + 2 ? (size_t)n + 2 - have : 0;
	w->cut = *rest > 0;
	w->at += *rest ? have : (size_t)n + 2;
	return true;
}

static bool resp_is_word(const uint8_t *in, size_t n)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == n && !strncasecmp(words[i], (const char *)in, n))
			return true;
	return false;
}

/* Could the bytes be the beginning of one? */
static bool resp_begins_word(const uint8_t *in, size_t n)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) >= n && !strncasecmp(words[i], (const char *)in, n))
			return true;
	return false;
}

int protocol_resp_begins(const uint8_t *in, size_t len)
{
	struct walk w = {.in = in, .len = len};
	size_t n = 0;
	if (in[0] == '*') {
		resp_number(&w, '*', ARGUMENTS_MAX);
		return w.bad ? 0 : w.cut ? -1 : 1;
	}
	while (n < len && n < NUMBER_MAX && isalpha(in[n]))
		n++;
	if (n == len && n < NUMBER_MAX)
		return resp_begins_word(in, n) ? -1 : 0;
	if (!resp_is_word(in, n))
		return 0;
	const uint8_t *end = memchr(in, '\n', len);
	return end ? 1 : -1;
}

static enum protocol_step resp_judge(struct protocol_found *found, const uint8_t *in, size_t have, uint64_t n,
				     bool whole)
{
	found->n = n;
	found->statement.whole = whole;
	found->statement.text = (struct protocol_text){(const char *)in, have};
	return PROTOCOL_JUDGE;
}

/* A command as a line. */
static enum protocol_step resp_line(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				    struct protocol_found *found)
{
	const uint8_t *end = memchr(in, '\n', len);
	if (end)
		return resp_judge(found, in, (size_t)(end - in) + 1, (uint64_t)(end - in) + 1, true);
	return lack == PROTOCOL_FULL ? protocol_foreign(p, found) : PROTOCOL_MORE;
}

/* The rest of a command that has been judged by its beginning. */
static enum protocol_step resp_rest(struct protocol *p, const uint8_t *in, size_t len, struct protocol_found *found)
{
	struct walk w = {.in = in, .len = len};
	struct protocol_text t;
	uint64_t rest = 0;
	if (!resp_argument(&w, &t, &rest))
		return w.bad ? protocol_foreign(p, found) : PROTOCOL_MORE;
	p->left--;
	return protocol_pass(found, w.at + rest);
}

/* "SELECT 3": the commands after it are about another database. */
static void resp_note_database(struct protocol *p, const uint8_t *in, size_t len)
{
	static const char select[] = "*2\r\n$6\r\nselect\r\n";
	struct walk w = {.in = in, .len = len, .at = sizeof select - 1};
	struct protocol_text t;
	uint64_t rest;
	if (len <= w.at || strncasecmp((const char *)in, select, w.at) || !resp_argument(&w, &t, &rest) ||
	    t.n >= sizeof p->database)
		return;
	memcpy(p->database, t.at, t.n);
	p->database[t.n] = '\0';
}

enum protocol_step protocol_resp(struct protocol *p, const uint8_t *in, size_t len, enum protocol_lack lack,
				 struct protocol_found *found)
{
	struct walk w = {.in = in, .len = len};
	struct protocol_text t;
	uint64_t rest = 0;
	if (p->left)
		return resp_rest(p, in, len, found);
	if (in[0] != '*')
		return resp_line(p, in, len, lack, found);
	int64_t n = resp_number(&w, '*', ARGUMENTS_MAX), left = n;
	for (; left > 0 && !w.cut && resp_argument(&w, &t, &rest); left--)
		if (left == n)
			found->statement.name = t;
	if (w.bad)
		return protocol_foreign(p, found);
	if (!w.cut) {
		resp_note_database(p, in, w.at);
		return resp_judge(found, in, w.at, w.at, true);
	}
	if (lack != PROTOCOL_FULL || n < 0)
		return PROTOCOL_MORE;
	p->left = (uint64_t)left;
	return resp_judge(found, in, w.at, w.at + rest, false);
}

static void resp_put(char *out, size_t size, size_t *n, const char *text, size_t len)
{
	for (size_t i = 0; i < len && *n + 1 < size; i++)
		out[(*n)++] = text[i];
}

static bool resp_is_plain(struct protocol_text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.at[i] <= ' ' || t.at[i] == '"' || t.at[i] == '\'' || t.at[i] == '\\' ||
		    (unsigned char)t.at[i] >= 0x7f)
			return false;
	return t.n;
}

static void resp_put_argument(char *out, size_t size, size_t *n, struct protocol_text t, size_t shown)
{
	char code[8];
	t.n = t.n > shown ? shown : t.n;
	if (resp_is_plain(t)) {
		resp_put(out, size, n, t.at, t.n);
		return;
	}
	resp_put(out, size, n, "\"", 1);
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];
		bool hex = c < ' ' || c == 0x7f;
		int k = snprintf(code, sizeof code, hex ? "\\x%02x" : c == '"' || c == '\\' ? "\\%c" : "%c", c);
		resp_put(out, size, n, code, (size_t)k);
	}
	resp_put(out, size, n, "\"", 1);
}

size_t protocol_copy_command(const struct protocol_statement *s, char *out, size_t size)
{
	struct walk w = {.in = (const uint8_t *)s->text.at, .len = s->text.n};
	struct protocol_text t;
	uint64_t rest = 0;
	size_t n = 0, len = s->text.n;
	if (len && s->text.at[0] != '*') {
		while (len && isspace((unsigned char)s->text.at[len - 1]))
			len--;
		resp_put(out, size, &n, s->text.at, len);
	} else {
		int64_t count = resp_number(&w, '*', ARGUMENTS_MAX);
		for (int64_t i = 0; i < count && !w.cut && resp_argument(&w, &t, &rest); i++) {
			resp_put(out, size, &n, " ", n ? 1 : 0);
			resp_put_argument(out, size, &n, t, i < SCRIPT_AT ? SCRIPT_MAX : SHOWN_MAX);
		}
	}
	out[n] = '\0';
	return n;
}

/* Redis shows 128 bytes of the name of a command that it does not know. */
void protocol_resp_refuse(const struct protocol_statement *s, const char *why, struct protocol_refusal *r)
{
	enum { WHY = 127 };
	char text[WHY + 1];
	size_t n = 0;
	protocol_shorten(text, sizeof text, why);
	for (; text[n]; n++)
		if ((unsigned char)text[n] < ' ' || text[n] == '\'')
			text[n] = ' ';
	r->ends = !s->whole;
	if (r->ends)
		r->nclient = (size_t)snprintf(r->client, sizeof r->client, "-ERR %s\r\n", text);
	else
		r->nserver = (size_t)snprintf(r->server, sizeof r->server, "*1\r\n$%zu\r\n%s\r\n", n, text);
}
