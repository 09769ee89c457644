/* SPDX-License-Identifier: BSD-2-Clause */
/* compat_calls.c - the numbers of the 32-bit ABI from the kernel's own header, in a source of its own: it defines the
 * names that the header of the 64-bit ABI defines. */
#include "unit/seam/compat_calls.h"

#include <string.h>

struct number {
	const char *name;
	int nr;
};

#define CALL(name)                 \
	{                          \
#name, __NR_##name \
	}

/* AArch64's headers have no ARM numbers; .ci/arm64 brings ARM's own as asm-arm/. */
#if defined __x86_64__
#include <asm/unistd_32.h>
#define COMPAT_KNOWN
#elif __has_include(<asm-arm/unistd-eabi.h>)
#define __NR_SYSCALL_BASE 0
#define __NR_socketcall (-1) /* the EABI has none */
#include <asm-arm/unistd-eabi.h>
#define COMPAT_KNOWN
#endif

#ifdef COMPAT_KNOWN
static const struct number numbers[] = {
	CALL(open),
	CALL(creat),
	CALL(unlink),
	CALL(execve),
	CALL(rename),
	CALL(rmdir),
	CALL(ioctl),
	CALL(truncate),
	CALL(ftruncate),
	CALL(truncate64),
	CALL(ftruncate64),
	CALL(socketcall),
	CALL(openat),
	CALL(unlinkat),
	CALL(renameat),
	CALL(fallocate),
	CALL(open_by_handle_at),
	CALL(sendmmsg),
	CALL(renameat2),
	CALL(execveat),
	CALL(kill),
	CALL(tkill),
	CALL(tgkill),
	CALL(rt_sigqueueinfo),
	CALL(rt_tgsigqueueinfo),
	CALL(pidfd_send_signal),
	CALL(connect),
	CALL(sendto),
	CALL(sendmsg),
	CALL(openat2),
};
#else
static const struct number numbers[] = {{"", -1}};
#endif

int compat_number(const char *name)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!strcmp(numbers[i].name, name))
			return numbers[i].nr;
	return -1;
}
