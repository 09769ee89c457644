/* SPDX-License-Identifier: BSD-2-Clause */
/* private_agent.c - starts the two agents, and talks to them. */
#include "sshagent/private_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/proc.h"
#include "util/spawn.h"

enum { START_MS = 5000, REPLY_SECONDS = 30 };

/* --- messages ----------------------------------------------------------------------------------------------------- */

static int private_read_all(int fd, char *to, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = recv(fd, to + done, n - done, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EPIPE;
		done += (size_t)got;
	}
	return 0;
}

int agent_message_receive(int fd, struct strbuf *out)
{
	unsigned char size[4];
	char piece[4096];
	int err = private_read_all(fd, (char *)size, sizeof size);
	if (err)
		return err;
	size_t n = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
	if (!n || n > AGENT_MESSAGE_MAX)
		return -EPROTO;
	while (!err && n) {
		size_t some = n < sizeof piece ? n : sizeof piece;
		err = private_read_all(fd, piece, some);
		if (!err)
			strbuf_put(out, piece, some);
		n -= some;
	}
	return err ? err : out->err;
}

static int private_write_all(int fd, const unsigned char *from, size_t n)
{
	for (size_t done = 0; done < n;) {
		ssize_t put = send(fd, from + done, n - done, MSG_NOSIGNAL);
		if (put < 0 && errno != EINTR)
			return -errno;
		done += put > 0 ? (size_t)put : 0;
	}
	return 0;
}

int agent_message_send(int fd, struct ssh_bytes m)
{
	const unsigned char size[4] = {(unsigned char)(m.n >> 24), (unsigned char)(m.n >> 16),
				       (unsigned char)(m.n >> 8), (unsigned char)m.n};
	int err = private_write_all(fd, size, sizeof size);
	return err ? err : private_write_all(fd, m.at, m.n);
}

static int private_ask(int fd, struct ssh_bytes request, struct strbuf *reply)
{
	int err = agent_message_send(fd, request);
	return err ? err : agent_message_receive(fd, reply);
}

/* --- start -------------------------------------------------------------------------------------------------------- */

/* Connect to the agent's socket, with *pid its process.  Returns a descriptor or a negative errno. */
static int private_connect(const char *path, pid_t *pid)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct ucred peer;
	socklen_t size = sizeof peer;
	const struct timeval limit = {.tv_sec = REPLY_SECONDS};
	strncpy(a.sun_path, path, sizeof a.sun_path - 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&a, sizeof a) || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit)) {
		int err = -errno;
		close(fd);
		return err;
	}
	*pid = peer.pid;
	return fd;
}

/* ssh-agent ends with its command, and that with the pipe's other end. */
static int private_start(const char *path, int lives, const sigset_t *mask, pid_t *keeper, pid_t *agent)
{
	char *const argv[] = {(char *)"ssh-agent", (char *)"-a", (char *)path, (char *)"cat", NULL};
	int err = spawn_own(argv, lives, mask, keeper), fd = -ENOENT;
	for (int ms = 0; !err && (fd == -ENOENT || fd == -ECONNREFUSED) && ms < START_MS; ms += 2) {
		usleep(2000);
		fd = private_connect(path, agent);
	}
	return err ? err : fd;
}

static int private_add(const struct ssh_key *k, const char *path, const sigset_t *mask)
{
	char *const argv[] = {(char *)"ssh-add", (char *)"-q", k->path, NULL};
	pid_t pid;
	int status;
	setenv("SSH_AUTH_SOCK", path, 1);
	setenv("SSH_ASKPASS_REQUIRE", "never", 1);
	int err = spawn_own(argv, -1, mask, &pid);
	unsetenv("SSH_ASKPASS_REQUIRE");
	if (!err && waitpid(pid, &status, 0) != pid)
		err = -errno;
	if (err)
		fprintf(stderr, "gate: ssh-add cannot be started: %s; the session is not started\n", strerror(-err));
	else if (status) {
		fprintf(stderr,
			"gate: ssh-key %s: ssh-add does not take %s: it is missing, others can read it, or it has a "
			"passphrase; the session is not started\n",
			k->name, k->path);
		err = -EINVAL;
	}
	return err;
}

static int private_open_both(struct private_agent *a, const char *dir, int lives, const sigset_t *mask)
{
	char path[PRIVATE_PATH_MAX];
	snprintf(path, sizeof path, "%s/keys.sock", dir);
	snprintf(a->path, sizeof a->path, "%s/proof.sock", dir);
	int fd = private_start(a->path, lives, mask, &a->prover, &a->proving);
	if (fd < 0)
		return fd;
	close(fd);
	pid_t agent;
	a->fd = private_start(path, lives, mask, &a->keeper, &agent);
	return a->fd < 0 ? a->fd : 0;
}

int private_agent_open(struct private_agent *a, const char *dir, const struct ssh_key *keys, size_t n,
		       const sigset_t *mask)
{
	int ends[2];
	char path[PRIVATE_PATH_MAX];
	*a = (struct private_agent){.fd = -1, .lives = -1};
	pthread_mutex_init(&a->lock, NULL);
	if (snprintf(path, sizeof path, "%s/keys.sock", dir) >= (int)sizeof path)
		return -ENAMETOOLONG;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	a->lives = ends[1];
	int err = private_open_both(a, dir, ends[0], mask);
	close(ends[0]);
	if (err)
		fprintf(stderr, "gate: ssh-agent cannot be started: %s; the session is not started\n", strerror(-err));
	for (size_t i = 0; !err && i < n; i++)
		err = private_add(&keys[i], path, mask);
	unlink(path);
	if (err)
		private_agent_close(a);
	return err;
}

/* The agent itself looks only every ten seconds whether its parent is still there. */
static void private_end(pid_t keeper)
{
	char path[64];
	int child;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)keeper, (int)keeper);
	FILE *f = keeper ? fopen(path, "re") : NULL;
	while (f && fscanf(f, "%d", &child) == 1)
		kill(child, SIGTERM);
	if (f)
		fclose(f);
}

void private_agent_close(struct private_agent *a)
{
	private_end(a->keeper);
	private_end(a->prover);
	if (a->fd >= 0)
		close(a->fd);
	if (a->lives >= 0)
		close(a->lives);
	if (a->path[0])
		unlink(a->path);
	a->fd = a->lives = -1;
	a->keeper = a->prover = 0;
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

int private_agent_request(struct private_agent *a, struct ssh_bytes request, struct strbuf *reply)
{
	pthread_mutex_lock(&a->lock);
	int err = a->fd < 0 ? -EPIPE : private_ask(a->fd, request, reply);
	if (err && a->fd >= 0) { /* what comes next would be the answer to this */
		close(a->fd);
		a->fd = -1;
	}
	pthread_mutex_unlock(&a->lock);
	return err;
}

bool private_agent_proves(const struct private_agent *a, struct ssh_bytes request)
{
	cleanup_strbuf struct strbuf reply = {0};
	pid_t pid;
	int fd = private_connect(a->path, &pid);
	if (fd < 0)
		return false;
	bool proved = pid == a->proving && !private_ask(fd, request, &reply) && reply.len == 1 &&
		      (unsigned char)reply.s[0] == AGENT_SUCCESS;
	close(fd);
	return proved;
}
