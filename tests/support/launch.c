/* SPDX-License-Identifier: BSD-2-Clause */
/* launch.c - starts a program through one entry point of libc, for tests/session/exec/entry.t.
 *
 *   launch [-e] ENTRY TARGET [ARG ...]
 *
 * -e: the program's environment is MARK=kept alone (for functions that use environ, everything else is removed from
 * it).  ENTRY is one of the table at the end.  Exits with the program's status.  If the program could not be started,
 * prints `errno N` and exits with 99. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

static char **words, **env;
static const char *target;

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int failed(int err)
{
	printf("errno %d\n", err);
	return 99;
}

static int wait_for(pid_t pid)
{
	int status;
	return waitpid(pid, &status, 0) == pid ? status_of(status) : failed(errno);
}

/* The command as text for a shell.  The words of these tests need no quotes. */
static const char *command(void)
{
	static char text[1 << 16];
	size_t n = (size_t)snprintf(text, sizeof text, "exec %s", target);
	for (char **w = words + 1; *w; w++)
		n += (size_t)snprintf(text + n, sizeof text - n, " %s", *w);
	return text;
}

static int by_execve(void)
{
	return execve(target, words, env);
}
static int by_execv(void)
{
	return execv(target, words);
}
static int by_execvp(void)
{
	return execvp(target, words);
}
static int by_execvpe(void)
{
	return execvpe(target, words, env);
}
static int by_syscall(void)
{
	return (int)syscall(SYS_execve, target, words, env);
}
static int by_syscall_at(void)
{
	return (int)syscall(SYS_execveat, AT_FDCWD, target, words, env, 0);
}

/* Up to three arguments. */
#define FIRST(v) (v)[1], (v)[1] ? (v)[2] : NULL, (v)[1] && (v)[2] ? (v)[3] : NULL, NULL
static int by_execl(void)
{
	return execl(target, words[0], FIRST(words));
}
static int by_execlp(void)
{
	return execlp(target, words[0], FIRST(words));
}
static int by_execle(void)
{
	switch (words[1] ? words[2] ? 2 : 1 : 0) {
	case 0: return execle(target, words[0], NULL, env);
	case 1: return execle(target, words[0], words[1], NULL, env);
	default: return execle(target, words[0], words[1], words[2], NULL, env);
	}
}

static int by_fexecve(void)
{
	int fd = open(target, O_RDONLY); /* the kernel can't execute a script from a close-on-exec descriptor */
	if (fd < 0)
		return -1;
	return fexecve(fd, words, env);
}

static int by_fexecve_cloexec(void)
{
	int fd = open(target, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -1;
	fexecve(fd, words, env);
	int err = errno;
	if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC))
		puts("close-on-exec was lost");
	errno = err;
	return -1;
}

static int under_directory(int flags)
{
	char *copy = strdup(target), *name = strrchr(copy, '/');
	if (name)
		*name = '\0';
	int dir = open(name ? copy : ".", O_PATH | O_DIRECTORY | flags);
	return execveat(dir, name ? name + 1 : copy, words, env, 0);
}

static int by_execveat(void)
{
	return under_directory(0);
}
static int by_execveat_cloexec(void)
{
	return under_directory(O_CLOEXEC);
}

/* Makes the system call directly, so that no hook sees it. */
static int by_raw(void)
{
#ifdef __x86_64__
	long ret;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(SYS_execve), "D"(target), "S"(words), "d"(env)
			 : "rcx", "r11", "memory");
	errno = (int)-ret;
	return -1;
#else
	return execve(target, words, env);
#endif
}

/* A program that has no name: a copy in memory, executed directly. */
static int by_memfd(void)
{
	static char copy[1 << 20];
	int from = open(target, O_RDONLY), fd = memfd_create("copy", MFD_CLOEXEC);
	for (ssize_t n; (n = read(from, copy, sizeof copy)) > 0;)
		if (write(fd, copy, (size_t)n) != n)
			return -1;
#ifdef __x86_64__
	long ret;
	register char **r10 __asm__("r10") = env;
	register long r8 __asm__("r8") = AT_EMPTY_PATH;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(SYS_execveat), "D"(fd), "S"(""), "d"(words), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	errno = (int)-ret;
	return -1;
#else
	return execveat(fd, "", words, env, AT_EMPTY_PATH);
#endif
}

static int by_vfork(void)
{
	volatile int err = 0;
	pid_t pid = vfork();
	if (pid == 0) {
		execve(target, words, env);
		err = errno;
		_exit(99);
	}
	return err ? exit(failed(err)), 0 : (exit(wait_for(pid)), 0);
}

/* Like vfork(), on no more stack than the interposer promises to use, with nothing mapped below it. */
static int search_path;
static int on_small_stack(void *err)
{
	if (search_path)
		execvpe(target, words, env);
	else
		execve(target, words, env);
	*(volatile int *)err = errno;
	_exit(99);
}

static int small_stack(int search)
{
	enum { STACK = 16 << 10, GUARD = 64 << 10 };
	volatile int err = 0;
	char *stack = mmap(NULL, GUARD + STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack, GUARD, PROT_NONE))
		return -1;
	search_path = search;
	pid_t pid = clone(on_small_stack, stack + GUARD + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, (void *)&err);
	exit(pid < 0 ? failed(errno) : err ? failed(err) : wait_for(pid));
}

static int by_small_stack(void)
{
	return small_stack(0);
}
static int by_small_stack_p(void)
{
	return small_stack(1);
}

static int by_posix_spawn(void)
{
	pid_t pid;
	int err = posix_spawn(&pid, target, NULL, NULL, words, env);
	exit(err ? failed(err) : wait_for(pid));
}

static int by_posix_spawnp(void)
{
	pid_t pid;
	int err = posix_spawnp(&pid, target, NULL, NULL, words, env);
	exit(err ? failed(err) : wait_for(pid));
}

static int by_system(void)
{
	exit(status_of(system(command())));
}

static int by_popen(void)
{
	char line[4096];
	FILE *f = popen(command(), "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f))
		fputs(line, stdout);
	fflush(stdout);
	exit(status_of(pclose(f)));
}

/* Its output comes back as words; its status is lost. */
static int by_wordexp(void)
{
	char text[1 << 16];
	wordexp_t w;
	snprintf(text, sizeof text, "$(%s)", command());
	int err = wordexp(text, &w, WRDE_SHOWERR);
	if (err)
		exit(failed(err));
	for (size_t i = 0; i < w.we_wordc; i++)
		printf("%s%c", w.we_wordv[i], i + 1 < w.we_wordc ? ' ' : '\n');
	exit(0);
}

static const struct {
	const char *name;
	int (*start)(void);
} entries[] = {
	{"execve", by_execve},
	{"execv", by_execv},
	{"execvp", by_execvp},
	{"execvpe", by_execvpe},
	{"execl", by_execl},
	{"execlp", by_execlp},
	{"execle", by_execle},
	{"fexecve", by_fexecve},
	{"fexecve-cloexec", by_fexecve_cloexec},
	{"execveat", by_execveat},
	{"execveat-cloexec", by_execveat_cloexec},
	{"syscall", by_syscall},
	{"syscall-at", by_syscall_at},
	{"raw", by_raw},
	{"memfd", by_memfd},
	{"vfork", by_vfork},
	{"clone", by_small_stack},
	{"clonep", by_small_stack_p},
	{"posix_spawn", by_posix_spawn},
	{"posix_spawnp", by_posix_spawnp},
	{"system", by_system},
	{"popen", by_popen},
	{"wordexp", by_wordexp},
};

int main(int argc, char **argv)
{
	static char *scrubbed[] = {(char *)"MARK=kept", NULL};
	int lose = argc > 1 && !strcmp(argv[1], "-e");
	if (argc < 3 + lose)
		return fputs("usage: launch [-e] ENTRY TARGET [ARG ...]\n", stderr), 2;
	target = argv[2 + lose];
	words = argv + 2 + lose;
	if (lose)
		environ = scrubbed;
	env = environ;
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		if (!strcmp(entries[i].name, argv[1 + lose])) {
			entries[i].start();
			return failed(errno);
		}
	return fputs("launch: no such entry\n", stderr), 2;
}
