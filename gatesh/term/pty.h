/* SPDX-License-Identifier: BSD-2-Clause */
/* pty.h - opens a session's two terminals: the person's (outer) and the one that the command gets (inner). */
#ifndef GATESH_TERM_PTY_H
#define GATESH_TERM_PTY_H

#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

/* The person's terminal, opened again so that O_NONBLOCK is not set for all processes that share the description. */
struct tty {
	int fd; /* -1: there is none */
	bool raw;
	struct termios cooked; /* its modes as found */
	struct winsize size;
};

/* Open the controlling terminal, or the first of descriptors 0 to 2 that is a terminal.  Returns 0, or -ENXIO if there
 * is none; t->fd is then -1. */
int tty_open(struct tty *t);

/* Is this process in the terminal's foreground, so that reading or configuring the terminal does not stop it? */
bool tty_foreground(const struct tty *t);

/* Switch the terminal to raw mode, and back.  Returns 0 or a negative errno. */
int tty_raw(struct tty *t);
int tty_cooked(struct tty *t);

/* While the terminal is raw: let it deliver whole lines, which the person can edit, with the echo it had when found.
 * Ctrl-C and Ctrl-D send no signal and no end of file: they end the line, as its last character.  tty_raw() ends this.
 * What was typed before is dropped.  Returns 0 or a negative errno. */
int tty_lines(struct tty *t);

/* Read the window size again. */
void tty_measure(struct tty *t);

/* Restore the terminal's modes and close it. */
void tty_close(struct tty *t);

/* Open a new pseudo-terminal with the modes and size of `like`: the master, non-blocking, and the slave, both
 * close-on-exec.  Returns 0 or a negative errno. */
int pty_open(const struct tty *like, int *master, int *slave);

#endif
