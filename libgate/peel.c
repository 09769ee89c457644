/* peel.c - the commands that a command starts. */
#include "peel.h"

#include <errno.h>
#include <string.h>

int peel_command(struct peel *p, const char *const *words, size_t n)
{
	return subjects_add(p->out, words, n);
}

static int each_command(const struct shell_command *command, void *data)
{
	return peel_command(data, command->words, command->n);
}

int peel_text(struct peel *p, const char *text)
{
	return shelltext_commands(text, strlen(text), each_command, p);
}
