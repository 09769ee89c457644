/* SPDX-License-Identifier: BSD-2-Clause */
/* announce_tools.h - configures programs for the secrets that have tool=: by variables in this process's environment, which the session
 * inherits, and by files in the session's directory (util/session_dir.c removes them).  The person's files are read, and not
 * changed. */
#ifndef GATESH_BROKER_ANNOUNCE_TOOLS_H
#define GATESH_BROKER_ANNOUNCE_TOOLS_H

#include "broker/broker.h"

/* All of them.  Before the session's first program, while no other thread reads the environment.  Returns 0 or a negative
 * errno. */
int broker_announce_tools(const struct broker *b, const char *dir);

/* --- among the files of tools: of a secret, whose server programs find at `address` -------------------------------- */

int announce_aws(const char *address, const char *dir);
int announce_kubectl(const char *address, const char *name, const char *dir);

/* Write a file of the session's directory, and put its path into a variable. */
int announce_file(const char *dir, const char *name, const struct strbuf *text, const char *variable);

#endif
