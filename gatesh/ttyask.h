/* ttyask.h - a question on the terminal of this process, without a session: for gatesh check. */
#ifndef GATESH_TTYASK_H
#define GATESH_TTYASK_H

#include <gate.h>

/* A gate_conv.ask: the panel is drawn where the cursor is and wiped when it is answered.  GATE_NO_AGENT when there is no terminal or this
 * process is not in its foreground; a signal that would end the process is a no first.  `data` is NULL or a bool
 * that gets whether it was dismissed: the panel left without a choice, by Escape, Ctrl-C, Ctrl-D, a closed window or a signal. */
int tty_ask(const struct gate_question *question, struct gate_answer *answer, void *data);

#endif
