/* subject_list.h - subjects: the texts that rules judge, and lists of them.  gate.rules(5), "The subject".  Internal to
 * libgate. */
#ifndef GATE_SUBJECT_LIST_SUBJECT_LIST_H
#define GATE_SUBJECT_LIST_SUBJECT_LIST_H

#include <stdbool.h>
#include <stddef.h>

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
	bool unknown;   /* of that kind, but nobody knows what */
	bool elsewhere; /* the command is for another machine, container or root directory */
};

/* Owned list; zero-initialise. */
struct subjects {
	struct subject *v;
	size_t n;
};

enum { SUBJECTS_MAX = 4096 };

void subjects_free(struct subjects *s);

/* What programs read is a subject only where a rule asks for it.  `s` has only program and content: does any rule ask
 * for such content of this program?  With a text: does a rule want this one? */
struct subject_wish {
	bool (*wants)(const struct subject *s, void *data);
	void *data;
};

/* Fill in the strings of *s from a statement.  0 or -ENOMEM; subject_free() in both cases. */
int subject_of_text(struct subject *s, const char *program, const char *text, const char *plain);
void subject_free(struct subject *s);

/* Append *s unless it is there already; taken or freed.  0, -ENOMEM, -E2BIG. */
int subjects_take(struct subjects *out, struct subject *s);

/* The words as a subject's text has them, parted by blanks. */
struct strbuf;
void subject_put_words(struct strbuf *out, const char *const *words, size_t n);

/* Append one command unless it is there already.
 * 0, -ENOMEM, -E2BIG. */
int subjects_add(struct subjects *out, const char *const *words, size_t n, bool elsewhere);

#pragma GCC visibility pop

#endif
