/* SPDX-License-Identifier: BSD-2-Clause */
/* grant_key.c - what a grant depends on, as bytes to compare and as words for a person. */
#include <errno.h>
#include <string.h>

#include "address/destination.h"
#include "base/escape.h"
#include "base/strbuf.h"
#include "engine/handle.h"
#include "formats/event.h"

static void grant_key_put_field(struct strbuf *b, const char *s)
{
	strbuf_putc(b, s ? '=' : '-');
	strbuf_put(b, s ? s : "", (s ? strlen(s) : 0) + 1);
}

/* Add the names (the address if there are none), port and protocol.  The directory does not matter. */
static void grant_key_put_destination(struct strbuf *b, const struct gate_event *ev)
{
	struct destination d;
	int err = destination_of(ev, &d);
	if (err == -EINVAL && ev->type != GATE_EVENT_CONNECT)
		err = 0; /* no connection */
	grant_key_put_field(b, d.path);
	for (size_t i = 0; i < d.n; i++)
		grant_key_put_field(b, d.names[i]);
	grant_key_put_field(b, d.n ? NULL : d.address);
	strbuf_printf(b, "%u %s ", d.dest.port, d.protocol);
	destination_free(&d);
	b->err = b->err ? b->err : err;
}

/* Add what is said; nothing for a connection. */
static void grant_key_put_speech(struct strbuf *b, const struct gate_event *ev)
{
	const char *const words[] = {ev->engine, ev->database, ev->method, ev->target};
	if (ev->type == GATE_EVENT_CONNECT)
		return;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		grant_key_put_field(b, words[i]);
	strbuf_printf(b, "%u %zu ", ev->text_flags & GATE_TEXT_PART, ev->text_len);
	strbuf_put(b, ev->text ? ev->text : "", ev->text ? ev->text_len : 0);
}

bool grant_is_of_file(const struct gate_event *ev)
{
	return ev->path && event_is_of_file(ev->type);
}

/* Build the key from everything that a grant depends on, each field NUL-terminated, so that two keys are equal only if
 * all fields are.  The key has the raw words, not the subject, in which a newline and "\n" look the same. */
void grant_key(struct strbuf *b, const struct gate_finding *f, const struct gate_event *ev, bool process)
{
	grant_key_put_field(b, f->rule);
	grant_key_put_field(b, f->file);
	strbuf_printf(b, "%u", f->line);
	if (grant_is_of_file(ev))
		return; /* `under` tells which files */
	if (process)
		strbuf_printf(b, "%d %llu ", (int)ev->pid, (unsigned long long)ev->start_time);
	if (event_has_destination(ev->type)) {
		grant_key_put_destination(b, ev);
		grant_key_put_speech(b, ev);
		return;
	}
	grant_key_put_field(b, ev->cwd);
	grant_key_put_field(b, ev->exe);
	grant_key_put_field(b, ev->shell_text);
	grant_key_put_field(b, ev->settings && *ev->settings ? ev->settings : NULL);
	for (size_t i = 0; i < ev->argc; i++)
		grant_key_put_field(b, ev->argv[i]);
}

const char *grant_place(const struct gate_event *ev)
{
	if (event_has_destination(ev->type))
		return ev->text_flags & GATE_TEXT_PART ? NULL : ""; /* the rest could be another one */
	return !ev->path ? ev->cwd : ev->top ? ev->top : ev->path;
}

static const char *grant_key_words(const struct gate_event *ev)
{
	return ev->type == GATE_EVENT_STATEMENT ? "exactly this statement" :
	       ev->type == GATE_EVENT_REQUEST   ? "exactly this request" :
						  "";
}

void grant_put_covers(struct strbuf *b, const struct gate_event *ev)
{
	struct destination d;
	cleanup_strbuf struct strbuf host = {0};
	const char *place = grant_place(ev);
	if (!event_has_destination(ev->type)) {
		strbuf_puts(b, grant_is_of_file(ev) ? "under " : "in ");
		escape_put(b, place, strlen(place));
		return;
	}
	int err = destination_of(ev, &d);
	bool nowhere = err == -EINVAL && ev->type != GATE_EVENT_CONNECT;
	strbuf_puts(b, grant_key_words(ev));
	if (nowhere) {
		destination_free(&d);
		return;
	}
	destination_put_host(&host, &d);
	strbuf_puts(b, ev->type == GATE_EVENT_CONNECT ? d.path ? "the socket " : "any connection to " : " to ");
	escape_put(b, host.s ? host.s : "", host.len);
	if (!d.path)
		strbuf_printf(b, ":%u (%s)", d.dest.port, d.protocol);
	destination_free(&d);
	b->err = b->err ? b->err : err ? err : host.err;
}
