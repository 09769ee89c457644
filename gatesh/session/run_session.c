/* SPDX-License-Identifier: BSD-2-Clause */
/* run_session.c - connects the parts of a session: start, the command's stops and signals, the terminal, the end. */
#include "session/run_session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/paths.h"
#include "formats/image.h"
#include "front/notices.h"
#include "front/panel.h"
#include "front/popup.h"
#include "front/prompt.h"
#include "session/inherited_sockets.h"
#include "session/monitor.h"
#include "session/session_core.h"
#include "term/relay.h"
#include "util/exit.h"
#include "util/harden.h"

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
	struct watch monitor_source, signals;
	pid_t child; /* the monitor, or the command itself */
	bool ended;
	bool was_interactive; /* the command had the keys from the start: it gets them back when this job does */
	int status;           /* the command's wait status */
};

/* --- the command -------------------------------------------------------------------------------------------------- */

/* Ask the person at this terminal: in a popup, or over the program's screen. */
static void run_ask_here(struct session *s)
{
	if (s->tty.fd >= 0 && !popup_update(&s->popup))
		panel_update(&s->panel);
}

static void run_command_ended(struct session *s, int status)
{
	if (s->ended)
		return;
	s->ended = true;
	s->status = status;
	s->loop.stop = true;
}

static void run_order(struct session *s, unsigned char what)
{
	if (write(s->monitor.fd, &what, 1) != 1)
		run_command_ended(s, W_EXITCODE(EXIT_SOFTWARE, 0));
}

/* Stop as a job does: the whole process group, by a terminal signal.  In an orphaned group, which no shell could
 * continue, the kernel ignores the stop. */
static void run_stop_job(int sig)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, sig);
	kill(0, sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL); /* runs when the job is continued */
}

/* The command stopped on the inner terminal.  If it stopped because it wants the terminal, give it the foreground.
 * Otherwise stop this job, too; the person's shell continues both. */
static void run_command_stopped(struct session *s, int sig)
{
	bool wants = (sig == SIGTTIN || sig == SIGTTOU) && !s->relay.interactive;
	if (wants && !relay_go_interactive(&s->relay)) {
		run_order(s, MONITOR_FOREGROUND);
		return;
	}
	panel_close(&s->panel);
	relay_suspend(&s->relay);
	run_stop_job(wants ? sig : SIGTSTP);
	panel_resize(&s->panel);
	run_order(s, relay_go_interactive(&s->relay) ? MONITOR_CONTINUE : MONITOR_FOREGROUND);
	run_ask_here(s);
}

static void run_monitor_ready(struct watch *src, uint32_t events)
{
	struct session *s = src->data;
	int status;
	if (read(src->fd, &status, sizeof status) !=
	    sizeof status) /* the monitor is gone, and the inner terminal with it */
		run_command_ended(s, s->relay.outer_gone ? W_EXITCODE(0, SIGHUP) : W_EXITCODE(EXIT_SOFTWARE, 0));
	else if (WIFSTOPPED(status))
		run_command_stopped(s, WSTOPSIG(status));
	else
		run_command_ended(s, status);
}

/* --- signals ------------------------------------------------------------------------------------------------------ */

static void run_child_ended(pid_t pid, int status, void *data)
{
	struct session *s = data;
	if (pid == s->child && s->monitor.fd < 0)
		run_command_ended(s, status);
	else if (pid == s->popup.pid) {
		popup_reaped(&s->popup);
		run_ask_here(s);
	}
}

/* Pass a signal sent to gatesh on to the command.  A command in gatesh's own process group gets the terminal's signals
 * anyway. */
static void run_pass_signal(struct session *s, const struct signalfd_siginfo *info)
{
	if (s->monitor.fd >= 0)
		run_order(s, (unsigned char)(MONITOR_SIGNAL | info->ssi_signo));
	else if (info->ssi_code <= 0)
		kill(s->child, (int)info->ssi_signo);
}

static void run_signalled(struct watch *src, uint32_t events)
{
	struct session *s = src->data;
	struct signalfd_siginfo info;
	if (read(src->fd, &info, sizeof info) != sizeof info)
		return;
	switch (info.ssi_signo) {
	case SIGCHLD: session_core_reap(&s->live, run_child_ended, s); break;
	case SIGWINCH:
		if (s->tty.fd >= 0)
			panel_resize(&s->panel);
		break;
	case SIGCONT:
		if (s->tty.fd >= 0 && s->was_interactive && !relay_go_interactive(&s->relay))
			run_ask_here(s);
		break;
	default: run_pass_signal(s, &info); break;
	}
}

static int run_watch_signals(struct session *s)
{
	static const int watched[] = {SIGCHLD, SIGWINCH, SIGCONT, SIGINT,  SIGTERM,
				      SIGHUP,  SIGQUIT,  SIGTSTP, SIGUSR1, SIGUSR2};
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
		sigaddset(&set, watched[i]);
	s->signals = (struct watch){.events = EPOLLIN, .ready = run_signalled, .data = s};
	s->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	/* Blocked but not read: a write or a mode change from the background must fail, not stop or end gatesh. */
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ); /* a log over its size limit must fail with an error, not kill gatesh */
	sigaddset(&set, SIGTTIN);
	sigaddset(&set, SIGTTOU);
	if (s->signals.fd < 0 || sigprocmask(SIG_BLOCK, &set, &s->launch.mask))
		return -errno;
	return loop_watch(&s->loop, &s->signals);
}

/* --- start -------------------------------------------------------------------------------------------------------- */

static bool run_can_ask(void *data)
{
	struct session *s = data;
	return s->tty.fd >= 0 && panel_usable(&s->panel);
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

/* Let go of stdin and stdout, so that only the command holds its pipes open.  gatesh keeps stderr for its errors. */
static void run_let_go_of_pipes(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; null >= 0 && fd < 2; fd++)
		if (!isatty(fd))
			dup2(null, fd);
	if (null > 2)
		close(null);
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
	if (!s->child)
		spawn_exec(&s->launch);
	return s->child < 0 ? -errno : 0;
}

static int run_start_command(struct session *s)
{
	size_t n = 0;
	while (s->o->command[n])
		n++;
	if (gate_serves(s->live.handle, GATE_EVENT_CONNECT))
		inherited_record(&s->live.workers, s->o->command[0]);
	char **argv = calloc(n + 2, sizeof *argv);
	char **envp = spawn_environment(gate_path(GATE_PATH_PRELOAD), s->live.dir.path);
	int err = argv && envp ? 0 : -ENOMEM;
	if (!err) {
		argv[0] = (char *)"gate-standin";
		memcpy(argv + 1, s->o->command, n * sizeof *argv);
		s->launch.path = gate_path(GATE_PATH_STANDIN);
		s->launch.argv = argv;
		s->launch.envp = envp;
		s->launch.harden = !s->o->allow_setuid;
		err = s->tty.fd >= 0 ? run_start_on_terminal(s) : run_start_without(s);
	}
	free(argv);
	free(envp);
	if (err)
		fprintf(stderr, "gate: %s cannot be started: %s\n", s->o->command[0], strerror(-err));
	else
		run_let_go_of_pipes();
	return err;
}

static const char *run_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

/* Open everything that the command needs.  Returns 0, or an exit status. */
static int run_open_session(struct session *s)
{
	int err = loop_init(&s->loop);
	if (!err)
		err = run_watch_signals(s);
	if (!err)
		err = harden_self();
	if (err) {
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(-err));
		return EXIT_SOFTWARE;
	}
	s->live_options = (struct live_options){
		.service = s->o->service,
		.agent = s->o->agent ? s->o->agent : run_base_name(s->o->command[0]),
		.debug = s->o->debug,
		.command = s->o->command,
		.workspaces = s->o->workspaces,
		.supervise = !s->o->allow_setuid,
		.network = s->o->network,
		.allow_list = s->o->allow_list,
		.wait_for_answer = s->o->wait_for_answer,
		.mask = s->launch.mask,
	};
	s->live.terminal = run_can_ask;
	s->live.changed = run_question_changed;
	s->live.data = s;
	tty_open(&s->tty); /* without a terminal, other front ends ask */
	return session_core_open(&s->live, &s->loop, &s->live_options);
}

/* End by the command's signal, for a parent that inspects the wait status.  Returns if the signal does not end a
 * process. */
static void run_end_by(int sig)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, sig);
	signal(sig, SIG_DFL);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

int session_run(const struct session_options *o)
{
	struct session s = {.o = o, .loop.epoll = -1, .monitor.fd = -1, .signals.fd = -1, .tty.fd = -1};
	int status = run_open_session(&s);
	if (!status && run_start_command(&s))
		status = EXIT_SOFTWARE;
	if (!status) {
		int err = loop_run(&s.loop);
		if (err)
			fprintf(stderr, "gate: the session's event loop failed: %s\n", strerror(-err));
		status = err ? EXIT_SOFTWARE : WIFSIGNALED(s.status) ? 128 + WTERMSIG(s.status) : WEXITSTATUS(s.status);
	}
	if (s.relay.loop) {
		panel_close(&s.panel);
		relay_finish(&s.relay);
	}
	notices_detach(&s.notices);
	tty_close(&s.tty);
	session_core_close(&s.live);
	notices_close(&s.notices);
	loop_free(&s.loop);
	if (s.signals.fd >= 0)
		close(s.signals.fd);
	if (s.monitor.fd >= 0)
		close(s.monitor.fd);
	if (o->same_end && s.ended && WIFSIGNALED(s.status))
		run_end_by(WTERMSIG(s.status));
	return status;
}
