/* remembered_answers.c - see remembered_answers.h. */
#include "ask/remembered_answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/image.h"

enum { COVERS_MAX = 4096, SWEEP = 64 };

enum kind { OF_EXEC, OF_FILES, TOLD };

struct cover {
	struct cover *next;
	enum kind kind;
	struct proc root; /* and the processes below it */
	/* of files */
	char *dir;
	bool operands;
	enum gate_event_type type;
	enum gate_severity severity;
	/* the answer */
	int ret;
	struct gate_answer answer;
};

static void drop(struct covers *v, struct cover **p)
{
	struct cover *c = *p;
	*p = c->next;
	v->n--;
	free(c->dir);
	free(c);
}

/* Those whose processes have ended go now and then; a process that lives for long may leave children, which then ask
 * again. */
static void sweep(struct covers *v)
{
	for (struct cover **p = &v->first; *p;) {
		if (proc_alive((*p)->root.pid, (*p)->root.start_time))
			p = &(*p)->next;
		else
			drop(v, p);
	}
}

/* A new one in front, NULL when there is no memory: then the next event asks again. */
static struct cover *add(struct covers *v, enum kind kind, const struct proc *root)
{
	if (v->n % SWEEP == SWEEP - 1)
		sweep(v);
	struct cover *c = v->n < COVERS_MAX ? calloc(1, sizeof *c) : NULL;
	if (!c)
		return NULL;
	c->kind = kind;
	c->root = *root;
	c->next = v->first;
	v->first = c;
	v->n++;
	return c;
}

static struct cover *add_file(struct covers *v, enum kind kind, const struct cover_event *e, int ret)
{
	struct cover *c = add(v, kind, &e->reach->root);
	if (!c)
		return NULL;
	c->dir = strdup(e->reach->dir);
	if (!c->dir) {
		drop(v, &v->first);
		return NULL;
	}
	c->operands = e->reach->operands;
	c->type = e->type;
	c->severity = e->severity;
	c->ret = ret;
	return c;
}

void covers_exec(struct covers *v, pid_t pid, uint64_t start_time, const char *by)
{
	struct cover *c = add(v, OF_EXEC, &(struct proc){.pid = pid, .start_time = start_time});
	if (!c)
		return;
	c->ret = GATE_SUCCESS;
	c->answer.choice = GATE_ONCE;
	snprintf(c->answer.by, sizeof c->answer.by, "%.40s, with its command", *by ? by : "the policy");
}

void covers_file(struct covers *v, const struct cover_event *e, int ret, const struct gate_answer *answer)
{
	struct cover *c = add_file(v, OF_FILES, e, ret);
	if (!c)
		return;
	c->answer = *answer;
	if (answer->choice == GATE_SESSION)
		c->answer.choice = GATE_ONCE; /* the grant is made already */
	c->answer.ms = 0;
}

static bool is_of(const struct cover *c, const struct cover_event *e)
{
	for (int i = 0; i < e->n; i++)
		if (e->chain[i].pid == c->root.pid && e->chain[i].start_time == c->root.start_time)
			return true;
	return false;
}

/* A no holds for what is worse, too; a yes for what is not. */
static bool answers(const struct cover *c, const struct cover_event *e)
{
	bool yes = c->ret == GATE_SUCCESS && c->answer.choice != GATE_NO;
	if (!is_of(c, e) || c->kind == TOLD)
		return false;
	if (c->kind == OF_EXEC)
		return true;
	return c->type == e->type && c->operands == e->reach->operands && (!yes || e->severity <= c->severity) &&
	       (c->operands ? !strcmp(c->dir, e->reach->dir) : gate_path_is_under(e->path, c->dir));
}

bool covers_find(struct covers *v, const struct cover_event *e, int *ret, struct gate_answer *answer, bool *everywhere)
{
	struct cover *c = v->first;
	while (c && !answers(c, e))
		c = c->next;
	if (!c)
		return false;
	*ret = c->ret;
	*answer = c->answer;
	*everywhere = c->kind == OF_EXEC;
	return true;
}

bool covers_told(struct covers *v, const struct cover_event *e, int ret)
{
	for (struct cover *c = v->first; c; c = c->next)
		if (c->kind == TOLD && c->ret == ret && c->type == e->type && is_of(c, e) && !strcmp(c->dir, e->reach->dir) &&
		    e->severity <= c->severity)
			return true;
	add_file(v, TOLD, e, ret);
	return false;
}

void covers_forget_yes(struct covers *v)
{
	for (struct cover **p = &v->first; *p;) {
		if ((*p)->kind != TOLD && (*p)->ret == GATE_SUCCESS && (*p)->answer.choice != GATE_NO)
			drop(v, p);
		else
			p = &(*p)->next;
	}
}

void covers_free(struct covers *v)
{
	while (v->first)
		drop(v, &v->first);
}
