/* SPDX-License-Identifier: BSD-2-Clause */
/* gate_exec.c - runs a program that decides.  gate_exec(8). */
#include <gate_module.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TIMEOUT_MS = 5000, REASON_MAX = 512, VARIABLE_MAX = 128 << 10, NVARIABLES = 16 };

static const struct gate_option options[] = {
	{"timeout", GATE_OPT_DURATION, NULL, false},
	{"--", GATE_OPT_REST, NULL, true},
	{NULL, GATE_OPT_FLAG, NULL, false},
};

/* --- the environment ---------------------------------------------------------------------------------------------- */

struct environment {
	char *v[NVARIABLES + 1]; /* NULL-terminated, owned */
	size_t n;
	int err;
};

static void exec_put(struct environment *e, const char *name, const char *value)
{
	if (e->err || !value)
		return;
	if (asprintf(&e->v[e->n], "%s=%s", name, value) < 0) {
		e->v[e->n] = NULL;
		e->err = -ENOMEM;
	} else if (strlen(e->v[e->n++]) >= VARIABLE_MAX) {
		e->err = -E2BIG; /* execve(2) takes no longer string, and a cut one could be misjudged */
	}
}

static void exec_put_number(struct environment *e, const char *name, unsigned long n)
{
	char text[24];
	snprintf(text, sizeof text, "%lu", n);
	exec_put(e, name, text);
}

static void exec_put_findings(struct environment *e, gate_handle_t *h)
{
	size_t n, len = 1;
	const struct gate_finding *f = gate_findings(h, &n);
	for (size_t i = 0; i < n; i++)
		len += strlen(f[i].rule) + 1;
	char *rules = calloc(1, len);
	if (!rules) {
		e->err = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < n; i++)
		strcat(strcat(rules, i ? " " : ""), f[i].rule);
	exec_put(e, "GATE_RULES", rules);
	exec_put(e, "GATE_SEVERITY", n ? gate_severity_name(f->severity) : "");
	free(rules);
}

/* Describe the event, and pass no more of gatesh's own environment than a program needs to run. */
static void exec_fill(struct environment *e, gate_handle_t *h, const struct gate_event *event)
{
	exec_put(e, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	exec_put(e, "HOME", getenv("HOME"));
	exec_put(e, "LANG", getenv("LANG"));
	exec_put(e, "GATE_EVENT", gate_event_name(event->type));
	exec_put_number(e, "GATE_PID", (unsigned long)event->pid);
	exec_put_number(e, "GATE_ARGC", event->argc);
	exec_put(e, "GATE_CWD", event->cwd);
	exec_put(e, "GATE_EXE", event->exe);
	exec_put(e, "GATE_SUBJECT", gate_subjects(h)[0]);
	exec_put(e, "GATE_SESSION_ID", gate_get_item(h, GATE_ITEM_SESSION_ID));
	exec_put_findings(e, h);
}

static void exec_drop(struct environment *e)
{
	while (e->n)
		free(e->v[--e->n]);
}

/* --- the program -------------------------------------------------------------------------------------------------- */

/* Like fork(2), but safe in a threaded process if the child only makes system calls.  With `signal` 0 the child's end
 * does not signal the parent, and waitpid(-1) in the parent does not see the child. */
static pid_t exec_copy_process(int signal)
{
	return (pid_t)syscall(SYS_clone, signal, NULL, NULL, NULL, NULL);
}

/* Leave the host's process group, directory, descriptors and signal settings.  Only the standard descriptors remain,
 * and they are replaced. */
static void exec_leave_host(int err_fd)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR);
	if (setpgid(0, 0) || null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(err_fd, 2) < 0 ||
	    close_range(3, ~0U, 0) || chdir("/"))
		_exit(127);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The keeper process: run the program, wait for it, and exit with its status (128 plus the number for a signal). */
static _Noreturn void exec_keep(const char *const *words, char **env, int err_fd)
{
	int status;
	exec_leave_host(err_fd);
	pid_t pid = exec_copy_process(SIGCHLD);
	if (!pid) {
		execve(words[0], (char *const *)words, env);
		const char *why = strerrordesc_np(errno);
		_exit(write(2, why, strlen(why)) < 0 ? 126 : 127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			_exit(127);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Start the program under a keeper process, both in a process group of their own.  The host may reap all its children
 * with waitpid(-1) or ignore SIGCHLD, but it does not see the keeper, so the program's exit status can't get lost.
 * Returns the keeper's pid, or -1 with errno. */
static pid_t exec_start(const char *const *words, char **env, int err_fd)
{
	sigset_t all, saved;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved); /* the host's signal handlers must not run in the copy */
	pid_t pid = exec_copy_process(0);
	if (!pid)
		exec_keep(words, env, err_fd);
	int err = errno;
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	if (pid > 0)
		setpgid(pid, pid); /* the child does the same; either may run first */
	errno = err;
	return pid;
}

static long long exec_now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Read some of the program's stderr, so that it never blocks on it, and keep the beginning.  Returns what read(2)
 * did. */
static ssize_t exec_drain(int fd, char *reason, size_t *len)
{
	char buf[512];
	ssize_t n = read(fd, buf, sizeof buf);
	for (ssize_t i = 0; i < n && *len < REASON_MAX - 1; i++)
		reason[(*len)++] = buf[i];
	return n;
}

/* Wait until the program ends (1) or the time is up (0); or a negative errno.  `reason` gets the first line of
 * stderr. */
static int exec_wait_end(int pidfd, int err_fd, unsigned timeout_ms, char *reason)
{
	struct pollfd p[2] = {{pidfd, POLLIN, 0}, {err_fd, POLLIN, 0}};
	size_t len = 0;
	long long end = exec_now_ms() + timeout_ms, left;
	while (!p[0].revents) {
		left = end - exec_now_ms();
		if (left <= 0)
			return 0;
		if (poll(p, 2, left > 1000000 ? 1000000 : (int)left) < 0 && errno != EINTR)
			return -errno;
		if (p[1].revents && !exec_drain(err_fd, reason, &len))
			p[1].fd = -1;
	}
	while (len < REASON_MAX - 1 && exec_drain(err_fd, reason, &len) > 0)
		;
	reason[strcspn(reason, "\n")] = '\0';
	return 1;
}

/* Run the program to its end.  Returns its exit status, or a negative errno (-ETIME: killed with its group). */
static int exec_run(const char *const *words, char **env, unsigned timeout_ms, char *reason)
{
	int fds[2], status = 0, err = 0;
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	pid_t pid = exec_start(words, env, fds[1]);
	if (pid < 0)
		err = -errno;
	close(fds[1]);
	int pidfd = pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
	int ended = pidfd < 0 ? -errno : exec_wait_end(pidfd, fds[0], timeout_ms, reason);
	if (pid > 0 && ended <= 0)
		kill(-pid, SIGKILL);
	while (pid > 0 && waitpid(pid, &status, __WALL) < 0 && !err)
		err = errno == EINTR ? 0 : -errno;
	if (pidfd >= 0)
		close(pidfd);
	close(fds[0]);
	if (!err && ended <= 0)
		err = ended ? ended : -ETIME;
	return err ? err : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* --- the decision ------------------------------------------------------------------------------------------------- */

/* Map the program's exit status to a gate code. */
static int exec_code(gate_handle_t *h, const char *program, int status, const char *reason)
{
	switch (status) {
	case 0: return GATE_SUCCESS;
	case 1: gate_set_reason(h, "%s", *reason ? reason : "a program of the policy refused it"); return GATE_DENY;
	case 2:
		gate_set_reason(h, "%s", *reason ? reason : "a program of the policy leaves the decision to a person");
		return GATE_FINDING;
	default:
		gate_set_reason(h, "%s exited with %d%s%s", program, status, *reason ? ": " : "", reason);
		return GATE_SERVICE_ERR;
	}
}

static int exec_decide(gate_handle_t *h, const struct gate_event *event, int argc, const char *const *argv)
{
	int n, ret = gate_match(h, event);
	const char *const *words = gate_opt_rest(argc, argv, &n);
	char reason[REASON_MAX] = "";
	struct environment env = {.n = 0};
	if (ret >= GATE_SERVICE_ERR)
		return ret;
	if (words[0][0] != '/') {
		gate_set_reason(h, "gate_exec: '%s' is not an absolute path", words[0]);
		return GATE_SERVICE_ERR;
	}
	exec_fill(&env, h, event);
	unsigned timeout_ms = gate_opt_duration(argc, argv, "timeout", TIMEOUT_MS);
	int status = env.err ? env.err : exec_run(words, env.v, timeout_ms, reason);
	exec_drop(&env);
	if (status >= 0)
		return exec_code(h, words[0], status, reason);
	gate_set_reason(h, "gate_exec: %s: %s", words[0], status == -ETIME ? "no answer in time" : strerror(-status));
	return status == -E2BIG ? GATE_BUF_ERR : GATE_SERVICE_ERR;
}

const struct gate_module gate_module = {
	.api_version = GATE_MODULE_API_VERSION,
	.name = "gate_exec",
	.events = 1u << GATE_EVENT_EXEC,
	.options = options,
	.flags = GATE_MODULE_RUNS,
	.decide = exec_decide,
};
