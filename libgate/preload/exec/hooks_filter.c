/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_filter.c - the hooks of prctl and seccomp.  A program that puts a seccomp filter on itself may die of the calls by
 * which the interposer looks at files and asks; from then on the session judges its calls. */
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>

#include "preload/base/hooks.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/exec/entry.h"

static bool hooks_filter_is_set_by(long nr, long op)
{
	if (nr == SYS_prctl)
		return op == PR_SET_SECCOMP;
	return op == SECCOMP_SET_MODE_STRICT || op == SECCOMP_SET_MODE_FILTER;
}

/* A program tries with arguments that fail whether the kernel has filters. */
long entry_filter_call(long nr, long a, long b, long c, long d, long e)
{
	long ret = sys_call(nr, a, b, c, d, e, 0);
	if (hooks_filter_is_set_by(nr, a) && !sys_is_error(ret))
		state_leave();
	return ret;
}

/* Operations take up to four more arguments; reading them in any case is safe, as in libc's own prctl. */
HOOK int prctl(int op, ...)
{
	long arg[4];
	va_list ap;
	va_start(ap, op);
	for (int i = 0; i < 4; i++)
		arg[i] = va_arg(ap, long);
	va_end(ap);
	return (int)hook_return(entry_filter_call(SYS_prctl, op, arg[0], arg[1], arg[2], arg[3]));
}
