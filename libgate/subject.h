/* subject.h - from an exec event to the texts that rules judge: gate.rules(5), "The subject".  Internal to libgate. */
#ifndef GATE_SUBJECT_H
#define GATE_SUBJECT_H

#include <gate.h>

#pragma GCC visibility push(default)

/* One command, as it would be judged. */
struct subject {
	char *program; /* base name: "git", "aws", "rails" */
	char *text;    /* argv joined by one blank, argv[0] as its base name, words quoted, control characters visible */
};

/* Owned list; zero-initialise. */
struct subjects {
	struct subject *v;
	size_t n;
};

/* All subjects of an exec event, outermost first, without doubles: argv under AT_EXECFN's base name (a script under its
 * own name; a login shell without its dash), under argv[0]'s when that differs, an interpreter's first operand or -m
 * module; then what peel_wrappers() finds.  event->shell_text is split into its commands instead.
 * 0, -ENOMEM, -E2BIG (more than SUBJECTS_MAX: the event is refused, not judged in part). */
int subjects_of_exec(const struct gate_event *event, struct subjects *out);
void subjects_free(struct subjects *s);

enum { SUBJECTS_MAX = 4096 };

/* Append one command (program = base name of words[0]). */
int subjects_add(struct subjects *out, const char *const *words, size_t n);

/* The place of wrappers (sudo, env, xargs, sh -c, ...): append the commands that `words` would run.  peel.c. */
int peel_wrappers(const char *const *words, size_t n, unsigned depth, struct subjects *out);

/* Split shell text at command positions (quotes, substitutions, here-documents, comments, functions, case, redirections are
 * known), call `each` with the words of every simple command, quotes removed; text that is only an argument is never a
 * command.  A word that can't be known (a substitution) appears as its text.  0 or what `each` returned.  shelltext.c. */
int shelltext_commands(const char *text, size_t len,
		       int (*each)(const char *const *words, size_t n, void *data), void *data);

#pragma GCC visibility pop

#endif
