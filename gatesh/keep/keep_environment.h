/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_environment.h - the variables that chose an act's target, so that its undo acts on the same one. */
#ifndef GATESH_KEEP_KEEP_ENVIRONMENT_H
#define GATESH_KEEP_KEEP_ENVIRONMENT_H

#include <jansson.h>
#include <stddef.h>

/* Put the variables of `block` (NAME=VALUE strings, each with its NUL) into the record, as "environment".  Of a secret and of an
 * address with a password only the name is kept, in "secrets": the undo uses the person's own.  Returns 0 or -ENOMEM. */
int keep_environment_put(json_t *record, const char *block, size_t len);

/* Make this process's environment that of the record, as far as variables that choose a target go.  The person's own secrets
 * stay.  Returns 0 or -ENOMEM. */
int keep_environment_apply(const json_t *record);

#endif
