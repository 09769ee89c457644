/* SPDX-License-Identifier: BSD-2-Clause */
/* exchange_judge.c - finds out what a request does, from the request itself, has it judged, and chooses the credential. */
#include <errno.h>
#include <gate.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/escape.h"
#include "broker/caller.h"
#include "broker/exchange_parts.h"
#include "broker/git_push.h"
#include "effects/cloud_operations.h"

enum { LOOKED_AT = 65536, SAID_MAX = 16384, SILENCE_MS = 200 };

/* --- the body's beginning ----------------------------------------------------------------------------------------- */

static void exchange_take_early(struct exchange *x, const char *bytes, size_t n)
{
	x->body.copy = &x->plain;
	strbuf_put(&x->early, bytes, body_take(&x->body, bytes, n));
	x->body.copy = NULL;
}

/* Is enough of the body there to judge the request? */
static bool exchange_has_enough(const struct exchange *x)
{
	if (body_is_over(&x->body) || body_is_bad(&x->body) || x->plain.err || x->early.err)
		return true;
	if (x->git == GIT_PUSH)
		return git_push_size(x->plain.s ? x->plain.s : "", x->plain.len) || x->plain.len >= GIT_COMMANDS_MAX;
	return x->git != GIT_OTHER || x->plain.len >= LOOKED_AT;
}

/* Take as much of the body as is needed, or as the client sends before it waits for the answer.  False: it has gone, or memory
 * is out. */
static bool exchange_collect(struct exchange *x)
{
	struct pollfd p = {.fd = x->fd, .events = POLLIN};
	if (x->whole)
		return true;
	exchange_take_early(x, x->text + x->head_size, x->len - x->head_size);
	while (!exchange_has_enough(x)) {
		int ready = poll(&p, 1, x->git == GIT_PUSH ? EXCHANGE_HEAD_MS : SILENCE_MS);
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready != 1)
			return x->git != GIT_PUSH;
		ssize_t n = recv(x->fd, x->there_part, EXCHANGE_PART, 0);
		if (n <= 0)
			return false;
		exchange_take_early(x, x->there_part, (size_t)n);
	}
	return !x->plain.err && !x->early.err;
}

/* --- what it does ------------------------------------------------------------------------------------------------- */

static bool exchange_is_reading(const struct exchange *x)
{
	static const char *const methods[] = {"GET", "HEAD", "OPTIONS"};
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (x->head.method_len == strlen(methods[i]) && !memcmp(x->head.method, methods[i], x->head.method_len))
			return true;
	return false;
}

/* The bytes of the push's commands; 0: they are none that Gate knows. */
static size_t exchange_commands(const struct exchange *x)
{
	size_t encoded, n = git_push_size(x->plain.s ? x->plain.s : "", x->plain.len);
	return n == SIZE_MAX || request_head_field(&x->head, "content-encoding", &encoded) ? 0 : n;
}

/* The target at the server. */
static void exchange_put_target(const struct exchange *x, struct strbuf *out)
{
	const char *rest = x->head.target + x->skip;
	size_t n = x->head.target_len - x->skip;
	strbuf_puts(out, x->secret->path);
	if (!n || *rest != '/')
		strbuf_puts(out, !n || *rest == '?' ? *x->secret->path ? "" : "/" : "/");
	strbuf_put(out, rest, n);
}

/* The operation of an API of AWS or Kubernetes, by the signature's service and by fields that an event does not have. */
static void exchange_read_cloud(struct exchange *x)
{
	cleanup_strbuf struct strbuf method = {0}, target = {0}, service = {0};
	bool aws = x->secret->tool == SECRET_TOOL_AWS;
	if (!aws && x->secret->tool != SECRET_TOOL_KUBECTL)
		return;
	strbuf_put(&method, x->head.method, x->head.method_len);
	exchange_put_target(x, &target);
	if (aws)
		strbuf_put(&service, x->aws.v.service.s, x->aws.v.service.n);
	const struct cloud_call call = {.host = x->host,
					.service = service.s,
					.method = method.s,
					.target = target.s,
					.action = aws ? x->aws.action : NULL,
					.body = x->plain.s,
					.len = x->plain.len};
	cloud_operation(&call, &x->operations);
	if (method.err || target.err || service.err)
		x->operations.err = -ENOMEM;
}

/* Put the request's operations in words.  False: it is a push that Gate can't read. */
static bool exchange_read_operations(struct exchange *x, pid_t pid)
{
	exchange_read_cloud(x);
	if (x->git == GIT_FETCH || x->git == GIT_LIST)
		strbuf_puts(&x->operations, x->git == GIT_FETCH ? "git-fetch\n" : "git-list-refs\n");
	return x->git != GIT_PUSH ||
	       git_push_operations(pid, x->plain.s ? x->plain.s : "", exchange_commands(x), &x->operations);
}

/* --- judgement ---------------------------------------------------------------------------------------------------- */

static void exchange_refuse(struct exchange *x, const char *why)
{
	cleanup_strbuf struct strbuf report = {0}, text = {0};
	const char *says = !strncmp(why, "gate: ", 6) ? why + 6 : why;
	if (x->git != GIT_PUSH) {
		exchange_answer(x, "403 Forbidden", says);
		return;
	}
	strbuf_printf(&text, "gate: %s", says);
	git_push_refuse(x->plain.s ? x->plain.s : "", exchange_commands(x), text.s ? text.s : "gate", &report);
	exchange_answer_typed(x, "200 OK", "application/x-git-receive-pack-result", report.s ? report.s : "",
			      report.len);
}

/* The text of the event: the operations, or the body.  AWS's and Kubernetes' operation has the body behind it, in one line, because
 * that says what the operation is about.  Returns the event's text_flags. */
static unsigned exchange_put_said(const struct exchange *x, struct strbuf *out)
{
	size_t n = x->plain.len, most = x->operations.len ? SAID_MAX : LOOKED_AT, shown = n < most ? n : most;
	bool part = n > most || !body_is_over(&x->body);
	if (!x->operations.len) {
		strbuf_put(out, x->plain.s ? x->plain.s : "", shown);
		return part ? GATE_TEXT_PART : 0;
	}
	strbuf_put(out, x->operations.s, x->operations.len - 1); /* without the last newline */
	if (x->git != GIT_OTHER)
		return GATE_TEXT_OPERATIONS;
	size_t before = out->len + 1;
	strbuf_puts(out, shown ? " " : "");
	escape_put(out, x->plain.s ? x->plain.s : "", shown);
	bool other = shown && out->len - before != shown; /* two bodies may look alike: a yes is for this one */
	return GATE_TEXT_OPERATIONS | (part || other ? GATE_TEXT_PART : 0);
}

static enum broker_verdict exchange_have_judged(struct exchange *x, pid_t pid, char *why, size_t size)
{
	cleanup_strbuf struct strbuf method = {0}, target = {0}, said = {0};
	strbuf_put(&method, x->head.method, x->head.method_len);
	exchange_put_target(x, &target);
	unsigned flags = exchange_put_said(x, &said);
	const struct broker_event e = {.pid = pid,
				       .method = method.s,
				       .host = x->host,
				       .port = x->secret->port,
				       .target = target.s,
				       .text = said.s,
				       .len = said.len,
				       .text_flags = flags};
	strncpy(why, "out of memory", size);
	if (method.err || target.err || said.err || x->operations.err)
		return BROKER_REFUSED;
	return x->b->judge(x->b->judge_data, &e, x->fd, why, size);
}

/* The stronger credential of the name is for what was read and judged: git's, and what a person has agreed to. */
static void exchange_choose(struct exchange *x, bool known, bool agreed)
{
	const struct secret *stronger = secret_stronger(x->b->secrets, x->b->nsecrets, x->secret);
	bool git = x->secret->tool == SECRET_TOOL_GIT && (x->git == GIT_LIST || x->git == GIT_PUSH);
	if (stronger && known && (git || (agreed && !exchange_is_reading(x))))
		x->used = stronger;
}

/* Look for sentinels of other credentials.  In a body one passes and is logged: an agent that has printed its environment sends that to
 * its model with each request, and no server honours it.  False: it was refused, and answered. */
static bool exchange_is_tight(struct exchange *x)
{
	char why[SECRET_NAME_MAX + 512];
	if (x->secret->tool == SECRET_TOOL_AWS) /* signed with a sentinel, which stands in a presigned URL */
		return true;
	struct leak_word *w = leaks_find(&x->b->leaks, x->secret->name, x->plain.s ? x->plain.s : "", x->plain.len);
	if (w)
		broker_leaked(x->b, x->secret, x->host, &x->head, x->skip, w, false);
	if (!(w = leaks_find_head(&x->b->leaks, &x->head, x->secret)))
		return true;
	broker_leaked(x->b, x->secret, x->host, &x->head, x->skip, w, true);
	snprintf(why, sizeof why, "the request has the sentinel of %s, which is not for %s", w->name, x->host);
	exchange_refuse(x, why);
	return false;
}

bool exchange_judge(struct exchange *x)
{
	char why[2048];
	x->git = x->secret->tool == SECRET_TOOL_GIT ? git_request_kind(&x->head) : GIT_OTHER;
	if (!exchange_collect(x))
		return false;
	if (body_is_bad(&x->body)) {
		exchange_answer(x, "400 Bad Request", "a body that is none");
		return false;
	}
	if (!exchange_is_tight(x))
		return false;
	pid_t pid = x->b->judge ? caller_find(x->fd) : 0;
	bool known = exchange_read_operations(x, pid);
	enum broker_verdict verdict = x->b->judge ? exchange_have_judged(x, pid, why, sizeof why) : BROKER_PASSES;
	if (verdict == BROKER_REFUSED) {
		exchange_refuse(x, why);
		return false;
	}
	exchange_choose(x, known, verdict == BROKER_AGREED);
	if (x->secret->tool != SECRET_TOOL_GIT || x->git != GIT_OTHER || exchange_is_reading(x) || x->secret->scope)
		return true;
	exchange_refuse(x, "git does not make such requests, and the secret has no scope=read");
	return false;
}
