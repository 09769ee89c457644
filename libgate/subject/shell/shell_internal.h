/* SPDX-License-Identifier: BSD-2-Clause */
/* shell_internal.h - declarations that the readers of shell words and of shell commands share.  Private to
 * libgate/subject/shell. */
#ifndef GATE_SUBJECT_SHELL_SHELL_INTERNAL_H
#define GATE_SUBJECT_SHELL_SHELL_INTERNAL_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "subject/list/subject_list.h"
#include "subject/shell/shell.h"
#include "subject/shell/shell_var_table.h"

enum { SHELL_DEPTH_MAX = 100 }; /* nested substitutions, subshells and backticks */

/* What writes into an input or an output: pipelines, as far as their words show.  NULL-terminated when not NULL. */
struct shell_writers {
	char **v;
	size_t n;
};

/* A here-document whose body has not been read yet. */
struct here_doc {
	char *delimiter;
	char **words; /* of the command that needs the body, NULL-terminated; or NULL */
	bool strip;   /* <<-: tabs at the beginning of each line don't count */
	bool quoted;  /* the body is verbatim */
	bool taken;   /* its command is complete */
};

/* A text being read. */
struct shell {
	const char *s;
	size_t len, pos;
	unsigned depth;
	shell_command_fn *each;
	void *data;
	struct shell_vars *vars; /* borrowed, or NULL */
	struct here_doc *docs;
	size_t ndocs;
	/* The text that the subshell or substitution that ended last writes: ... */
	struct shell_writers said; /* ... the commands whose output is not known */
	struct strbuf spoken;      /* ... the text of the others */
};

/* A word as the command would receive it. */
enum { SHELL_GAPS_MAX = 32 };
struct shell_word {
	struct strbuf text;
	bool quoted;   /* part of it was quoted: it is not a reserved word */
	bool argument; /* set by the caller: no function definition begins here, `(` belongs to the word */
	struct {
		size_t from, to;
	} gaps[SHELL_GAPS_MAX]; /* blanks from a variable: as an argument, the word splits at them */
	size_t ngaps;
};

enum { SHELL_OPENED_MAX = 16 };

/* The simple command being read, and the grammar state of the list that contains it. */
struct shell_list {
	char **words; /* NULL-terminated when not NULL */
	size_t n;
	char **assigned; /* NAME=VALUE before the words; likewise */
	size_t nassigned;
	char **outputs; /* likewise: the operator and the file of each redirection that writes */
	size_t noutputs;
	unsigned cases;               /* open `case`s in this list */
	bool pattern;                 /* a case pattern comes next */
	enum shell_input_kind input;  /* of the command ... */
	struct strbuf text;           /* ... the bytes of SHELL_INPUT_TEXT or the file name of SHELL_INPUT_FILE */
	struct shell_writers writers; /* what writes into it */
	struct shell_writers said;    /* what the list has written so far, as in struct shell */
	struct strbuf spoken;
	size_t opened[SHELL_OPENED_MAX];        /* said.n at each compound command that is open: { if while for case */
	size_t spoken_opened[SHELL_OPENED_MAX]; /* and spoken.len */
	unsigned nopened;
	size_t closed, spoken_closed; /* where the one began that ended just now; else the ends */
	bool subshell;                /* a subshell stands in place of words */
	bool piped;                   /* the command reads from a pipe */
	bool begun;                   /* the command has redirections or assignments: no reserved word can follow */
	size_t docs;                  /* the first here-document of the command, in sh->docs */
};

/* All of these return 0, a negative errno, or the return value of `each`, and continue from sh->pos. */

/* Read one word, up to an unquoted blank or operator; the word is empty if pos is at one.  Commands in its
 * substitutions are reported.  Defined in shell_word.c. */
int shell_read_word(struct shell *sh, struct shell_word *w);

/* Expand the variable at pos.  Its value is appended to `out`; with `w`, to the word, with the blanks at which it
 * splits.  Returns false and takes nothing if the value is unknown.  Defined in shell_vars.c. */
bool shell_expand_variable(struct shell *sh, struct strbuf *out, struct shell_word *w);

/* Apply the changes that a completed builtin makes to variables (export, unset, read).  Returns 0 or -ENOMEM.  Defined
 * in shell_vars.c. */
int shell_builtin_variables(struct shell *sh, const struct shell_list *l);

/* Remember that the text defines a function, for shell_is_function(). */
int shell_define_function(struct shell *sh, const char *name);

/* Call sh->each with the command in the environment of its assignments.  Without words, the assignments last. */
int shell_tell(struct shell *sh, const struct shell_list *l, const struct shell_command *command);

/* Expand the braces of a word into words, as source text; none when there is nothing to expand.  At most
 * SHELL_BRACES_MAX words are produced.  Returns 0 or -ENOMEM.  Call shell_braces_free() in both cases.  Defined in
 * shell_brace.c. */
enum { SHELL_BRACES_MAX = 64 };
struct shell_braces {
	char *words[SHELL_BRACES_MAX];
	size_t n;
};
int shell_expand_braces(const char *s, size_t n, struct shell_braces *out);
void shell_braces_free(struct shell_braces *b);

/* Read the `...` or $... at pos and append its source text to `out` (NULL: nowhere).  `dquoted`: inside double
 * quotes. */
int shell_read_dollar(struct shell *sh, struct strbuf *out, bool *quoted, bool dquoted);
int shell_read_backticks(struct shell *sh, struct strbuf *out, bool dquoted);

/* Is this `((` arithmetic, closed by `))`?  If so, shell_read_arithmetic() takes it from its second parenthesis on. */
bool shell_is_arithmetic(const struct shell *sh);
int shell_read_arithmetic(struct shell *sh);

/* Append the text, which is taken, to a NULL-terminated list.  Returns 0 or -ENOMEM.  Defined in shell.c. */
int shell_list_push(char ***words, size_t *n, struct strbuf *text);

/* Read the redirection at pos, its number already skipped, and the bodies of the here-documents that a line announced.
 * Defined in shell_here.c. */
int shell_read_redirection(struct shell *sh, struct shell_list *l);
int shell_read_bodies(struct shell *sh);

/* The command `words`, whose here-documents begin at `from`, is complete.  `wanted`: report it again with each of
 * them. */
int shell_take_docs(struct shell *sh, size_t from, char **words, bool wanted);

/* Is the command's program called so?  Is it one that writes nothing on standard output?  Append what it writes, if its words and
 * its input tell that; otherwise return false.  Defined in shell_output.c. */
bool shell_is_program(const struct shell_list *l, const char *name);
bool shell_is_silent(const struct shell_list *l);
bool shell_output_of(const struct shell_list *l, struct strbuf *out);

/* A pipe follows the command.  Does the command only pass on its input (cat)?  Otherwise l's input becomes the
 * command's output, or SHELL_INPUT_UNKNOWN.  Without a pipe, shell_pipe_end() takes the output as the list's.  Both return 0 or
 * -ENOMEM.  Defined in shell_pipe.c. */
bool shell_hands_on(const struct shell_list *l);
int shell_pipe_output(struct shell *sh, struct shell_list *l);
int shell_pipe_end(struct shell *sh, struct shell_list *l);

/* A compound command begins or ends in the list.  Defined in shell_pipe.c. */
void shell_pipe_open(struct shell_list *l);
void shell_pipe_close(struct shell_list *l);
void shell_writers_free(struct shell_writers *w);

/* The text ended: drop here-documents that have no body, and what was said. */
void shell_drop_docs(struct shell *sh);

/* If `word`, just read unquoted in command position, is a reserved word, take the words that belong to it.  Defined in
 * shell_reserved.c. */
int shell_read_reserved(struct shell *sh, struct shell_list *l, const char *word, bool *reserved);

/* Read a case pattern, `a | b)`, or `esac`. */
int shell_read_pattern(struct shell *sh, struct shell_list *l);

/* Skip words up to one of the unquoted `stop` bytes or the word `last` (NULL: none).  Commands in their substitutions
 * are reported. */
int shell_skip_words(struct shell *sh, const char *stop, const char *last);

/* Read the commands of another text, one level deeper. */
int shell_read_text(const struct shell *sh, const char *text, size_t len);

/* Read commands up to the unquoted `close` (0: the end), which is taken.  Defined in shell.c. */
int shell_read_commands(struct shell *sh, char close);

/* Return the byte `ahead` of pos; 0 at the end. */
static inline char shell_peek(const struct shell *sh, size_t ahead)
{
	return ahead < sh->len - sh->pos ? sh->s[sh->pos + ahead] : '\0';
}

static inline bool shell_end(const struct shell *sh)
{
	return sh->pos >= sh->len;
}

static inline bool shell_in_name(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Skip blanks and line continuations. */
static inline void shell_skip_blanks(struct shell *sh)
{
	for (;;) {
		char c = shell_peek(sh, 0);
		if (c == '\\' && shell_peek(sh, 1) == '\n')
			sh->pos += 2;
		else if (c == ' ' || c == '\t')
			sh->pos++;
		else
			return;
	}
}

/* Skip to the newline, which is not taken. */
static inline void shell_skip_line(struct shell *sh)
{
	while (!shell_end(sh) && shell_peek(sh, 0) != '\n')
		sh->pos++;
}

#endif
