/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_misc.c - the hooks of system, popen and wordexp, which start programs with environ, and helpers for all
 * hooks. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wordexp.h>

#include "preload/base/hooks.h"
#include "preload/base/message.h"
#include "preload/base/sys.h"
#include "preload/exec/environment.h"
#include "preload/exec/exec.h"

int *(*const hook_errno)(void) = __errno_location;

void *hook_next(const char *name)
{
	void *next = dlsym(RTLD_NEXT, name);
	if (next)
		return next;
	message_line("gate: this libc lacks a function that the interposer hooks");
	sys_exit(126);
}

/* Set one variable, given as NAME=VALUE. */
static void hooks_misc_set_variable(const char *name, const char *var)
{
	while (*var != '=')
		var++;
	if (setenv(name, var + 1, 1))
		message_put("the session's environment variables can't be restored");
}

void hook_mend_environ(void)
{
	struct exec_env e;
	if (!state.active || environment_is_right(environ))
		return;
	char *const *mended = exec_env(&e, environ, NULL, false);
	for (; mended && *mended; mended++) {
		if (*mended == state.session)
			hooks_misc_set_variable("GATE_SESSION", *mended);
		else if (*mended == e.preload)
			hooks_misc_set_variable("LD_PRELOAD", *mended);
	}
}

HOOK int system(const char *command)
{
	static int (*next)(const char *);
	if (!next)
		next = hook_next("system");
	hook_mend_environ();
	return next(command);
}

HOOK FILE *popen(const char *command, const char *mode)
{
	static FILE *(*next)(const char *, const char *);
	if (!next)
		next = hook_next("popen");
	hook_mend_environ();
	return next(command, mode);
}

HOOK int wordexp(const char *restrict text, wordexp_t *restrict words, int flags)
{
	static int (*next)(const char *restrict, wordexp_t *restrict, int);
	if (!next)
		next = hook_next("wordexp");
	hook_mend_environ();
	return next(text, words, flags);
}

/* A program built with AddressSanitizer ends at once if another library is loaded before ASan's own, unless an option
 * turns that check off.  This default does.  ASAN_OPTIONS, or a function of this name in the program itself, takes
 * precedence. */
const char *__asan_default_options(void);
HOOK const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0";
}
