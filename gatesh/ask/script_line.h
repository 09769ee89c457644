/* SPDX-License-Identifier: BSD-2-Clause */
/* script_line.h - finds the line of a script that a shell is at, in /proc and the script's text, for a person to read.  Both belong to
 * the session's programs: nothing is decided by them. */
#ifndef GATESH_ASK_SCRIPT_LINE_H
#define GATESH_ASK_SCRIPT_LINE_H

#include <stdbool.h>
#include <sys/types.h>

struct script_line {
	char name[64];  /* the script's base name */
	unsigned line;  /* 0: not known */
	char text[256]; /* the line without its indentation, as it is in the file; "": not known */
	char unset
		[64]; /* a variable in it that neither the environment of the shell nor the script sets; "": none is known */
};

/* Find the line that bash is at: its script is open as descriptor 255, which it moves behind each command that it starts.  A compound command
 * is read as a whole: then the last line of it that has `word`, the name of the program that was started, is meant.  False: it is not
 * bash, or it runs no script. */
bool script_line_find(pid_t pid, const char *word, struct script_line *out);

#endif
