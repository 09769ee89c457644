/* SPDX-License-Identifier: BSD-2-Clause */
/* confirm.h - asks at the terminal before an order that can't be taken back, or that concerns a whole session. */
#ifndef GATESH_UTIL_CONFIRM_H
#define GATESH_UTIL_CONFIRM_H

/* Print `question` (escaped) and wait for a line with `word` on stdin, which must be a terminal.  Keys typed before the
 * question are discarded.  Returns 0, EXIT_DENY for any other line after saying "nothing was done", or EXIT_USAGE without
 * a terminal, after saying so. */
int confirm_word(const char *command, const char *question, const char *word);

/* Read the answer to a question that is printed: a line that is `word`, or, for "y", that begins with y or Y.  Returns 0, or
 * EXIT_DENY after saying "Nothing was done." */
int confirm_answer(const char *word);

#endif
