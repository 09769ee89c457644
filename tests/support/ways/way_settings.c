/* SPDX-License-Identifier: BSD-2-Clause */
/* way_settings.c - changes of a process that could hide it: another root, no core dumps, the library gone from its
 * environment or its memory, a seccomp filter of its own. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef WAY_STATIC
#include <link.h>
#endif
#if __has_include(<linux/filter.h>) /* musl-gcc does not find the kernel's headers */
#include <linux/filter.h>
#include <linux/seccomp.h>
#define WAY_FILTERS
#endif

#include "way.h"

int way_settings_confined;

static void settings_failed(const char *what)
{
	fprintf(stderr, "way: %s: %s\n", what, strerror(errno));
	_exit(2);
}

/* --- seccomp */

#ifdef WAY_FILTERS
static void settings_filter(const struct sock_filter *filter, size_t n)
{
	struct sock_fprog program = {(unsigned short)n, (struct sock_filter *)filter};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		settings_failed("seccomp");
}

/* Make statx fail, as container runtimes that predate it do. */
static void settings_statx(int err)
{
	const struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_statx, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	settings_filter(filter, sizeof filter / sizeof *filter);
}

/* Allow what the acts are made of, and nothing else.  Any other call, prctl included, kills the process. */
static void settings_allow_list(void)
{
	static const int allowed[] = {
		SYS_read,      SYS_write,    SYS_pwrite64, SYS_close,   SYS_openat, SYS_unlinkat,
		SYS_renameat2, SYS_truncate, SYS_socket,   SYS_connect, SYS_exit,   SYS_exit_group,
#ifdef SYS_open
		SYS_open,      SYS_unlink,   SYS_rename,
#endif
	};
	enum { N = sizeof allowed / sizeof *allowed };
	struct sock_filter filter[N + 3] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	for (int i = 0; i < N; i++)
		filter[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i],
							     (unsigned char)(N - i), 0);
	filter[1 + N] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	filter[2 + N] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	way_settings_confined = 1;
	settings_filter(filter, N + 3);
}
#endif

/* --- the library is gone */

/* Execute this program anew without the setting's two words and with nothing in its environment.  unsetenv and libc's
 * execv can be hooked; the system call can't. */
static void settings_again(const char *setting, char **argv, int by_libc)
{
	static char *none[] = {NULL};
	char **from = argv + 1, **to = argv + 1;
	for (; *from; from++) {
		if (from[1] && !strcmp(from[0], "-s") && !strcmp(from[1], setting))
			from++;
		else
			*to++ = *from;
	}
	*to = NULL;
	unsetenv("LD_PRELOAD");
	unsetenv("GATE_SESSION");
	if (by_libc)
		execv(argv[0], argv);
	else
		syscall(SYS_execve, argv[0], argv, none);
	settings_failed(argv[0]);
}

#ifndef WAY_STATIC
struct text {
	uintptr_t from, to;
};

static int settings_find_text(struct dl_phdr_info *object, size_t size, void *data)
{
	struct text *text = data;
	(void)size;
	if (!strstr(object->dlpi_name, "libgate"))
		return 0;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t from = object->dlpi_addr + segment->p_vaddr;
		if (segment->p_type == PT_LOAD && segment->p_flags & PF_X)
			*text = (struct text){from & ~(uintptr_t)4095, from + segment->p_memsz};
	}
	return 1;
}

/* Every symbol of this program is bound already (-z now), so the loader does not miss the library. */
static void settings_unmap(void)
{
	struct text text = {0, 0};
	dl_iterate_phdr(settings_find_text, &text);
	if (text.from && munmap((void *)text.from, text.to - text.from))
		settings_failed("munmap");
}
#endif

void way_settings_apply(const char *name, char **argv)
{
	if (!strncmp(name, "chroot=", 7)) { /* the working directory stays, and is inside */
		if (chroot(name + 7))
			settings_failed("chroot");
	} else if (!strcmp(name, "nodump")) {
		if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
			settings_failed("PR_SET_DUMPABLE");
#ifdef WAY_FILTERS
	} else if (!strcmp(name, "statx-enosys")) {
		settings_statx(ENOSYS);
	} else if (!strcmp(name, "statx-eperm")) {
		settings_statx(EPERM);
	} else if (!strcmp(name, "allow-list")) {
		settings_allow_list();
#endif
	} else if (!strcmp(name, "unsetenv") || !strcmp(name, "bare-exec")) {
		settings_again(name, argv, name[0] == 'u');
#ifndef WAY_STATIC
	} else if (!strcmp(name, "unmap")) {
		settings_unmap();
#endif
	} else {
		errno = EINVAL;
		settings_failed(name);
	}
}
