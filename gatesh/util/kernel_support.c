/* SPDX-License-Identifier: BSD-2-Clause */
/* kernel_support.c - tries what newer kernels give, and says what is missing. */
#include "util/kernel_support.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/harden.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const struct {
	const char *name, *since, *without;
} parts[KERNEL_PARTS] = {
	[KERNEL_WAIT_KILLABLE] = {"WAIT_KILLABLE_RECV", "Linux 5.19",
				  "a signal interrupts a call that Gate looks at, and the call is made again"},
	[KERNEL_SCOPES] = {"Landlock's scopes", "Linux 6.12",
			   "a session can signal your other processes, and reach their abstract sockets"},
};

/* The kernel looks at the flags before it looks at the filter, which is not there. */
static bool kernel_waits_killable(void)
{
	unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) && errno == EFAULT;
}

void kernel_support_probe(struct kernel_support *s)
{
	struct harden_support h;
	harden_probe(&h);
	s->has[KERNEL_WAIT_KILLABLE] = kernel_waits_killable();
	s->has[KERNEL_SCOPES] = h.scopes;
}

const char *kernel_support_without(enum kernel_part part)
{
	return parts[part].without;
}

const char *kernel_support_since(enum kernel_part part)
{
	return parts[part].since;
}

void kernel_support_say(const struct kernel_support *s, struct strbuf *out)
{
	bool missing = false;
	for (int i = 0; i < KERNEL_PARTS; i++) {
		if (s->has[i])
			continue;
		strbuf_printf(out, "%s%s (%s): %s", missing ? "; and " : "gate: this kernel lacks ", parts[i].name,
			      parts[i].since, parts[i].without);
		missing = true;
	}
	if (missing)
		strbuf_puts(out, "; gatesh doctor says more");
}
