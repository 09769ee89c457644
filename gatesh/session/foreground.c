/* SPDX-License-Identifier: BSD-2-Clause */
/* foreground.c - forks the supervisor, passes signals on to it, and ends as the command did. */
#include "session/foreground.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "util/exit.h"
#include "util/standard_descriptors.h"

/* The supervisor's reports. */
struct foreground_end {
	int status, sig;
};

/* The terminal as it was, for the case that the supervisor can't restore it. */
struct foreground_terminal {
	int fd; /* -1: none */
	struct termios modes;
};

/* Every signal that gatesh reads or blocks: the foreground process must not end or stop before the supervisor. */
static void foreground_signals(sigset_t *set)
{
	static const int passed[] = {SIGCONT, SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGTSTP,
				     SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, SIGWINCH};
	sigemptyset(set);
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
		sigaddset(set, passed[i]);
}

pid_t foreground_fork(int *fd)
{
	int pair[2];
	sigset_t set, before;
	/* The kernel keeps a flag that a process was born with. */
	int err = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -errno : 0;
	if (!err && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		err = -errno;
	foreground_signals(&set);
	fflush(NULL);
	if (!err)
		err = sigprocmask(SIG_BLOCK, &set, &before) ? -errno : 0;
	pid_t pid = err ? err : fork();
	if (!err && pid < 0)
		err = pid = -errno;
	if (err) {
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(-err));
		return err;
	}
	close(pair[!pid ? 0 : 1]);
	*fd = pair[!pid ? 1 : 0];
	if (!pid)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

void foreground_report(int fd, int status, int sig)
{
	const struct foreground_end end = {status, sig};
	/* It fails only if the foreground process is gone. */
	if (send(fd, &end, sizeof end, MSG_NOSIGNAL) < 0)
		errno = 0;
	close(fd);
}

/* --- the foreground process --------------------------------------------------------------------------------------- */

static void foreground_unblock(int sig)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL); /* after a stop: runs when the job is continued */
}

static void foreground_signalled(int signals, pid_t supervisor)
{
	struct signalfd_siginfo info;
	if (read(signals, &info, sizeof info) != sizeof info)
		return;
	int sig = (int)info.ssi_signo;
	bool stops = sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
	if (stops && (pid_t)info.ssi_pid == supervisor) {
		raise(sig);
		foreground_unblock(sig);
	} else if (info.ssi_code <= 0 && sig != SIGTTIN && sig != SIGTTOU) {
		kill(supervisor, sig); /* the terminal's own reach the whole group */
	}
}

/* End by a signal, for a parent that inspects the wait status.  Returns if the signal does not end a process. */
static int foreground_end_by(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	foreground_unblock(sig);
	return 128 + sig;
}

static struct foreground_terminal foreground_look_at_terminal(void)
{
	struct foreground_terminal t = {.fd = -1};
	for (int fd = 2; fd >= 0; fd--)
		if (!tcgetattr(fd, &t.modes))
			t.fd = fd;
	return t;
}

/* The supervisor has ended without a report: its exit status is the session's. */
static int foreground_reap(pid_t supervisor, const struct foreground_terminal *t)
{
	int status;
	while (waitpid(supervisor, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_SOFTWARE;
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	if (t->fd >= 0)
		tcsetattr(t->fd, TCSANOW, &t->modes);
	fprintf(stderr, "gate: the session's supervisor was killed: %s; what is left of the session is refused\n",
		strsignal(WTERMSIG(status)));
	return 128 + WTERMSIG(status);
}

int foreground_wait(pid_t supervisor, int fd)
{
	sigset_t set;
	struct foreground_end end;
	ssize_t n = -1;
	const struct foreground_terminal terminal = foreground_look_at_terminal();
	standard_descriptors_let_go(STDOUT_FILENO, true); /* only the command may hold its pipes open */
	foreground_signals(&set);
	int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	while (n < 0 && (poll(p, 2, -1) >= 0 || errno == EINTR)) {
		if (p[1].revents)
			foreground_signalled(signals, supervisor);
		if (p[0].revents)
			n = recv(fd, &end, sizeof end, MSG_DONTWAIT);
	}
	if (n != sizeof end)
		return foreground_reap(supervisor, &terminal);
	return end.sig ? foreground_end_by(end.sig) : end.status;
}
