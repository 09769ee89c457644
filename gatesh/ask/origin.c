/* SPDX-License-Identifier: BSD-2-Clause */
/* origin.c - names the processes between an agent and a command by what a person knows of them.  See origin.h. */
#include "ask/origin.h"

#include <stdio.h>
#include <string.h>

#include "ask/script_line.h"
#include "base/name.h"
#include "base/strbuf.h"

enum { ORIGIN_WORD = 80 }; /* bytes of a name */

static bool origin_is_one_of(const char *name, const char *const *names)
{
	while (*names && strncmp(name, *names, strlen(*names)) != 0)
		names++;
	return *names;
}

static void origin_put(struct strbuf *b, const char *text)
{
	strbuf_printf(b, "%s%.*s", b->len ? " > " : "", ORIGIN_WORD, text);
}

/* "make clean install": its goals.  The target that it is at is not to be seen from outside. */
static void origin_put_make(struct strbuf *b, char **argv, size_t n)
{
	origin_put(b, name_base(argv[0]));
	for (size_t i = 1; i < n; i++) {
		if (!strcmp(argv[i], "-C") || !strcmp(argv[i], "-f") || !strcmp(argv[i], "-I"))
			i++;
		else if (*argv[i] != '-' && !strchr(argv[i], '='))
			strbuf_printf(b, " %.*s", ORIGIN_WORD, argv[i]);
	}
}

/* "clean.py", "python3 -m build"; the interpreter alone if it runs a text. */
static void origin_put_interpreter(struct strbuf *b, char **argv, size_t n)
{
	size_t i = 1;
	while (i < n && *argv[i] == '-' && strcmp(argv[i], "-m") != 0 && strcmp(argv[i], "-c") != 0 &&
	       strcmp(argv[i], "-e") != 0)
		i++;
	if (i + 1 < n && !strcmp(argv[i], "-m")) {
		origin_put(b, name_base(argv[0]));
		strbuf_printf(b, " -m %.*s", ORIGIN_WORD, argv[i + 1]);
	} else {
		origin_put(b, name_base(argv[i < n && *argv[i] != '-' ? i : 0]));
	}
}

/* A shell that runs a script, "deploy.sh:8" or "deploy.sh", or that a person types into.  `line` is of its script, if that is known. */
static void origin_put_shell(struct strbuf *b, char **argv, size_t n, const struct script_line *line)
{
	size_t i = 1;
	while (i < n && (*argv[i] == '-' || *argv[i] == '+') && (argv[i][1] == '-' || !strchr(argv[i], 'c')))
		i++;
	if (line && line->line)
		strbuf_printf(b, "%s%s:%u", b->len ? " > " : "", line->name, line->line);
	else if (i >= n)
		origin_put(b, name_program(argv[0]));
	else if (*argv[i] != '-')
		origin_put(b, name_base(argv[i]));
}

/* A subshell is at the line of its parent. */
static bool origin_is_subshell(const struct origin *o, int at)
{
	size_t n, m;
	char **a = proc_argv(o->chain[at].pid, &n), **b = proc_argv(o->chain[at + 1].pid, &m);
	bool same = a && b && n == m && !strcmp(o->chain[at].comm, o->chain[at + 1].comm);
	for (size_t i = 0; same && i < n; i++)
		same = !strcmp(a[i], b[i]);
	proc_argv_free(a);
	proc_argv_free(b);
	return same;
}

/* The name of the program that the process chain[at] has started, behind its subshells. */
static const char *origin_started(const struct origin *o, int at)
{
	int by = at - 1;
	while (by > 0 && origin_is_subshell(o, by))
		by--;
	return o->chain[by].comm;
}

/* Append what the process chain[at] is.  The script line of a shell goes to *line. */
static void origin_put_process(struct strbuf *b, const struct origin *o, int at, struct script_line *line)
{
	static const char *const shells[] = {"sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", NULL};
	static const char *const interpreters[] = {"python", "node", "ruby", "perl", "bun", "deno", "php", NULL};
	size_t n;
	char **argv = proc_argv(o->chain[at].pid, &n);
	const char *name = n ? name_program(argv[0]) : o->chain[at].comm;
	*line = (struct script_line){.line = 0};
	if (n && origin_is_one_of(name, shells))
		origin_put_shell(b, argv, n,
				 script_line_find(o->chain[at].pid, origin_started(o, at), line) ? line : NULL);
	else if (n && (!strcmp(name, "make") || !strcmp(name, "gmake")))
		origin_put_make(b, argv, n);
	else if (n && (!strncmp(argv[0], "npm ", 4) || !strncmp(argv[0], "yarn ", 5) || !strncmp(argv[0], "pnpm ", 5)))
		origin_put(b, argv[0]); /* its title: "npm run build" */
	else if (n && origin_is_one_of(name, interpreters))
		origin_put_interpreter(b, argv, n);
	else
		origin_put(b, o->chain[at].comm);
	proc_argv_free(argv);
}

/* The agent's place in the chain: the outermost process that is not gatesh's own, unless it is known better. */
static int origin_agent_at(const struct origin *o)
{
	int at = o->n - 1;
	while (at > 0 && !strcmp(o->chain[at].comm, "gatesh"))
		at--;
	for (int i = 0; i < o->n && o->agent_pid; i++)
		if (o->chain[i].pid == o->agent_pid)
			return i;
	return at;
}

void origin_describe(const struct origin *o, char text[ORIGIN_MAX])
{
	cleanup_strbuf struct strbuf b = {0};
	struct script_line line = {.line = 0};
	int at = origin_agent_at(o);
	*text = '\0';
	if (o->n <= 0)
		return;
	bool script = at > 0 && script_line_find(o->chain[at].pid, origin_started(o, at), &line);
	if (o->agent || !script)
		origin_put(&b, o->agent ? o->agent : o->chain[at].comm);
	if (script) /* names itself: "deploy.sh:8" */
		origin_put_process(&b, o, at, &line);
	for (int i = at - 1; i > 0; i--)
		if (!origin_is_subshell(o, i))
			origin_put_process(&b, o, i, &line);
	if (at > 0 && *line.text)
		strbuf_printf(&b, " > %s", line.text);
	else if (at > 0)
		origin_put(&b, o->chain[0].comm);
	if (at > 0 && *line.unset)
		strbuf_printf(&b, " (%s is not set)", line.unset);
	snprintf(text, ORIGIN_MAX, "%s", b.s && !b.err ? b.s : "");
}
