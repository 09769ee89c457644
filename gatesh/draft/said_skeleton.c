/* SPDX-License-Identifier: BSD-2-Clause */
/* said_skeleton.c - drafts a rule for a statement or a request. */
#include "draft/said_skeleton.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "effects/effects.h"
#include "rules/ruleset.h"

/* Append text as a part of a rule's name. */
static void said_skeleton_put_name(struct strbuf *b, const char *text, size_t n)
{
	bool dash = false, any = false;
	for (size_t i = 0; i < n; i++) {
		if (isalnum((unsigned char)text[i])) {
			strbuf_printf(b, "%s%c", dash && any ? "-" : "", tolower((unsigned char)text[i]));
			any = true;
		}
		dash = !isalnum((unsigned char)text[i]);
	}
	if (!any)
		strbuf_puts(b, "all");
}

/* Append text on one line. */
static void said_skeleton_put_line(struct strbuf *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_putc(b, iscntrl((unsigned char)text[i]) ? ' ' : text[i]);
}

static void said_skeleton_put_end(struct strbuf *b, const struct gate_event *ev)
{
	strbuf_puts(b, "severity: danger\nreason: to be filled in: what is lost\nhit: ");
	if (ev->type == GATE_EVENT_STATEMENT) {
		strbuf_printf(b, "%s%s%s%s%s: ", ev->engine, ev->hosts ? " host=" : "", ev->hosts ? *ev->hosts : "",
			      ev->database ? " database=" : "", ev->database ? ev->database : "");
	} else {
		strbuf_printf(b, "%s %s%s%s", ev->method, ev->hosts ? *ev->hosts : "localhost", ev->target,
			      ev->text_len ? " " : "");
	}
	said_skeleton_put_line(b, ev->text ? ev->text : "", ev->text ? ev->text_len : 0);
}

struct first {
	struct effect effect; /* object taken */
	bool found;
};

static int said_skeleton_look(const struct subject *s, const struct effects *e, const struct rule *r,
			      const char *missing, void *data)
{
	struct first *f = data;
	if (r || f->found || !e->n)
		return 0;
	f->effect = e->v[0];
	f->effect.object = strdup(e->v[0].object);
	f->found = f->effect.object;
	return f->found ? 0 : -ENOMEM;
}

static int said_skeleton_statement(const struct gate_event *ev, const char *id, struct strbuf *b)
{
	struct ruleset none = {0};
	struct subjects subjects = {0};
	struct first first = {.found = false};
	int err = subjects_of_event(&none, ev, &subjects);
	if (!err)
		err = ruleset_explain_said(&none, ev, &subjects, said_skeleton_look, &first);
	subjects_free(&subjects);
	if (err || !first.found)
		return err ? err : -ENOENT;
	const struct effect *e = &first.effect;
	const char *effect = effect_kind_names[e->kind];
	strbuf_printf(b, "rule: %s%s", id ? id : "local.", id ? "" : effect);
	if (!id) {
		strbuf_putc(b, '-');
		said_skeleton_put_name(b, e->object, strlen(e->object));
	}
	strbuf_printf(b, "\non: statement\nengine: %s\neffect: %s\n", ev->engine, effect);
	if (*e->of)
		strbuf_printf(b, "kind: %s\n", e->of);
	if (*e->object && !strpbrk(e->object, " \t\n*?[]\\!"))
		strbuf_printf(b, "object: %s\n", e->object);
	if (e->kind == EFFECT_DELETE || e->kind == EFFECT_UPDATE)
		strbuf_printf(b, "condition: %s\n", effect_condition_names[e->condition]);
	free(first.effect.object);
	said_skeleton_put_end(b, ev);
	static const char *const misses[] = {"postgresql: SELECT 1", "mysql: SELECT 1", "sqlite: SELECT 1",
					     "redis: PING", "mongodb: {\"ping\":1}"};
	strbuf_printf(b, "\nmiss: %s\n", misses[effect_engine_of(ev->engine)]);
	return b->err;
}

static int said_skeleton_request(const struct gate_event *ev, const char *id, struct strbuf *b)
{
	size_t path = strcspn(ev->target, "?#");
	strbuf_printf(b, "rule: %s", id ? id : "local.");
	if (!id) {
		said_skeleton_put_name(b, ev->method, strlen(ev->method));
		strbuf_putc(b, '-');
		said_skeleton_put_name(b, ev->target, path);
	}
	strbuf_printf(b, "\non: request\nmethod: %s\n", ev->method);
	if (ev->hosts)
		strbuf_printf(b, "host: %s\n", *ev->hosts);
	strbuf_printf(b, "path: %.*s\n", (int)path, ev->target);
	said_skeleton_put_end(b, ev);
	strbuf_printf(b, "\nmiss: %s %s%.*s\n", strcmp(ev->method, "GET") ? "GET" : "HEAD",
		      ev->hosts ? *ev->hosts : "localhost", (int)path, ev->target);
	return b->err;
}

int said_skeleton(const struct gate_event *ev, const char *id, struct strbuf *out)
{
	return ev->type == GATE_EVENT_REQUEST ? said_skeleton_request(ev, id, out) :
						said_skeleton_statement(ev, id, out);
}
