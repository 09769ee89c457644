/* grant.c - what a person allowed for the rest of the session: a rule with an exact command in a directory, or with any file
 * under one. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "escape.h"
#include "handle.h"
#include "strbuf.h"

struct grant {
	struct grant *next;
	char *key; /* see key_of(); begins with the rule's id */
	size_t len;
	char *under; /* of files: the directory (or file); NULL: the key is all */
	char *text; /* for people */
	char by[64];
	unsigned id, used;
	time_t since;
};

struct grants {
	pthread_mutex_t lock;
	struct grant *first; /* oldest first */
	unsigned last_id;
};

struct grants *grants_new(void)
{
	struct grants *g = calloc(1, sizeof *g);
	if (g)
		pthread_mutex_init(&g->lock, NULL);
	return g;
}

static void grant_free(struct grant *i)
{
	free(i->key);
	free(i->under);
	free(i->text);
	free(i);
}

static void forget_all(struct grants *g)
{
	for (struct grant *i = g->first, *next; i; i = next) {
		next = i->next;
		grant_free(i);
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
	if (ev->path)
		return; /* any file that is under it */
	put_field(b, ev->cwd);
	put_field(b, ev->exe);
	put_field(b, ev->shell_text);
	for (size_t i = 0; i < ev->argc; i++)
		put_field(b, ev->argv[i]);
}

static bool is_under(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	return !strncmp(path, dir, n) && (!path[n] || path[n] == '/' || dir[n - 1] == '/');
}

const char *grant_place(const struct gate_event *ev)
{
	return !ev->path ? ev->cwd : ev->top ? ev->top : ev->path;
}

static struct grant *covering(struct grants *g, const struct strbuf *key, const char *path)
{
	struct grant *i = g->first;
	while (i && (i->len != key->len || memcmp(i->key, key->s, key->len) || !i->under != !path ||
		     (path && !is_under(path, i->under))))
		i = i->next;
	return i;
}

static struct grant *grant_new(struct strbuf *key, struct strbuf *text, const char *under)
{
	struct grant *new = key->err || text->err ? NULL : calloc(1, sizeof *new);
	if (!new)
		return NULL;
	new->under = under ? strdup(under) : NULL;
	if (under && !new->under) {
		free(new);
		return NULL;
	}
	new->len = key->len;
	new->key = strbuf_take(key);
	new->text = strbuf_take(text);
	new->since = time(NULL);
	return new;
}

static void append(struct grants *g, struct grant *new)
{
	struct grant **end = &g->first;
	while (*end)
		end = &(*end)->next;
	new->id = ++g->last_id;
	*end = new;
}

static int add(struct grants *g, const struct gate_finding *f, const struct gate_event *ev, const char *by)
{
	cleanup_strbuf struct strbuf key = {0}, text = {0};
	const char *under = ev->path ? grant_place(ev) : NULL;
	int err = 0;
	key_of(&key, f, ev);
	if (under) {
		strbuf_printf(&text, "%s: under ", f->rule);
		escape_put(&text, under, strlen(under));
	} else {
		strbuf_printf(&text, "%s: %s, in ", f->rule, f->subject);
		escape_put(&text, ev->cwd, strlen(ev->cwd));
	}
	pthread_mutex_lock(&g->lock);
	if (!covering(g, &key, under)) {
		struct grant *new = grant_new(&key, &text, under);
		if (new) {
			snprintf(new->by, sizeof new->by, "%s", by);
			append(g, new);
		}
		err = new ? 0 : -ENOMEM;
	}
	pthread_mutex_unlock(&g->lock);
	return err;
}

int gate_grant(gate_handle_t *h, const struct gate_event *event)
{
	const struct check *c = &h->check;
	const char *by = c->answered ? c->answer.by : "";
	for (size_t i = 0; i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACT_ASK && (c->findings[i].severity >= GATE_CRITICAL || !grant_place(event)))
			return -EPERM;
	for (size_t i = 0; i < c->nfindings; i++) {
		int err = c->findings[i].action == GATE_ACT_ASK ? add(h->policy->grants, &c->findings[i], event, by) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* The grant that covers a finding, or NULL.  With the lock held. */
static struct grant *grant_for(struct grants *g, const struct gate_finding *f, const struct gate_event *ev)
{
	cleanup_strbuf struct strbuf key = {0};
	key_of(&key, f, ev);
	return key.err || !grant_place(ev) || f->severity >= GATE_CRITICAL ? NULL : covering(g, &key, ev->path);
}

bool gate_granted(gate_handle_t *h, const struct gate_event *event)
{
	struct grants *g = h->policy->grants;
	const struct check *c = &h->check;
	int ret = gate_match(h, event);
	bool all = ret == GATE_SUCCESS || ret == GATE_FINDING || ret == GATE_IGNORE; /* a module may have asked */
	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; all && i < c->nfindings; i++)
		all = c->findings[i].action != GATE_ACT_ASK || grant_for(g, &c->findings[i], event);
	for (size_t i = 0; all && i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACT_ASK)
			grant_for(g, &c->findings[i], event)->used++;
	pthread_mutex_unlock(&g->lock);
	return all;
}

int gate_revoke(gate_handle_t *h, unsigned id)
{
	struct grants *g = h->policy->grants;
	struct grant *found = NULL;
	pthread_mutex_lock(&g->lock);
	for (struct grant **p = &g->first; *p; p = &(*p)->next) {
		if ((*p)->id != id)
			continue;
		found = *p;
		*p = found->next;
		break;
	}
	pthread_mutex_unlock(&g->lock);
	if (found)
		grant_free(found);
	return found ? 0 : -ENOENT;
}

void gate_forget(gate_handle_t *h)
{
	struct grants *g = h->policy->grants;
	pthread_mutex_lock(&g->lock);
	forget_all(g);
	pthread_mutex_unlock(&g->lock);
}

int gate_grants(const gate_handle_t *h, int (*each)(const struct gate_grant_info *grant, void *data), void *data)
{
	struct grants *g = h->policy->grants;
	int ret = 0;
	pthread_mutex_lock(&g->lock);
	for (const struct grant *i = g->first; i && !ret; i = i->next) {
		struct gate_grant_info info = {
			.id = i->id, .rule = i->key + 1, .text = i->text, .by = i->by, .since = i->since, .used = i->used};
		ret = each(&info, data);
	}
	pthread_mutex_unlock(&g->lock);
	return ret;
}
