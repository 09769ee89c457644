/* grant.c - what a person allowed for the rest of the session: a rule, an exact command, a directory. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "handle.h"
#include "strbuf.h"

struct grant {
	char *key; /* see key_of() */
	size_t len;
	char *text; /* for people */
	struct grant *next;
};

struct grants {
	pthread_mutex_t lock;
	struct grant *first;
};

struct grants *grants_new(void)
{
	struct grants *g = calloc(1, sizeof *g);
	if (g)
		pthread_mutex_init(&g->lock, NULL);
	return g;
}

static void forget_all(struct grants *g)
{
	for (struct grant *i = g->first, *next; i; i = next) {
		next = i->next;
		free(i->key);
		free(i->text);
		free(i);
	}
	g->first = NULL;
}

void grants_free(struct grants *g)
{
	if (!g)
		return;
	forget_all(g);
	pthread_mutex_destroy(&g->lock);
	free(g);
}

static void put_field(struct strbuf *b, const char *s)
{
	strbuf_putc(b, s ? '=' : '-');
	strbuf_put(b, s ? s : "", (s ? strlen(s) : 0) + 1);
}

/* Everything a grant is about, each field NUL-terminated: two keys are equal only when all of it is.  The words
 * themselves and not the subject, in which a newline and a backslash with an n look alike. */
static void key_of(struct strbuf *b, const struct gate_finding *f, const struct gate_event *ev)
{
	put_field(b, f->rule);
	put_field(b, f->file);
	strbuf_printf(b, "%u", f->line);
	put_field(b, ev->cwd);
	put_field(b, ev->exe);
	put_field(b, ev->shell_text);
	for (size_t i = 0; i < ev->argc; i++)
		put_field(b, ev->argv[i]);
}

static bool covered(struct grants *g, const struct strbuf *key)
{
	const struct grant *i = g->first;
	while (i && (i->len != key->len || memcmp(i->key, key->s, key->len)))
		i = i->next;
	return i;
}

static int add(struct grants *g, const struct gate_finding *f, const struct gate_event *ev)
{
	cleanup_strbuf struct strbuf key = {0}, text = {0};
	key_of(&key, f, ev);
	strbuf_printf(&text, "%s: %s, in ", f->rule, f->subject);
	escape_put(&text, ev->cwd, strlen(ev->cwd));
	struct grant *new = key.err || text.err ? NULL : calloc(1, sizeof *new);
	if (!new)
		return -ENOMEM;
	pthread_mutex_lock(&g->lock);
	if (covered(g, &key)) {
		free(new);
	} else {
		*new = (struct grant){.len = key.len, .next = g->first};
		new->key = strbuf_take(&key);
		new->text = strbuf_take(&text);
		g->first = new;
	}
	pthread_mutex_unlock(&g->lock);
	return 0;
}

int gate_grant(gate_handle_t *h, const struct gate_event *event)
{
	const struct check *c = &h->check;
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACT_ASK && (c->findings[i].severity >= GATE_CRITICAL || !event->cwd))
			return -EPERM;
	for (size_t i = 0; i < c->nfindings; i++) {
		int err = c->findings[i].action == GATE_ACT_ASK ? add(h->policy->grants, &c->findings[i], event) : 0;
		if (err)
			return err;
	}
	return 0;
}

bool gate_granted(gate_handle_t *h, const struct gate_event *event)
{
	struct grants *g = h->policy->grants;
	int ret = gate_match(h, event);
	bool all = ret == GATE_SUCCESS || ret == GATE_FINDING;
	for (size_t i = 0; all && i < h->check.nfindings; i++) {
		const struct gate_finding *f = &h->check.findings[i];
		if (f->action != GATE_ACT_ASK)
			continue;
		cleanup_strbuf struct strbuf key = {0};
		key_of(&key, f, event);
		pthread_mutex_lock(&g->lock);
		all = !key.err && event->cwd && f->severity < GATE_CRITICAL && covered(g, &key);
		pthread_mutex_unlock(&g->lock);
	}
	return all;
}

void gate_forget(gate_handle_t *h)
{
	struct grants *g = h->policy->grants;
	pthread_mutex_lock(&g->lock);
	forget_all(g);
	pthread_mutex_unlock(&g->lock);
}

int policy_grants(const struct policy *p, int (*each)(const char *text, void *data), void *data)
{
	int ret = 0;
	pthread_mutex_lock(&p->grants->lock);
	for (const struct grant *i = p->grants->first; i && !ret; i = i->next)
		ret = each(i->text, data);
	pthread_mutex_unlock(&p->grants->lock);
	return ret;
}
