/* tty_ask.h - a question on the terminal of this process: for gatesh check, which has no session, and gatesh answer. */
#ifndef GATESH_FRONT_TTY_ASK_H
#define GATESH_FRONT_TTY_ASK_H

#include <gate.h>

/* What is heard meanwhile from whoever asks. */
enum tty_news { TTY_SAME, TTY_CHANGED, TTY_OVER }; /* the last one ends it */

struct tty_talk {
	/* Looked at besides the keys, unless `news` is NULL: when `fd` is readable, news() reads it. */
	int fd;
	enum tty_news (*news)(void *data);
	void *data;
	const char *preview; /* escaped lines, or NULL */
	/* How it ended. */
	bool over;
	bool dismissed; /* the panel was left without a choice: by Escape, Ctrl-C, Ctrl-D, or as `lost` */
	bool lost;      /* the window is closed, or a signal came */
};

/* A gate_conv.ask whose data is a struct tty_talk: the panel is drawn where the cursor is and wiped when it is
 * answered.  GATE_NO_AGENT when there is no terminal or this process is not in its foreground; a signal that would end
 * the process is a no first. */
int tty_ask(const struct gate_question *question, struct gate_answer *answer, void *data);

#endif
