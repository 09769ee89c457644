/* SPDX-License-Identifier: BSD-2-Clause */
/* remembered_answers.c - remembers answers about files for a process and its descendants. */
#include "ask/remembered_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/image.h"

enum { REMEMBERED_MAX = 4096, SWEEP = 64 };

enum kind { REMEMBERED_EXEC, REMEMBERED_FILES, REMEMBERED_TOLD };

struct cover {
	struct cover *next;
	enum kind kind;
	struct proc root; /* and its descendants */
	char *rules;      /* exec only: " RULE RULE " that asked about it */
	/* file answers only */
	char *dir;
	char *program; /* the yes is for every process that runs it; NULL: for `root` */
	bool operands;
	enum gate_event_type type;
	enum gate_severity severity;
	bool unkept;
	/* the answer */
	int ret;
	struct gate_answer answer;
};

static void remembered_drop(struct remembered *v, struct cover **p)
{
	struct cover *c = *p;
	*p = c->next;
	v->n--;
	free(c->rules);
	free(c->dir);
	free(c->program);
	free(c);
}

/* Drop the answers of processes that have ended.  Their children, if any are left, are asked about again. */
static void remembered_sweep(struct remembered *v)
{
	for (struct cover **p = &v->first; *p;) {
		if ((*p)->program || proc_alive((*p)->root.pid, (*p)->root.start_time))
			p = &(*p)->next;
		else
			remembered_drop(v, p);
	}
}

/* Put a new answer in front.  Returns NULL without memory; then Gate asks again about the next event. */
static struct cover *remembered_add(struct remembered *v, enum kind kind, const struct proc *root)
{
	if (v->n % SWEEP == SWEEP - 1)
		remembered_sweep(v);
	struct cover *c = v->n < REMEMBERED_MAX ? calloc(1, sizeof *c) : NULL;
	if (!c)
		return NULL;
	c->kind = kind;
	c->root = *root;
	c->next = v->first;
	v->first = c;
	v->n++;
	return c;
}

static struct cover *remembered_add_file(struct remembered *v, enum kind kind, const struct cover_event *e, int ret)
{
	struct cover *c = remembered_add(v, kind, &e->reach->root);
	if (!c)
		return NULL;
	c->dir = strdup(e->reach->dir);
	if (!c->dir) {
		remembered_drop(v, &v->first);
		return NULL;
	}
	c->operands = e->reach->operands;
	c->type = e->type;
	c->severity = e->severity;
	c->unkept = e->unkept;
	c->ret = ret;
	return c;
}

/* A yes to a program is for all of its processes; a no ends with those that were refused. */
static void remembered_widen(struct cover *c, const struct cover_event *e)
{
	if (c->ret == GATE_SUCCESS && c->answer.choice != GATE_ANSWER_NO && e->reach->program)
		c->program = strdup(e->reach->program); /* without memory, Gate asks again about the next process */
}

void remembered_exec(struct remembered *v, pid_t pid, uint64_t start_time, const char *by, const char *rules)
{
	struct cover *c = remembered_add(v, REMEMBERED_EXEC, &(struct proc){.pid = pid, .start_time = start_time});
	if (!c)
		return;
	c->ret = GATE_SUCCESS;
	c->answer.choice = GATE_ANSWER_ONCE;
	c->rules = strdup(rules); /* without memory, Gate asks again about a statement */
	snprintf(c->answer.by, sizeof c->answer.by, "%.40s, with its command", *by ? by : "the policy");
}

void remembered_file(struct remembered *v, const struct cover_event *e, int ret, const struct gate_answer *answer)
{
	struct cover *c = remembered_add_file(v, REMEMBERED_FILES, e, ret);
	if (!c)
		return;
	c->answer = *answer;
	if (answer->choice == GATE_ANSWER_SESSION)
		c->answer.choice = GATE_ANSWER_ONCE; /* the grant is made already */
	c->answer.ms = 0;
	remembered_widen(c, e);
}

static bool remembered_is_below(const struct cover *c, const struct proc *chain, int n)
{
	for (int i = 0; i < n; i++)
		if (chain[i].pid == c->root.pid && chain[i].start_time == c->root.start_time)
			return true;
	return false;
}

static bool remembered_is_of(const struct cover *c, const struct cover_event *e)
{
	if (c->program && e->reach->program && !strcmp(c->program, e->reach->program))
		return true;
	return remembered_is_below(c, e->chain, e->n);
}

/* Did every rule that asks ask about the command already? */
static bool remembered_has_rules(const struct cover *c, const struct gate_question *q)
{
	char id[128];
	for (size_t i = 0; i < q->nfindings; i++) {
		snprintf(id, sizeof id, " %s ", q->findings[i].rule);
		if (q->findings[i].action == GATE_ACTION_ASK && (!c->rules || !strstr(c->rules, id)))
			return false;
	}
	return true;
}

bool remembered_statement(const struct remembered *v, const struct gate_question *q, const struct proc *chain, int n,
			  struct gate_answer *answer)
{
	for (const struct cover *c = v->first; c; c = c->next) {
		if (c->kind != REMEMBERED_EXEC || !remembered_is_below(c, chain, n) || !remembered_has_rules(c, q))
			continue;
		*answer = c->answer;
		return true;
	}
	return false;
}

/* A no also covers worse events; a yes covers only events that are no worse.  A yes about a file that comes back is none
 * about one that is lost for good. */
static bool remembered_match(const struct cover *c, const struct cover_event *e)
{
	bool yes = c->ret == GATE_SUCCESS && c->answer.choice != GATE_ANSWER_NO;
	if (!remembered_is_of(c, e) || c->kind == REMEMBERED_TOLD)
		return false;
	if (c->kind == REMEMBERED_EXEC)
		return true;
	return c->type == e->type && c->operands == e->reach->operands &&
	       (!yes || (e->severity <= c->severity && (c->unkept || !e->unkept))) &&
	       (c->operands ? !strcmp(c->dir, e->reach->dir) : gate_path_is_under(e->path, c->dir));
}

bool remembered_find(struct remembered *v, const struct cover_event *e, int *ret, struct gate_answer *answer,
		     bool *everywhere)
{
	struct cover *c = v->first;
	while (c && !remembered_match(c, e))
		c = c->next;
	if (!c)
		return false;
	*ret = c->ret;
	*answer = c->answer;
	*everywhere = c->kind == REMEMBERED_EXEC;
	return true;
}

bool remembered_told(struct remembered *v, const struct cover_event *e, int ret)
{
	for (struct cover *c = v->first; c; c = c->next)
		if (c->kind == REMEMBERED_TOLD && c->ret == ret && c->type == e->type && remembered_is_of(c, e) &&
		    !strcmp(c->dir, e->reach->dir) && e->severity <= c->severity)
			return true;
	remembered_add_file(v, REMEMBERED_TOLD, e, ret);
	return false;
}

void remembered_forget_yes(struct remembered *v)
{
	for (struct cover **p = &v->first; *p;) {
		if ((*p)->kind != REMEMBERED_TOLD && (*p)->ret == GATE_SUCCESS && (*p)->answer.choice != GATE_ANSWER_NO)
			remembered_drop(v, p);
		else
			p = &(*p)->next;
	}
}

void remembered_free(struct remembered *v)
{
	while (v->first)
		remembered_drop(v, &v->first);
}
