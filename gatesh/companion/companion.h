/* companion.h - the companion shell: every session of the user at one prompt.  What its files share:
 *   companion.c           the loop, and the lines of a script
 *   companion_console.c   the line being typed, its prompt and history; printing above it
 *   companion_complete.c  completion
 *   companion_sessions.c  the sessions as they come and go, and their open questions
 *   companion_show.c      a question as a person reads it
 *   companion_cmds.c      the commands */
#ifndef GATESH_COMPANION_COMPANION_H
#define GATESH_COMPANION_COMPANION_H

#include <jansson.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "util/loop.h"
#include "util/session_dir.h"

struct companion;

/* Two of gatesh's own commands, which the companion's `grants`, `revoke` and `log` run.  argv[0] is the command's name;
 * they return an exit status. */
typedef int companion_command_fn(int argc, char **argv);
struct companion_host {
	companion_command_fn *grants, *log;
};

/* A session, and the connection to it. */
struct link {
	struct link *next;
	struct companion *c;
	char id[SESSION_ID_MAX];
	char *agent, *cwd, *command; /* owned */
	struct watch source;         /* fd -1: refused; kept so that it is not tried again */
	struct strbuf in;
	bool listed;     /* what was open when we came is known */
	bool seen;       /* it was there at the last look */
	char frozen[64]; /* who froze it; "" when nobody has */
};

/* An open question. */
struct waiting {
	struct waiting *next;
	unsigned number; /* ours: 1, 2, ... over all sessions, never used again */
	unsigned id;     /* the session's */
	struct link *link;
	json_t *q;     /* QUESTION of front_proto.h, owned */
	uint64_t told; /* loop_now() when it was: for the time that is left */
	bool answered; /* by us: nobody needs to tell us */
};

struct companion {
	const struct companion_host *host;
	struct loop loop;
	struct link *links;        /* in order of coming */
	struct waiting *questions; /* in order of number */
	unsigned last_number;
	struct timer rescan;
	unsigned eager; /* looks left to take in a hurry, because a session may be starting */
	struct watch notify, input, signals;
	struct timer feed;    /* a script in a file, which can't be watched */
	struct strbuf script; /* read and not run yet */
	bool interactive, colour, leaving;
	bool typing; /* a line is on the screen that must not be broken */
	bool failed; /* a command of the script did */
	char by[64];
};

/* --- companion.c.  The companion shell until its end; returns an exit status.  `host` outlives it. */
int companion_run(const struct companion_host *host);

/* Run one line. */
void companion_line(struct companion *c, const char *line);

/* --- companion_console.c.  0 or a negative errno. */
int console_start(struct companion *c);
void console_stop(struct companion *c);
/* A key is there. */
void console_read(struct companion *c);
/* Ctrl-C, another size, Ctrl-Z, and what else changed the screen. */
void console_interrupt(struct companion *c);
void console_resize(struct companion *c);
void console_suspend(struct companion *c);
void console_redraw(struct companion *c);
/* Print above the line that is being typed (escaped text with its newlines), and the prompt anew. */
void console_print(struct companion *c, const char *text);
/* Columns of the terminal; 100 where there is none. */
int console_columns(const struct companion *c);

/* --- companion_complete.c: make it readline's. */
void complete_start(struct companion *c);

/* --- companion_sessions.c.  0 or a negative errno. */
int sessions_start(struct companion *c);
void sessions_stop(struct companion *c);
/* Know everything that is open now; waits for sessions at most a second. */
void sessions_settle(struct companion *c);
/* The question called `name`: our number, or SESSION.ID where the session's beginning will do; the session by its id
 * or its beginning, NULL or "": the only one. NULL after saying why. */
struct waiting *sessions_question(struct companion *c, const char *name);
struct link *sessions_link(struct companion *c, const char *name);
unsigned sessions_waiting(const struct companion *c);

/* --- companion_show.c: append to `b` what is to be printed. */
void show_opened(const struct companion *c, const struct waiting *w, struct strbuf *b);
void show_closed(const struct companion *c, const struct waiting *w, const json_t *event, struct strbuf *b);
void show_question(const struct companion *c, const struct waiting *w, struct strbuf *b);
void show_trace(const struct companion *c, const json_t *trace, struct strbuf *b);
void show_pending(const struct companion *c, struct strbuf *b);

/* --- companion_cmds.c. */
struct companion_command {
	const char *name, *arguments, *summary;
	/* `rest` is what stands behind the name, without blanks around it. 0, or -1 when it failed (told on stderr). */
	int (*run)(struct companion *c, char *rest);
};
extern const struct companion_command companion_commands[]; /* name NULL ends it */

/* The ids of the rules a session started here would have, NULL-terminated; loaded once.  NULL when that fails. */
const char *const *companion_rules(void);

#endif
