/* SPDX-License-Identifier: BSD-2-Clause */
/* own_server.c - looks at the process that serves a connection: its program, and the age of its data. */
#include "relay/own_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "broker/caller.h"
#include "effects/effects.h"
#include "subject/code/sql.h"
#include "util/proc.h"

/* The programs of servers; `file`: what each makes first in its working directory, where its data are. */
static const struct own_server_program {
	const char *engine, *name, *file;
} programs[] = {
	{"redis", "redis-server", NULL},  {"redis", "redis-check-rdb", NULL}, /* Debian's server is a link to it */
	{"redis", "valkey-server", NULL}, {"postgresql", "postgres", "PG_VERSION"},
	{"mysql", "mariadbd", "ibdata1"}, {"mysql", "mysqld", "ibdata1"},
};

/* --- the statement ------------------------------------------------------------------------------------------------ */

static bool own_server_is_contained(const struct effect *e, bool sql)
{
	if (!sql)
		return e->kind == EFFECT_SHUTDOWN && !strcmp(e->of, "server");
	return e->kind == EFFECT_DROP || e->kind == EFFECT_TRUNCATE || e->kind == EFFECT_DELETE ||
	       e->kind == EFFECT_UPDATE || e->kind == EFFECT_ALTER;
}

/* Has the statement effects, and are all of them inside the server? */
static bool own_server_contains(enum effect_engine engine, const char *statement, bool *some)
{
	struct effects e = {0};
	bool all = !effects_of_statement(engine, statement, &e);
	for (size_t i = 0; i < e.n; i++)
		all &= own_server_is_contained(&e.v[i], engine != EFFECT_REDIS);
	*some |= e.n > 0;
	effects_free(&e);
	return all;
}

struct own_server_text {
	enum effect_engine engine;
	bool some;
};

static int own_server_each(const struct sql_part *part, void *data)
{
	struct own_server_text *t = data;
	return part->kind == SQL_STATEMENT && own_server_contains(t->engine, part->blanked, &t->some) ? 0 : 1;
}

static bool own_server_reads(const struct gate_event *ev)
{
	int engine = ev->engine ? effect_engine_of(ev->engine) : -1;
	struct own_server_text t = {.engine = (enum effect_engine)engine};
	if (engine < 0 || !ev->text || ev->text_flags & GATE_TEXT_PART)
		return false;
	if (engine == EFFECT_REDIS)
		return own_server_contains(EFFECT_REDIS, ev->text, &t.some) && t.some;
	return (engine == EFFECT_POSTGRESQL || engine == EFFECT_MYSQL) &&
	       !sql_statements(engine == EFFECT_MYSQL ? SQL_MYSQL : SQL_POSTGRES, ev->text, ev->text_len,
			       own_server_each, &t) &&
	       t.some;
}

/* --- the server --------------------------------------------------------------------------------------------------- */

static const struct own_server_program *own_server_program(pid_t pid, const char *engine)
{
	char *exe = proc_link(pid, "exe");
	const char *slash = exe ? strrchr(exe, '/') : NULL;
	const struct own_server_program *found = NULL;
	for (size_t i = 0; slash && i < sizeof programs / sizeof *programs; i++)
		if (!strcmp(slash + 1, programs[i].name) && !strcmp(engine, programs[i].engine))
			found = &programs[i];
	free(exe);
	return found;
}

static bool own_server_is_younger(pid_t pid, const char *file, const struct timespec *session)
{
	char path[64];
	struct statx st;
	snprintf(path, sizeof path, "/proc/%d/cwd/%s", (int)pid, file);
	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &st) || !(st.stx_mask & STATX_BTIME))
		return false;
	return st.stx_btime.tv_sec > session->tv_sec ||
	       (st.stx_btime.tv_sec == session->tv_sec && st.stx_btime.tv_nsec > session->tv_nsec);
}

bool own_server_is_all(int server, const struct timespec *session, const struct gate_event *ev)
{
	if (!own_server_reads(ev))
		return false;
	pid_t pid = caller_find(server);
	const struct own_server_program *p = pid ? own_server_program(pid, ev->engine) : NULL;
	return p && (!p->file || own_server_is_younger(pid, p->file, session));
}
