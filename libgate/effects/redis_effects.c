/* SPDX-License-Identifier: BSD-2-Clause */
/* redis_effects.c - the effects of a Redis command, which is given as redis-cli takes it. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "effects/effects_internal.h"

static const struct command {
	const char *name, *second; /* second: the subcommands; NULL: any */
	enum effect_kind kind;
	const char *of;
} commands[] = {
	{"flushall", NULL, EFFECT_FLUSH, "database"},
	{"flushdb", NULL, EFFECT_FLUSH, "database"},
	{"swapdb", NULL, EFFECT_FLUSH, "database"},
	{"script", "flush", EFFECT_FLUSH, "script"},
	{"function", "flush delete restore", EFFECT_FLUSH, "script"},
	{"cluster", "reset flushslots", EFFECT_FLUSH, "server"},
	{"cluster", "forget failover delslots delslotsrange", EFFECT_CONFIG, "server"},
	{"config", "set", EFFECT_CONFIG, "setting"},
	{"config", "rewrite resetstat", EFFECT_CONFIG, "server"},
	{"failover", NULL, EFFECT_CONFIG, "server"},
	{"sentinel", "remove reset failover set", EFFECT_CONFIG, "server"},
	{"shutdown", NULL, EFFECT_SHUTDOWN, "server"},
	{"debug", "segfault panic restart crash-and-recover reload sleep oom flushall", EFFECT_SHUTDOWN, "server"},
	{"client", "kill", EFFECT_SHUTDOWN, "session"},
	{"acl", "setuser", EFFECT_GRANT, "user"},
	{"acl", "deluser", EFFECT_DROP, "user"},
	{"module", "load loadex", EFFECT_EVAL, "library"},
	{"module", "unload", EFFECT_DROP, "library"},
	{"ft.dropindex", NULL, EFFECT_DROP, "index"},
	{"ft.drop", NULL, EFFECT_DROP, "index"},
	{"graph.delete", NULL, EFFECT_DROP, "key"},
	{"eval", NULL, EFFECT_EVAL, "script"},
	{"evalsha", NULL, EFFECT_EVAL, "script"},
	{"fcall", NULL, EFFECT_EVAL, "script"},
};

/* Read the next word at *s: plain, or in double quotes with escapes, or in single ones. */
static bool redis_word(const char **s, struct strbuf *word)
{
	const char *p = *s + strspn(*s, " \t\r\n");
	char quote = *p == '"' || *p == '\'' ? *p : '\0';
	word->len = 0;
	if (!*p)
		return false;
	for (p += quote != '\0'; *p && (quote ? *p != quote : !strchr(" \t\r\n", *p)); p++) {
		if (quote == '"' && *p == '\\' && p[1] == 'x' && isxdigit((unsigned char)p[2]) &&
		    isxdigit((unsigned char)p[3])) {
			strbuf_put(word, p, 4);
			p += 3;
		} else {
			p += quote && *p == '\\' && p[1];
			strbuf_putc(word, *p);
		}
	}
	*s = *p && quote ? p + 1 : p;
	strbuf_put(word, "", 0);
	return !word->err;
}

static bool redis_is(const struct strbuf *word, const char *name, size_t n)
{
	return word->len == n && !strncasecmp(word->s ? word->s : "", name, n);
}

static bool redis_is_one(const struct strbuf *word, const char *names)
{
	for (const char *p = names; *p; p += strcspn(p, " "), p += *p == ' ')
		if (redis_is(word, p, strcspn(p, " ")))
			return true;
	return false;
}

static void redis_delete(const char *rest, struct effects *out)
{
	cleanup_strbuf struct strbuf key = {0};
	while (redis_word(&rest, &key) && out->n < EFFECTS_MAX)
		effect_add(out, EFFECT_DELETE, "key", key.len ? key.s : "", key.len, EFFECT_SOME_ROWS);
}

/* The procedures that a script calls, as far as its text names them. */
static void redis_script(const char *text, struct effects *out)
{
	if (strcasestr(text, "flushall") || strcasestr(text, "flushdb"))
		effect_add(out, EFFECT_FLUSH, "database", "", 0, EFFECT_ALL_ROWS);
	if (strcasestr(text, "'del'") || strcasestr(text, "\"del\"") || strcasestr(text, "unlink"))
		effect_add(out, EFFECT_DELETE, "key", "", 0, EFFECT_TRIVIAL);
}

/* What effects_of_redis() knows by more than its table. */
static const char *const redis_others[] = {"del", "unlink", "getdel", "replicaof", "slaveof"};

bool effects_redis_is_harmless(const char *word, size_t n)
{
	const struct strbuf name = {.s = (char *)word, .len = n};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (redis_is(&name, commands[i].name, strlen(commands[i].name)))
			return false;
	for (size_t i = 0; i < sizeof redis_others / sizeof *redis_others; i++)
		if (redis_is(&name, redis_others[i], strlen(redis_others[i])))
			return false;
	return n && word[0] != '"' && word[0] != '\'';
}

int effects_of_redis(const char *command, struct effects *out)
{
	cleanup_strbuf struct strbuf name = {0}, second = {0}, third = {0};
	const char *rest = command, *behind;
	if (!redis_word(&rest, &name))
		return name.err;
	behind = rest;
	redis_word(&behind, &second);
	redis_word(&behind, &third);
	if (redis_is_one(&name, "del unlink getdel"))
		redis_delete(rest, out);
	if (redis_is_one(&name, "replicaof slaveof") && !redis_is_one(&second, "no"))
		effect_add(out, EFFECT_FLUSH, "database", "", 0, EFFECT_ALL_ROWS);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const struct command *c = &commands[i];
		if (!redis_is(&name, c->name, strlen(c->name)) || (c->second && !redis_is_one(&second, c->second)))
			continue;
		const struct strbuf *object = !c->second && c->kind == EFFECT_DROP ? &second : &third;
		bool named = (c->kind == EFFECT_DROP || c->second) && object->len;
		effect_add(out, c->kind, c->of, named ? object->s : "", named ? object->len : 0, EFFECT_ALL_ROWS);
		if (c->kind == EFFECT_EVAL && second.len)
			redis_script(second.s, out);
	}
	return name.err ? name.err : second.err ? second.err : out->err;
}
