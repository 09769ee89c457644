/* harden.h - what keeps a session's processes away from gatesh: a Landlock domain, and no io_uring. */
#ifndef GATESH_UTIL_HARDEN_H
#define GATESH_UTIL_HARDEN_H

#include <stdbool.h>

/* What this kernel offers, each on its own. */
struct harden_support {
	int landlock_abi; /* 0: none */
	bool scopes;      /* signals and abstract sockets stay inside (ABI 6, Linux 6.12) */
	bool seccomp;
};

void harden_probe(struct harden_support *s);

/* Confine the calling process and its children, before they execute anything: no_new_privs; a Landlock domain scoped
 * for signals and abstract sockets where the kernel has it (ptrace and /proc of processes outside go with it);
 * io_uring_setup refused, which does unlink and connect past every hook.  What the kernel lacks is left out (gatesh
 * doctor says so).  Async-signal-safe: for the child of a threaded process.  0 or a negative errno. */
int harden_command(void);

/* gatesh itself: not dumpable (no ptrace, no core, no /proc/PID/mem), and reaper of what its session leaves behind.
 * 0 or a negative errno. */
int harden_self(void);

#endif
