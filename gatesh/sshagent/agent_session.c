/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_session.c - answers a client's requests.  It may list the keys, bind its connection to a server, and sign in there; adding,
 * removing and locking keys, signing without a server, and a forwarded agent are refused. */
#include "sshagent/agent_session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/escape.h"
#include "sshagent/fingerprint.h"
#include "util/json.h"

enum { SAYS_MAX = 1024 };

struct agent_client {
	struct agent_terms *terms;
	int fd;
	pid_t pid;
	bool bound, forwarded;
	struct strbuf host_key, session; /* of the server that it is bound to */
};

static struct ssh_bytes session_bytes(const struct strbuf *b, size_t from)
{
	return (struct ssh_bytes){(const unsigned char *)b->s + from, b->len - from};
}

static void session_reply(const struct agent_client *c, unsigned char type)
{
	agent_message_send(c->fd, (struct ssh_bytes){&type, 1});
}

static void session_forward(struct agent_client *c, struct ssh_bytes request, unsigned char expected)
{
	cleanup_strbuf struct strbuf reply = {0};
	if (private_agent_request(&c->terms->agent, request, &reply) || (unsigned char)reply.s[0] != expected)
		session_reply(c, AGENT_FAILURE);
	else
		agent_message_send(c->fd, session_bytes(&reply, 0));
}

/* --- binding ------------------------------------------------------------------------------------------------------ */

static bool session_keep(struct strbuf *to, struct ssh_bytes b)
{
	strbuf_free(to);
	*to = (struct strbuf){0};
	strbuf_put(to, (const char *)b.at, b.n);
	return !to->err;
}

static void session_bind(struct agent_client *c, struct ssh_bytes request)
{
	struct agent_bind b;
	const struct ssh_bytes message = {request.at + 1, request.n - 1};
	bool good = agent_read_bind(message, &b) && private_agent_proves(&c->terms->agent, request);
	c->forwarded |= good && b.forwarding;
	good = good && !c->forwarded && session_keep(&c->host_key, b.host_key) && session_keep(&c->session, b.session);
	c->bound |= good;
	session_reply(c, good ? AGENT_SUCCESS : AGENT_EXTENSION_FAILURE);
}

/* --- signing ------------------------------------------------------------------------------------------------------ */

/* The session's key that is to sign; NULL: none. */
static const struct ssh_key *session_key(const struct agent_terms *t, struct ssh_bytes blob)
{
	for (size_t i = 0; i < t->nkeys; i++)
		if (ssh_bytes_equal(session_bytes(&t->blobs[i], 0), blob))
			return &t->keys[i];
	return NULL;
}

/* Why it is refused without a question; NULL: it is not. */
static const char *session_fault(const struct agent_client *c, const struct agent_sign *s)
{
	if (c->forwarded)
		return "a forwarded agent signs nothing";
	if (s->purpose == AGENT_UNKNOWN)
		return "the data is not that of a sign-in";
	if (s->purpose == AGENT_TO_SIGN)
		return s->name_space.n >= 5 && !memcmp(s->name_space.at, "gate-", 5) ?
			       "the namespace is Gate's own" :
			       "the key is for signing in, not for signing data";
	if (!c->bound)
		return "the server is unknown: this ssh does not say which host key it has (OpenSSH 8.9 does)";
	if (!ssh_bytes_equal(s->session, session_bytes(&c->session, 0)) ||
	    (s->host_key.n && !ssh_bytes_equal(s->host_key, session_bytes(&c->host_key, 0))))
		return "the signature is for another server than the one that the connection is bound to";
	return NULL;
}

static bool session_is_listed(const struct agent_client *c, const struct ssh_key *k)
{
	for (size_t i = 0; k->hosts && k->hosts[i]; i++)
		if (known_hosts_has(&c->terms->hosts, session_bytes(&c->host_key, 0), k->hosts[i]))
			return true;
	return false;
}

/* "signs in as git at git.example.org (SHA256:...) with the key deploy" */
static void session_say(const struct agent_client *c, const struct agent_sign *s, const struct ssh_key *k,
			char says[SAYS_MAX])
{
	cleanup_strbuf struct strbuf b = {0};
	char print[FINGERPRINT_SIZE];
	bool hashed;
	strbuf_puts(&b, "signs in as ");
	escape_put(&b, (const char *)s->user.at, s->user.n);
	strbuf_puts(&b, " at ");
	if (!known_hosts_names(&c->terms->hosts, session_bytes(&c->host_key, 0), &b, &hashed))
		strbuf_puts(&b, hashed ? "a host that known_hosts has under a hashed name" :
					 "a host that is not in known_hosts");
	fingerprint(session_bytes(&c->host_key, 0), print);
	strbuf_printf(&b, " (%s) with the key %s", print, k->name);
	snprintf(says, SAYS_MAX, "%s", b.err ? "signs in" : b.s);
}

/* A use that no person decided about. */
static void session_log(const struct agent_client *c, const struct ssh_key *k, const char *says, const char *failed)
{
	char print[FINGERPRINT_SIZE];
	json_t *o = audit_record(c->terms->session, "credential");
	fingerprint(session_bytes(&c->terms->blobs[k - c->terms->keys], 0), print);
	json_put(o, "secret", k->name);
	json_put(o, "fingerprint", print);
	json_put(o, "reason", says);
	if (failed)
		json_put(o, "failed", failed);
	if (o)
		json_object_set_new(o, "pid", json_integer(c->pid));
	audit_append(c->terms->audit, o);
}

static void session_sign(struct agent_client *c, struct ssh_bytes request)
{
	struct agent_sign s;
	char says[SAYS_MAX];
	const struct ssh_bytes message = {request.at + 1, request.n - 1};
	const struct ssh_key *k = agent_read_sign(message, &s) ? session_key(c->terms, s.key) : NULL;
	const char *fault = k ? session_fault(c, &s) : NULL;
	if (!k || fault) {
		if (k)
			session_log(c, k, "a signature was refused", fault);
		session_reply(c, AGENT_FAILURE);
		return;
	}
	session_say(c, &s, k, says);
	bool listed = session_is_listed(c, k);
	if (listed)
		session_log(c, k, says, NULL);
	if (listed || agent_ask(&c->terms->asking, c->pid, says))
		session_forward(c, request, AGENT_SIGN_REQUEST + 1);
	else
		session_reply(c, AGENT_FAILURE);
}

/* --- a connection ------------------------------------------------------------------------------------------------- */

static void session_serve(struct agent_client *c, struct ssh_bytes request)
{
	const unsigned char type = request.at[0];
	if (type == AGENT_REQUEST_IDENTITIES && request.n == 1)
		session_forward(c, request, AGENT_IDENTITIES_ANSWER);
	else if (type == AGENT_SIGN_REQUEST)
		session_sign(c, request);
	else if (type == AGENT_EXTENSION)
		session_bind(c, request);
	else
		session_reply(c, AGENT_FAILURE);
}

void agent_session_run(struct agent_terms *t, int fd)
{
	struct agent_client c = {.terms = t, .fd = fd};
	struct ucred peer;
	socklen_t size = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return;
	c.pid = peer.pid;
	for (int err = 0; !err;) {
		cleanup_strbuf struct strbuf request = {0};
		err = agent_message_receive(fd, &request);
		if (!err)
			session_serve(&c, session_bytes(&request, 0));
	}
	strbuf_free(&c.host_key);
	strbuf_free(&c.session);
}

/* --- the keys ----------------------------------------------------------------------------------------------------- */

static bool session_take_string(struct ssh_bytes *from, struct ssh_bytes *out)
{
	if (from->n < 4)
		return false;
	size_t n = (size_t)from->at[0] << 24 | (size_t)from->at[1] << 16 | (size_t)from->at[2] << 8 | from->at[3];
	if (n > from->n - 4)
		return false;
	*out = (struct ssh_bytes){from->at + 4, n};
	from->at += 4 + n;
	from->n -= 4 + n;
	return true;
}

int agent_session_read_keys(struct agent_terms *t)
{
	static const unsigned char list = AGENT_REQUEST_IDENTITIES;
	cleanup_strbuf struct strbuf reply = {0};
	struct ssh_bytes blob, comment;
	int err = private_agent_request(&t->agent, (struct ssh_bytes){&list, 1}, &reply);
	if (err || reply.len < 5 || (unsigned char)reply.s[0] != AGENT_IDENTITIES_ANSWER)
		return err ? err : -EPROTO;
	struct ssh_bytes rest = session_bytes(&reply, 5);
	for (size_t i = 0; i < t->nkeys; i++) {
		if (!session_take_string(&rest, &blob) || !session_take_string(&rest, &comment))
			return -EPROTO; /* two lines with the same key */
		strbuf_put(&t->blobs[i], (const char *)blob.at, blob.n);
		if (t->blobs[i].err)
			return t->blobs[i].err;
	}
	return 0;
}
