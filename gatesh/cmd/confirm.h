/* SPDX-License-Identifier: BSD-2-Clause */
/* confirm.h - asks for a word at the terminal, before an order that concerns a whole session. */
#ifndef GATESH_CMD_CONFIRM_H
#define GATESH_CMD_CONFIRM_H

/* Print `question` (escaped) and wait for a line with `word` on stdin, which must be a terminal.  Keys typed before the
 * question are discarded.  Returns 0, EXIT_DENY for any other line after saying "nothing was done", or EXIT_USAGE without
 * a terminal, after saying so. */
int confirm_word(const char *command, const char *question, const char *word);

#endif
