/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_kept.h - what the session that this process is in has kept since a tool call began. */
#ifndef GATESH_HOOK_HOOK_KEPT_H
#define GATESH_HOOK_HOOK_KEPT_H

#include <stdint.h>

#include "base/strbuf.h"

/* Append "gate: 3 files were kept; the user restores them by `gatesh undo --command 5bab9b1f.3`", or nothing if nothing was kept since
 * `since_ms` (since 1970).  A session that has kept very much is not read: the model's next step does not wait for that. */
void hook_kept_describe(int64_t since_ms, struct strbuf *out);

#endif
