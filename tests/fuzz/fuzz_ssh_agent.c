/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz_ssh_agent.c - gatesh/sshagent/agent_message.c: what a program of the session sends to the session's ssh agent; and
 * known_hosts.c over a file of the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sshagent/fingerprint.h"
#include "sshagent/known_hosts.h"

static void is_within(struct ssh_bytes part, const uint8_t *data, size_t size)
{
	if (part.n && (part.at < data || part.at + part.n > data + size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ssh_bytes all = {data, size};
	struct agent_sign s;
	struct agent_bind b;
	char print[FINGERPRINT_SIZE];
	bool hashed;
	if (agent_read_sign(all, &s)) {
		is_within(s.key, data, size);
		is_within(s.session, data, size);
		is_within(s.user, data, size);
		is_within(s.host_key, data, size);
		is_within(s.name_space, data, size);
	}
	if (agent_read_bind(all, &b)) {
		is_within(b.host_key, data, size);
		is_within(b.session, data, size);
	}
	fingerprint(all, print);
	struct known_hosts k = {0};
	cleanup_strbuf struct strbuf names = {0};
	strbuf_put(&k.text, (const char *)data, size);
	strbuf_puts(&k.text, "\nhost ssh-ed25519 AAAA\n");
	const struct ssh_bytes key = {(const unsigned char *)"\0\0\0", 3};
	known_hosts_names(&k, key, &names, &hashed);
	if (!memchr(data, '\0', size) && !known_hosts_has(&k, key, "host"))
		abort();
	known_hosts_free(&k);
	return 0;
}
