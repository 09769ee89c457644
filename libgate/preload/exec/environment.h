/* environment.h - keep LD_PRELOAD and GATE_SESSION in the environments that programs are started with. */
#ifndef GATE_PRELOAD_EXEC_ENVIRONMENT_H
#define GATE_PRELOAD_EXEC_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ENVIRONMENT_SLOTS =
		1200, /* pointers of a rebuilt environment, its NULL included: on the stack of a vfork child */
	ENVIRONMENT_PRELOAD = 1 << 10, /* bytes of a rebuilt LD_PRELOAD */
};

/* Are both variables in envp (NULL: empty) as they should be?  Async-signal-safe, as everything here. */
bool environment_is_right(char *const *envp);

/* Put envp together in `slots` (n of them) with both variables right, each once, and with `target` ("GATE_TARGET=...")
 * unless that is NULL.  A rebuilt LD_PRELOAD goes into `preload` (ENVIRONMENT_PRELOAD bytes).  Strings are borrowed from envp.
 * 0 or -E2BIG. */
int environment_build(char *const *envp, const char *target, char **slots, size_t n, char *preload);

#endif
