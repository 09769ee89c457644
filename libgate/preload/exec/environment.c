/* SPDX-License-Identifier: BSD-2-Clause */
/* environment.c - checks an environment for GATE_SESSION and LD_PRELOAD, and rebuilds it if one of them is wrong. */
#include "preload/exec/environment.h"

#include <errno.h>

#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

enum variable { VARIABLE_OTHER, VARIABLE_SESSION, VARIABLE_PRELOAD, VARIABLE_TARGET };

static enum variable environment_variable(const char *e, const char **value)
{
	if (*e == 'L' && (*value = text_after(e, VAR_PRELOAD)))
		return VARIABLE_PRELOAD;
	if (*e == 'G' && (*value = text_after(e, VAR_SESSION)))
		return VARIABLE_SESSION;
	if (*e == 'G' && (*value = text_after(e, VAR_TARGET)))
		return VARIABLE_TARGET;
	return VARIABLE_OTHER;
}

/* Does LD_PRELOAD contain the interposer?  Always true if the constructor stored no path to keep. */
static bool environment_names_library(const char *value)
{
	size_t n;
	const char *item = state_find_library(value, &n);
	if (!item || text_length(state.library) != n)
		return !*state.library;
	for (size_t i = 0; i < n; i++)
		if (item[i] != state.library[i])
			return false;
	return true;
}

bool environment_is_right(char *const *envp)
{
	bool session = false, preload = !*state.library;
	for (; envp && *envp; envp++) {
		const char *value;
		switch (environment_variable(*envp, &value)) {
		case VARIABLE_SESSION:
			if (!text_equal(*envp, state.session))
				return false;
			session = true;
			break;
		case VARIABLE_PRELOAD:
			if (!environment_names_library(value))
				return false;
			preload = true;
			break;
		case VARIABLE_TARGET:
		case VARIABLE_OTHER: break;
		}
	}
	return session && preload;
}

/* By the call that the loader makes at each start: a filter that lets programs start lets it pass. */
bool environment_finds_library(void)
{
#ifdef SYS_access
	return !*state.library || !SYS(access, state.library, R_OK, 0, 0, 0, 0);
#else
	return !*state.library || !SYS(faccessat, AT_FDCWD, state.library, R_OK, 0, 0, 0);
#endif
}

/* Build LD_PRELOAD with the interposer before the old items.  Another interposer, such as that of a newer installation,
 * must not be loaded beside it. */
static int environment_build_preload(const char *old, bool load, char *buf)
{
	struct text t = text_in(buf, ENVIRONMENT_PRELOAD);
	text_put(&t, VAR_PRELOAD);
	text_put(&t, load ? state.library : "");
	for (size_t n; old && *old; old += *old != '\0') {
		if (state_find_library(old, &n) == old) {
			old += n;
			continue;
		}
		if (buf[sizeof VAR_PRELOAD - 1])
			text_put(&t, ":");
		for (char c[2] = {0}; *old && *old != ':' && *old != ' '; old++) {
			c[0] = *old;
			text_put(&t, c);
		}
	}
	return t.cut ? -E2BIG : 0;
}

int environment_build(char *const *envp, const char *session, bool load, const char *target, char **slots, size_t n,
		      char *preload)
{
	const char *old = NULL, *value;
	char *old_var = NULL;
	size_t used = 0;
	for (; envp && *envp; envp++) {
		switch (environment_variable(*envp, &value)) {
		case VARIABLE_PRELOAD:
			old = value; /* the loader uses the last one */
			old_var = *envp;
			break;
		case VARIABLE_OTHER:
			if (used + 4 >= n)
				return -E2BIG;
			slots[used++] = *envp;
			break;
		case VARIABLE_SESSION:
		case VARIABLE_TARGET: break;
		}
	}
	if (old && load && environment_names_library(old))
		slots[used++] = old_var;
	else if (environment_build_preload(old, load, preload))
		return -E2BIG;
	else if (preload[sizeof VAR_PRELOAD - 1])
		slots[used++] = preload;
	slots[used++] = (char *)session;
	if (target)
		slots[used++] = (char *)target;
	slots[used] = NULL;
	return 0;
}
