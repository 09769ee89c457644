/* subject.h - from an exec event to the texts that rules judge: gate.rules(5), "The subject".  Internal to libgate. */
#ifndef GATE_SUBJECT_SUBJECT_H
#define GATE_SUBJECT_SUBJECT_H

#include <stdbool.h>

#include <gate.h>

#pragma GCC visibility push(default)

enum subject_content { SUBJECT_COMMAND = 0, SUBJECT_SQL, SUBJECT_LINES };

/* One command, or one statement or line that a command is given to read, as it would be judged. */
struct subject {
	char *program; /* base name: "git", "aws", "rails" */
	char *text;    /* argv joined by one blank, argv[0] as its base name, words quoted, controls visible */
	char *plain;   /* what patterns see: the text with a blank for each newline, tab and the like in a word, so that
	                * `drop\s+table` meets a statement over two lines; NULL when that is the text itself.
	                * Of a statement: with '' for its strings */
	enum subject_content content;
	bool unknown; /* of that kind, but nobody knows what */
	bool elsewhere; /* the command is for another machine, container or root directory */
};

/* Owned list; zero-initialise. */
struct subjects {
	struct subject *v;
	size_t n;
};

/* All subjects of an exec event, outermost first, without doubles: argv under AT_EXECFN's base name (a script under
 * its own name; a login shell without its dash), under argv[0]'s when that differs, an interpreter's first operand or
 * -m module; then what wrappers start (wrapper.c).  event->shell_text is split into its commands instead.
 *
 * A live event (pid != 0) leaves `local` wrappers alone: what sh -c, env, xargs or timeout start passes the gate as an
 * exec of its own, and a branch of a script that never runs must not ask.  Only an `away` wrapper (ssh, docker exec,
 * sudo: what it starts has no gate) is peeled then, and everything inside it.  Without a process all of them are.
 *
 * 0, -ENOMEM, -E2BIG (over SUBJECTS_MAX subjects or too deeply nested: the event is refused, not judged in part). */
int subjects_of_exec(const struct gate_event *event, struct subjects *out);
void subjects_free(struct subjects *s);

enum { SUBJECTS_MAX = 4096 };

/* What programs read is a subject only where a rule asks for it.  `s` has only program and content: does any rule ask
 * for such content of this program?  With a text: does a rule want this one? */
struct subject_wish {
	bool (*wants)(const struct subject *s, void *data);
	void *data;
};

/* The same with the statements in what the programs read.  ruleset_subjects() calls it. */
int subjects_with_content(const struct gate_event *event, const struct subject_wish *wish, struct subjects *out);

/* Fill in the strings of *s from a statement.  0 or -ENOMEM; subject_free() in both cases. */
int subject_of_text(struct subject *s, const char *program, const char *text, const char *plain);
void subject_free(struct subject *s);

/* Append *s unless it is there already; taken or freed.  0, -ENOMEM, -E2BIG. */
int subjects_take(struct subjects *out, struct subject *s);

/* The name a program is judged by: the base name of argv[0], without a login shell's dash.  Points into `word`. */
const char *subject_program(const char *word);

/* The words as a subject's text has them, parted by blanks. */
struct strbuf;
void subject_put_words(struct strbuf *out, const char *const *words, size_t n);

/* Append one command unless it is there already.
 * 0, -ENOMEM, -E2BIG. */
int subjects_add(struct subjects *out, const char *const *words, size_t n, bool elsewhere);

/* What a command of a shell text reads from its standard input, as far as the text tells. */
enum shell_input_kind {
	SHELL_INPUT_INHERITED = 0, /* what the whole text reads */
	SHELL_INPUT_TEXT,          /* `text` of `len` bytes: a here-string, what echo, printf or cat wrote into the pipe */
	SHELL_INPUT_FILE,          /* the file `text` */
	SHELL_INPUT_LATER,         /* a here-document: return SHELL_READS_INPUT to be called again with SHELL_INPUT_TEXT */
	SHELL_INPUT_UNKNOWN,
};
struct shell_input {
	enum shell_input_kind kind;
	const char *text; /* NUL-terminated */
	size_t len;
};

/* One command that a shell text runs.  Borrowed for the length of the call. */
struct shell_command {
	const char *const *words; /* quotes removed, no redirections, no assignments before it; NULL-terminated */
	size_t n;                 /* 0 only where there are outputs */
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
int shelltext_commands(const char *text, size_t len, struct shell_vars *vars, shell_command_fn *each, void *data);

#pragma GCC visibility pop

#endif
