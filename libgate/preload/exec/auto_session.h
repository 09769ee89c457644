/* SPDX-License-Identifier: BSD-2-Clause */
/* auto_session.h - handles a bare LD_PRELOAD=libgate-preload.so: starts a session for this program and its children. */
#ifndef GATE_PRELOAD_EXEC_AUTO_SESSION_H
#define GATE_PRELOAD_EXEC_AUTO_SESSION_H

/* Start `gatesh session --auto`, then execute this very program again inside the session.  Its environment must name
 * the session, and at this point only the kernel can change that environment.  A failure is a refusal. */
void __attribute__((noreturn)) auto_session(char **argv, char **envp);

#endif
