/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_command.c - command: and keyring: sources: their lines, and the programs behind them. */
#include "principal/secret_command.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "principal/secret_memory.h"
#include "principal/secret_run.h"
#include "principal/secret_source.h"
#include "util/program.h"

enum { COMMAND_WORDS_MAX = 64 };

struct secret_program {
	char *argv[COMMAND_WORDS_MAX + 1]; /* owned */
	size_t n;
	char path[PATH_MAX]; /* "": it was not found */
	struct stat file;    /* as it was then */
	char *environment;   /* secret_memory.h; NAME=VALUE, each with its NUL, then one more */
};

/* Append the next word of *at: up to a blank, but quotes hold one together.  Returns as secret_parse(). */
static const char *secret_command_word(struct secret_program *p, const char **at, const char *end)
{
	const char *s = *at;
	char quote = 0, *word = p->n < COMMAND_WORDS_MAX ? malloc((size_t)(end - s) + 1) : NULL;
	size_t n = 0;
	if (!word)
		return p->n < COMMAND_WORDS_MAX ? "" : "too many arguments";
	for (; s < end && (quote || (*s != ' ' && *s != '\t')); s++) {
		if (quote ? *s == quote : *s == '\'' || *s == '"')
			quote = quote ? 0 : *s;
		else
			word[n++] = *s;
	}
	word[n] = '\0';
	p->argv[p->n++] = word;
	*at = s;
	return quote ? "a quote without its end" : NULL;
}

static const char *secret_command_words(struct secret_program *p, const char *text, size_t n)
{
	const char *err = NULL, *end = text + n;
	while (!err && text < end) {
		if (*text == ' ' || *text == '\t')
			text++;
		else
			err = secret_command_word(p, &text, end);
	}
	return err;
}

const char *secret_command_parse(struct secret *s, const char *text, size_t n)
{
	s->program = calloc(1, sizeof *s->program);
	const char *err = s->program ? secret_command_words(s->program, text, n) : "";
	if (!err && (!s->program->n || !*s->program->argv[0]))
		err = "command: takes a program and its arguments";
	return err ? err : secret_source_keep(&s->from, s->program->argv[0], strlen(s->program->argv[0]));
}

/* ATTRIBUTE=VALUE to two arguments of secret-tool. */
static const char *secret_keyring_pair(struct secret_program *p, const char *pair)
{
	const char *equals = strchr(pair, '=');
	if (!equals || equals == pair || p->n + 2 > COMMAND_WORDS_MAX)
		return "keyring: takes ATTRIBUTE=VALUE, as `secret-tool lookup ATTRIBUTE VALUE`";
	p->argv[p->n++] = strndup(pair, (size_t)(equals - pair));
	p->argv[p->n++] = strdup(equals + 1);
	return p->argv[p->n - 1] && p->argv[p->n - 2] ? NULL : "";
}

/* libsecret's own program, because the library would bring GLib and its threads into gatesh. */
const char *secret_keyring_parse(struct secret *s, const char *text, size_t n)
{
	struct secret_program pairs = {0};
	const char *err = secret_command_words(&pairs, text, n);
	s->program = calloc(1, sizeof *s->program);
	if (!err && (!s->program || !(s->program->argv[0] = strdup("secret-tool")) ||
		     !(s->program->argv[1] = strdup("lookup"))))
		err = "";
	if (!err)
		s->program->n = 2;
	for (size_t i = 0; !err && i < pairs.n; i++)
		err = secret_keyring_pair(s->program, pairs.argv[i]);
	for (size_t i = 0; i < pairs.n; i++)
		free(pairs.argv[i]);
	return err ? err : secret_source_keep(&s->from, "secret-tool", 11);
}

/* --- the program -------------------------------------------------------------------------------------------------- */

static char *secret_program_environment(void)
{
	size_t size = 0, at = 0;
	for (char **v = environ; *v; v++)
		size += strlen(*v) + 1;
	char *block = secret_memory_room(size);
	for (char **v = environ; block && *v; v++) {
		if (!strncmp(*v, "LD_PRELOAD=", 11) || !strncmp(*v, "GATE_SESSION=", 13))
			continue; /* it is a program of gatesh's own, which is not gated */
		memcpy(block + at, *v, strlen(*v) + 1);
		at += strlen(*v) + 1;
	}
	return block;
}

int secret_program_take(struct secret_program *p)
{
	if (!program_find(p->argv[0], p->path, sizeof p->path) || stat(p->path, &p->file))
		p->path[0] = '\0';
	p->environment = secret_program_environment();
	return p->environment ? 0 : -ENOMEM;
}

void secret_program_lock(const struct secret_program *p)
{
	secret_memory_lock(p->environment);
}

void secret_program_free(struct secret_program *p)
{
	for (size_t i = 0; p && i < COMMAND_WORDS_MAX; i++)
		free(p->argv[i]);
	if (p)
		secret_memory_free(p->environment);
	free(p);
}

/* Did the session leave the file alone?  A process of the session may be able to write to it, and what it puts there would run
 * outside.  Nobody sets back the time of a change. */
static bool secret_program_is_same(const struct secret_program *p)
{
	struct stat now;
	return !stat(p->path, &now) && now.st_dev == p->file.st_dev && now.st_ino == p->file.st_ino &&
	       now.st_ctim.tv_sec == p->file.st_ctim.tv_sec && now.st_ctim.tv_nsec == p->file.st_ctim.tv_nsec;
}

int secret_command_fetch(const struct secret *s, struct secret_got *got)
{
	const struct secret_program *p = s->program;
	if (!p->path[0])
		return secret_source_fail(got, -ENOENT, "there is no program %s", p->argv[0]);
	if (!secret_program_is_same(p))
		return secret_source_fail(got, -EPERM, "%s has changed since the session started", p->path);
	got->value = secret_memory_room(SECRET_VALUE_MAX);
	if (!got->value)
		return secret_source_fail(got, -ENOMEM, "memory is out");
	int status = secret_run(p->path, p->argv, p->environment, got->value, SECRET_VALUE_MAX);
	if (status > 0)
		return secret_source_fail(got, -EIO, "%s failed with status %d", p->argv[0], status);
	if (status == -EFBIG)
		return secret_source_fail(got, status, "%s printed too much", p->argv[0]);
	if (status == -ETIMEDOUT)
		return secret_source_fail(got, status, "%s gave no answer within %d s", p->argv[0],
					  SECRET_RUN_MS / 1000);
	return status ? secret_source_fail(got, status, "%s can't be run: %s", p->argv[0], strerrordesc_np(-status)) :
			0;
}
