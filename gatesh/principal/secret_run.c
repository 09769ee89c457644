/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_run.c - forks twice, reads the output against a time limit, and gets the exit status over a pipe. */
#include "principal/secret_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/loop.h"

/* A program that runs.  The parent's ends are [0]. */
struct run {
	const char *path;
	char *const *argv;
	char **envp;
	int out[2], ended[2];
	pid_t pid; /* of the process between, and of the group */
};

static char **secret_run_environment(const char *block)
{
	size_t n = 0, k = 0;
	for (const char *s = block; *s; s += strlen(s) + 1)
		n++;
	char **envp = calloc(n + 1, sizeof *envp);
	for (const char *s = block; envp && *s; s += strlen(s) + 1)
		envp[k++] = (char *)(size_t)s; /* execve(2) does not write to it */
	return envp;
}

/* In the grandchild. */
static _Noreturn void secret_run_program(const struct run *r)
{
	sigset_t none;
	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(r->path, r->argv, r->envp);
	_exit(errno == ENOENT ? 127 : 126);
}

/* In the child, which has gatesh's memory but none of its descriptors: start the program, and tell how it ended.
 * Async-signal-safe. */
static _Noreturn void secret_run_between(const struct run *r)
{
	enum { REPORT = 3 };
	int status = 126 << 8, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	setsid();
	if (null < 0 || chdir("/") || dup2(null, 0) < 0 || dup2(r->out[1], 1) < 0 || dup2(null, 2) < 0)
		_exit(1);
	if (r->ended[1] != REPORT && dup2(r->ended[1], REPORT) < 0)
		_exit(1);
	close_range(REPORT + 1, ~0U, 0);
	fcntl(REPORT, F_SETFD, FD_CLOEXEC);
	pid_t pid = _Fork();
	if (!pid)
		secret_run_program(r);
	close(1);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	_exit(write(REPORT, &status, sizeof status) != sizeof status);
}

static int secret_run_start(struct run *r)
{
	r->pid = fork();
	if (!r->pid)
		secret_run_between(r);
	int err = r->pid < 0 ? -errno : 0;
	close(r->out[1]);
	close(r->ended[1]);
	return err;
}

/* Take what has been printed.  Returns 1 at the end, 0 for now, or -EFBIG. */
static int secret_run_read(const struct run *r, char *out, size_t size, size_t *n)
{
	for (;;) {
		ssize_t got = read(r->out[0], out + *n, size - 1 - *n);
		if (got <= 0)
			return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : 1;
		*n += (size_t)got;
		if (*n == size - 1)
			return -EFBIG;
	}
}

/* Read until the program has ended; what it left running may hold the output open. */
static int secret_run_watch(const struct run *r, char *out, size_t size)
{
	uint64_t until = loop_now() + SECRET_RUN_MS;
	size_t n = 0;
	bool over = false;
	for (;;) {
		struct pollfd p[2] = {{.fd = r->ended[0], .events = POLLIN},
				      {.fd = over ? -1 : r->out[0], .events = POLLIN}};
		uint64_t now = loop_now();
		int ready = now < until ? poll(p, 2, (int)(until - now)) : 0;
		if (!ready)
			return -ETIMEDOUT;
		int got = over ? 1 : secret_run_read(r, out, size, &n);
		if (got < 0)
			return got;
		over = got;
		int status;
		if (!p[0].revents || ready < 0)
			continue;
		if (read(r->ended[0], &status, sizeof status) != sizeof status)
			return -EIO;
		got = over ? 1 : secret_run_read(r, out, size, &n); /* its last words */
		out[n] = '\0';
		return got < 0 ? got : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
}

int secret_run(const char *path, char *const *argv, const char *environment, char *out, size_t size)
{
	struct run r = {.path = path, .argv = argv, .envp = secret_run_environment(environment)};
	int err = r.envp ? 0 : -ENOMEM;
	if (!err && pipe2(r.out, O_CLOEXEC))
		err = -errno;
	else if (!err && pipe2(r.ended, O_CLOEXEC)) {
		err = -errno;
		close(r.out[0]);
		close(r.out[1]);
	}
	if (!err) {
		fcntl(r.out[0], F_SETFL, O_NONBLOCK);
		err = secret_run_start(&r);
		if (!err)
			err = secret_run_watch(&r, out, size);
		if (r.pid > 0 && err < 0)
			kill(-r.pid, SIGKILL);
		if (r.pid > 0)
			while (waitpid(r.pid, NULL, 0) < 0 && errno == EINTR) /* ECHILD: the main loop was first */
				;
		close(r.out[0]);
		close(r.ended[0]);
	}
	free(r.envp);
	return err;
}
