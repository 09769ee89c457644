/* companion_complete.c - completion at the companion's prompt: commands, questions, sessions, rules. */
#include "companion/companion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

static struct companion *console;

/* What can stand where the cursor is. */
static struct {
	char **v;
	size_t n, next;
} words;

static void add(const char *word)
{
	char **v = realloc(words.v, (words.n + 1) * sizeof *v);
	if (!v)
		return; /* one candidate less */
	words.v = v;
	words.v[words.n] = strdup(word);
	words.n += words.v[words.n] != NULL;
}

static void forget(void)
{
	for (size_t i = 0; i < words.n; i++)
		free(words.v[i]);
	free(words.v);
	words.v = NULL;
	words.n = words.next = 0;
}

static void add_questions(void)
{
	char text[64];
	for (const struct waiting *w = console->questions; w; w = w->next) {
		snprintf(text, sizeof text, "%u", w->number);
		add(text);
		snprintf(text, sizeof text, "%s.%u", w->link->id, w->id);
		add(text);
	}
}

static void add_sessions(void)
{
	for (const struct link *l = console->links; l; l = l->next)
		add(l->id);
}

static void add_rules(void)
{
	for (const char *const *id = companion_rules(); id && *id; id++)
		add(*id);
}

static void add_commands(void)
{
	for (const struct companion_command *k = companion_commands; k->name; k++)
		add(k->name);
}

static bool is_one_of(const char *name, const char *list)
{
	char padded[64];
	snprintf(padded, sizeof padded, " %s ", name);
	return strstr(list, padded);
}

/* The words for argument `n` of a command. */
static void add_arguments(const char *command, int n)
{
	if (is_one_of(command, " show why allow deny ") && n == 1)
		add_questions();
	else if (!strcmp(command, "allow") && n == 2)
		add("session");
	else if (is_one_of(command, " freeze thaw ") && n == 1)
		add_sessions();
	else if (!strcmp(command, "rules") && n == 1)
		add_rules();
	if (strcmp(command, "log"))
		return;
	add("allow");
	add("deny");
	add_sessions();
	add_rules();
}

static char *candidate(const char *text, int state)
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

static char **complete(const char *text, int start, int end)
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
		add_commands();
	else
		add_arguments(command, n);
	char **matches = rl_completion_matches(text, candidate);
	forget();
	return matches;
}

void complete_start(struct companion *c)
{
	console = c;
	rl_basic_word_break_characters = " \t";
	rl_attempted_completion_function = complete;
}
