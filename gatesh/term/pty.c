/* SPDX-License-Identifier: BSD-2-Clause */
/* pty.c - opens the inner terminal, and puts the person's own into raw mode and back. */
#include "term/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { FLAGS = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

int tty_open(struct tty *t)
{
	*t = (struct tty){.fd = open("/dev/tty", FLAGS)};
	for (int fd = 0; t->fd < 0 && fd < 3; fd++) {
		char name[64];
		if (isatty(fd) && !ttyname_r(fd, name, sizeof name))
			t->fd = open(name, FLAGS);
	}
	if (t->fd >= 0 && tcgetattr(t->fd, &t->cooked)) {
		close(t->fd);
		t->fd = -1;
	}
	if (t->fd < 0)
		return -ENXIO;
	tty_measure(t);
	return 0;
}

bool tty_foreground(const struct tty *t)
{
	pid_t group = tcgetpgrp(t->fd);
	/* ENOTTY: not our controlling terminal, so its job control can't stop us. */
	return group == getpgrp() || (group < 0 && errno == ENOTTY);
}

int tty_raw(struct tty *t)
{
	struct termios raw;
	if (!t->raw && tcgetattr(t->fd, &t->cooked))
		return -errno;
	raw = t->cooked;
	cfmakeraw(&raw);
	if (tcsetattr(t->fd, TCSADRAIN, &raw))
		return -errno;
	t->raw = true;
	return 0;
}

int tty_cooked(struct tty *t)
{
	if (!t->raw)
		return 0;
	t->raw = false;
	return tcsetattr(t->fd, TCSADRAIN, &t->cooked) ? -errno : 0;
}

int tty_lines(struct tty *t)
{
	struct termios lines = t->cooked;
	lines.c_iflag |= ICRNL;
	lines.c_iflag &= ~(tcflag_t)IXON;
	lines.c_oflag |= OPOST | ONLCR;
	lines.c_lflag |= ICANON;
	lines.c_lflag &= ~(tcflag_t)ISIG;
	lines.c_cc[VEOF] = _POSIX_VDISABLE;
	lines.c_cc[VEOL] = 3;
	lines.c_cc[VEOL2] = 4;
	/* TCSANOW: a stopped terminal must not stop the caller. */
	return tcflush(t->fd, TCIFLUSH) || tcsetattr(t->fd, TCSANOW, &lines) ? -errno : 0;
}

void tty_measure(struct tty *t)
{
	if (ioctl(t->fd, TIOCGWINSZ, &t->size) || !t->size.ws_row || !t->size.ws_col) {
		t->size.ws_row = 24;
		t->size.ws_col = 80;
	}
}

void tty_close(struct tty *t)
{
	if (t->fd < 0)
		return;
	tty_cooked(t);
	close(t->fd);
	t->fd = -1;
}

int pty_open(const struct tty *like, int *master, int *slave)
{
	*slave = -1;
	*master = posix_openpt(FLAGS);
	if (*master < 0)
		return -errno;
	if (grantpt(*master) || unlockpt(*master))
		goto fail;
	*slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*slave < 0 || tcsetattr(*slave, TCSANOW, &like->cooked) || ioctl(*slave, TIOCSWINSZ, &like->size))
		goto fail;
	return 0;
fail:;
	int err = -errno;
	if (*slave >= 0)
		close(*slave);
	close(*master);
	*master = *slave = -1;
	return err;
}
