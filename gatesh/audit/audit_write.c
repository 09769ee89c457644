/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_write.c - makes a decision's JSON object and appends it.  The schema is version 1; members that do not apply
 * are left out. */
#include "audit/audit_write.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "address/destination.h"
#include "audit/audit_read.h"
#include "base/escape.h"
#include "base/strbuf.h"
#include "engine/engine.h"
#include "formats/event.h"
#include "policy/policy.h"
#include "util/json.h"
#include "util/state_dir.h"

enum { TEXT_LOGGED_MAX = 8192 }; /* bytes of a statement or body */

const char *audit_file_flag(unsigned bit)
{
	static const char *const names[] = {"outside",     "directory", "moved",   "cache",
					    "git-ignored", "locked",    "stranger"};
	return bit < sizeof names / sizeof *names ? names[bit] : NULL;
}

/* "gate: audit log: /home/ann/.local/state/gate/audit.jsonl: /home/ann: Permission denied; ..." */
static void audit_write_report(const struct audit *a, int err)
{
	size_t len = 0;
	if (!a->path[0]) {
		fputs("gate: audit log: no directory for it: neither XDG_STATE_HOME nor HOME names one, and this user has no "
		      "home; no session starts without it; " STATE_DIR_ADVICE "\n",
		      stderr);
		return;
	}
	bool part = state_dir_check(a->path, &len) && a->path[len];
	fprintf(stderr, "gate: audit log: %s: %.*s%s%s; no session starts without it; " STATE_DIR_ADVICE "\n", a->path,
		part ? (int)len : 0, a->path, part ? ": " : "", strerror(-err));
}

int audit_start(struct audit *a)
{
	a->path[0] = '\0';
	int err = state_dir_file(a->path, sizeof a->path, STATE_DIR_AUDIT);
	if (!err)
		err = state_dir_make(a->path);
	a->fd = err ? -1 : open(a->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (!err && a->fd < 0)
		err = -errno;
	if (err)
		audit_write_report(a, err);
	return err;
}

void audit_end(struct audit *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

static void audit_write_set_time(json_t *o)
{
	struct timespec ts;
	struct tm tm;
	char text[64];
	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03ldZ", ts.tv_nsec / 1000000);
	json_put(o, "time", text);
}

static json_t *audit_write_principal(const struct audit *a, const struct decision *d)
{
	json_t *o = json_object();
	if (!d->preview)
		json_put(o, "agent", gate_get_item(d->handle, GATE_ITEM_AGENT));
	json_object_set_new(o, "uid", json_integer(d->event->uid));
	json_put(o, "human", gate_get_item(d->handle, GATE_ITEM_HUMAN));
	if (a->credentials)
		json_put(o, "credentials", a->credentials);
	return o;
}

/* Split "claude(10) > bash(11)" into an array. */
static json_t *audit_write_ancestry(const char *text)
{
	json_t *a = json_array();
	cleanup_strbuf struct strbuf b = {0};
	for (const char *s = text, *end; s; s = end ? end + 3 : NULL) {
		end = strstr(s, " > ");
		b.len = 0;
		strbuf_put(&b, s, end ? (size_t)(end - s) : strlen(s));
		json_array_append_new(a, json_bytes(b.s ? b.s : ""));
	}
	return a;
}

static void audit_write_set_findings(json_t *o, const struct decision *d)
{
	size_t n;
	const struct gate_finding *f = gate_findings(d->handle, &n);
	if (!n)
		return;
	json_t *rules = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(rules, json_bytes(f[i].rule));
	json_object_set_new(o, "rules", rules);
	json_put(o, "severity", gate_severity_name(f[0].severity));
}

/* The attempts member counts connections that were reported together, without a question. */
static void audit_write_set_destination(json_t *o, const struct gate_event *ev)
{
	struct destination d;
	if (destination_of(ev, &d)) {
		destination_free(&d);
		return;
	}
	json_t *hosts = d.n ? json_array() : NULL;
	for (size_t i = 0; i < d.n; i++)
		json_array_append_new(hosts, json_bytes(d.names[i]));
	if (hosts)
		json_object_set_new(o, "hosts", hosts);
	if (!d.path) {
		json_put(o, "address", d.address);
		json_object_set_new(o, "port", json_integer(d.dest.port));
	}
	json_put(o, "protocol", d.protocol);
	if (ev->type == GATE_EVENT_CONNECT)
		json_object_set_new(o, "attempts", json_integer(ev->size ? (json_int_t)ev->size : 1));
	destination_free(&d);
}

/* Set the text of a statement or the body of a request, as far as it is kept: `most` bytes. */
static void audit_write_set_text(json_t *o, const struct gate_event *ev, size_t most)
{
	size_t n = ev->text_len < most ? ev->text_len : most;
	json_t *text = json_stringn(ev->text, n);
	if (!text) { /* not UTF-8 */
		cleanup_strbuf struct strbuf shown = {0};
		escape_put(&shown, ev->text, n);
		text = json_bytes(shown.s ? shown.s : "");
	}
	json_object_set_new(o, "said", text);
	if (n < ev->text_len || ev->text_flags & GATE_TEXT_PART)
		json_object_set_new(o, "part", json_true());
}

/* How much of the text is logged.  A body may hold credentials: it is logged only where a rule matched the request.  It may also stand
 * behind the name of an operation of AWS or Kubernetes, which has a colon. */
static size_t audit_write_text_max(const struct gate_event *ev, bool matched)
{
	const char *blank = ev->text ? memchr(ev->text, ' ', ev->text_len) : NULL;
	if (matched || ev->type == GATE_EVENT_STATEMENT)
		return TEXT_LOGGED_MAX;
	if (!(ev->text_flags & GATE_TEXT_OPERATIONS))
		return 0;
	size_t name = blank ? (size_t)(blank - ev->text) : 0;
	return name && memchr(ev->text, ':', name) ? name : TEXT_LOGGED_MAX;
}

/* Put the members of a statement or a request that the process said. */
static void audit_write_set_said(json_t *o, const struct decision *d)
{
	size_t n;
	const struct gate_event *ev = d->event;
	gate_findings(d->handle, &n);
	size_t most = audit_write_text_max(ev, n);
	json_put(o, "engine", ev->engine);
	json_put(o, "database", ev->database);
	json_put(o, "method", ev->method);
	json_put(o, "target", ev->target);
	if (ev->text && most)
		audit_write_set_text(o, ev, most);
	if (ev->text_flags & GATE_TEXT_ROWS)
		json_object_set_new(o, "rows", json_integer((json_int_t)ev->rows));
	if (ev->text_flags & GATE_TEXT_ESTIMATE)
		json_object_set_new(o, "estimate", json_true());
	if (ev->text_flags & GATE_TEXT_OWN)
		json_object_set_new(o, "own", json_true());
	if (ev->text_flags & GATE_TEXT_OPERATIONS)
		json_object_set_new(o, "operations", json_true());
}

/* The file's flags. */
static void audit_write_set_file(json_t *o, const struct gate_event *ev)
{
	json_t *flags = ev->file ? json_array() : NULL;
	for (unsigned i = 0; ev->file >> i; i++)
		if (ev->file >> i & 1 && audit_file_flag(i))
			json_array_append_new(flags, json_string(audit_file_flag(i)));
	if (flags)
		json_object_set_new(o, "file", flags);
}

static void audit_write_set_event(json_t *o, const struct gate_event *ev)
{
	json_object_set_new(o, "pid", json_integer(ev->pid));
	if (ev->ancestry)
		json_object_set_new(o, "ancestry", audit_write_ancestry(ev->ancestry));
	json_put(o, "exe", ev->exe);
	json_put(o, "known", ev->known);
	json_put(o, "path", ev->path);
	json_put(o, "other", ev->other);
	json_put(o, "unkept", ev->unkept);
	json_put(o, "once", ev->once);
	json_put(o, "keeps", ev->keeps && *ev->keeps ? ev->keeps : NULL);
	json_put(o, "says", ev->says);
	json_put(o, "origin", ev->origin && *ev->origin ? ev->origin : NULL);
	json_put(o, "settings", ev->settings && *ev->settings ? ev->settings : NULL);
	if (ev->path)
		json_object_set_new(o, "size", json_integer((json_int_t)ev->size));
	audit_write_set_file(o, ev);
	if (event_has_destination(ev->type))
		audit_write_set_destination(o, ev);
	json_t *argv = json_array();
	for (size_t i = 0; i < ev->argc; i++)
		json_array_append_new(argv, json_bytes(ev->argv[i]));
	json_object_set_new(o, "argv", argv);
	json_put(o, "cwd", ev->cwd);
}

/* The statements given to the program, as far as a rule read them.  gatesh replay judges them again. */
static void audit_write_set_content(json_t *o, const gate_handle_t *h)
{
	const struct subjects *s = gate_handle_subjects(h);
	json_t *list = json_array();
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].content && !s->v[i].unknown)
			json_array_append_new(list, json_bytes(s->v[i].text));
	if (json_array_size(list))
		json_object_set(o, "content", list);
	json_decref(list);
}

/* The subjects; of a request that no rule matched, without its body. */
static json_t *audit_write_subjects(const struct decision *d)
{
	size_t n;
	const struct gate_event *ev = d->event;
	gate_findings(d->handle, &n);
	if (n || ev->type != GATE_EVENT_REQUEST)
		return json_list(gate_subjects(d->handle));
	cleanup_strbuf struct strbuf line = {0};
	strbuf_printf(&line, "%s %s", ev->method ? ev->method : "?", ev->target ? ev->target : "");
	json_t *list = json_array();
	json_array_append_new(list, json_bytes(line.s ? line.s : ""));
	return list;
}

static void audit_write_set_answer(json_t *o, const struct gate_answer *a)
{
	if (!a)
		return;
	json_put(o, "by", a->by);
	json_put(o, "text", a->text[0] ? a->text : NULL);
	json_object_set_new(o, "ms", json_integer(a->ms));
}

static void audit_write_set_grantors(json_t *o, const struct decision *d)
{
	size_t n;
	const struct gate_trace *t = gate_trace(d->handle, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		if (t[i].grantor)
			json_array_append_new(list, json_bytes(t[i].module));
	json_object_set_new(o, "grantors", list);
}

json_t *audit_record(const char *session, const char *event)
{
	json_t *o = json_object();
	json_object_set_new(o, "v", json_integer(1));
	audit_write_set_time(o);
	json_put(o, "session", session);
	json_put(o, "event", event);
	return o;
}

static json_t *audit_write_decision_json(const struct audit *a, const struct decision *d)
{
	json_t *o = audit_record(gate_get_item(d->handle, GATE_ITEM_SESSION_ID),
				 d->name ? d->name : gate_event_name(d->event->type));
	bool allowed = d->ret == GATE_SUCCESS || d->allowed_on_fault;
	if (d->id)
		json_object_set_new(o, "id", json_integer(d->id));
	json_put(o, "verdict", allowed ? "allow" : "deny");
	json_put(o, "ret", gate_strret(d->ret));
	json_object_set_new(o, "principal", audit_write_principal(a, d));
	audit_write_set_event(o, d->event);
	audit_write_set_said(o, d);
	static const char *const marks[] = {"preview", "come_back", "late", "inherited"};
	const bool is[] = {d->preview, d->come_back, d->late, d->inherited};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (is[i])
			json_object_set_new(o, marks[i], json_true());
	json_object_set_new(o, "subjects", audit_write_subjects(d));
	audit_write_set_content(o, d->handle);
	audit_write_set_findings(o, d);
	if (d->paused && *d->paused) {
		json_put(o, "by", d->paused);
		json_object_set_new(o, "paused", json_true());
	} else {
		audit_write_set_answer(o, gate_answer(d->handle));
	}
	audit_write_set_grantors(o, d);
	json_put(o, "reason",
		 d->come_back ? "its agent waits no longer; a person is still being asked" :
				gate_get_item(d->handle, GATE_ITEM_REASON));
	return o;
}

int audit_write(struct audit *a, const struct decision *d)
{
	return audit_append(a, audit_write_decision_json(a, d));
}

int audit_append(struct audit *a, json_t *o)
{
	cleanup_strbuf struct strbuf b = {0};
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	if (!text)
		return -ENOMEM;
	bool torn = __atomic_exchange_n(&a->torn, false, __ATOMIC_RELAXED);
	if (torn)
		strbuf_putc(&b, '\n');
	strbuf_printf(&b, "%s\n", text);
	free(text);
	ssize_t n = b.err ? 0 : write(a->fd, b.s, b.len);
	if (!b.err && n == (ssize_t)b.len)
		return 0;
	int err = b.err ? b.err : n < 0 ? -errno : -ENOSPC;
	if (n > 0 || torn)
		__atomic_store_n(&a->torn, true, __ATOMIC_RELAXED);
	return err;
}
