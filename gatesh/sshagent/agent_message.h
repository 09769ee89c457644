/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_message.h - reads the messages of an ssh agent: draft-ietf-sshm-ssh-agent, and OpenSSH's PROTOCOL.agent, PROTOCOL.sshsig
 * and PROTOCOL for session-bind and hostbound signatures.  Pure functions over the client's bytes, which are not trusted; what
 * they return points into the message. */
#ifndef GATESH_SSHAGENT_AGENT_MESSAGE_H
#define GATESH_SSHAGENT_AGENT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AGENT_MESSAGE_MAX = 256 << 10 }; /* as in OpenSSH: AGENT_MAX_LEN */

enum agent_message_type {
	AGENT_FAILURE = 5,
	AGENT_SUCCESS = 6,
	AGENT_REQUEST_IDENTITIES = 11,
	AGENT_IDENTITIES_ANSWER = 12,
	AGENT_SIGN_REQUEST = 13,
	AGENT_EXTENSION = 27,
	AGENT_EXTENSION_FAILURE = 28,
};

struct ssh_bytes {
	const unsigned char *at;
	size_t n;
};

bool ssh_bytes_equal(struct ssh_bytes a, struct ssh_bytes b);
bool ssh_bytes_are(struct ssh_bytes a, const char *text);

/* A session-bind@openssh.com: the server that the client talks to has proved that it has the host key. */
struct agent_bind {
	struct ssh_bytes host_key, session;
	bool forwarding; /* the agent is about to be forwarded there */
};

/* Read an extension, without its type.  False if it is another extension, or a malformed session-bind. */
bool agent_read_bind(struct ssh_bytes message, struct agent_bind *out);

/* The purpose of a signature. */
enum agent_purpose {
	AGENT_TO_SIGN_IN, /* user at a server */
	AGENT_TO_SIGN,    /* data, in a namespace: ssh-keygen -Y sign */
	AGENT_UNKNOWN,    /* data that is neither */
};

struct agent_sign {
	struct ssh_bytes key;
	enum agent_purpose purpose;
	struct ssh_bytes session, user;
	struct ssh_bytes host_key;   /* of a hostbound signature; else empty */
	struct ssh_bytes name_space; /* AGENT_TO_SIGN */
};

/* Read a sign request, without its type.  False if it is malformed. */
bool agent_read_sign(struct ssh_bytes message, struct agent_sign *out);

#endif
