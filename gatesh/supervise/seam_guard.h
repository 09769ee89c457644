/* SPDX-License-Identifier: BSD-2-Clause */
/* seam_guard.h - puts a program that gatesh starts behind the seam: the guard of an exec_launch (util/spawn.h). */
#ifndef GATESH_SUPERVISE_SEAM_GUARD_H
#define GATESH_SUPERVISE_SEAM_GUARD_H

#include "supervise/supervisor.h"
#include "util/spawn.h"

/* Make a guard: `s` gets the listener.  It frees itself once the program runs or has failed.  `refused` (may be NULL)
 * is called in gatesh with `data` if there is no listener (-EBUSY: somebody else's is there): the program then runs with the
 * interposer alone.  Returns NULL with a negative errno in *err. */
struct exec_guard *seam_guard_make(struct supervisor *s, void (*refused)(int err, void *data), void *data, int *err);

#endif
