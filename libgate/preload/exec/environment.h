/* SPDX-License-Identifier: BSD-2-Clause */
/* environment.h - keeps LD_PRELOAD and GATE_SESSION in the environments that programs are started with. */
#ifndef GATE_PRELOAD_EXEC_ENVIRONMENT_H
#define GATE_PRELOAD_EXEC_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ENVIRONMENT_SLOTS = 1200, /* pointers in a rebuilt environment, including its NULL; on a vfork child's stack */
	ENVIRONMENT_PRELOAD = 1 << 10, /* bytes of a rebuilt LD_PRELOAD */
};

/* Are both variables correct in envp (NULL: empty)?  Everything here is async-signal-safe. */
bool environment_is_right(char *const *envp);

/* Will the new program find the library?  It looks it up in the root directory that it will have, which may be another
 * one than where this process loaded it. */
bool environment_finds_library(void);

/* Rebuild envp in `slots` (n of them) with both variables correct, each once, and with `target` ("GATE_TARGET=...")
 * unless that is NULL; `session` is GATE_SESSION's.  A program that does not `load` the interposer gets an LD_PRELOAD
 * without it, or none if nothing else is in it.  A rebuilt LD_PRELOAD goes into `preload` (ENVIRONMENT_PRELOAD bytes).
 * Strings are borrowed from envp and the caller.  Returns 0 or -E2BIG. */
int environment_build(char *const *envp, const char *session, bool load, const char *target, char **slots, size_t n,
		      char *preload);

#endif
