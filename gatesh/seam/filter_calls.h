/* SPDX-License-Identifier: BSD-2-Clause */
/* filter_calls.h - the system calls that the session's filter looks at, by their numbers in each ABI. */
#ifndef GATESH_SEAM_FILTER_CALLS_H
#define GATESH_SEAM_FILTER_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* Once it knows the call, the filter looks at this.  Argument 0 is the first. */
enum seam_check {
	SEAM_CHECK_COOKIE,     /* the cookie alone */
	SEAM_CHECK_OPEN,       /* open flags in argument 1, then the cookie */
	SEAM_CHECK_OPENAT,     /* open flags in argument 2, then the cookie */
	SEAM_CHECK_FALLOCATE,  /* a mode in argument 1, then the cookie */
	SEAM_CHECK_SENDTO,     /* an address in argument 4 */
	SEAM_CHECK_SOCKETCALL, /* the number of a socket call in argument 0 (i386) */
	SEAM_CHECK_IOCTL,      /* a request in argument 1 */
	SEAM_CHECK_SIGNAL,     /* a signal in argument 1, also signal 0 */
	SEAM_CHECK_TO_THREAD,  /* a signal in argument 2 */
	SEAM_CHECKS
};

/* The option of the filter that a call belongs to. */
enum seam_event { SEAM_EVENT_FILE, SEAM_EVENT_CONNECTION, SEAM_EVENT_EXEC, SEAM_EVENT_ANY };

struct seam_call {
	uint32_t nr;
	enum seam_check check;
	enum seam_event event; /* ANY: looked at whatever the options are */
};

/* An ABI: the AUDIT_ARCH_* of its calls, and the calls, the most frequent first. */
struct seam_abi {
	uint32_t arch;
	size_t n;
	const struct seam_call *calls;
};

/* Both are constant and valid for good. */
extern const struct seam_abi seam_native_abi, seam_compat_abi;

#endif
