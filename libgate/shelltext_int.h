/* shelltext_int.h - what the reader of shell words and the reader of shell commands share.  Private to shelltext*.c. */
#ifndef GATE_SHELLTEXT_INT_H
#define GATE_SHELLTEXT_INT_H

#include <stdbool.h>

#include "strbuf.h"
#include "subject.h"

enum { SHELL_DEPTH_MAX = 100 }; /* substitutions, subshells and backticks within each other */

/* A here-document whose body is still to come. */
struct here_doc {
	char *delimiter;
	bool strip;  /* <<-: tabs before each line do not count */
	bool quoted; /* the body is verbatim */
};

/* A text being read. */
struct shell {
	const char *s;
	size_t len, pos;
	unsigned depth;
	shell_command_fn *each;
	void *data;
	struct here_doc *docs;
	size_t ndocs;
};

/* A word as the command would get it. */
struct shell_word {
	struct strbuf text;
	bool quoted; /* some of it was: it is no reserved word */
};

/* All of these return 0, a negative errno, or what `each` returned; they go on from sh->pos and always get further. */

/* One word: until an unquoted blank or operator.  Commands in its substitutions are reported.  shelltext_word.c. */
int shell_read_word(struct shell *sh, struct shell_word *w);

/* The `...` or $... at pos, its source text appended to `out` (NULL: nowhere); `dquoted`: inside double quotes. */
int shell_read_dollar(struct shell *sh, struct strbuf *out, bool *quoted, bool dquoted);
int shell_read_backticks(struct shell *sh, struct strbuf *out, bool dquoted);

/* `((`: is this arithmetic, closed by `))`?  Then shell_read_arithmetic() takes it, from its second parenthesis on. */
bool shell_is_arithmetic(const struct shell *sh);
int shell_read_arithmetic(struct shell *sh);

/* Commands until the unquoted `close` (0: the end), which is taken.  shelltext.c. */
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

#endif
