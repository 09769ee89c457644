/* SPDX-License-Identifier: BSD-2-Clause */
/* standin_filter.h - puts programs that can't load the interposer under supervision.  The kernel passes the system
 * calls that remove, overwrite, execute or connect to the session (seccomp user notification, seccomp_unotify(2)),
 * which decides them. */
#ifndef GATE_PRELOAD_STANDIN_STANDIN_FILTER_H
#define GATE_PRELOAD_STANDIN_STANDIN_FILTER_H

#include <stdbool.h>

#include "formats/session_names.h"

/* Put this process and whatever it executes under the session's supervision; with `connections`, its connections as
 * well.  Returns 0, also if the process is already supervised (it inherits its parent's supervisor) or if no_new_privs
 * is not set, in which case nothing is supervised.  Returns a negative errno otherwise: then execute nothing.
 * gate-standin only, because the filter can't be removed. */
int standin_filter_install(const char *session, bool connections);

#endif
