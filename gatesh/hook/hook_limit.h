/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_limit.h - how long an agent waits for the command of a tool call before it ends the command. */
#ifndef GATESH_HOOK_HOOK_LIMIT_H
#define GATESH_HOOK_HOOK_LIMIT_H

#include <stdint.h>

#include "hook/hook_event.h"

/* Milliseconds, from the call itself ("timeout" in the tool's arguments) or else the agent's default.  0: it is not known, or the agent
 * does not end the command.  The defaults are those of the versions that Gate was tried with (hook_limit.c), and of the variables
 * that an agent takes another one from: a hook has its agent's environment. */
uint32_t hook_limit_ms(const struct hook_event *e);

#endif
