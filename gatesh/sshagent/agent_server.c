/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_server.c - listens, and gives each client a thread. */
#include "sshagent/agent_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 16 };

struct server_client {
	struct agent_server *s;
	int fd;
};

static int server_listen(struct agent_server *s, const char *dir)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	if (snprintf(s->path, sizeof s->path, "%s/" AGENT_SOCKET, dir) >= (int)sizeof s->path)
		return -ENAMETOOLONG;
	strcpy(a.sun_path, s->path);
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&a, sizeof a) || listen(s->fd, BACKLOG) ||
	    setenv("SSH_AUTH_SOCK", s->path, 1))
		return -errno;
	return unsetenv("SSH_AGENT_PID") ? -errno : 0;
}

int agent_server_open(struct agent_server *s, const char *dir, const struct ssh_key *keys, size_t n,
		      const sigset_t *mask)
{
	*s = (struct agent_server){.fd = -1};
	s->terms = (struct agent_terms){.keys = keys, .nkeys = n};
	s->terms.agent.fd = s->terms.agent.lives = -1;
	if (!n)
		return 0;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->done, NULL);
	int err = private_agent_open(&s->terms.agent, dir, keys, n, mask);
	if (err)
		return err;
	s->terms.blobs = calloc(n, sizeof *s->terms.blobs);
	err = s->terms.blobs ? agent_session_read_keys(&s->terms) : -ENOMEM;
	if (!err)
		err = known_hosts_load_all(&s->terms.hosts);
	if (!err)
		err = server_listen(s, dir);
	if (!err)
		return 0;
	fprintf(stderr, "gate: the session's ssh agent cannot be started: %s; the session is not started\n",
		strerror(-err));
	agent_server_close(s);
	return err;
}

/* --- serving ------------------------------------------------------------------------------------------------------ */

static bool server_enter(struct agent_server *s, int fd)
{
	int at = -1;
	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < AGENT_CLIENTS_MAX && at < 0; i++)
		if (!s->clients[i])
			s->clients[at = i] = fd;
	s->nclients += at >= 0;
	pthread_mutex_unlock(&s->lock);
	return at >= 0;
}

static void server_leave(struct agent_server *s, int fd)
{
	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < AGENT_CLIENTS_MAX; i++)
		if (s->clients[i] == fd)
			s->clients[i] = 0;
	close(fd); /* under the lock: agent_server_close() shuts down what is in the list */
	if (!--s->nclients)
		pthread_cond_signal(&s->done);
	pthread_mutex_unlock(&s->lock);
}

static void *server_serve(void *data)
{
	struct server_client c = *(struct server_client *)data;
	free(data);
	agent_session_run(&c.s->terms, c.fd);
	server_leave(c.s, c.fd);
	return NULL;
}

static void server_take(struct agent_server *s, int fd)
{
	pthread_t thread;
	struct server_client *c = malloc(sizeof *c);
	if (!c || !server_enter(s, fd)) {
		free(c);
		close(fd);
		return;
	}
	*c = (struct server_client){s, fd};
	if (pthread_create(&thread, NULL, server_serve, c)) {
		free(c);
		server_leave(s, fd);
		return;
	}
	pthread_detach(thread);
}

static void *server_run(void *data)
{
	struct agent_server *s = data;
	for (;;) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			server_take(s, fd);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			usleep(50000); /* until somebody closes a descriptor */
		else if (errno != EINTR && errno != ECONNABORTED)
			return NULL; /* shut down */
	}
}

int agent_server_start(struct agent_server *s, struct workers *w, struct audit *audit, const char *session)
{
	if (s->fd < 0)
		return 0;
	agent_asking_open(&s->terms.asking, w);
	s->terms.audit = audit;
	s->terms.session = session;
	int err = -pthread_create(&s->thread, NULL, server_run, s);
	s->running = !err;
	return err;
}

static void server_end(struct agent_server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	agent_asking_close(&s->terms.asking);
	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < AGENT_CLIENTS_MAX; i++)
		if (s->clients[i])
			shutdown(s->clients[i], SHUT_RDWR);
	while (s->nclients)
		pthread_cond_wait(&s->done, &s->lock);
	pthread_mutex_unlock(&s->lock);
	s->running = false;
}

void agent_server_close(struct agent_server *s)
{
	if (!s->terms.nkeys)
		return;
	if (s->running)
		server_end(s);
	if (s->fd >= 0) {
		close(s->fd);
		unlink(s->path);
	}
	private_agent_close(&s->terms.agent);
	known_hosts_free(&s->terms.hosts);
	for (size_t i = 0; s->terms.blobs && i < s->terms.nkeys; i++)
		strbuf_free(&s->terms.blobs[i]);
	free(s->terms.blobs);
	s->terms.blobs = NULL;
	s->fd = -1;
}
