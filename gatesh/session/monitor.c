/* SPDX-License-Identifier: BSD-2-Clause */
/* monitor.c - forks the monitor and the command; the monitor takes orders and reports the command's stops and end. */
#include "session/monitor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/exit.h"

static _Noreturn void monitor_command(const struct exec_launch *l, int slave, unsigned on_tty, bool foreground)
{
	setpgid(0, 0);
	if (foreground)
		tcsetpgrp(slave, getpid()); /* SIGTTOU is blocked */
	for (int fd = 0; fd < 3; fd++)
		if ((on_tty & 1u << fd) && dup2(slave, fd) < 0)
			_exit(EXIT_REFUSED);
	spawn_exec(l);
}

/* Report to gatesh that the command stopped or ended; true when it ended or gatesh is gone. */
static bool monitor_report(int fd, pid_t pid)
{
	int status;
	pid_t got = waitpid(pid, &status, WNOHANG | WUNTRACED);
	if (got != pid)
		return false;
	bool ended = !WIFSTOPPED(status);
	return write(fd, &status, sizeof status) != sizeof status || ended;
}

/* The command has ended.  What it left keeps the terminal as background processes, until gatesh closes it: when the leader of
 * a POSIX session ends, its terminal hangs up. */
static _Noreturn void monitor_stay(int fd, int slave)
{
	unsigned char order;
	tcsetpgrp(slave, getpgrp());
	while (read(fd, &order, 1) == 1)
		;
	_exit(0);
}

/* The monitor's loop: take orders from gatesh, report the command's state.  If gatesh is gone, so is the terminal, and
 * the hangup ends what is left. */
static _Noreturn void monitor_monitor(int fd, int signals, pid_t pid, int slave)
{
	struct pollfd p[] = {{.fd = fd, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			_exit(EXIT_SOFTWARE);
		struct signalfd_siginfo info;
		if (p[1].revents && read(signals, &info, sizeof info) == sizeof info && monitor_report(fd, pid))
			monitor_stay(fd, slave);
		unsigned char order;
		if (!p[0].revents)
			continue;
		if (read(fd, &order, 1) != 1)
			_exit(0);
		if (order == MONITOR_FOREGROUND)
			tcsetpgrp(slave, pid);
		kill(-pid, order & MONITOR_SIGNAL ? order & ~MONITOR_SIGNAL : SIGCONT);
	}
}

enum { MONITOR_KEPT = 4 };

/* Close everything that gatesh has open, except these (-1: none) and the standard streams.  Above all the inner terminal's master,
 * or the terminal would never hang up. */
static void monitor_close_others(const int keep[MONITOR_KEPT])
{
	unsigned next = 3;
	for (int i = 0; i < MONITOR_KEPT; i++) {
		unsigned low = ~0u;
		for (int k = 0; k < MONITOR_KEPT; k++)
			if (keep[k] >= 0 && (unsigned)keep[k] >= next && (unsigned)keep[k] < low)
				low = (unsigned)keep[k];
		if (low == ~0u)
			break;
		if (low > next)
			close_range(next, low - 1, 0);
		next = low + 1;
	}
	close_range(next, ~0u, 0);
}

static _Noreturn void monitor_start_command(const struct exec_launch *l, int fd, int slave, unsigned on_tty,
					    bool foreground)
{
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	int signals = signalfd(-1, &child, SFD_CLOEXEC);
	/* The terminal's hangup must end this process, whichever signals gatesh blocks. */
	sigset_t hup;
	sigemptyset(&hup);
	sigaddset(&hup, SIGHUP);
	sigprocmask(SIG_UNBLOCK, &hup, NULL);
	if (signals < 0 || setsid() < 0 || ioctl(slave, TIOCSCTTY, 0))
		_exit(EXIT_SOFTWARE);
	monitor_close_others((const int[MONITOR_KEPT]){fd, slave, signals, l->guard ? l->guard->fd : -1});
	pid_t pid = fork();
	if (pid < 0)
		_exit(EXIT_SOFTWARE);
	if (!pid)
		monitor_command(l, slave, on_tty, foreground);
	setpgid(pid, pid);
	if (l->guard)
		close(l->guard->fd);
	/* Only the command may hold its ends of pipes open. */
	for (int i = 0; i < 3; i++)
		if (!(on_tty & 1u << i))
			dup2(slave, i);
	monitor_monitor(fd, signals, pid, slave);
}

int monitor_start(struct monitor *m, const struct exec_launch *l, int slave, unsigned on_tty, bool foreground)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	pid_t pid = fork();
	if (!pid) {
		close(pair[0]);
		monitor_start_command(l, pair[1], slave, on_tty, foreground);
	}
	int err = pid < 0 ? -errno : 0;
	close(pair[1]);
	if (l->guard)
		l->guard->forked(l->guard, pid);
	if (err)
		close(pair[0]);
	else
		*m = (struct monitor){.pid = pid, .fd = pair[0]};
	return err;
}
