/* SPDX-License-Identifier: BSD-2-Clause */
/* known_hosts.h - the names of a server's host key, from the person's and the system's known_hosts as they were when the session
 * started: the session can write the person's. */
#ifndef GATESH_SSHAGENT_KNOWN_HOSTS_H
#define GATESH_SSHAGENT_KNOWN_HOSTS_H

#include <signal.h>
#include <stdbool.h>

#include "base/strbuf.h"
#include "sshagent/agent_message.h"

/* Owned; known_hosts_free().  Zero-initialise.  Immutable after loading: any thread may look. */
struct known_hosts {
	struct strbuf text; /* lines of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT" */
};

/* Append the lines of a file.  A file that is not there has none.  Returns 0 or a negative errno. */
int known_hosts_load(struct known_hosts *k, const char *path);

/* The same for ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts. */
int known_hosts_load_all(struct known_hosts *k);

/* Append the key's names, "git.example.org, [10.0.0.1]:2222".  False if it has none; *hashed says if a hashed name is known. */
bool known_hosts_names(const struct known_hosts *k, struct ssh_bytes key, struct strbuf *out, bool *hashed);

/* Is the key known by this very name? */
bool known_hosts_has(const struct known_hosts *k, struct ssh_bytes key, const char *name);

void known_hosts_free(struct known_hosts *k);

#endif
