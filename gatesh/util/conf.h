/* SPDX-License-Identifier: BSD-2-Clause */
/* conf.h - reads gate.conf(5): the settings for every session on this machine and for this user. */
#ifndef GATESH_UTIL_CONF_H
#define GATESH_UTIL_CONF_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "policy/policy.h"

/* Remote things that rules keep: gate.rules(5), keep. */
struct conf_keep {
	unsigned seconds; /* keep-time: for one keep, 20 */
	uint64_t bytes;   /* keep-size: of one keep, 256 MiB */
	bool pass;        /* unless-kept: pass; a rule that asks unless it is kept passes once it is */
};

/* Whose packs gatesh pack takes; both empty: anybody's. */
enum { PACK_KEYS_MAX = 1024, PACK_KEY_MIN = 40 };
struct conf_signers {
	char file[PATH_MAX];      /* pack-signers: git's gpg.ssh.allowedSignersFile, absolute; "" */
	char keys[PACK_KEYS_MAX]; /* pack-keys: fingerprints of OpenPGP keys, separated by blanks; "" */
};

struct gate_conf {
	struct conf_signers signers;
	struct conf_keep keep;
	bool on_fault_allow;            /* on-fault: allow; false unless the system's file sets it */
	char service[SERVICE_NAME_MAX]; /* service: NAME, "agent" */
	bool via_tmux;                  /* via: tmux; false: overlay */
	char shell[PATH_MAX];           /* shell: an absolute path; "" if not set, meaning /bin/bash */
};

enum conf_trust { CONF_TRUST_SYSTEM, CONF_TRUST_USER }; /* a user's file can't turn on-fault to allow */

/* Set *conf to the defaults, then read the system's gate.conf into it, then the user's over that.  A missing file is
 * not an error.  Returns 0, -EINVAL for bad content or the negative errno of reading; d gets every problem. */
int conf_load(struct gate_conf *conf, struct diag *d);

/* Parse one file's text over *conf.  The on-fault of a CONF_TRUST_USER file can only tighten the setting.  Returns 0 or
 * -EINVAL. */
int conf_parse(struct gate_conf *conf, const struct source *src, enum conf_trust trust, struct diag *d);

/* Read and parse one file over *conf.  Returns -ENOENT, without a message, if there is no such file; otherwise as
 * conf_load(). */
int conf_read(struct gate_conf *conf, const char *path, enum conf_trust trust, struct diag *d);

#endif
