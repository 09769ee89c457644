/* SPDX-License-Identifier: BSD-2-Clause */
/* standin.h - the interface between gate-standin and the interposer loaded into it. */
#ifndef GATE_PRELOAD_BASE_STANDIN_H
#define GATE_PRELOAD_BASE_STANDIN_H

#include <stdbool.h>

#include "formats/session_names.h"

/* Has the constructor judged this gate-standin's target and let it pass?  The interposer exports this for gate-standin
 * only. */
bool gate_preload_judged_target(void) __attribute__((weak, visibility("default")));

/* Execute that target, as execveat(2) does: the call carries the session's cookie, so that gatesh believes no program because
 * it is called gate-standin.  Returns a negative errno; -EPERM if no target was judged. */
long gate_preload_execute_target(int dir, const char *path, char *const *argv, char *const *envp, int flags)
	__attribute__((weak, visibility("default")));

#endif
