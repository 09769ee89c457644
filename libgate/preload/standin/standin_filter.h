/* standin_filter.h - programs that can't load the interposer are watched from outside: the kernel hands the system calls
 * that remove, overwrite, execute or connect to the session (seccomp user notification, seccomp_unotify(2)), which
 * decides them. */
#ifndef GATE_PRELOAD_STANDIN_STANDIN_FILTER_H
#define GATE_PRELOAD_STANDIN_STANDIN_FILTER_H

#include <stdbool.h>

#include "formats/session_names.h"

/* Put this process, and what it will execute, under the session's supervision.  0, also where it is already (its
 * parent's supervisor is its own), or where the kernel can't (no new privileges are not ruled out); or a negative
 * errno: then nothing may be executed.  `connections`: those as well.  gate-exec only: installs a filter that stays. */
int standin_filter_install(const char *session, bool connections);

#endif
