/* SPDX-License-Identifier: BSD-2-Clause */
/* probe.c - prints everything that a program can find out about its start, for tests/session/exec/entry.t: words,
 * environment (without the two variables), descriptors, signals, directory.  Exits with 7. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void show_signals(void)
{
	sigset_t mask;
	struct sigaction sa;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (int s = 1; s < 65; s++) {
		int ignored = sigaction(s, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
		if (ignored || sigismember(&mask, s) == 1)
			printf("signal %d%s%s\n", s, ignored ? " ignored" : "",
			       sigismember(&mask, s) == 1 ? " blocked" : "");
	}
}

int main(int argc, char **argv)
{
	int err = errno;
	char cwd[4096];
	printf("errno %d argc %d\n", err, argc);
	for (int i = 0; i < argc; i++)
		printf("word [%s]\n", argv[i]);
	for (char **e = environ; *e; e++)
		if (strncmp(*e, "LD_PRELOAD=", 11) && strncmp(*e, "GATE_SESSION=", 13) && strncmp(*e, "_=", 2))
			printf("env %s\n", *e);
	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd %d flags %d\n", fd, fcntl(fd, F_GETFD));
	show_signals();
	printf("cwd %s\n", getcwd(cwd, sizeof cwd));
	return 7;
}
