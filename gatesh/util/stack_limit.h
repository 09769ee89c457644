/* SPDX-License-Identifier: BSD-2-Clause */
/* stack_limit.h - gatesh with a small stack (ulimit -s) would crash, and a session with it. */
#ifndef GATESH_UTIL_STACK_LIMIT_H
#define GATESH_UTIL_STACK_LIMIT_H

/* Is the stack limit (RLIMIT_STACK) large enough?  It is also the size of each thread's stack (pthread_create(3)).  Returns 0,
 * or -ENOMEM after a message on stderr.  Raising it instead would change the limit of the session's programs. */
int stack_limit_check(void);

#endif
