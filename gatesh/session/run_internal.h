/* SPDX-License-Identifier: BSD-2-Clause */
/* run_internal.h - a session of gatesh run, for run_session.c and run_command.c. */
#ifndef GATESH_SESSION_RUN_INTERNAL_H
#define GATESH_SESSION_RUN_INTERNAL_H

#include "broker/broker.h"
#include "front/notices.h"
#include "front/panel.h"
#include "front/popup.h"
#include "relay/request_judge.h"
#include "session/monitor.h"
#include "session/run_session.h"
#include "session/session_core.h"
#include "session/stay.h"
#include "sshagent/agent_server.h"
#include "term/relay.h"

struct session {
	const struct session_options *o;
	struct loop loop;
	struct session_core live;
	struct live_options live_options;
	/* the terminal; tty.fd is -1 when there is none */
	struct tty tty;
	struct relay relay;
	struct panel panel;
	struct popup popup;
	struct notices notices;
	/* the command */
	struct exec_launch launch;
	struct monitor monitor; /* fd -1: the command is a child of gatesh's own */
	struct watch monitor_source, signals, foreground;
	pid_t child; /* the monitor, or the command itself */
	bool ended;
	bool was_interactive; /* the command had the keys from the start: it gets them back when this job does */
	int status;           /* the command's wait status */
	struct stay stay;
	struct broker broker; /* fd -1: the principal has no secrets */
	struct request_judge requests;
	struct agent_server ssh_agent; /* fd -1: the principal has no ssh keys */
};

/* Ask the person at this terminal: in a popup, or over the program's screen. */
void run_ask_here(struct session *s);

/* The monitor's reports: the callback of s->monitor_source. */
void run_monitor_ready(struct watch *src, uint32_t events);

/* The foreground process was killed: the callback of s->foreground.  Ends as when the terminal hangs up. */
void run_foreground_gone(struct watch *w, uint32_t events);

/* Watch the signals that gatesh handles or passes on, and set s->launch.mask.  Returns 0 or a negative errno. */
int run_watch_signals(struct session *s);

#endif
