/* SPDX-License-Identifier: BSD-2-Clause */
/* refuse.c - runs a command behind a seccomp filter that refuses some system calls with an error, as an old kernel or a container does.
 * usage: refuse ENOSYS|EPERM CALL[,CALL]... COMMAND [ARG ...]
 * CALL: statx, copy_file_range, linkat, renameat2, sendfile, ioctl, landlock_create_ruleset */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int refuse_number(const char *name)
{
	static const struct {
		const char *name;
		int nr;
	} calls[] = {{"statx", SYS_statx},
		     {"copy_file_range", SYS_copy_file_range},
		     {"linkat", SYS_linkat},
		     {"renameat2", SYS_renameat2},
		     {"sendfile", SYS_sendfile},
		     {"ioctl", SYS_ioctl},
		     {"landlock_create_ruleset", SYS_landlock_create_ruleset}};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (!strcmp(calls[i].name, name))
			return calls[i].nr;
	return -1;
}

int main(int argc, char **argv)
{
	struct sock_filter code[64] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	unsigned short n = 1;
	unsigned error = argc > 1 && !strcmp(argv[1], "EPERM") ? EPERM : ENOSYS;
	for (char *name = argc > 3 ? strtok(argv[2], ",") : NULL; name && n < 60; name = strtok(NULL, ",")) {
		code[n++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refuse_number(name), 0, 1);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = {.len = n, .filter = code};
	if (argc < 4 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog)) {
		perror("refuse");
		return 99;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 127;
}
