/* SPDX-License-Identifier: BSD-2-Clause */
/* asker_environment.c - takes, describes and applies the variables that choose the target of an asker's command. */
#include "ask/asker_environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gate.h>

#include "base/name.h"
#include "base/strbuf.h"
#include "rules/target.h"
#include "util/proc.h"

enum { VALUE_SHOWN = 160 }; /* bytes of a value */

static bool environment_is_named(const char *string)
{
	size_t name = strcspn(string, "=");
	return string[name] && target_is_variable(string, name);
}

static void environment_take(struct strbuf *out, const char *string)
{
	if (environment_is_named(string))
		strbuf_put(out, string, strlen(string) + 1);
}

void asker_environment_read(struct asker_environment *e, pid_t pid, char *const *envp)
{
	cleanup_strbuf struct strbuf taken = {0};
	size_t len = 0;
	char *all = envp ? NULL : proc_environ(pid, &len, &e->err);
	for (; envp && *envp; envp++)
		environment_take(&taken, *envp);
	for (size_t i = 0; i < len; i += strlen(all + i) + 1)
		environment_take(&taken, all + i);
	free(all);
	e->read = true;
	if (!e->err)
		e->err = taken.err ? taken.err : taken.len > ASKER_ENVIRONMENT_MAX ? -E2BIG : 0;
	if (e->err)
		return;
	e->len = taken.len;
	e->block = taken.len ? strbuf_take(&taken) : NULL;
}

const char *asker_program(const struct gate_event *ev)
{
	if (ev->known)
		return name_base(ev->known);
	const char *called = ev->argc && ev->argv[0] ? name_program(ev->argv[0]) : "";
	return ev->exe && !target_tool(called) ? name_base(ev->exe) :
						 called; /* a script's argv[0] is its interpreter */
}

void asker_environment_free(struct asker_environment *e)
{
	free(e->block);
	*e = (struct asker_environment){0};
}

bool asker_environment_same(const struct asker_environment *a, const struct asker_environment *b)
{
	return a->err == b->err && a->len == b->len && (!a->len || !memcmp(a->block, b->block, a->len));
}

static const char *environment_value(const struct asker_environment *e, const char *name, size_t len)
{
	for (size_t i = 0; i < e->len; i += strlen(e->block + i) + 1)
		if (!strncmp(e->block + i, name, len) && e->block[i + len] == '=')
			return e->block + i + len + 1;
	return NULL;
}

/* Append a value; "postgres://ada:secret@db/shop" without its password. */
static void environment_put_value(struct strbuf *out, const char *value)
{
	const char *user = strstr(value, "://"), *at = user ? strrchr(user, '@') : NULL;
	const char *colon = at ? memchr(user + 3, ':', (size_t)(at - user - 3)) : NULL;
	size_t head = colon ? (size_t)(colon - value) + 1 : 0;
	strbuf_put(out, value, head);
	if (colon) {
		strbuf_puts(out, "…");
		value = at;
	}
	size_t n = strlen(value);
	strbuf_put(out, value, n < VALUE_SHOWN ? n : VALUE_SHOWN);
	if (n > VALUE_SHOWN)
		strbuf_puts(out, "…");
}

/* Append what is different about one variable, if anything is. */
static void environment_put_difference(struct strbuf *out, const char *name, size_t len, const char *theirs)
{
	char own_name[64];
	snprintf(own_name, sizeof own_name, "%.*s", (int)len, name);
	const char *own = getenv(own_name);
	if (own == theirs || (own && theirs && !strcmp(own, theirs)))
		return;
	strbuf_printf(out, "%s%s", out->len ? ", " : "", own_name);
	if (!theirs) {
		strbuf_puts(out, " is not set");
	} else if (target_variable_is_secret(name, len)) {
		strbuf_puts(out, "=…");
	} else {
		strbuf_putc(out, '=');
		environment_put_value(out, theirs);
	}
}

void asker_environment_describe(const struct asker_environment *e, const char *program, char *text, size_t size)
{
	cleanup_strbuf struct strbuf out = {0};
	const struct target_tool *tool = target_tool(program);
	const char *at = tool && e->read && !e->err ? tool->variables : NULL;
	if (tool && tool->variables && e->err)
		strbuf_puts(&out, "an environment that can't be read");
	for (; at && *at; at += strcspn(at, " "), at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		environment_put_difference(&out, at, len, environment_value(e, at, len));
	}
	snprintf(text, size, "%s", out.s && !out.err ? out.s : "");
}

char **asker_environment_apply(const struct asker_environment *e, char *const *base)
{
	size_t n = 0, k = 0;
	while (base[n])
		n++;
	for (size_t i = 0; i < e->len; i += strlen(e->block + i) + 1)
		n++;
	char **envp = calloc(n + 1, sizeof *envp);
	if (!envp)
		return NULL;
	for (; *base; base++)
		if (!environment_is_named(*base))
			envp[k++] = *base;
	for (size_t i = 0; i < e->len; i += strlen(e->block + i) + 1)
		envp[k++] = e->block + i;
	return envp;
}
