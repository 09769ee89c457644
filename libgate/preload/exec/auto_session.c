/* SPDX-License-Identifier: BSD-2-Clause */
/* auto_session.c - runs gatesh session --auto for a program without a session, then executes the program again inside
 * it. */
#include "preload/exec/auto_session.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/limits.h>
#include <signal.h>
#include <sys/auxv.h>

#include "preload/base/judged_call.h"
#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/exec/environment.h"

enum { AUTO_SLOTS = 1 << 16, NO_SESSION = 125 };

static void __attribute__((noreturn)) auto_fail(const char *what, long err)
{
	state.head.flags = 0;
	message_fault(what, (int)err);
	sys_exit(126);
}

/* The library's file, behind the link that LD_PRELOAD may name. */
static void auto_find_library(char own[PATH_MAX])
{
	char link[64];
	Dl_info info;
	if (!dladdr((const void *)auto_session, &info) || !info.dli_fname)
		auto_fail("the library's own path", -ENOENT);
	long fd = sys_open(info.dli_fname, O_PATH | O_CLOEXEC);
	if (fd < 0)
		auto_fail("the library's own path", fd);
	struct text t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned long)fd);
	long n = sys_readlink(link, own, PATH_MAX - 1);
	sys_close((int)fd);
	own[n > 0 ? n : 0] = '\0';
}

/* Cut `tail` off the end of the path.  Returns false if the path does not end so. */
static bool auto_cut(char *path, const char *tail)
{
	size_t n = text_length(tail), len = text_length(path);
	if (len < n || !text_equal(path + len - n, tail))
		return false;
	path[len - n] = '\0';
	return true;
}

/* gatesh lies beside the library as configured, also in a staged tree.  libgate/base/paths.c finds it the same way. */
static void auto_find_gatesh(char path[PATH_MAX])
{
	char own[PATH_MAX];
	auto_find_library(own);
	if (!auto_cut(own, GATE_LIBDIR "/" LIBRARY_NAME)) {
		auto_cut(own, "/" LIBRARY_NAME);
		auto_cut(own, text_base(own)); /* the directory of this version, and the slash before it */
		if (!auto_cut(own, GATE_INTERPOSERS "/"))
			*own = '\0';
	}
	struct text t = text_in(path, PATH_MAX);
	text_put(&t, own);
	text_put(&t, GATE_BINDIR "/gatesh");
	if (t.cut)
		auto_fail("gatesh", -ENAMETOOLONG);
}

static long auto_fork_child(void)
{
	return SYS(clone, SIGCHLD, 0, 0, 0, 0, 0);
}

/* Give gatesh its standard descriptors: an empty stdin, the pipe, and this program's stderr if it has one (a descriptor
 * that is close-on-exec here is one that auto_session.c opened).  Close all others of the program: a pipe that a
 * background process holds open never ends. */
static void auto_give_descriptors(int out)
{
	long null = judged_openat(AT_FDCWD, "/dev/null", O_RDWR, 0);
	if (null >= 0)
		SYS(dup3, null, 0, 0, 0, 0, 0);
	if (out == 1)
		sys_fcntl(1, F_SETFD, 0);
	else
		SYS(dup3, out, 1, 0, 0, 0, 0);
	if (sys_fcntl(2, F_GETFD, 0) && null >= 0)
		SYS(dup3, null, 2, 0, 0, 0, 0);
	SYS(close_range, 3, ~0U, 0, 0, 0, 0);
}

/* In the grandchild: become gatesh for the process `pid`. */
static void __attribute__((noreturn))
auto_become_gatesh(const char *gatesh, long pid, int out, char **slots, char **envp)
{
	const char *value;
	char number[32];
	char *argv[] = {(char *)"gatesh", (char *)"session", (char *)"--auto", number, NULL};
	size_t n = 0;
	struct text t = text_in(number, sizeof number);
	text_put_number(&t, (unsigned long)pid);
	for (; *envp; envp++)
		if (!(value = text_after(*envp, VAR_PRELOAD)) && n + 1 < AUTO_SLOTS)
			slots[n++] = *envp;
	slots[n] = NULL;
	auto_give_descriptors(out);
	sys_execve(gatesh, argv, slots);
	sys_exit(NO_SESSION);
}

/* Run gatesh as a grandchild, because a program must not find a child that it never started.  Its output line goes into
 * dir. */
static void auto_run_gatesh(char **slots, char **envp, char dir[PATH_MAX])
{
	char gatesh[PATH_MAX];
	int ends[2];
	long pid = SYS(getpid, 0, 0, 0, 0, 0, 0);
	auto_find_gatesh(gatesh);
	long err = SYS(pipe2, ends, O_CLOEXEC, 0, 0, 0, 0);
	long child = err ? err : auto_fork_child();
	if (child < 0)
		auto_fail("no session, and none can be started", child);
	if (child == 0) {
		if (auto_fork_child() == 0)
			auto_become_gatesh(gatesh, pid, ends[1], slots, envp);
		sys_exit(0);
	}
	while (SYS(wait4, child, 0, 0, 0, 0, 0) == -EINTR)
		;
	sys_close(ends[1]);
	size_t n = 0;
	for (;;) {
		long got = sys_read(ends[0], dir + n, 1);
		if (got == -EINTR)
			continue;
		if (got <= 0 || dir[n] == '\n' || n == PATH_MAX - 1)
			break;
		n++;
	}
	sys_close(ends[0]);
	dir[n] = '\0';
	if (*dir != '/')
		auto_fail("no session, and gatesh session --auto started none", 0);
}

/* The arguments that this program was executed with.  For a script, the kernel puts the interpreter and an option
 * before them. */
static char **auto_own_words(const char *self, char **argv)
{
	char start[2] = {0};
	long fd = sys_open(self, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		sys_pread((int)fd, start, sizeof start, 0);
		sys_close((int)fd);
	}
	for (int i = 1; i <= 2 && start[0] == '#' && start[1] == '!' && argv[0] && argv[i]; i++)
		if (text_equal(argv[i], self))
			return argv + i;
	return argv;
}

/* The session keeps this very file, whatever an installation makes of the link to it. */
static void auto_keep_library(void)
{
	char own[PATH_MAX];
	auto_find_library(own);
	if (*own != '/' || text_length(own) >= sizeof state.library || !text_equal(text_base(own), LIBRARY_NAME))
		return;
	struct text t = text_in(state.library, sizeof state.library);
	text_put(&t, own);
}

void auto_session(char **argv, char **envp)
{
	char dir[PATH_MAX], preload[ENVIRONMENT_PRELOAD];
	const char *self = (const char *)getauxval(AT_EXECFN);
	long slots =
		SYS(mmap, 0, AUTO_SLOTS * sizeof(char *), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (slots < 0 && slots > -4096)
		auto_fail("no session, and none can be started", slots);
	auto_run_gatesh((char **)slots, envp, dir);
	struct text t = text_in(state.session, sizeof state.session);
	text_put(&t, VAR_SESSION);
	text_put(&t, dir);
	if (t.cut)
		auto_fail("the session's directory", -ENAMETOOLONG);
	auto_keep_library();
	int err = environment_build(envp, state.session, true, NULL, (char **)slots, AUTO_SLOTS, preload);
	if (err)
		auto_fail("the environment", err);
	auto_fail("this program can't be started again in its session",
		  sys_execve(self, auto_own_words(self, argv), (char **)slots));
}
