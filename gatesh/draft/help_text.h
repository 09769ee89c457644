/* SPDX-License-Identifier: BSD-2-Clause */
/* help_text.h - the options and verbs that a tool's help names: what getopt, argparse, click, cobra, git, apt and ip print. */
#ifndef GATESH_DRAFT_HELP_TEXT_H
#define GATESH_DRAFT_HELP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Owned; zero-initialize.  The words are as gate.rules(5) writes them. */
struct help_list {
	char **v;
	size_t n;
};
struct help_text {
	struct help_list options; /* -n|--name: */
	struct help_list verbs;   /* remove|rm */
	size_t left_out;          /* options that could not be read */
};

/* Read a help text, which may be anything.  Returns 0 or -ENOMEM.  Call help_text_free() in both cases. */
int help_text_read(const char *text, struct help_text *out);
void help_text_free(struct help_text *h);

/* Is the word in the list? */
bool help_list_has(const struct help_list *l, const char *word);

#endif
