/* SPDX-License-Identifier: BSD-2-Clause */
/* run_session.c - connects the parts of a session: start, the command's stops and signals, the terminal, the end. */
#include "session/run_session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/paths.h"
#include "formats/image.h"
#include "front/prompt.h"
#include "session/foreground.h"
#include "session/inherited_sockets.h"
#include "session/run_internal.h"
#include "session/session_cover.h"
#include "session/session_principal.h"
#include "session/session_seam.h"
#include "session/terminal_held.h"
#include "util/exit.h"
#include "util/harden.h"
#include "util/standard_descriptors.h"

/* --- start -------------------------------------------------------------------------------------------------------- */

static bool run_can_ask(void *data)
{
	struct session *s = data;
	return s->tty.fd >= 0 && panel_usable(&s->panel);
}

static bool run_is_screened(pid_t pid, void *data)
{
	struct session *s = data;
	return s->tty.fd >= 0 && s->live.tell && terminal_held(&s->relay, pid);
}

static void run_question_changed(struct question *q, bool closed, void *data)
{
	run_ask_here(data);
}

static void run_noticed(void *session)
{
	struct session *s = session;
	if (!s->live.questions.first) /* else the notices come up when the question closes */
		panel_update(&s->panel);
}

static void run_tell(enum gate_style style, const char *text, void *data)
{
	struct session *s = data;
	if (style != GATE_STYLE_DEBUG)
		notices_add(&s->notices, text);
}

/* From now on the terminal is the program's screen: messages become notices.  If stderr is not a terminal, they still
 * go there. */
static int run_start_noticing(struct session *s)
{
	if (isatty(STDERR_FILENO))
		s->live.tell = run_tell;
	return notices_open(&s->notices, &s->loop, run_noticed, s);
}

/* Start the command on the inner terminal.  It gets the keys from the start only if its stdin and stdout are the
 * terminal: in a pipeline another program may be reading them. */
static int run_start_on_terminal(struct session *s)
{
	int master, slave;
	unsigned on_tty = 0;
	for (int fd = 0; fd < 3; fd++)
		on_tty |= isatty(fd) ? 1u << fd : 0;
	int err = pty_open(&s->tty, &master, &slave);
	if (err)
		return err;
	spawn_give_terminal(slave);
	err = relay_init(&s->relay, &s->loop, &s->tty, master);
	if (!err)
		err = run_start_noticing(s);
	panel_init(&s->panel, &s->loop, &s->relay, &s->live.questions, &s->notices);
	popup_init(&s->popup, s->live.via_tmux, s->live.dir.id, &s->live.questions, &s->launch.mask);
	if (!err && (on_tty & 3) == 3)
		s->was_interactive = !relay_go_interactive(&s->relay);
	if (!err && s->was_interactive && prompt_colour())
		relay_ask_cursor(&s->relay);
	if (!err)
		err = monitor_start(&s->monitor, &s->launch, slave, on_tty, (on_tty & 3) == 3);
	close(slave);
	if (err)
		return err;
	s->child = s->live.ask.root = s->live.supervisor.root = s->monitor.pid;
	s->monitor_source =
		(struct watch){.fd = s->monitor.fd, .events = EPOLLIN, .ready = run_monitor_ready, .data = s};
	return loop_watch(&s->loop, &s->monitor_source);
}

static int run_start_without(struct session *s)
{
	s->child = fork();
	int err = s->child < 0 ? -errno : 0;
	if (!s->child)
		spawn_exec(&s->launch);
	if (s->launch.guard)
		s->launch.guard->forked(s->launch.guard, s->child);
	return err;
}

static int run_start_command(struct session *s)
{
	struct session_cover cover = {0};
	size_t n = 0;
	while (s->o->command[n])
		n++;
	if (gate_serves(s->live.handle, GATE_EVENT_CONNECT))
		inherited_record(&s->live.workers, s->o->command[0]);
	char **argv = calloc(n + 2, sizeof *argv);
	char **envp = spawn_environment(s->live.dir.path, session_seam_mark(&s->live));
	int err = argv && envp ? 0 : -ENOMEM;
	if (!err) {
		argv[0] = (char *)"gate-standin";
		memcpy(argv + 1, s->o->command, n * sizeof *argv);
		s->launch.path = gate_path(GATE_PATH_STANDIN);
		s->launch.argv = argv;
		s->launch.envp = envp;
		s->launch.harden = !s->o->allow_setuid;
		s->launch.cover = session_cover_find(&cover, &s->live, &err);
	}
	if (!err)
		s->launch.guard = session_seam_guard(&s->live, &err);
	if (!err)
		err = s->tty.fd >= 0 ? run_start_on_terminal(s) : run_start_without(s);
	free(argv);
	free(envp);
	s->launch.cover = NULL;
	session_cover_free(&cover);
	if (err)
		fprintf(stderr, "gate: %s cannot be started: %s\n", s->o->command[0], strerror(-err));
	else
		standard_descriptors_let_go(STDOUT_FILENO, true); /* only the command may hold its pipes open; stderr is
								     for gatesh's errors */
	return err;
}

static const char *run_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

/* The session's requests go through gatesh from now on.  Nothing runs in it yet, and no thread reads the environment. */
static int run_open_broker(struct session *s)
{
	if (s->broker.fd < 0)
		return 0;
	int err = broker_announce(&s->broker, s->live.dir.path);
	s->broker.principal = s->o->principal->name;
	broker_log(&s->broker, &s->live.audit, s->live.dir.id);
	if (!err && gate_serves(s->live.handle, GATE_EVENT_REQUEST)) {
		err = request_judge_open(&s->requests, &s->live.workers);
		s->broker.judge = request_judge;
		s->broker.judge_data = &s->requests;
	}
	if (!err)
		err = broker_start(&s->broker);
	if (err)
		fprintf(stderr, "gate: the session's secrets can't be served: %s\n", strerror(-err));
	return err ? EXIT_SOFTWARE : 0;
}

static int run_open_ssh_agent(struct session *s)
{
	const struct principal *p = s->o->principal;
	int err =
		p ? agent_server_open(&s->ssh_agent, s->live.dir.path, p->ssh_keys, p->nssh_keys, &s->launch.mask) : 0;
	if (!err)
		err = agent_server_start(&s->ssh_agent, &s->live.workers, &s->live.audit, s->live.dir.id);
	return err ? EXIT_SOFTWARE : 0;
}

/* Open everything that the command needs.  Returns 0, or an exit status. */
static int run_open_session(struct session *s)
{
	int err = loop_init(&s->loop);
	if (!err)
		err = run_watch_signals(s);
	if (!err)
		err = harden_self();
	if (!err && s->o->principal)
		err = broker_open(&s->broker, s->o->principal->secrets, s->o->principal->nsecrets);
	if (err) {
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(-err));
		return EXIT_SOFTWARE;
	}
	s->live_options = (struct live_options){
		.service = s->o->service,
		.agent = s->o->agent ? s->o->agent : run_base_name(s->o->command[0]),
		.foreground = getppid(),
		.debug = s->o->debug,
		.command = s->o->command,
		.workspaces = s->o->workspaces,
		.supervise = !s->o->allow_setuid && !s->o->preload_only,
		.network = s->o->network,
		.allow_list = s->o->allow_list,
		.wait_for_answer = s->o->wait_for_answer,
		.principal = s->o->principal,
		.broker_port = s->broker.port,
		.credentials = session_principal_credentials(s->o),
		.mask = s->launch.mask,
	};
	s->live.terminal = run_can_ask;
	s->live.changed = run_question_changed;
	s->live.data = s;
	tty_open(&s->tty); /* without a terminal, other front ends ask */
	int status = session_core_open(&s->live, &s->loop, &s->live_options);
	s->live.ask.screened = run_is_screened;
	s->live.ask.data = s;
	status = status ? status : run_open_broker(s);
	return status ? status : run_open_ssh_agent(s);
}

/* --- end ---------------------------------------------------------------------------------------------------------- */

/* The exit status for gatesh, and the signal to end by, if any. */
static int run_exit_status(const struct session *s, int *sig)
{
	*sig = s->o->same_end && WIFSIGNALED(s->status) ? WTERMSIG(s->status) : 0;
	return WIFSIGNALED(s->status) ? 128 + WTERMSIG(s->status) : WEXITSTATUS(s->status);
}

static void run_report(struct session *s)
{
	int sig, status = run_exit_status(s, &sig);
	loop_unwatch(&s->loop, &s->foreground);
	foreground_report(s->foreground.fd, status, sig);
	s->foreground.fd = -1;
}

/* Processes are left: give back the terminal, then the status. */
static int run_let_go(int left, void *session)
{
	struct session *s = session;
	int inner = -1;
	if (s->relay.loop) {
		panel_close(&s->panel);
		inner = relay_leave(&s->relay);
	}
	notices_detach(&s->notices);
	notices_print(&s->notices);
	tty_close(&s->tty);
	stay_say(&s->stay, left);
	keeper_tell_kept(&s->live.keeper);
	run_report(s);
	return inner;
}

static int run_watch_foreground(struct session *s)
{
	s->foreground.events = EPOLLIN | EPOLLRDHUP;
	s->foreground.ready = run_foreground_gone;
	s->foreground.data = s;
	return loop_watch(&s->loop, &s->foreground);
}

static void run_close(struct session *s)
{
	if (s->relay.loop) {
		panel_close(&s->panel);
		relay_finish(&s->relay);
	}
	stay_close(&s->stay);
	notices_detach(&s->notices);
	tty_close(&s->tty);
	broker_close(&s->broker);
	request_judge_close(&s->requests);
	agent_server_close(&s->ssh_agent);
	session_core_close(&s->live);
	notices_close(&s->notices);
	/* Otherwise gatesh's exit status says it. */
	if (s->foreground.fd >= 0 && s->ended && s->o->same_end && WIFSIGNALED(s->status))
		run_report(s);
	loop_free(&s->loop);
	if (s->signals.fd >= 0)
		close(s->signals.fd);
	if (s->monitor.fd >= 0)
		close(s->monitor.fd);
}

/* The supervisor's life.  Returns its exit status. */
static int run_supervise(const struct session_options *o, int foreground)
{
	struct session s = {.o = o,
			    .loop.epoll = -1,
			    .monitor.fd = -1,
			    .signals.fd = -1,
			    .tty.fd = -1,
			    .broker.fd = -1,
			    .ssh_agent.fd = -1};
	int sig;
	s.foreground.fd = foreground;
	s.stay = (struct stay){.live = &s.live, .let_go = run_let_go, .data = &s};
	int status = run_open_session(&s);
	if (!status && (run_watch_foreground(&s) || run_start_command(&s)))
		status = EXIT_SOFTWARE;
	if (!status) {
		int err = loop_run(&s.loop);
		if (err)
			fprintf(stderr, "gate: the session's event loop failed: %s\n", strerror(-err));
		status = err ? EXIT_SOFTWARE : run_exit_status(&s, &sig);
		s.ended = s.ended && !err;
	}
	run_close(&s);
	return status;
}

int session_run(const struct session_options *o)
{
	int fd, status = session_principal_enter(o);
	if (status)
		return status;
	pid_t supervisor = foreground_fork(&fd);
	if (supervisor < 0)
		return EXIT_SOFTWARE;
	if (supervisor)
		return foreground_wait(supervisor, fd);
	exit(run_supervise(o, fd));
}
