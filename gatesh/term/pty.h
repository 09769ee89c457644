/* pty.h - the two terminals of a session: the person's (outer), and the one the command gets (inner). */
#ifndef GATESH_TERM_PTY_H
#define GATESH_TERM_PTY_H

#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

/* The person's terminal, opened anew so that O_NONBLOCK is not set for everybody who shares it. */
struct tty {
	int fd; /* -1: there is none */
	bool raw;
	struct termios cooked; /* as it was found */
	struct winsize size;
};

/* The controlling terminal, or the first of descriptors 0 to 2 that is one.  0 or -ENXIO (none: t->fd is -1). */
int tty_open(struct tty *t);

/* Is this process in the terminal's foreground, so that reading and setting it would not stop it? */
bool tty_foreground(const struct tty *t);

/* Keys as they come, nothing interpreted; and back.  0 or a negative errno. */
int tty_raw(struct tty *t);
int tty_cooked(struct tty *t);

/* Read the window size again. */
void tty_measure(struct tty *t);

/* Restore and close. */
void tty_close(struct tty *t);

/* A new pseudo-terminal with `like`'s modes and size: the master (non-blocking) and the slave, both close-on-exec.  0
 * or a negative errno. */
int pty_open(const struct tty *like, int *master, int *slave);

#endif
