/* SPDX-License-Identifier: BSD-2-Clause */
/* engine.h - what gatesh and the tests may see of a handle beyond gate.h.  Internal to Gate. */
#ifndef GATE_ENGINE_ENGINE_H
#define GATE_ENGINE_ENGINE_H

#include <gate.h>

#include "image/image_options.h"
#include "policy/policy.h"

#pragma GCC visibility push(default)

/* Run the lines of `event` (PAM's dispatch; undecided denies): a gate code.  The handle has room for runs[event] more
 * trace entries.  dispatch.c. */
int stack_dispatch(const struct stack *s, enum gate_event_type event, gate_handle_t *h, const struct gate_event *ev);

/* gate_start() with other places than the installed ones (tests, lint), and the policy behind a handle.  handle.c. */
int gate_start_with(const char *service, const struct policy_dirs *dirs, const struct gate_conv *conv,
		    gate_handle_t **h);
const struct policy *gate_handle_policy(const gate_handle_t *h);

/* The subjects of its last check; valid until the next one.  handle.c. */
const struct subjects *gate_handle_subjects(const gate_handle_t *h);

/* Write the policy image (see image.h) that the interposer's prefilter reads, built from the packs and stacks of this
 * handle.  `fd` is written from its start.  0 or a negative errno. */
int gate_write_image(const gate_handle_t *h, int fd, const struct gate_image_options *options);

#pragma GCC visibility pop

#endif
