/* SPDX-License-Identifier: BSD-2-Clause */
/* run_command.c - follows the session's command: its stops, its end, and the signals that concern it. */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session/run_internal.h"
#include "util/exit.h"

void run_ask_here(struct session *s)
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
	stay_command_ended(&s->stay);
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

void run_monitor_ready(struct watch *src, uint32_t events)
{
	struct session *s = src->data;
	int status;
	if (read(src->fd, &status, sizeof status) !=
	    sizeof status) { /* the monitor is gone, and the inner terminal with it */
		loop_unwatch(&s->loop, src);
		run_command_ended(s, s->relay.outer_gone ? W_EXITCODE(0, SIGHUP) : W_EXITCODE(EXIT_SOFTWARE, 0));
	} else if (WIFSTOPPED(status))
		run_command_stopped(s, WSTOPSIG(status));
	else
		run_command_ended(s, status);
}

void run_foreground_gone(struct watch *w, uint32_t events)
{
	struct session *s = w->data;
	loop_unwatch(&s->loop, w);
	if (s->relay.loop)
		relay_hang_up(&s->relay);
	else if (!s->ended && !kill(s->child, SIGHUP))
		kill(s->child, SIGCONT);
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
	default:
		if (!stay_signalled(&s->stay, (int)info.ssi_signo) && !s->ended)
			run_pass_signal(s, &info);
		break;
	}
}

int run_watch_signals(struct session *s)
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
