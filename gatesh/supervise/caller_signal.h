/* SPDX-License-Identifier: BSD-2-Clause */
/* caller_signal.h - does a signal wait for a thread that waits in a notified call?  With WAIT_KILLABLE_RECV
 * (seccomp_unotify(2)) the kernel holds back every signal but a fatal one until the call is answered.  The call may be
 * answered with ERESTARTSYS only if the kernel has marked this very thread for signal delivery (TIF_SIGPENDING):
 * otherwise the number 512 reaches the program.  That mark can't be read; what sets it can.  Each function reads
 * /proc/TID/status, some 20 microseconds a thread, and may be called in any thread of gatesh. */
#ifndef GATESH_SUPERVISE_CALLER_SIGNAL_H
#define GATESH_SUPERVISE_CALLER_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum caller_state { CALLER_GONE, CALLER_STOPPED, CALLER_LIVES };

/* Does the thread exist, and is it stopped, by job control or by a tracer? */
enum caller_state caller_signal_state(pid_t tid);

/* Is this thread certain to take a signal, or to stop, once its call returns?  *before holds what waited for its process
 * when it was last looked at: begin with 0.  False if another thread may be about to take the signal. */
bool caller_signal_waits(pid_t tid, uint64_t *before);

#endif
