/* SPDX-License-Identifier: BSD-2-Clause */
/* allowed_scripts.c - a small table of processes, compared by everything that the person was shown. */
#include "ask/allowed_scripts.h"

#include <string.h>

#include "util/loop.h"

/* The path and the arguments from argv[first] on. */
static void allowed_scripts_words(struct strbuf *out, const struct gate_event *ev, size_t first)
{
	strbuf_put(out, ev->exe, strlen(ev->exe) + 1);
	for (size_t i = first; i < ev->argc; i++)
		strbuf_put(out, ev->argv[i], strlen(ev->argv[i]) + 1);
}

static void allowed_scripts_forget(struct allowed_scripts *s, unsigned i)
{
	s->v[i].pid = 0;
	strbuf_free(&s->v[i].words);
}

static unsigned allowed_scripts_find(const struct allowed_scripts *s, pid_t pid)
{
	unsigned i = 0;
	while (i < ALLOWED_SCRIPTS_MAX && s->v[i].pid != pid)
		i++;
	return i;
}

void allowed_scripts_add(struct allowed_scripts *s, const struct gate_event *ev)
{
	unsigned i = allowed_scripts_find(s, ev->pid);
	if (i == ALLOWED_SCRIPTS_MAX)
		i = s->next++ % ALLOWED_SCRIPTS_MAX;
	allowed_scripts_forget(s, i);
	allowed_scripts_words(&s->v[i].words, ev, 1);
	if (s->v[i].words.err)
		return;
	s->v[i].pid = ev->pid;
	s->v[i].start_time = ev->start_time;
	s->v[i].until = loop_now() + ALLOWED_SCRIPTS_MS;
}

/* The kernel puts the interpreter, and an option of the script's first line, before the script's path. */
static bool allowed_scripts_same(const struct strbuf *words, const struct gate_event *ev)
{
	bool same = false;
	for (size_t i = 1; i <= 2 && i < ev->argc && !same; i++) {
		cleanup_strbuf struct strbuf asked = {0};
		if (strcmp(ev->argv[i], ev->exe))
			continue;
		allowed_scripts_words(&asked, ev, i + 1);
		same = !asked.err && asked.len == words->len && !memcmp(asked.s, words->s, words->len);
	}
	return same;
}

bool allowed_scripts_take(struct allowed_scripts *s, const struct gate_event *ev)
{
	unsigned i = allowed_scripts_find(s, ev->pid);
	if (i == ALLOWED_SCRIPTS_MAX)
		return false;
	bool same = ev->type == GATE_EVENT_EXEC && ev->exe && s->v[i].start_time == ev->start_time &&
		    loop_now() < s->v[i].until && allowed_scripts_same(&s->v[i].words, ev);
	allowed_scripts_forget(s, i);
	return same;
}

void allowed_scripts_free(struct allowed_scripts *s)
{
	for (unsigned i = 0; i < ALLOWED_SCRIPTS_MAX; i++)
		allowed_scripts_forget(s, i);
}
