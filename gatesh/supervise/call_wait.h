/* SPDX-License-Identifier: BSD-2-Clause */
/* call_wait.h - calls that wait for the engine or a person: no signal waits with them.
 *
 * While a call waits, one timer looks at its thread.  If a signal waits there, the call is given back to the kernel with
 * ERESTARTSYS: the handler runs, or the program stops, and the kernel makes the call again unless a handler without
 * SA_RESTART ran; then the program sees EINTR.  The question stays open meanwhile.  The call that arrives again takes
 * its place and its answer, once.  If none arrives while its thread runs on, or the thread ends, the question is
 * withdrawn.  Main thread only. */
#ifndef GATESH_SUPERVISE_CALL_WAIT_H
#define GATESH_SUPERVISE_CALL_WAIT_H

#include "supervise/supervisor.h"

/* The call's job has been started. */
void call_wait_begin(struct call *c);

/* The call that `c` repeats: one of the same thread that was given back and asked for the very same thing.  It has c's
 * notification from now on; end c without an answer.  NULL: there is none. */
struct call *call_wait_resume(struct call *c);

/* The job is done.  True if the caller waits for its result.  False if the call was given back: if it is made again,
 * call_wait_resume() finds it, with c->settled set; until then it is not the caller's. */
bool call_wait_settle(struct call *c);

/* The caller has its result, or nobody wants it any more. */
void call_wait_end(struct call *c);

/* Withdraw the call's question, or drop its result: nobody waits for it any more, or nobody may.  Harmless for a call
 * that is being answered. */
void call_wait_drop(struct call *c);

#endif
