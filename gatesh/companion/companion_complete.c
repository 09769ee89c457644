/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_complete.c - completes commands, questions, sessions and rules at the companion's prompt. */
#include "companion/companion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "front/front_proto.h"

static struct companion *console;

/* The candidates for the word at the cursor. */
static struct {
	char **v;
	size_t n, next;
} words;

static void complete_add(const char *word)
{
	char **v = realloc(words.v, (words.n + 1) * sizeof *v);
	if (!v)
		return; /* no memory: one candidate fewer */
	words.v = v;
	words.v[words.n] = strdup(word);
	words.n += words.v[words.n] != NULL;
}

static void complete_forget(void)
{
	for (size_t i = 0; i < words.n; i++)
		free(words.v[i]);
	free(words.v);
	words.v = NULL;
	words.n = words.next = 0;
}

static void complete_add_questions(void)
{
	char text[64];
	for (const struct waiting *w = console->questions; w; w = w->next) {
		snprintf(text, sizeof text, "%u", w->number);
		complete_add(text);
		snprintf(text, sizeof text, "%s.%u", w->link->id, w->id);
		complete_add(text);
	}
}

static void complete_add_sessions(void)
{
	for (const struct link *l = console->links; l; l = l->next)
		complete_add(l->id);
}

static void complete_add_rules(void)
{
	for (const char *const *id = companion_rules(); id && *id; id++)
		complete_add(*id);
}

static void complete_add_commands(void)
{
	for (const struct companion_command *k = companion_commands; k->name; k++)
		complete_add(k->name);
}

static bool complete_is_one_of(const char *name, const char *list)
{
	char padded[64];
	snprintf(padded, sizeof padded, " %s ", name);
	return strstr(list, padded);
}

/* Add the candidates for argument `n` of a command. */
static void complete_add_arguments(const char *command, int n)
{
	if (complete_is_one_of(command, " show why allow deny ") && n == 1)
		complete_add_questions();
	else if (!strcmp(command, "allow") && n == 2)
		complete_add("session");
	else if (complete_is_one_of(command, " freeze thaw pause resume end ") && n == 1)
		complete_add_sessions();
	else if (!strcmp(command, "pause") && n == 2)
		complete_add(FRONT_PAUSE_DEFAULT);
	else if (!strcmp(command, "rules") && n == 1)
		complete_add_rules();
	if (strcmp(command, "log"))
		return;
	complete_add("allow");
	complete_add("deny");
	complete_add_sessions();
	complete_add_rules();
}

static char *complete_candidate(const char *text, int state)
{
	size_t len = strlen(text);
	if (!state)
		words.next = 0;
	while (words.next < words.n) {
		const char *word = words.v[words.next++];
		if (!strncmp(word, text, len))
			return strdup(word);
	}
	return NULL;
}

static char **complete_complete(const char *text, int start, int end)
{
	char command[32] = "";
	int n = 0;
	for (const char *s = rl_line_buffer; s < rl_line_buffer + start;) {
		s += strspn(s, " \t");
		size_t len = strcspn(s, " \t");
		if (s >= rl_line_buffer + start || !len)
			break;
		if (!n++)
			snprintf(command, sizeof command, "%.*s", (int)len, s);
		s += len;
	}
	rl_attempted_completion_over = 1; /* never file names */
	if (!n)
		complete_add_commands();
	else
		complete_add_arguments(command, n);
	char **matches = rl_completion_matches(text, complete_candidate);
	complete_forget();
	return matches;
}

void complete_start(struct companion *c)
{
	console = c;
	rl_basic_word_break_characters = " \t";
	rl_attempted_completion_function = complete_complete;
}
