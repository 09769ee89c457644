/* shell_internal.h - what the reader of shell words and the reader of shell commands share.  Private to shelltext*.c. */
#ifndef GATE_SUBJECT_SHELL_SHELL_INTERNAL_H
#define GATE_SUBJECT_SHELL_SHELL_INTERNAL_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "subject/list/subject_list.h"
#include "subject/shell/shell.h"
#include "subject/shell/shell_var_table.h"

enum { SHELL_DEPTH_MAX = 100 }; /* substitutions, subshells and backticks within each other */

/* A here-document whose body is still to come. */
struct here_doc {
	char *delimiter;
	char **words; /* of the command that wants to know it, NULL-terminated; or NULL */
	bool strip;   /* <<-: tabs before each line do not count */
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
};

/* A word as the command would get it. */
enum { SHELL_GAPS_MAX = 32 };
struct shell_word {
	struct strbuf text;
	bool quoted;   /* some of it was: it is no reserved word */
	bool argument; /* set by the caller: no function is defined here, `(` belongs to the word */
	struct {
		size_t from, to;
	} gaps[SHELL_GAPS_MAX]; /* blanks that a variable brought: as an argument it is several words */
	size_t ngaps;
};

/* The simple command being read, and where in the grammar its list stands. */
struct shell_list {
	char **words; /* NULL-terminated when not NULL */
	size_t n;
	char **assigned; /* NAME=VALUE before the words; likewise */
	size_t nassigned;
	char **outputs; /* likewise: the operator and the file of each redirection that writes */
	size_t noutputs;
	unsigned cases;              /* `case`s that are open in this list */
	bool pattern;                /* the next thing is a case pattern */
	enum shell_input_kind input; /* of the command ... */
	struct strbuf text;          /* ... SHELL_INPUT_TEXT's bytes or SHELL_INPUT_FILE's name */
	struct strbuf writer;        /* the commands that write into it, as far as their words tell */
	bool begun;                  /* the command has redirections or assignments: no reserved word follows */
	size_t docs;                 /* the first here-document of the command, in sh->docs */
};

/* All of these return 0, a negative errno, or what `each` returned, and go on from sh->pos. */

/* One word: until an unquoted blank or operator; nothing, where one stands already.  Commands in its substitutions are
 * reported.  shell_word.c. */
int shell_read_word(struct shell *sh, struct shell_word *w);

/* The variable at pos: its value to `out`, when the text tells it, and with `w` the blanks in it, where the word falls
 * apart.  False: it is not known, and nothing was taken.  shell_vars.c. */
bool shell_expand_variable(struct shell *sh, struct strbuf *out, struct shell_word *w);

/* The command is complete: what does it do to variables (export, unset, read)?  0 or -ENOMEM.  shell_vars.c. */
int shell_builtin_variables(struct shell *sh, const struct shell_list *l);

/* Call sh->each with the command in the environment of its assignments; without words they last. */
int shell_tell(struct shell *sh, const struct shell_list *l, const struct shell_command *command);

/* The words, as source text, that brace expansion makes of one; none when there is nothing to expand.  The first
 * SHELL_BRACES_MAX are made.  0 or -ENOMEM; shell_braces_free() in both cases.  shell_brace.c. */
enum { SHELL_BRACES_MAX = 64 };
struct shell_braces {
	char *words[SHELL_BRACES_MAX];
	size_t n;
};
int shell_expand_braces(const char *s, size_t n, struct shell_braces *out);
void shell_braces_free(struct shell_braces *b);

/* The `...` or $... at pos, its source text appended to `out` (NULL: nowhere); `dquoted`: inside double quotes. */
int shell_read_dollar(struct shell *sh, struct strbuf *out, bool *quoted, bool dquoted);
int shell_read_backticks(struct shell *sh, struct strbuf *out, bool dquoted);

/* `((`: is this arithmetic, closed by `))`?  Then shell_read_arithmetic() takes it, from its second parenthesis on. */
bool shell_is_arithmetic(const struct shell *sh);
int shell_read_arithmetic(struct shell *sh);

/* Append the text, which is taken, to a NULL-terminated list.  0 or -ENOMEM.  shell.c. */
int shell_list_push(char ***words, size_t *n, struct strbuf *text);

/* The redirection at pos, its number already stepped over, and the bodies of the here-documents that a line announced.
 * shell_here.c. */
int shell_read_redirection(struct shell *sh, struct shell_list *l);
int shell_read_bodies(struct shell *sh);

/* The command `words`, whose here-documents start at `from`, is complete; `wanted`: it is to be told again with
 * each. */
int shell_take_docs(struct shell *sh, size_t from, char **words, bool wanted);

/* A pipe follows the command.  Does it only hand on what it reads (cat)?  Else l's input becomes what it writes, or
 * SHELL_INPUT_UNKNOWN.  shell_pipe.c. */
bool shell_hands_on(const struct shell_list *l);
void shell_pipe_output(struct shell_list *l);

/* The text ended: forget here-documents whose bodies never came. */
void shell_drop_docs(struct shell *sh);

/* Is `word`, just read unquoted in command position, a reserved word?  Then what belongs to it is taken too.
 * shell_reserved.c. */
int shell_read_reserved(struct shell *sh, struct shell_list *l, const char *word, bool *reserved);

/* A case pattern, `a | b)`, or `esac`. */
int shell_read_pattern(struct shell *sh, struct shell_list *l);

/* Words to throw away, up to one of the unquoted `stop` bytes or the word `last` (NULL: none); their substitutions are
 * commands. */
int shell_skip_words(struct shell *sh, const char *stop, const char *last);

/* The commands of another text, one level deeper. */
int shell_read_text(const struct shell *sh, const char *text, size_t len);

/* Commands until the unquoted `close` (0: the end), which is taken.  shell.c. */
int shell_read_commands(struct shell *sh, char close);

/* The byte `ahead` of pos; 0 at the end. */
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

/* Blanks and line continuations. */
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

/* To the newline, which stays. */
static inline void shell_skip_line(struct shell *sh)
{
	while (!shell_end(sh) && shell_peek(sh, 0) != '\n')
		sh->pos++;
}

#endif
