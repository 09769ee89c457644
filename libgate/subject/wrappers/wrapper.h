/* wrapper.h - from one command to every command it starts: wrappers, interpreters, shell texts.  Private to libgate. */
#ifndef GATE_SUBJECT_WRAPPERS_WRAPPER_H
#define GATE_SUBJECT_WRAPPERS_WRAPPER_H

#include "subject/code/oneliner.h"
#include <gate.h>

#include "subject/list/subject_list.h"
#include "subject/shell/shell.h"

enum { WRAPPER_DEPTH_MAX = 32 }; /* wrappers within wrappers */

struct wrapper_walk {
	struct subjects *out;
	bool live;      /* leave `local` wrappers alone: what they start is gated by itself */
	bool elsewhere; /* another machine, container or root directory */
	unsigned depth;
	bool reads;               /* found: it takes shell text from its standard input ... */
	bool codes;               /* ... or a program of another language ... */
	bool crontab;             /* ... or the first are the lines of a crontab */
	struct shell_vars *vars;  /* of the shell texts; NULL for a process: its prefilter sees words as they stand */
	struct shell_input input; /* its standard input, as far as a shell text tells */
	const struct gate_event *event;
	const struct subject_wish *wish; /* whose content is asked for; NULL: nobody's */
	unsigned *budget;                /* files that may still be read */
	unsigned files;                  /* within each other, that are being read */
};

/* Append the command itself, the script or module it interprets, and every command it starts.  0, -ENOMEM, -E2BIG. */
int wrapper_command(struct wrapper_walk *p, const char *const *words, size_t n);

/* The same for each command of a shell text, and of words joined to one, as ssh and eval join them. */
int wrapper_text(struct wrapper_walk *p, const char *text);
int wrapper_joined(struct wrapper_walk *p, const char *const *words, size_t n);

/* xargs OPTIONS COMMAND, from words[command] on: with the words of its standard input, where they are known.
 * wrapper_xargs.c. */
int wrapper_xargs(struct wrapper_walk *p, const char *const *words, size_t command, size_t n);

/* parallel's COMMAND ::: ARGUMENTS, its options left out: with the arguments, or the lines of its standard input.
 * wrapper_parallel.c. */
int wrapper_parallel(struct wrapper_walk *p, const char *const *words, size_t n);

/* The commands that the settings among a command's words name, and those that its environment does (NAME=VALUE words,
 * NULL-terminated, or NULL).  wrapper_settings.c. */
int wrapper_settings(struct wrapper_walk *p, const char *const *words, size_t n);
int wrapper_environment(struct wrapper_walk *p, const char *const *assigned);

/* How a program that starts another takes it from its arguments.  Option lists are words parted by blanks ("-u
 * --user"). */
struct wrapper {
	const char *names;      /* the programs, parted by blanks */
	const char *subcommand; /* words that must follow, options between them: "compose exec|run"; or NULL */
	const char *valued;     /* options whose value is the next word, if it is not part of the same; or NULL */
	const char *text;       /* options whose value is shell text (WRAPPER_FIND: that a command follows); or NULL */
	const char *inert;      /* options, or words in the command's place, with which nothing is started; or NULL */
	unsigned char operands; /* words between the options and the command: a duration, a host, an image */
	unsigned short flags;
};

enum {
	/* What it starts has no gate of its own: another machine or container, gained privileges, or the same process.
	 */
	WRAPPER_AWAY = 1,
	WRAPPER_HERE = 8192,       /* ... but the directory and the files are these */
	WRAPPER_JOINED = 2,        /* the command's words are joined and read by a shell */
	WRAPPER_TEXT = 4,          /* the command is one word, read by a shell */
	WRAPPER_SHELL = 8,         /* with -c as WRAPPER_TEXT, else the command is a script */
	WRAPPER_ASSIGN = 16,       /* NAME=VALUE words may stand before the command */
	WRAPPER_DASHES = 32,       /* with a `--`, the command is what follows it */
	WRAPPER_MIXED = 64,        /* options may stand among and after the operands */
	WRAPPER_PACKAGE = 128,     /* the command may be a package with a version: prisma@5 */
	WRAPPER_FIND = 256,        /* the commands follow the `text` options, each up to `;` or `{} +` */
	WRAPPER_PARALLEL = 512,    /* COMMAND ::: ARGUMENTS; without a command the arguments are */
	WRAPPER_ENTRYPOINT = 1024, /* --entrypoint PROGRAM replaces the image's */
	WRAPPER_XARGS = 4096,      /* words of its standard input are added to the command */
	WRAPPER_REMOVES = 16384,   /* its operands are what rm -rf would get */
	WRAPPER_CRONTAB = 32768,   /* what it reads are the lines of a crontab */
	WRAPPER_STDIN = 2048       /* without a command it starts a shell that reads its standard input */
};

/* The row for this command, or NULL; *rest is the first word after the subcommand.  wrapper_table.c. */
const struct wrapper *wrapper_row(const char *const *words, size_t n, size_t *rest);

/* A program that runs a file of its language: options are those that stand before the file. */
struct interpreter {
	const char *name; /* versions may follow: python3.11 */
	const char *valued;
	const char *code; /* options with which there is no file: the program is their value, or standard input */
	const char *file; /* options whose value is the file or module */
	enum oneliner_language language; /* of the code */
	bool operand;                    /* its first operand is code, not a file */
};

/* The interpreter of this program name, or NULL.  wrapper_table.c. */
const struct interpreter *wrapper_interpreter(const char *program);

/* Every program whose arguments can name another one that wrapper_command() finds for a live process: those with
 * WRAPPER_AWAY, and (away false) the interpreters, which versions may follow.  For the policy image.  wrapper_table.c. */
void wrapper_carriers(void (*each)(const char *name, size_t len, bool away, void *data), void *data);

/* The lists of options with values that a command's options are told apart by. */
enum option_list { OPTION_VALUED, OPTION_TEXT, OPTION_FILE, OPTION_LISTS, OPTION_FLAG = OPTION_LISTS };

/* What the option `word` is: the list it is in (OPTION_FLAG: none), its value or NULL, and how many words it takes.
 * Clusters (-abc VALUE), attached values (-cVALUE, --name=VALUE) and long options are known.  wrapper_options.c. */
struct option_use {
	enum option_list list;
	const char *value;
	size_t width; /* 1 or 2 */
};
struct option_use wrapper_option(const char *word, const char *next, const char *const lists[OPTION_LISTS]);

/* Is the word of length n in a list of words parted by `by`? */
bool wrapper_listed(const char *list, const char *word, size_t n, char by);

#endif
