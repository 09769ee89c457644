/* SPDX-License-Identifier: BSD-2-Clause */
/* front_proto.c - writes questions, events and requests as JSON, and sends a front end's requests to a session. */
#include "front/front_proto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "formats/event.h"
#include "front/prompt.h"
#include "util/json.h"

socklen_t front_address(struct sockaddr_un *addr, uid_t uid, const char *id)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(addr->sun_path + 1, sizeof addr->sun_path - 1, "gate/%u/%s", uid, id);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static json_t *front_proto_rules(const struct gate_question *gq)
{
	json_t *list = json_array();
	for (size_t i = 0; i < gq->nfindings; i++) {
		const struct gate_finding *f = &gq->findings[i];
		json_t *o = json_object();
		json_put(o, "id", f->rule);
		json_put(o, "severity", gate_severity_name(f->severity));
		json_put(o, "reason", f->reason);
		json_put(o, "instead", f->instead);
		json_put(o, "file", f->file);
		json_object_set_new(o, "line", json_integer(f->line));
		json_array_append_new(list, o);
	}
	return list;
}

json_t *front_question_json(const struct question *q, const char *session)
{
	const struct gate_event *ev = q->q->event;
	cleanup_strbuf struct strbuf command = {0};
	json_t *o = json_object(), *argv = json_array();
	prompt_command(ev, &command);
	for (size_t i = 0; i < ev->argc; i++)
		json_array_append_new(argv, json_bytes(ev->argv[i]));
	json_put(o, "session", session);
	json_object_set_new(o, "id", json_integer(q->id));
	json_put(o, "cookie", q->cookie);
	json_object_set_new(o, "age_ms", json_integer((json_int_t)(loop_now() - q->opened)));
	if (q->q->timeout_ms)
		json_object_set_new(o, "left_ms", json_integer(question_left(q)));
	json_object_set_new(o, "rules", front_proto_rules(q->q));
	json_put(o, "command", command.s);
	json_object_set_new(o, "argv", argv);
	json_put(o, "event", gate_event_name(ev->type));
	if (event_is_of_file(ev->type))
		json_put(o, "path", ev->path);
	json_put(o, "other", ev->other);
	if (event_is_of_file(ev->type))
		json_object_set_new(o, "file", json_integer(ev->file));
	json_put(o, "once", ev->once);
	json_put(o, "unkept", ev->unkept);
	json_put(o, "cwd", ev->cwd);
	json_put(o, "keeps", ev->keeps && *ev->keeps ? ev->keeps : NULL);
	json_put(o, "says", ev->says);
	json_put(o, "sample", ev->sample);
	json_put(o, "settings", ev->settings && *ev->settings ? ev->settings : NULL);
	json_object_set_new(o, "pid", json_integer(ev->pid));
	json_object_set_new(o, "start_time", json_integer((json_int_t)ev->start_time));
	json_object_set_new(o, "askers", json_integer(question_waiting(q)));
	json_put(o, "later", question_note(q));
	json_put(o, "ancestry", ev->ancestry);
	json_put(o, "origin", ev->origin && *ev->origin ? ev->origin : NULL);
	json_put(o, "covers", dialog_offers(q->q, 's') ? q->q->covers : NULL);
	json_put(o, "word", q->q->flags & GATE_QUESTION_TYPED ? q->q->word : NULL);
	json_put(o, "preview", q->preview_text);
	json_put(o, "desktop",
		 q->q->flags & GATE_QUESTION_DESKTOP_YES ? "allow" :
		 q->q->flags & GATE_QUESTION_DESKTOP     ? "deny" :
							   NULL);
	return o;
}

json_t *front_closed_json(const struct question *q, const char *session)
{
	static const char *const choices[] = {"no", "once", "session"};
	json_t *o = json_pack("{s:s, s:s, s:i}", "event", "closed", "session", session, "id", (int)q->id);
	if (!q->answer) {
		json_put(o, "outcome", q->ret == GATE_TIMEOUT ? "timeout" : "gone");
		return o;
	}
	json_put(o, "outcome", "answered");
	json_put(o, "choice", choices[q->answer->choice]);
	json_put(o, "by", q->answer->by);
	json_put(o, "text", *q->answer->text ? q->answer->text : NULL);
	return o;
}

json_t *front_trace_json(const struct gate_question *gq)
{
	json_t *list = json_array();
	for (size_t i = 0; i < gq->ntrace; i++) {
		const struct gate_trace *t = &gq->trace[i];
		json_t *o = json_object();
		json_put(o, "file", t->file);
		json_object_set_new(o, "line", json_integer(t->line));
		json_put(o, "control", t->control);
		json_put(o, "module", t->module);
		json_put(o, "ret", gate_strret(t->ret));
		json_put(o, "action", t->action);
		json_array_append_new(list, o);
	}
	return list;
}

/* Read one line of the reply into `in`.  0 or a negative errno. */
static int front_proto_read_line(int fd, struct strbuf *in)
{
	char buf[16 << 10];
	while (!in->len || in->s[in->len - 1] != '\n') {
		ssize_t n = recv(fd, buf, sizeof buf, 0);
		if (n <= 0)
			return n ? -errno : -ECONNRESET;
		strbuf_put(in, buf, (size_t)n);
	}
	return in->err;
}

json_t *front_make(const json_t *question, const char *choice, const char *by)
{
	return json_pack("{s:s, s:O, s:O, s:O, s:O, s:s, s:s}", "op", "answer", "id", json_object_get(question, "id"),
			 "cookie", json_object_get(question, "cookie"), "pid", json_object_get(question, "pid"),
			 "start_time", json_object_get(question, "start_time"), "choice", choice, "by", by);
}

void front_by(const char *command, char *buf, size_t size)
{
	char tty[48] = "";
	for (int fd = 0; fd < 3 && !tty[0]; fd++)
		if (ttyname_r(fd, tty, sizeof tty))
			tty[0] = '\0';
	snprintf(buf, size, "gatesh%s%s%s%s", *command ? " " : "", command, tty[0] ? " " : "",
		 !strncmp(tty, "/dev/", 5) ? tty + 5 : tty);
}

int front_connect(const char *id, const char **error)
{
	struct sockaddr_un addr;
	struct timeval limit = {.tv_sec = 5};
	socklen_t len = front_address(&addr, geteuid(), id);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit)) /* connect(2) honors it, too */
		*error = "out of descriptors";
	else if (connect(fd, (struct sockaddr *)&addr, len))
		*error = errno == EPERM ? "a process inside a session cannot answer" : "the session cannot be reached";
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

json_t *front_request(const char *id, json_t *request, const char **error)
{
	cleanup_strbuf struct strbuf in = {0}, out = {0};
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	json_t *reply = NULL;
	*error = NULL;
	int fd = text ? front_connect(id, error) : -1;
	if (text)
		strbuf_printf(&out, "%s\n", text);
	if (!text)
		*error = "out of memory";
	else if (fd >= 0 && send(fd, out.s, out.len, MSG_NOSIGNAL) != (ssize_t)out.len && errno != EPIPE)
		*error = "the session closed the connection";
	else if (fd >= 0 && (front_proto_read_line(fd, &in) || !(reply = json_loads(in.s, 0, NULL))))
		*error = "the session did not answer";
	if (reply && !json_is_true(json_object_get(reply, "ok"))) {
		static char why[256];
		const char *s = json_string_value(json_object_get(reply, "error"));
		snprintf(why, sizeof why, "%s", s ? s : "the session refused");
		*error = why;
		json_decref(reply);
		reply = NULL;
	}
	free(text);
	json_decref(request);
	if (fd >= 0)
		close(fd);
	return reply;
}
