/* SPDX-License-Identifier: BSD-2-Clause */
/* grant.c - remembers grants: what a person allowed for the rest of the session.  A grant covers a rule with an exact
 * command in a directory, with any file under a directory, or with a host and port.  It also remembers that a yes to
 * one connection covers further connections of the same process.  formats/remembered.h says for whom and until when. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/strbuf.h"
#include "engine/handle.h"
#include "formats/image.h"

enum { PROCESS_GRANTS_MAX = 64 };

struct grant {
	struct grant *next;
	bool process; /* holds for one process only; not listed; id 0 */
	char *key;    /* see grant_key(); begins with the rule's id */
	size_t len;
	char *under; /* for files: the directory or file; NULL: compare the key alone */
	char *text;  /* for display */
	char by[64];
	unsigned id, used;
	time_t since;
};

struct grants {
	unsigned refs; /* atomic */
	pthread_mutex_t lock;
	struct grant *first; /* oldest first */
	unsigned last_id;
};

struct grants *grants_new(void)
{
	struct grants *g = calloc(1, sizeof *g);
	if (g)
		*g = (struct grants){.refs = 1, .lock = PTHREAD_MUTEX_INITIALIZER};
	return g;
}

static void grant_free(struct grant *i)
{
	free(i->key);
	free(i->under);
	free(i->text);
	free(i);
}

static void grant_forget_all(struct grants *g)
{
	for (struct grant *i = g->first, *next; i; i = next) {
		next = i->next;
		grant_free(i);
	}
	g->first = NULL;
}

struct grants *grants_ref(struct grants *g)
{
	__atomic_add_fetch(&g->refs, 1, __ATOMIC_RELAXED);
	return g;
}

void grants_unref(struct grants *g)
{
	if (!g || __atomic_sub_fetch(&g->refs, 1, __ATOMIC_ACQ_REL))
		return;
	grant_forget_all(g);
	pthread_mutex_destroy(&g->lock);
	free(g);
}

static struct grant *grant_covering(struct grants *g, const struct strbuf *key, const char *path)
{
	struct grant *i = g->first;
	while (i && (i->len != key->len || memcmp(i->key, key->s, key->len) || !i->under != !path ||
		     (path && !gate_path_is_under(path, i->under))))
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

static void grant_append(struct grants *g, struct grant *new)
{
	struct grant **end = &g->first;
	while (*end)
		end = &(*end)->next;
	new->id = new->process ? 0 : ++g->last_id;
	*end = new;
}

/* If there are too many grants for one process, drop the oldest.  The caller holds the lock. */
static void grant_prune(struct grants *g)
{
	unsigned n = 0;
	struct grant **oldest = NULL;
	for (struct grant **p = &g->first; *p; p = &(*p)->next) {
		oldest = (*p)->process && !oldest ? p : oldest;
		n += (*p)->process;
	}
	if (n <= PROCESS_GRANTS_MAX)
		return;
	struct grant *gone = *oldest;
	*oldest = gone->next;
	grant_free(gone);
}

static int grant_add(struct grants *g, const struct gate_finding *f, const struct gate_event *ev, const char *by,
		     bool process)
{
	cleanup_strbuf struct strbuf key = {0}, text = {0};
	const char *under = grant_is_of_file(ev) ? grant_place(ev) : NULL;
	int err = 0;
	grant_key(&key, f, ev, process);
	strbuf_printf(&text, ev->type == GATE_EVENT_EXEC ? "%s: %s, " : "%s: ", f->rule, f->subject);
	grant_put_covers(&text, ev);
	pthread_mutex_lock(&g->lock);
	if (!grant_covering(g, &key, under)) {
		struct grant *new = grant_new(&key, &text, under);
		if (new) {
			snprintf(new->by, sizeof new->by, "%s", by);
			new->process = process;
			grant_append(g, new);
			grant_prune(g);
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
		if (c->findings[i].action == GATE_ACTION_ASK &&
		    (c->findings[i].severity >= GATE_SEVERITY_CRITICAL || !grant_place(event)))
			return -EPERM;
	for (size_t i = 0; i < c->nfindings; i++) {
		int err = c->findings[i].action == GATE_ACTION_ASK ?
				  grant_add(h->grants, &c->findings[i], event, by, false) :
				  0;
		if (err)
			return err;
	}
	return 0;
}

int grant_process(gate_handle_t *h, const struct gate_event *event)
{
	const struct check *c = &h->check;
	int err = 0;
	for (size_t i = 0; !err && i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACTION_ASK)
			err = grant_add(h->grants, &c->findings[i], event, c->answer.by, true);
	return err;
}

bool grant_covers_process(gate_handle_t *h, const struct gate_event *event)
{
	struct grants *g = h->grants;
	const struct check *c = &h->check;
	bool all = event->type == GATE_EVENT_CONNECT && event->pid;
	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; all && i < c->nfindings; i++) {
		cleanup_strbuf struct strbuf key = {0};
		if (c->findings[i].action != GATE_ACTION_ASK)
			continue;
		grant_key(&key, &c->findings[i], event, true);
		all = !key.err && grant_covering(g, &key, NULL);
	}
	pthread_mutex_unlock(&g->lock);
	return all;
}

/* Return the grant that covers a finding, or NULL.  The caller holds the lock. */
static struct grant *grant_for(struct grants *g, const struct gate_finding *f, const struct gate_event *ev)
{
	cleanup_strbuf struct strbuf key = {0};
	grant_key(&key, f, ev, false);
	return key.err || !grant_place(ev) || f->severity >= GATE_SEVERITY_CRITICAL ?
		       NULL :
		       grant_covering(g, &key, grant_is_of_file(ev) ? ev->path : NULL);
}

bool gate_granted(gate_handle_t *h, const struct gate_event *event)
{
	struct grants *g = h->grants;
	const struct check *c = &h->check;
	int ret = gate_match(h, event);
	bool all = ret == GATE_SUCCESS || ret == GATE_FINDING || ret == GATE_IGNORE; /* a module may have asked */
	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; all && i < c->nfindings; i++)
		all = c->findings[i].action != GATE_ACTION_ASK || grant_for(g, &c->findings[i], event);
	for (size_t i = 0; all && i < c->nfindings; i++)
		if (c->findings[i].action == GATE_ACTION_ASK)
			grant_for(g, &c->findings[i], event)->used++;
	pthread_mutex_unlock(&g->lock);
	return all;
}

/* Those for one process go.  With the lock held. */
static void grant_forget_processes(struct grants *g)
{
	for (struct grant **p = &g->first; *p;) {
		struct grant *i = *p;
		if (!i->process) {
			p = &i->next;
			continue;
		}
		*p = i->next;
		grant_free(i);
	}
}

/* They are not listed, so nobody could revoke them one by one, and the one that was meant may be behind the grant. */
int gate_revoke(gate_handle_t *h, unsigned id)
{
	struct grants *g = h->grants;
	struct grant *found = NULL;
	pthread_mutex_lock(&g->lock);
	for (struct grant **p = &g->first; *p; p = &(*p)->next) {
		if (!id || (*p)->id != id)
			continue;
		found = *p;
		*p = found->next;
		break;
	}
	if (found)
		grant_forget_processes(g);
	pthread_mutex_unlock(&g->lock);
	if (found)
		grant_free(found);
	return found ? 0 : -ENOENT;
}

void gate_forget(gate_handle_t *h)
{
	struct grants *g = h->grants;
	pthread_mutex_lock(&g->lock);
	grant_forget_all(g);
	pthread_mutex_unlock(&g->lock);
}

int gate_grants(const gate_handle_t *h, int (*each)(const struct gate_grant_info *grant, void *data), void *data)
{
	struct grants *g = h->grants;
	int ret = 0;
	pthread_mutex_lock(&g->lock);
	for (const struct grant *i = g->first; i && !ret; i = i->next) {
		if (i->process)
			continue;
		struct gate_grant_info info = {.id = i->id,
					       .rule = i->key + 1,
					       .text = i->text,
					       .by = i->by,
					       .since = i->since,
					       .used = i->used};
		ret = each(&info, data);
	}
	pthread_mutex_unlock(&g->lock);
	return ret;
}
