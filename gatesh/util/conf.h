/* conf.h - gate.conf(5): what holds for every session on this machine, and for this user. */
#ifndef GATESH_UTIL_CONF_H
#define GATESH_UTIL_CONF_H

#include <limits.h>
#include <stdbool.h>

#include "base/diag.h"
#include "policy/policy.h"

struct gate_conf {
	bool on_fault_allow;            /* on-fault: allow; false unless the system's file says so */
	char service[SERVICE_NAME_MAX]; /* service: NAME, "agent" */
	bool via_tmux;                  /* via: tmux; false: overlay */
	char shell[PATH_MAX];           /* shell: an absolute path; "" when not set: /bin/bash */
};

enum conf_trust { CONF_TRUST_SYSTEM, CONF_TRUST_USER }; /* a user's file can't turn on-fault to allow */

/* Read the system's gate.conf and then the user's over it into *conf, which gets its defaults first.  A file that is
 * not there is no error.  0; -EINVAL (every problem told to d) or the negative errno of reading, told too. */
int conf_load(struct gate_conf *conf, struct diag *d);

/* One file's text over what *conf holds; on-fault of a CONF_TRUST_USER file can only tighten what is there.  0 or -EINVAL. */
int conf_parse(struct gate_conf *conf, const struct source *src, enum conf_trust trust, struct diag *d);

/* Read and parse one file over *conf.  -ENOENT (not told) when there is none; else as conf_load. */
int conf_read(struct gate_conf *conf, const char *path, enum conf_trust trust, struct diag *d);

#endif
