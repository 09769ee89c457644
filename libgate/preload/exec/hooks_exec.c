/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_exec.c - the hooks of the exec family.  They never ask, because the target's constructor does.  They keep the
 * environment, and use gate-standin where no constructor will run. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <unistd.h>

#include "preload/base/hooks.h"
#include "preload/exec/exec.h"

HOOK int execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)hook_return(exec_target(path, argv, envp));
}

HOOK int execv(const char *path, char *const argv[])
{
	return (int)hook_return(exec_target(path, argv, environ));
}

HOOK int execvp(const char *file, char *const argv[])
{
	return (int)hook_return(path_search_exec(file, argv, environ));
}

HOOK int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return (int)hook_return(path_search_exec(file, argv, envp));
}

HOOK int execveat(int dir, const char *path, char *const argv[], char *const envp[], int flags)
{
	return (int)hook_return(exec_at(dir, path, argv, envp, flags));
}

/* libc's prototypes forbid NULL, but callers pass it. -fno-delete-null-pointer-checks keeps the check. */
static bool hooks_exec_missing(const void *argument)
{
	return !argument;
}

HOOK int fexecve(int fd, char *const argv[], char *const envp[])
{
	if (fd < 0 || hooks_exec_missing(argv) || hooks_exec_missing(envp))
		return (int)hook_return(-EINVAL);
	return (int)hook_return(exec_at(fd, "", argv, envp, AT_EMPTY_PATH));
}

/* The words of a variadic exec, including their NULL. */
static size_t hooks_exec_count_words(const char *first, va_list ap)
{
	size_t n = 1;
	for (const char *word = first; word; word = va_arg(ap, const char *))
		n++;
	return n;
}

static void hooks_exec_collect_words(char **argv, const char *first, va_list ap)
{
	*argv = (char *)first;
	while (*argv)
		*++argv = va_arg(ap, char *);
}

/* Takes the same stack as libc does here: one pointer per word. */
#define WORDS(argv, first, ap)                                                                  \
	do {                                                                                    \
		va_list count;                                                                  \
		va_copy(count, ap);                                                             \
		argv = __builtin_alloca(hooks_exec_count_words(first, count) * sizeof(char *)); \
		va_end(count);                                                                  \
		hooks_exec_collect_words(argv, first, ap);                                      \
	} while (0)

HOOK int execl(const char *path, const char *arg, ...)
{
	va_list ap;
	char **argv;
	va_start(ap, arg);
	WORDS(argv, arg, ap);
	va_end(ap);
	return (int)hook_return(exec_target(path, argv, environ));
}

HOOK int execlp(const char *file, const char *arg, ...)
{
	va_list ap;
	char **argv;
	va_start(ap, arg);
	WORDS(argv, arg, ap);
	va_end(ap);
	return (int)hook_return(path_search_exec(file, argv, environ));
}

HOOK int execle(const char *path, const char *arg, ...)
{
	va_list ap;
	char **argv;
	va_start(ap, arg);
	WORDS(argv, arg, ap);
	char *const *envp = va_arg(ap, char *const *);
	va_end(ap);
	return (int)hook_return(exec_target(path, argv, envp));
}
