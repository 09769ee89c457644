/* SPDX-License-Identifier: BSD-2-Clause */
/* late_answers.c - keeps answers that came late, until the command is run again.  See late_answers.h. */
#include "ask/late_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/loop.h"

/* Append a text with its NUL; NULL and "" differ. */
static void late_put(struct strbuf *key, const char *text)
{
	strbuf_putc(key, text ? '+' : '-');
	if (text)
		strbuf_put(key, text, strlen(text) + 1);
}

static void late_put_bytes(struct strbuf *key, const void *bytes, size_t n)
{
	strbuf_put(key, (const char *)&n, sizeof n);
	if (n)
		strbuf_put(key, bytes, n);
}

void late_key(const struct gate_question *q, const struct asker_environment *environment, struct strbuf *key)
{
	const struct gate_event *ev = q->event;
	strbuf_printf(key, "%d %u %u ", (int)ev->type, (unsigned)ev->uid, q->flags);
	for (size_t i = 0; i < q->nfindings; i++) {
		late_put(key, q->findings[i].rule);
		strbuf_putc(key, (char)('0' + q->findings[i].severity));
	}
	late_put_bytes(key, ev->address, ev->address_len);
	late_put_bytes(key, ev->text, ev->text_len);
	const char *const texts[] = {ev->exe,      ev->cwd,    ev->shell_text, ev->path,   ev->other,   ev->unkept,
				     ev->settings, ev->engine, ev->target,     ev->method, ev->database};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		late_put(key, texts[i]);
	for (size_t i = 0; i < ev->argc; i++)
		late_put(key, ev->argv[i]);
	late_put(key, NULL);
	for (const char *const *h = ev->hosts; h && *h; h++)
		late_put(key, *h);
	if (environment)
		late_put_bytes(key, environment->block, environment->len);
}

bool late_is_possible(const struct gate_question *q)
{
	for (size_t i = 0; i < q->nfindings; i++)
		if (q->findings[i].severity >= GATE_SEVERITY_CRITICAL)
			return false;
	return true;
}

void late_free(struct late_answer *a)
{
	strbuf_free(&a->key);
	free(a->preview);
	free(a);
}

static void late_drop(struct late_answer **p)
{
	struct late_answer *a = *p;
	*p = a->next;
	late_free(a);
}

static bool late_is_old(const struct late_answer *a)
{
	return loop_now() - a->came > LATE_ANSWER_SECONDS * 1000u;
}

/* Drop those that count no longer, and all behind the newest LATE_ANSWERS_MAX. */
static void late_sweep(struct late_answers *v)
{
	unsigned n = 0;
	for (struct late_answer **p = &v->first; *p;)
		if (n >= LATE_ANSWERS_MAX || late_is_old(*p)) {
			late_drop(p);
		} else {
			p = &(*p)->next;
			n++;
		}
}

static struct late_answer **late_find(struct late_answers *v, const struct strbuf *key)
{
	struct late_answer **p = &v->first;
	late_sweep(v);
	while (*p && ((*p)->key.len != key->len || memcmp((*p)->key.s, key->s, key->len) != 0))
		p = &(*p)->next;
	return p;
}

void late_keep(struct late_answers *v, const struct strbuf *key, const struct gate_answer *answer, const char *preview)
{
	struct late_answer *a = key->err || !key->len ? NULL : calloc(1, sizeof *a);
	if (!a)
		return;
	strbuf_put(&a->key, key->s, key->len);
	a->preview = preview ? strdup(preview) : NULL;
	if (a->key.err || (preview && !a->preview)) {
		late_free(a);
		return;
	}
	a->answer = *answer;
	a->came = loop_now();
	struct late_answer **older = late_find(v, key);
	if (*older)
		late_drop(older);
	a->next = v->first;
	v->first = a;
	late_sweep(v);
}

bool late_has(struct late_answers *v, const struct strbuf *key)
{
	return key->len && !key->err && *late_find(v, key);
}

struct late_answer *late_take(struct late_answers *v, const struct strbuf *key)
{
	if (!late_has(v, key))
		return NULL;
	struct late_answer **p = late_find(v, key), *a = *p;
	char by[sizeof a->answer.by];
	*p = a->next;
	snprintf(by, sizeof by, "%.40s, %u s before", a->answer.by, (unsigned)((loop_now() - a->came) / 1000));
	memcpy(a->answer.by, by, sizeof by);
	a->answer.ms = 0;
	return a;
}

void late_forget_yes(struct late_answers *v)
{
	for (struct late_answer **p = &v->first; *p;)
		if ((*p)->answer.choice != GATE_ANSWER_NO)
			late_drop(p);
		else
			p = &(*p)->next;
}

void late_clear(struct late_answers *v)
{
	while (v->first)
		late_drop(&v->first);
}
