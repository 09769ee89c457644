/* SPDX-License-Identifier: BSD-2-Clause */
/* relay_actor.c - reads a process from /proc, once per connection. */
#include "relay/relay_actor.h"

#include <stdlib.h>
#include <string.h>

#include "util/proc.h"

static void actor_read_names(struct relay_actor *a, const char *names, size_t n)
{
	size_t count = 0;
	a->names = malloc(n + 1);
	if (!a->names)
		return;
	memcpy(a->names, names, n);
	a->names[n] = '\0';
	for (char *s = a->names; s < a->names + n && count < RELAY_NAMES_MAX; s += strlen(s) + 1)
		if (*s)
			a->hosts[count++] = s;
}

struct relay_actor *relay_actor_new(const struct ucred *who, const char *names, size_t n)
{
	struct proc p;
	struct relay_actor *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	atomic_init(&a->holders, 1);
	a->pid = who->pid;
	a->uid = who->uid;
	a->start_time = proc_read(who->pid, &p) ? 0 : p.start_time;
	a->exe = proc_link(who->pid, "exe");
	a->cwd = proc_link(who->pid, "cwd");
	a->argv = proc_argv(who->pid, &a->argc);
	actor_read_names(a, names, n);
	return a;
}

void relay_actor_hold(struct relay_actor *a)
{
	atomic_fetch_add(&a->holders, 1);
}

void relay_actor_drop(struct relay_actor *a)
{
	if (!a || atomic_fetch_sub(&a->holders, 1) > 1)
		return;
	free(a->exe);
	free(a->cwd);
	proc_argv_free(a->argv);
	free(a->names);
	free(a);
}

void relay_actor_put(const struct relay_actor *a, struct gate_event *ev)
{
	ev->pid = a->pid;
	ev->uid = a->uid;
	ev->start_time = a->start_time;
	ev->exe = a->exe;
	ev->cwd = a->cwd;
	ev->argv = (const char *const *)a->argv;
	ev->argc = a->argv ? a->argc : 0;
	ev->address = (const struct sockaddr *)&a->address;
	ev->address_len = a->address_len;
	ev->hosts = *a->hosts ? a->hosts : NULL;
	ev->socket_protocol = IPPROTO_TCP;
}
