/* shell.h - the commands of a shell text.  Internal to libgate. */
#ifndef GATE_SUBJECT_SHELL_SHELL_H
#define GATE_SUBJECT_SHELL_SHELL_H

#include <stddef.h>

#pragma GCC visibility push(default)

/* What a command of a shell text reads from its standard input, as far as the text tells. */
enum shell_input_kind {
	SHELL_INPUT_INHERITED = 0, /* what the whole text reads */
	SHELL_INPUT_TEXT,  /* `text` of `len` bytes: a here-string, what echo, printf or cat wrote into the pipe */
	SHELL_INPUT_FILE,  /* the file `text` */
	SHELL_INPUT_LATER, /* a here-document: return SHELL_READS_INPUT to be called again with SHELL_INPUT_TEXT */
	SHELL_INPUT_UNKNOWN,
};
struct shell_input {
	enum shell_input_kind kind;
	const char *text; /* NUL-terminated */
	size_t len;
};

/* One command that a shell text runs.  Borrowed for the length of the call. */
struct shell_command {
	const char *const *words;    /* quotes removed, no redirections, no assignments before it; NULL-terminated */
	size_t n;                    /* 0 only where there are outputs */
	const char *const *assigned; /* those assignments, quotes removed; NULL-terminated, or NULL */
	const char *const *outputs;  /* ">" or ">>" and a file, for each it opens to write; NULL-terminated, or NULL */
	struct shell_input input;
	const char *writer; /* the commands that write into its input by pipes, as a subject's text; or NULL */
};

/* What `each` is told with a command returns: 0; SHELL_READS_INPUT, when it wants to know the here-document of this
 * command; anything else ends the reading. */
typedef int shell_command_fn(const struct shell_command *command, void *data);
enum { SHELL_READS_INPUT = 1 };

/* Call `each` with every simple command of a shell text, those in substitutions, functions, branches and here-documents
 * too; text that is only an argument is never a command.  A variable that the text, or one before it in `vars`, gave a
 * value in plain words is expanded; with `vars` NULL none is, and no assignments and outputs are told.  Any other word
 * that can't be known before it runs ($x, a substitution) appears as its source text.  Unfinished text is judged as far
 * as it goes.
 * 0, what `each` ended it with, -ENOMEM, -E2BIG (nested too deeply).  shell.c. */
struct shell_vars;
int shell_commands(const char *text, size_t len, struct shell_vars *vars, shell_command_fn *each, void *data);

#pragma GCC visibility pop

#endif
