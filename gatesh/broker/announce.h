/* SPDX-License-Identifier: BSD-2-Clause */
/* announce.h - configures programs for the secrets that have tool=: by variables in this process's environment, which the session
 * inherits, and by files in the session's directory (util/session_dir.c removes them).  The person's files are read, and not
 * changed.  For the files announce*.c alone; broker_announce() (broker.h) is what other rooms call. */
#ifndef GATESH_BROKER_ANNOUNCE_H
#define GATESH_BROKER_ANNOUNCE_H

#include "broker/broker.h"

/* The tools of a secret whose server programs find at `address`.  Each returns 0 or a negative errno. */
int announce_aws(const char *address, const char *dir);
int announce_kubectl(const char *address, const char *name, const char *dir);

/* Write a file of the session's directory, and put its path into a variable.  Returns 0 or a negative errno. */
int announce_file(const char *dir, const char *name, const struct strbuf *text, const char *variable);

#endif
