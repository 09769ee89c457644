/* SPDX-License-Identifier: BSD-2-Clause */
/* standin.h - the interface between gate-standin and the interposer loaded into it. */
#ifndef GATE_PRELOAD_BASE_STANDIN_H
#define GATE_PRELOAD_BASE_STANDIN_H

#include <stdbool.h>

#include "formats/session_names.h"

/* Has the constructor judged this gate-standin's target and let it pass?  The interposer exports this for gate-standin
 * only. */
bool gate_preload_judged_target(void) __attribute__((weak, visibility("default")));

#endif
