/* SPDX-License-Identifier: BSD-2-Clause */
/* wrapper.h - finds every command that one command starts: wrappers, interpreters, shell texts.  Private to libgate. */
#ifndef GATE_SUBJECT_WRAPPERS_WRAPPER_H
#define GATE_SUBJECT_WRAPPERS_WRAPPER_H

#include "subject/code/oneliner.h"
#include <gate.h>

#include "subject/list/subject_list.h"
#include "subject/shell/shell.h"

enum { WRAPPER_DEPTH_MAX = 32 }; /* nested wrappers */

struct wrapper_walk {
	struct subjects *out;
	bool live;      /* skip `local` wrappers: the commands they start are gated themselves */
	bool elsewhere; /* another machine, container or root directory */
	bool as_other;  /* another user on this machine */
	unsigned depth;
	bool reads;                      /* result: it reads shell text from its standard input ... */
	const struct interpreter *codes; /* ... or a program in this language, or NULL ... */
	bool crontab;                    /* ... or its standard input is a crontab */
	struct shell_vars *vars;         /* of the shell texts; NULL for a process: its prefilter sees literal words */
	struct shell_input input;        /* its standard input, as far as a shell text determines it */
	const struct gate_event *event;
	const struct subject_wish *wish; /* the content that rules need; NULL: none */
	unsigned *budget;                /* remaining number of files that may be read */
	unsigned files;                  /* depth of nested files being read */
};

/* Append the command itself, the script or module it interprets, and every command it starts.  Returns 0, -ENOMEM or
 * -E2BIG. */
int wrapper_command(struct wrapper_walk *p, const char *const *words, size_t n);

/* The same for each command of a shell text; wrapper_joined() joins words to one text, as ssh and eval do. */
int wrapper_text(struct wrapper_walk *p, const char *text);
int wrapper_joined(struct wrapper_walk *p, const char *const *words, size_t n);

/* The same for the commands that a program in an interpreter's language starts.  A live interpreter starts them through the
 * gate. */
struct interpreter;
int wrapper_code(struct wrapper_walk *p, const struct interpreter *in, const char *code);

/* Append `WRITER | WORDS`: the words run a program that the writer has written. */
int wrapper_pipeline(struct wrapper_walk *p, const char *writer, const char *const *words, size_t n);

/* Remember the file that a command of a text downloads, or append the pipeline if it runs one that an earlier command
 * has downloaded: curl -o f URL && sh f.  Defined in wrapper_download.c. */
int wrapper_download(struct wrapper_walk *p, const struct shell_command *command);

/* xargs OPTIONS COMMAND, with the command at words[command].  Adds the words of its standard input where they are
 * known.  Defined in wrapper_xargs.c. */
int wrapper_xargs(struct wrapper_walk *p, const char *const *words, size_t command, size_t n);

/* parallel's COMMAND ::: ARGUMENTS, without its options.  Adds the arguments, or the lines of its standard input.
 * Defined in wrapper_parallel.c. */
int wrapper_parallel(struct wrapper_walk *p, const char *const *words, size_t n);

/* Append the commands that settings among a command's words name, and those that its environment names (NAME=VALUE
 * words, NULL-terminated, or NULL).  Defined in wrapper_settings.c. */
int wrapper_settings(struct wrapper_walk *p, const char *const *words, size_t n);
int wrapper_environment(struct wrapper_walk *p, const char *const *assigned);

/* How a program that starts another takes it from its arguments.  Option lists are words separated by blanks ("-u
 * --user"). */
struct wrapper {
	const char *names;      /* the programs, separated by blanks */
	const char *subcommand; /* words that must follow, options allowed between: "compose exec|run"; or NULL */
	const char *valued;     /* options whose value is the next word, unless it is attached; or NULL */
	const char *text;       /* options whose value is shell text (WRAPPER_FIND: that a command follows); or NULL */
	const char *inert; /* options, or words in the place of the command, with which it starts nothing; or NULL */
	unsigned char operands; /* words between the options and the command: a duration, a host, an image */
	unsigned short flags;
};

enum {
	/* Its commands have no gate of their own: another machine or container, gained privileges, or the same
	 * process. */
	WRAPPER_AWAY = 1,
	WRAPPER_HERE = 8192,       /* ... but the directory and the files are local */
	WRAPPER_JOINED = 2,        /* the command's words are joined and read by a shell */
	WRAPPER_TEXT = 4,          /* the command is one word, read by a shell */
	WRAPPER_SHELL = 8,         /* with -c as WRAPPER_TEXT, otherwise the command is a script */
	WRAPPER_ASSIGN = 16,       /* NAME=VALUE words may precede the command */
	WRAPPER_DASHES = 32,       /* if there is a `--`, the command follows it */
	WRAPPER_MIXED = 64,        /* options may appear among and after the operands */
	WRAPPER_PACKAGE = 128,     /* the command may be a package with a version: prisma@5 */
	WRAPPER_FIND = 256,        /* the commands follow the `text` options, each up to `;` or `{} +` */
	WRAPPER_PARALLEL = 512,    /* COMMAND ::: ARGUMENTS; without a command, the arguments are the commands */
	WRAPPER_ENTRYPOINT = 1024, /* --entrypoint PROGRAM replaces the image's */
	WRAPPER_XARGS = 4096,      /* words from its standard input are added to the command */
	WRAPPER_REMOVES = 16384,   /* its operands are those of an rm -rf */
	WRAPPER_CRONTAB = 32768,   /* its standard input is a crontab */
	WRAPPER_STDIN = 2048       /* without a command it starts a shell that reads its standard input */
};

/* Return the row for this command, or NULL; *rest is the first word after the subcommand.  Defined in
 * wrapper_table.c. */
const struct wrapper *wrapper_row(const char *const *words, size_t n, size_t *rest);

/* A program that runs a file in its language.  The options are those before the file. */
struct interpreter {
	const char *name; /* a version may follow: python3.11 */
	const char *valued;
	const char *code; /* options that replace the file: the program is their value, or standard input */
	const char *file; /* options whose value is the file or module */
	enum oneliner_language language; /* of the code */
	bool operand;                    /* its first operand is code, not a file */
};

/* Return the interpreter with this program name, or NULL.  Defined in wrapper_table.c. */
const struct interpreter *wrapper_interpreter(const char *program);

/* Call `each` for every program whose arguments can name another one that wrapper_command() finds for a live process:
 * those with WRAPPER_AWAY, and (away false) the interpreters, which a version may follow.  Used for the policy image.
 * Defined in wrapper_table.c. */
void wrapper_carriers(void (*each)(const char *name, size_t len, bool away, void *data), void *data);

/* The lists of options with values, for parsing a command's options. */
enum option_list { OPTION_VALUED, OPTION_TEXT, OPTION_FILE, OPTION_LISTS, OPTION_FLAG = OPTION_LISTS };

/* Identify the option `word`: the list it is in (OPTION_FLAG: none), its value or NULL, and how many words it uses.
 * Clusters (-abc VALUE), attached values (-cVALUE, --name=VALUE) and long options are recognized.  Defined in
 * wrapper_options.c. */
struct option_use {
	enum option_list list;
	const char *value;
	size_t width; /* 1 or 2 */
};
struct option_use wrapper_option(const char *word, const char *next, const char *const lists[OPTION_LISTS]);

/* Is the word of length n in a list of words separated by `by`? */
bool wrapper_listed(const char *list, const char *word, size_t n, char by);

#endif
