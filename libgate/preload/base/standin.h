/* standin.h - what gate-exec and the interposer in it agree on. */
#ifndef GATE_PRELOAD_BASE_STANDIN_H
#define GATE_PRELOAD_BASE_STANDIN_H

#include <stdbool.h>

#include "formats/session_names.h"

/* Has the constructor judged the target of this gate-exec, and let it pass?  Exported by the interposer, for gate-exec
 * only. */
bool gate_preload_judged_target(void) __attribute__((weak, visibility("default")));

/* What the session supervises of programs that can't load the interposer.  As above. */
enum gate_preload_supervision { SUPERVISION_NOTHING = 0, SUPERVISION_FILES, SUPERVISION_CONNECTIONS /* as well */ };
enum gate_preload_supervision gate_preload_supervises(void) __attribute__((weak, visibility("default")));

#endif
