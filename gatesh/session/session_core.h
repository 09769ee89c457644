/* SPDX-License-Identifier: BSD-2-Clause */
/* session_core.h - the parts that every session has, however it started and with or without a terminal: policy,
 * directory, sockets, open questions, log. */
#ifndef GATESH_SESSION_SESSION_CORE_H
#define GATESH_SESSION_SESSION_CORE_H

#include <gate.h>

#include "ask/ask_server.h"
#include "ask/job.h"
#include "ask/preview.h"
#include "ask/question.h"
#include "ask/when_probe.h"
#include "ask/workspaces.h"
#include "audit/audit_write.h"
#include "front/front_server.h"
#include "front/notifier.h"
#include "principal/principal.h"
#include "relay/relay_server.h"
#include "seam/holder.h"
#include "seam/page.h"
#include "session/network_policy.h"
#include "session/session_orders.h"
#include "store/store_keeper.h"
#include "supervise/supervisor.h"
#include "util/mailbox.h"
#include "util/session_dir.h"
#include "util/spawn.h"

enum { SESSION_GRACE_MS = 500 }; /* after the start, questions wait this long for a front end to attach */

struct live_options {
	const char *debug;       /* the file of the debug trace; NULL: what GATE_DEBUG names */
	const char *service;     /* NULL: gate.conf's */
	const char *agent;       /* the principal */
	pid_t foreground;        /* the parent that the person started; 0: none */
	char *const *command;    /* for display; NULL-terminated */
	char *const *workspaces; /* besides the current directory; NULL-terminated, or NULL */
	bool supervise; /* watch programs that can't load the interposer; the session's processes gain no privileges */
	enum network_mode network;
	const char *allow_list;            /* a file; NULL: the user's */
	const struct principal *principal; /* or NULL */
	unsigned broker_port;              /* of loopback; 0: none */
	const char *credentials;           /* whose they are, for the log */
	bool wait_for_answer;              /* questions wait even if nobody is attached */
	sigset_t mask;                     /* signal mask for the programs that the session starts */
};

struct session_core {
	struct loop *loop;
	const struct live_options *o;
	gate_handle_t *handle;
	struct session_dir dir;
	struct workspaces places;
	struct keeper keeper;
	struct audit audit;
	struct mailbox box;
	struct questions questions;
	struct remembered covers;
	struct tool_calls calls; /* what agents have told of */
	struct workers workers;
	struct ask_server ask;
	struct answers answers;
	struct session_orders orders;
	struct notifier notifier;
	struct timer look;    /* starts the desktop's notifier */
	struct workers quiet; /* for previews: never asks */
	struct previews previews;
	struct timer grace;
	unsigned said_waiting; /* the last question that presence_say_waiting() told of */
	struct probes probes;
	struct relay_server relay;
	struct supervisor supervisor;
	struct supervisor preview_supervisor; /* never asks */
	char preview_path[SESSION_DIR_PATH_MAX + 32];
	struct holder holder;      /* answers for the seam if gatesh dies */
	struct page page;          /* what the kernel's seam gives to the session's processes */
	struct seam_tables tables; /* the same */
	/* set by a session with a terminal; each may be NULL */
	bool (*terminal)(void *data);                                      /* can the session ask there? */
	void (*changed)(struct question *q, bool closed, void *data);      /* as questions.changed */
	void (*tell)(enum gate_style style, const char *text, void *data); /* any thread; NULL: stderr */
	void *data;
	bool via_tmux;  /* gate.conf asks for a tmux popup on the terminal */
	int interposer; /* keeps the interposer where it is: util/spawn.h */
	bool open;
};

/* Load the policy and open everything.  0, or the exit status for gatesh: EXIT_CONFIG when a file is bad (reported on
 * stderr), EXIT_USAGE when a workspace is not a directory, EXIT_SOFTWARE otherwise.  On error nothing is left open.
 * Block signals first: threads start from here on. */
int session_core_open(struct session_core *v, struct loop *l, const struct live_options *o);

/* Tell the person: in the session's terminal, else on stderr.  Any thread; `data` is the session. */
void session_core_say(enum gate_style style, const char *text, void *data);

/* Reap children that have ended; `each` gets the pid and wait status of each. */
void session_core_reap(struct session_core *v, void (*each)(pid_t pid, int status, void *data), void *data);

/* Refuse open questions, let the workers end (runs the loop for that), remove the directory. */
void session_core_close(struct session_core *v);

#endif
