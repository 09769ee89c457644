/* SPDX-License-Identifier: BSD-2-Clause */
/* agent_message.c - reads an agent's messages. */
#include "sshagent/agent_message.h"

#include <string.h>

enum { USERAUTH_REQUEST = 50 }; /* SSH_MSG_USERAUTH_REQUEST of RFC 4252 */

bool ssh_bytes_equal(struct ssh_bytes a, struct ssh_bytes b)
{
	return a.n == b.n && (!a.n || !memcmp(a.at, b.at, a.n));
}

bool ssh_bytes_are(struct ssh_bytes a, const char *text)
{
	return ssh_bytes_equal(a, (struct ssh_bytes){(const unsigned char *)text, strlen(text)});
}

static bool message_take(struct ssh_bytes *from, size_t n, struct ssh_bytes *out)
{
	if (n > from->n)
		return false;
	*out = (struct ssh_bytes){from->at, n};
	from->at += n;
	from->n -= n;
	return true;
}

static bool message_take_byte(struct ssh_bytes *from, unsigned char *out)
{
	struct ssh_bytes b;
	if (!message_take(from, 1, &b))
		return false;
	*out = *b.at;
	return true;
}

static bool message_take_string(struct ssh_bytes *from, struct ssh_bytes *out)
{
	struct ssh_bytes b;
	if (!message_take(from, 4, &b))
		return false;
	uint32_t n = (uint32_t)b.at[0] << 24 | (uint32_t)b.at[1] << 16 | (uint32_t)b.at[2] << 8 | b.at[3];
	return message_take(from, n, out);
}

bool agent_read_bind(struct ssh_bytes m, struct agent_bind *out)
{
	struct ssh_bytes name, signature;
	unsigned char forwarding;
	if (!message_take_string(&m, &name) || !ssh_bytes_are(name, "session-bind@openssh.com") ||
	    !message_take_string(&m, &out->host_key) || !message_take_string(&m, &out->session) ||
	    !message_take_string(&m, &signature) || !message_take_byte(&m, &forwarding) || m.n)
		return false;
	out->forwarding = forwarding;
	return out->host_key.n && out->session.n;
}

/* "publickey", and the server's host key behind it where the method says so. */
static bool message_read_method(struct ssh_bytes *d, struct ssh_bytes *key, struct ssh_bytes *host_key)
{
	struct ssh_bytes method, algorithm;
	unsigned char with_signature;
	if (!message_take_string(d, &method) || !message_take_byte(d, &with_signature) || !with_signature ||
	    !message_take_string(d, &algorithm) || !message_take_string(d, key))
		return false;
	if (ssh_bytes_are(method, "publickey-hostbound-v00@openssh.com"))
		return message_take_string(d, host_key) && host_key->n;
	return ssh_bytes_are(method, "publickey");
}

/* RFC 4252, section 7: the data that a client signs to sign in. */
static bool message_read_sign_in(struct ssh_bytes d, struct agent_sign *out)
{
	struct ssh_bytes service, key;
	unsigned char type;
	return message_take_string(&d, &out->session) && out->session.n && message_take_byte(&d, &type) &&
	       type == USERAUTH_REQUEST && message_take_string(&d, &out->user) && message_take_string(&d, &service) &&
	       ssh_bytes_are(service, "ssh-connection") && message_read_method(&d, &key, &out->host_key) && !d.n &&
	       ssh_bytes_equal(key, out->key);
}

/* PROTOCOL.sshsig: "SSHSIG", namespace, reserved, hash algorithm, hash. */
static bool message_read_sshsig(struct ssh_bytes d, struct agent_sign *out)
{
	struct ssh_bytes magic, reserved, algorithm, hash;
	return message_take(&d, 6, &magic) && ssh_bytes_are(magic, "SSHSIG") &&
	       message_take_string(&d, &out->name_space) && out->name_space.n && message_take_string(&d, &reserved) &&
	       message_take_string(&d, &algorithm) && message_take_string(&d, &hash) && !d.n;
}

bool agent_read_sign(struct ssh_bytes m, struct agent_sign *out)
{
	struct ssh_bytes data, flags;
	*out = (struct agent_sign){.purpose = AGENT_UNKNOWN};
	if (!message_take_string(&m, &out->key) || !message_take_string(&m, &data) || !message_take(&m, 4, &flags) ||
	    m.n)
		return false;
	struct agent_sign with = *out;
	if (message_read_sshsig(data, &with)) {
		*out = with;
		out->purpose = AGENT_TO_SIGN;
		return true;
	}
	with = *out;
	if (message_read_sign_in(data, &with)) {
		*out = with;
		out->purpose = AGENT_TO_SIGN_IN;
	}
	return true;
}
