/* SPDX-License-Identifier: BSD-2-Clause */
/* lookups.c - a small table of threads. */
#include "supervise/lookups.h"

#include "util/loop.h"

enum { SECOND_MS = 1000 };

static unsigned lookups_find(const struct lookups *l, pid_t tid)
{
	unsigned i = 0;
	while (i < LOOKUPS_MAX && l->v[i].tid != tid)
		i++;
	return i;
}

void lookups_begin(struct lookups *l, pid_t tid)
{
	pthread_mutex_lock(&l->lock);
	unsigned i = lookups_find(l, tid);
	if (i == LOOKUPS_MAX)
		i = lookups_find(l, 0);
	if (i == LOOKUPS_MAX)
		i = l->next++ % LOOKUPS_MAX;
	l->v[i].tid = tid;
	l->v[i].since = loop_now();
	pthread_mutex_unlock(&l->lock);
}

void lookups_end(struct lookups *l, pid_t tid)
{
	pthread_mutex_lock(&l->lock);
	unsigned i = lookups_find(l, tid);
	if (i < LOOKUPS_MAX)
		l->v[i].tid = 0;
	pthread_mutex_unlock(&l->lock);
}

bool lookups_have(struct lookups *l, pid_t tid)
{
	pthread_mutex_lock(&l->lock);
	unsigned i = lookups_find(l, tid);
	bool found = i < LOOKUPS_MAX && loop_now() - l->v[i].since < LOOKUPS_S * SECOND_MS;
	pthread_mutex_unlock(&l->lock);
	return found;
}
