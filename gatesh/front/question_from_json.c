/* SPDX-License-Identifier: BSD-2-Clause */
/* question_from_json.c - reads a QUESTION of front_proto.h into a struct gate_question. */
#include "front/question_from_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *json_text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* An unknown severity counts as the worst. */
static enum gate_severity json_severity(const char *name)
{
	for (enum gate_severity s = GATE_SEVERITY_NOTICE; name && s < GATE_SEVERITY_CRITICAL; s++)
		if (!strcmp(name, gate_severity_name(s)))
			return s;
	return GATE_SEVERITY_CRITICAL;
}

static int json_read_finding(struct gate_finding *f, const json_t *rule)
{
	*f = (struct gate_finding){
		.rule = json_text_of(rule, "id"),
		.severity = json_severity(json_text_of(rule, "severity")),
		.reason = json_text_of(rule, "reason"),
		.instead = json_text_of(rule, "instead"),
		.file = json_text_of(rule, "file"),
		.line = (unsigned)json_integer_value(json_object_get(rule, "line")),
	};
	return f->rule && f->reason && f->file ? 0 : -EPROTO;
}

static void json_read_file(struct gate_event *ev, const json_t *question)
{
	const char *event = json_text_of(question, "event");
	ev->type = GATE_EVENT_UNLINK;
	while (ev->type < GATE_EVENT_READ && event && strcmp(event, gate_event_name(ev->type)))
		ev->type++;
	ev->path = json_text_of(question, "path");
	ev->other = json_text_of(question, "other");
	ev->once = json_text_of(question, "once");
	ev->unkept = json_text_of(question, "unkept");
	ev->file = (unsigned)json_integer_value(json_object_get(question, "file"));
}

/* Is it about what a program says, so that its arguments are not the command? */
static bool json_is_said(const char *event)
{
	return event && (!strcmp(event, gate_event_name(GATE_EVENT_STATEMENT)) ||
			 !strcmp(event, gate_event_name(GATE_EVENT_REQUEST)));
}

int json_question_read(struct json_question *a, const json_t *question)
{
	const json_t *rules = json_object_get(question, "rules"), *argv = json_object_get(question, "argv");
	const char *covers = json_text_of(question, "covers"), *word = json_text_of(question, "word");
	size_t nrules = json_array_size(rules), argc = json_array_size(argv);
	json_int_t left = json_integer_value(json_object_get(question, "left_ms"));
	*a = (struct json_question){.findings = calloc(nrules + 1, sizeof *a->findings)};
	a->argv = calloc(argc + 1, sizeof *a->argv);
	int err = !a->findings || !a->argv ? -ENOMEM : nrules ? 0 : -EPROTO;
	for (size_t i = 0; !err && i < nrules; i++)
		err = json_read_finding(&a->findings[i], json_array_get(rules, i));
	for (size_t i = 0; !err && i < argc; i++)
		if (!(a->argv[i] = json_string_value(json_array_get(argv, i))))
			err = -EPROTO;
	if (err) {
		json_question_free(a);
		return err;
	}
	a->event = (struct gate_event){
		.struct_size = sizeof(struct gate_event), .type = GATE_EVENT_EXEC, .argv = a->argv, .argc = argc};
	if (json_text_of(question, "path"))
		json_read_file(&a->event, question);
	else if (!argc || json_is_said(json_text_of(question, "event")))
		a->event.shell_text = json_text_of(question, "command");
	a->event.cwd = json_text_of(question, "cwd");
	a->event.settings = json_text_of(question, "settings");
	a->event.keeps = json_text_of(question, "keeps");
	a->event.says = json_text_of(question, "says");
	a->event.sample = json_text_of(question, "sample");
	a->event.ancestry = json_text_of(question, "ancestry");
	a->event.origin = json_text_of(question, "origin");
	a->question = (struct gate_question){
		.event = &a->event,
		.findings = a->findings,
		.nfindings = nrules,
		.covers = covers,
		.word = word,
		.timeout_ms = left > 0 && left <= UINT32_MAX ? (unsigned)left : 0,
		.flags = (word ? GATE_QUESTION_TYPED : 0u) | (covers ? 0u : GATE_QUESTION_NO_SESSION),
	};
	return 0;
}

void json_question_free(struct json_question *a)
{
	free(a->findings);
	free(a->argv);
	*a = (struct json_question){0};
}
