/* SPDX-License-Identifier: BSD-2-Clause */
/* companion.h - the companion shell: all sessions of the user at one prompt.  Its files:
 *   companion.c           the loop, and the lines of a script
 *   companion_console.c   the input line, its prompt and history; printing above it
 *   companion_complete.c  completion
 *   companion_sessions.c  connections to the sessions, and their open questions
 *   companion_show.c      the text of a question
 *   companion_cmds.c      the commands
 *   companion_orders.c    those for a whole session */
#ifndef GATESH_COMPANION_COMPANION_H
#define GATESH_COMPANION_COMPANION_H

#include <jansson.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "util/loop.h"
#include "util/session_dir.h"

struct companion;

/* Two of gatesh's commands, which the companion's `grants`, `revoke` and `log` run.  argv[0] is the command's name;
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
	struct watch source;         /* fd -1: the session refused; kept so that we don't try again */
	struct strbuf in;
	bool listed;     /* it has sent the questions that were open when we connected */
	bool seen;       /* the last scan found it */
	char frozen[64]; /* who froze it; "" when it is not frozen */
	char paused[64]; /* likewise */
};

/* An open question. */
struct waiting {
	struct waiting *next;
	unsigned number; /* ours: 1, 2, ... over all sessions, never reused */
	unsigned id;     /* the session's */
	struct link *link;
	json_t *q;     /* QUESTION of front_proto.h, owned */
	uint64_t told; /* loop_now() when `q` came in, for the time left */
	bool answered; /* by us: don't report that it closed */
};

struct companion {
	const struct companion_host *host;
	struct loop loop;
	struct link *links;        /* in the order they were found */
	struct waiting *questions; /* in order of number */
	unsigned last_number;
	struct timer rescan;
	unsigned eager; /* quick scans left, because a session may be starting */
	struct watch notify, input, signals;
	struct timer feed;    /* reads a script in a regular file, which epoll can't watch */
	struct strbuf script; /* read but not yet run */
	bool interactive, colour, leaving;
	bool typing; /* an input line is on the screen and must stay intact */
	bool failed; /* a command of the script failed */
	char by[64];
};

/* --- companion.c.  Run the companion shell until it ends; returns an exit status.  `host` must outlive it. */
int companion_run(const struct companion_host *host);

/* Run one line. */
void companion_line(struct companion *c, const char *line);

/* --- companion_console.c.  0 or a negative errno. */
int console_start(struct companion *c);
void console_stop(struct companion *c);
/* A key is ready to read. */
void console_read(struct companion *c);
/* Ctrl-C, a new terminal size, Ctrl-Z, and anything else that changed the screen. */
void console_interrupt(struct companion *c);
void console_resize(struct companion *c);
void console_suspend(struct companion *c);
void console_redraw(struct companion *c);
/* Print escaped text with its newlines above the input line, then redraw prompt and line. */
void console_print(struct companion *c, const char *text);
/* Columns of the terminal; 100 if there is no terminal. */
int console_columns(const struct companion *c);

/* --- companion_complete.c: set up readline's completion. */
void complete_start(struct companion *c);

/* --- companion_sessions.c.  0 or a negative errno. */
int sessions_start(struct companion *c);
void sessions_stop(struct companion *c);
/* Learn every question that is open now; waits for the sessions at most a second. */
void sessions_settle(struct companion *c);
/* Find a question by our number or by SESSION.ID, where a prefix of the session's id will do. Find a session by its id
 * or a prefix; NULL or "": the only one. Both return NULL after a message on stderr. */
struct waiting *sessions_question(struct companion *c, const char *name);
struct link *sessions_link(struct companion *c, const char *name);
unsigned sessions_waiting(const struct companion *c);

/* --- companion_show.c: append the text to print to `b`. */
void show_opened(const struct companion *c, const struct waiting *w, struct strbuf *b);
void show_closed(const struct companion *c, const struct waiting *w, const json_t *event, struct strbuf *b);
void show_question(const struct companion *c, const struct waiting *w, struct strbuf *b);
void show_explained(const struct companion *c, const struct waiting *w, struct strbuf *b);
void show_trace(const struct companion *c, const json_t *trace, struct strbuf *b);
void show_pending(const struct companion *c, struct strbuf *b);

/* --- companion_cmds.c. */
struct companion_command {
	const char *name, *arguments, *summary;
	/* `rest`: the text after the name, without blanks around it. 0, or -1 after a message on stderr. */
	int (*run)(struct companion *c, char *rest);
};
extern const struct companion_command companion_commands[]; /* name NULL ends it */

/* --- companion_orders.c: likewise. */
int orders_run_freeze(struct companion *c, char *rest);
int orders_run_thaw(struct companion *c, char *rest);
int orders_run_pause(struct companion *c, char *rest);
int orders_run_resume(struct companion *c, char *rest);
int orders_run_end(struct companion *c, char *rest);

/* The ids of the rules that a session started here would have, NULL-terminated; loaded once.  NULL if that fails. */
const char *const *companion_rules(void);

#endif
