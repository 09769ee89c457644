/* SPDX-License-Identifier: BSD-2-Clause */
/* shell.h - the commands of a shell text.  Internal to libgate. */
#ifndef GATE_SUBJECT_SHELL_SHELL_H
#define GATE_SUBJECT_SHELL_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/* The standard input of a command, as far as the shell text determines it. */
enum shell_input_kind {
	SHELL_INPUT_INHERITED = 0, /* the input of the whole text */
	SHELL_INPUT_TEXT, /* `text` of `len` bytes: a here-string, or the output of echo, printf, find, cat or base64 -d */
	SHELL_INPUT_FILE,    /* the file `text` */
	SHELL_INPUT_LATER,   /* a here-document: return SHELL_READS_INPUT to be called again with SHELL_INPUT_TEXT */
	SHELL_INPUT_UNKNOWN, /* `text` is the part that is known */
};
struct shell_input {
	enum shell_input_kind kind;
	const char *text; /* NUL-terminated */
	size_t len;
};

/* One command that a shell text runs.  Borrowed for the duration of the callback. */
struct shell_command {
	const char *const *words;    /* quotes, redirections and leading assignments removed; NULL-terminated */
	size_t n;                    /* 0 only if there are outputs */
	const char *const *assigned; /* those assignments, quotes removed; NULL-terminated, or NULL */
	const char *const *outputs;  /* ">" or ">>" and a file, for each it writes; NULL-terminated, or NULL */
	struct shell_input input;
	/* The commands that write into its input, by pipes or a substitution: a text for each, like a subject's; NULL-terminated,
	 * or NULL. */
	const char *const *writers;
};

/* The callback for a command.  Returns 0, or SHELL_READS_INPUT to receive the here-document of this command.  Any other
 * value ends the reading. */
typedef int shell_command_fn(const struct shell_command *command, void *data);
enum { SHELL_READS_INPUT = 1 };

/* Call `each` with every simple command of a shell text, including those in substitutions, functions, branches and
 * here-documents.  Text that is only an argument is never a command.  A variable is expanded if this text, or an
 * earlier one with the same `vars`, assigned it in plain words.  With `vars` NULL, no variable is expanded, and no
 * assignments and outputs are reported.  Any other word that can't be known before it runs ($x, a substitution) appears
 * as its source text.  Unfinished text is judged as far as it goes.  Returns 0, the value with which `each` ended it,
 * -ENOMEM or -E2BIG (nested too deeply).  Defined in shell.c. */
struct shell_vars;
int shell_commands(const char *text, size_t len, struct shell_vars *vars, shell_command_fn *each, void *data);

/* Has the text defined a function of this name so far?  Defined in shell_vars.c. */
bool shell_is_function(struct shell_vars *vars, const char *name);

/* If the whole text is `$(cat <<WORD` with a here-document, return the document's body, of *len bytes: sh -c "$(cat <<X ...
 * X)" runs it.  Otherwise NULL.  Defined in shell_here.c. */
const char *shell_here_whole(const char *text, size_t *len);

#pragma GCC visibility pop

#endif
