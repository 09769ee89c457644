/* SPDX-License-Identifier: BSD-2-Clause */
/* question_same.c - decides whether one answer does for two processes. */
#include <string.h>

#include "ask/question_queue.h"

static bool question_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool question_same_destination(const struct gate_event *a, const struct gate_event *b)
{
	bool same = a->address_len == b->address_len &&
		    (!a->address_len || !memcmp(a->address, b->address, a->address_len));
	const char *const *x = a->hosts, *const *y = b->hosts;
	while (same && x && y && *x && *y)
		same = !strcmp(*x++, *y++);
	return same && !(x && *x) && !(y && *y);
}

static bool question_same_speech(const struct gate_event *a, const struct gate_event *b)
{
	return question_same_text(a->engine, b->engine) && question_same_text(a->database, b->database) &&
	       question_same_text(a->method, b->method) && question_same_text(a->target, b->target) &&
	       a->text_len == b->text_len && (!a->text_len || !memcmp(a->text, b->text, a->text_len));
}

static bool question_same_event(const struct gate_event *a, const struct gate_event *b)
{
	bool same = a->type == b->type && a->uid == b->uid && a->argc == b->argc &&
		    question_same_text(a->exe, b->exe) && question_same_text(a->cwd, b->cwd) &&
		    question_same_text(a->shell_text, b->shell_text) && question_same_destination(a, b) &&
		    question_same_speech(a, b);
	for (size_t i = 0; same && i < a->argc; i++)
		same = !strcmp(a->argv[i], b->argv[i]);
	return same;
}

/* For file events: would one answer have the same scope for both? */
static bool question_same_files(const struct cover_event *a, const struct cover_event *b)
{
	return a && b && a->type == b->type && a->severity == b->severity && a->unkept == b->unkept &&
	       reach_same(a->reach, b->reach);
}

/* Do both act on the same target, as far as variables choose it? */
static bool question_same_environment(const struct asker *x, const struct asker *y)
{
	return x->environment && y->environment ? asker_environment_same(x->environment, y->environment) :
						  x->environment == y->environment;
}

bool question_same(const struct asker *x, const struct asker *y)
{
	const struct gate_question *a = x->q, *b = y->q;
	if (x->file || y->file)
		return a->flags == b->flags && question_same_files(x->file, y->file);
	bool same = a->flags == b->flags && a->nfindings == b->nfindings && question_same_event(a->event, b->event) &&
		    question_same_environment(x, y);
	for (size_t i = 0; same && i < a->nfindings; i++)
		same = !strcmp(a->findings[i].rule, b->findings[i].rule) &&
		       a->findings[i].severity == b->findings[i].severity;
	return same;
}
