/* SPDX-License-Identifier: BSD-2-Clause */
/* confirm.c - asks for a word at the terminal.  See confirm.h. */
#include "util/confirm.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "util/exit.h"
#include "util/table.h"
#include "util/usage.h"

int confirm_answer(const char *word)
{
	char line[64] = "";
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		putchar('\n');
	line[strcspn(line, "\n")] = '\0';
	if (!strcmp(word, "y") ? *line == 'y' || *line == 'Y' : !strcmp(line, word))
		return 0;
	puts("Nothing was done.");
	return EXIT_DENY;
}

int confirm_word(const char *command, const char *question, const char *word)
{
	if (!isatty(STDIN_FILENO))
		return usage_error(command, "no terminal to ask on");
	if (table_text(question, stdout))
		return EXIT_SOFTWARE;
	tcflush(STDIN_FILENO, TCIFLUSH); /* before the question: a person may be quick */
	printf("Type %s to go on: ", word);
	return confirm_answer(word);
}
