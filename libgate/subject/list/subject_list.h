/* SPDX-License-Identifier: BSD-2-Clause */
/* subject_list.h - subjects, the texts that rules judge, and lists of them.  See "The subject" in gate.rules(5).
 * Internal to libgate. */
#ifndef GATE_SUBJECT_LIST_SUBJECT_LIST_H
#define GATE_SUBJECT_LIST_SUBJECT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

enum subject_content { SUBJECT_COMMAND = 0, SUBJECT_SQL, SUBJECT_LINES };

/* One command, or one statement or line that a command is given to read, in the form in which rules judge it. */
struct subject {
	char *program; /* base name: "git", "aws", "rails" */
	char *text; /* argv joined by single blanks: argv[0] as base name, words quoted, control characters escaped */
	/* The text that patterns match: with a blank for each newline, tab and similar character in a word, so that
	 * `drop\s+table` matches a statement on two lines; NULL if it equals the text.  In a statement, '' replaces
	 * every string. */
	char *plain;
	enum subject_content content;
	const char *engine; /* of a statement: "postgresql"; NULL: it is none.  Static storage. */
	bool unknown;       /* of this content kind, but the content is unknown */
	bool elsewhere;     /* the command is for another machine, container or root directory */
	bool as_other;      /* it runs as another user, with that user's settings and environment (sudo) */
};

/* Owned list; zero-initialize. */
struct subjects {
	struct subject *v;
	size_t n;
};

enum { SUBJECTS_MAX = 4096 };

void subjects_free(struct subjects *s);

/* A program's input becomes a subject only where a rule needs it.  If `s` has only program and content: does any rule
 * need such content of this program?  With a text: does a rule want this one? */
struct subject_wish {
	bool (*wants)(const struct subject *s, void *data);
	void *data;
};

/* Fill in the strings of *s from a statement.  Returns 0 or -ENOMEM.  Call subject_free() in both cases. */
int subject_of_text(struct subject *s, const char *program, const char *text, const char *plain);
void subject_free(struct subject *s);

/* Append *s unless the list already has it.  *s is taken or freed.  Returns 0, -ENOMEM or -E2BIG. */
int subjects_take(struct subjects *out, struct subject *s);

/* Append the words as in a subject's text, separated by blanks. */
struct strbuf;
void subject_put_words(struct strbuf *out, const char *const *words, size_t n);

/* Append one command unless the list already has it.  Returns 0, -ENOMEM or -E2BIG. */
int subjects_add(struct subjects *out, const char *const *words, size_t n, bool elsewhere);

#pragma GCC visibility pop

#endif
