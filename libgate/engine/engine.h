/* SPDX-License-Identifier: BSD-2-Clause */
/* engine.h - the parts of a handle, beyond gate.h, that gatesh and the tests may use.  Internal to Gate. */
#ifndef GATE_ENGINE_ENGINE_H
#define GATE_ENGINE_ENGINE_H

#include <gate.h>
#include <limits.h>
#include <stdbool.h>

#include "image/image_options.h"
#include "policy/policy.h"

#pragma GCC visibility push(default)

/* Run the lines of `event` by PAM's dispatch and return a gate code; GATE_DENY if no line decides.  The handle must
 * have room for runs[event] more trace entries.  dispatch.c. */
int stack_dispatch(const struct stack *s, enum gate_event_type event, gate_handle_t *h, const struct gate_event *ev);

/* gate_start() with directories other than the installed ones (tests, lint).  gate_handle_policy() returns the policy
 * of a handle, which owns it.  handle.c. */
int gate_start_with(const char *service, const struct policy_dirs *dirs, const struct gate_conv *conv,
		    gate_handle_t **h);
const struct policy *gate_handle_policy(const gate_handle_t *h);

/* gate_check() of an event that no rule is about: ask a person about `f`, which is the caller's own finding and outlives
 * the check, in the name of the program that `event` describes.  The service has no say, but for its verdict lines.
 * check.c. */
int gate_check_finding(gate_handle_t *h, const struct gate_event *event, const struct gate_finding *f,
		       unsigned timeout_ms, unsigned flags);

/* The command by which a rule of the last check keeps what its command would lose, and the one that brings it back: gate.rules(5), keep.  The
 * strings live as long as the findings. */
struct gate_keep {
	const char *rule;
	const char *subject; /* the command, escaped for display */
	char *keep, *undo;   /* shell commands, filled in for this command */
	bool unless_kept;    /* if it is kept, the rule need not ask */
};

/* Return the keeps of the last check, or of the running one, and their number in *n.  keep.c. */
const struct gate_keep *gate_keeps(const gate_handle_t *h, size_t *n);

/* Return the subjects of the last check; valid until the next one.  handle.c. */
const struct subjects *gate_handle_subjects(const gate_handle_t *h);

/* Do only modules that decide by the rules alone judge this event?  Then two events that no rule tells apart have one verdict.
 * handle.c. */
bool gate_goes_by_rules(const gate_handle_t *h, enum gate_event_type event);

/* Does the service judge `read`, and a rule concern a name that formats/read_name.h does not list?  handle.c. */
bool gate_reads_any(const gate_handle_t *h);

/* Build the policy image (see formats/image.h) from the packs and stacks of this handle and write it to `fd`, from its
 * start.  The interposer's prefilter reads it.  Returns 0 or a negative errno. */
int gate_write_image(const gate_handle_t *h, int fd, const struct gate_image_options *options);

/* Which program that the handle's rules name is the file `exe`, by another name?  `path` is PATH, where those programs are
 * looked for, or NULL.  Puts the program's path into `known`, "" if it is none.  Returns 0 or -ENOMEM.  known_program.c. */
int gate_known_program(const gate_handle_t *h, const char *path, const char *exe, char known[PATH_MAX]);

#pragma GCC visibility pop

#endif
