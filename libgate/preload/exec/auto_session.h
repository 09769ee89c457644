/* auto_session.h - a bare LD_PRELOAD=libgate-preload.so: start a session for this program and its children. */
#ifndef GATE_PRELOAD_EXEC_AUTO_SESSION_H
#define GATE_PRELOAD_EXEC_AUTO_SESSION_H

/* Start `gatesh session --auto`, then execute this very program again inside the session: its environment must name it,
 * and at this point only the kernel can give it one.  A failure is a refusal. */
void __attribute__((noreturn)) auto_session(char **argv, char **envp);

#endif
