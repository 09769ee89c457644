/* SPDX-License-Identifier: BSD-2-Clause */
/* act_read.h - the event `read`, for the hooks that open files. */
#ifndef GATE_PRELOAD_FILES_ACT_READ_H
#define GATE_PRELOAD_FILES_ACT_READ_H

#include <stdbool.h>

#include "formats/read_name.h"
#include "preload/base/process_state.h"

/* May a rule concern an open of this name for reading?  Costs a look at its bytes.  The kernel answers for a name that is no
 * address. */
static inline bool act_read_concerns(const char *name)
{
	enum { ADDRESS_LEAST = 64 << 10 };
	return (unsigned long)name >= ADDRESS_LEAST && __builtin_expect(state.reads_any || gate_read_name(name), 0);
}

/* Judge an open with these flags of open(2).  Returns 0 to go on, or -EACCES after a message. */
int act_read(int dir, const char *name, unsigned long flags);

#endif
