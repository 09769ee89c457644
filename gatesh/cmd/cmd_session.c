/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_session.c - gatesh session --auto: a session for a program that was started with a bare LD_PRELOAD.  The
 * interposer runs it.  It prints the session's directory and stays in the background until the last process of the
 * session has ended. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "session/session_core.h"
#include "util/exit.h"
#include "util/harden.h"
#include "util/proc.h"
#include "util/usage.h"

enum { LOOK_MS = 250 };

static const char help[] =
	"usage: gatesh session --auto PID\n"
	"\n"
	"Start a session for the process PID, print its directory, and stay in the background until PID has\n"
	"ended and no process with this GATE_SESSION is left.  The interposer runs it for a program started\n"
	"with a bare LD_PRELOAD=libgate-preload.so.  gatesh allow and gatesh deny answer its questions; its\n"
	"messages go to syslog.  It confines nothing: gatesh run is safer.\n"
	"\n"
	"  -h, --help   show this\n";

struct automatic {
	struct loop loop;
	struct session_core live;
	struct live_options options;
	struct watch signals, first; /* first: a pidfd of the process it was started for */
	struct timer look;
};

/* Does any process have this session in its environment?  Only this user's processes can: a change of privileges drops
 * LD_PRELOAD, and other users' environments can't be read. */
static bool cmd_session_in_use(const char *dir)
{
	DIR *d = opendir("/proc");
	bool found = !d;
	for (struct dirent *e; d && !found && (e = readdir(d));) {
		char *end;
		long pid = strtol(e->d_name, &end, 10);
		if (*end || pid <= 0 || pid == getpid())
			continue;
		found = proc_has_env((pid_t)pid, "GATE_SESSION", dir) == 1;
	}
	if (d)
		closedir(d);
	return found;
}

static void cmd_session_look(struct timer *t)
{
	struct automatic *a = t->data;
	if (a->live.questions.n || a->live.workers.running || cmd_session_in_use(a->live.dir.path))
		timer_set(&a->loop, &a->look, LOOK_MS);
	else
		a->loop.stop = true;
}

/* The first process has ended: from now on, look for others. */
static void cmd_session_first_ended(struct watch *w, uint32_t events)
{
	struct automatic *a = w->data;
	loop_unwatch(&a->loop, w);
	cmd_session_look(&a->look);
}

static int cmd_session_watch_first(struct automatic *a, pid_t pid)
{
	a->first = (struct watch){
		.events = EPOLLIN, .ready = cmd_session_first_ended, .data = a, .fd = pidfd_open(pid, 0)};
	return a->first.fd < 0 ? -errno : loop_watch(&a->loop, &a->first);
}

static void cmd_session_signalled(struct watch *w, uint32_t events)
{
	struct automatic *a = w->data;
	struct signalfd_siginfo info;
	if (read(w->fd, &info, sizeof info) != sizeof info)
		return;
	if (info.ssi_signo == SIGCHLD)
		session_core_reap(&a->live, NULL, NULL);
	else
		a->loop.stop = true;
}

static int cmd_session_watch_signals(struct automatic *a)
{
	sigset_t set;
	signal(SIGCHLD, SIG_DFL); /* the program may ignore it, but gatesh reaps its own children */
	sigemptyset(&set);
	for (const int *s = (const int[]){SIGCHLD, SIGTERM, SIGINT, 0}; *s; s++)
		sigaddset(&set, *s);
	a->signals = (struct watch){.events = EPOLLIN, .ready = cmd_session_signalled, .data = a};
	a->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ);
	sigaddset(&set, SIGHUP);
	if (a->signals.fd < 0 || sigprocmask(SIG_BLOCK, &set, &a->options.mask))
		return -errno;
	return loop_watch(&a->loop, &a->signals);
}

/* Log later messages: there is no terminal, and stderr was the program's.  Any thread. */
static void cmd_session_tell(enum gate_style style, const char *text, void *data)
{
	struct automatic *a = data;
	int priority = style == GATE_STYLE_ERROR ? LOG_ERR : style == GATE_STYLE_DEBUG ? LOG_DEBUG : LOG_NOTICE;
	syslog(priority, "session %s: %s", a->live.dir.id, text);
}

/* Print the line that the interposer waits for, then let go of the program's files and directory. */
static int cmd_session_tell_and_let_go(const char *dir)
{
	if (printf("%s\n", dir) < 0 || fflush(stdout))
		return -EIO;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	return chdir("/") ? -errno : 0; /* so that its directory can be unmounted */
}

static int cmd_session_serve(pid_t pid)
{
	/* The program's arguments are not known here; the interposer sends its name with each event. */
	static char *const command[] = {(char *)"(a program with LD_PRELOAD)", NULL};
	struct automatic a = {.options = {.agent = "preload", .command = command, .wait_for_answer = true}};
	int err = loop_init(&a.loop);
	if (!err)
		err = cmd_session_watch_signals(&a);
	if (!err)
		err = cmd_session_watch_first(&a, pid);
	if (!err)
		err = harden_self();
	if (err) {
		fprintf(stderr, "gate: the session cannot be started: %s\n", strerror(-err));
		return EXIT_SOFTWARE;
	}
	int status = session_core_open(&a.live, &a.loop, &a.options);
	if (status)
		return status;
	a.look = (struct timer){.expired = cmd_session_look, .data = &a};
	openlog("gatesh", LOG_PID, LOG_AUTHPRIV);
	a.live.tell = cmd_session_tell;
	a.live.data = &a;
	err = cmd_session_tell_and_let_go(a.live.dir.path);
	if (!err)
		err = loop_run(&a.loop);
	session_core_close(&a.live);
	loop_free(&a.loop);
	close(a.signals.fd);
	close(a.first.fd);
	return err ? EXIT_SOFTWARE : 0;
}

int cmd_session(int argc, char **argv)
{
	static const struct option options[] = {
		{"auto", no_argument, NULL, 'a'}, {"help", no_argument, NULL, 'h'}, {0}};
	bool automatic = false;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "+:h", options, NULL)) != -1;) {
		if (c == 'h')
			return usage_help(help);
		if (c != 'a')
			return usage_bad_option(c, argv, options);
		automatic = true;
	}
	char *end = NULL;
	long pid = automatic && argv[optind] && !argv[optind + 1] ? strtol(argv[optind], &end, 10) : 0;
	if (pid <= 0 || pid > INT_MAX || *end)
		return usage_error("session", "needs --auto PID");
	/* The caller has forked already; setsid() keeps the terminal's signals away. */
	if (setsid() < 0 && errno != EPERM)
		fprintf(stderr, "gate: setsid: %m\n");
	return cmd_session_serve((pid_t)pid);
}
