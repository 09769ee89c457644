/* SPDX-License-Identifier: BSD-2-Clause */
/* standin.h - the interface between gate-standin and the interposer loaded into it. */
#ifndef GATE_PRELOAD_BASE_STANDIN_H
#define GATE_PRELOAD_BASE_STANDIN_H

#include <stdbool.h>

#include "formats/session_names.h"

/* Has the constructor judged this gate-standin's target and let it pass?  The interposer exports this for gate-standin
 * only. */
bool gate_preload_judged_target(void) __attribute__((weak, visibility("default")));

/* The events that the session supervises in programs that can't load the interposer.  Exported for gate-standin only. */
enum gate_preload_supervision { SUPERVISION_NOTHING = 0, SUPERVISION_FILES, SUPERVISION_CONNECTIONS /* and files */ };
enum gate_preload_supervision gate_preload_supervises(void) __attribute__((weak, visibility("default")));

#endif
