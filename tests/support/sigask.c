/* SPDX-License-Identifier: BSD-2-Clause */
/* sigask.c - does something that is asked about, and reports the signals that it handles meanwhile.
 *
 *   sigask WAY ACT TARGET [SIGNAL HOW] [OPTION]
 *
 * WAY     libc: by name; asm: a system call made here, which no hook sees
 * ACT     unlink FILE, exec PROGRAM, connect PORT
 * HOW     of SIGNAL (a number; 0: none): plain, or restart for SA_RESTART
 * OPTION  crowd N: N processes do it at once, each with FILE.0.asked, FILE.1.asked, ...; "crowd DONE REFUSED OTHER" counts them.
 *         nofile: with room for no more descriptors; nofile-late: when it has removed FILE.old before; nomem: nor for
 *         memory.  threads N: N threads do it at once, as a crowd does (unlink alone); beside: a second thread sleeps in
 *         the process, and the act is the second one's with `aside`; vfork: a vfork child does it; twice: it does it
 *         twice
 *
 * As `PROGRAM asked`, it prints "executed".  Lines on stdout: "pid N" (it acts, in a process group of its own), "handler US" (microseconds of the day), "result R
 * ERRNO", and "end STATUS" of its exit, or "killed SIGNAL". */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long raw(long nr, long a, long b, long c)
{
	long ret;
#if defined __x86_64__
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	register long r9 __asm__("r9") = 0;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
#else
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;
	register long x5 __asm__("x5") = 0;
	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	ret = x0;
#endif
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}

static void put(const char *format, long a, long b)
{
	char line[64];
	int n = snprintf(line, sizeof line, format, a, b);
	if (write(1, line, (size_t)n) < 0)
		_exit(3);
}

static void handler(int sig)
{
	struct timespec now;
	int saved = errno;
	clock_gettime(CLOCK_REALTIME, &now);
	put("handler %ld%06ld\n", now.tv_sec, now.tv_nsec / 1000);
	errno = saved;
	(void)sig;
}

static int by_asm;
static const char *act, *target;

static long remove_file(const char *name)
{
	return by_asm ? raw(SYS_unlinkat, -100, (long)name, 0) : unlink(name);
}

static long do_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((unsigned short)atoi(target)),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return by_asm ? raw(SYS_connect, fd, (long)&to, sizeof to) : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static long do_act(void)
{
	char *argv[] = {(char *)target, (char *)"asked", NULL};
	if (!strcmp(act, "unlink"))
		return remove_file(target);
	if (!strcmp(act, "connect"))
		return do_connect();
	return by_asm ? raw(SYS_execve, (long)target, (long)argv, (long)environ) : execve(target, argv, environ);
}

static void report(long ret)
{
	put("result %ld %ld\n", ret, ret ? errno : 0);
}

static void *act_aside(void *data)
{
	report(do_act());
	return data;
}

static void *act_numbered(void *data)
{
	char name[4096];
	snprintf(name, sizeof name, "%s.%d.asked", target, (int)(long)data);
	report(remove_file(name));
	return data;
}

static void act_on_old(void)
{
	char name[4096];
	snprintf(name, sizeof name, "%s.old", target);
	report(remove_file(name));
}

static void *sleep_aside(void *data)
{
	for (;;)
		pause();
	return data;
}

static void act_in_threads(int n)
{
	pthread_t thread[64];
	for (int i = 0; i < n; i++)
		pthread_create(&thread[i], NULL, act_numbered, (void *)(long)i);
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
}

static int act_of_crowd(int i)
{
	char name[4096];
	snprintf(name, sizeof name, "%s.%d.asked", target, i);
	if (!strcmp(act, "unlink"))
		target = name;
	return do_act() ? errno : 0;
}

static void act_in_crowd(int n)
{
	int done = 0, refused = 0, status;
	for (int i = 0; i < n; i++) {
		pid_t child = fork();
		if (!child)
			_exit(act_of_crowd(i));
		if (child < 0)
			abort();
	}
	for (int i = 0; i < n && wait(&status) > 0; i++) {
		int code = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
		done += !code;
		refused += code == EPERM || code == 126;
	}
	printf("crowd %d %d %d\n", done, refused, n - done - refused);
	fflush(stdout);
}

static void act_without(int resource, rlim_t limit)
{
	const struct rlimit l = {limit, limit};
	setrlimit((__rlimit_resource_t)resource, &l);
	report(do_act());
}

static void act_in_vfork(void)
{
	int status;
	pid_t child = vfork();
	if (!child)
		_exit(do_act() ? errno : 0);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	put("result %ld %ld\n", 0, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void act_again(void)
{
	report(do_act());
	report(do_act());
}

static int run(int argc, char **argv)
{
	pthread_t thread;
	int sig = argc > 5 ? atoi(argv[4]) : 0, at = argc > 5 ? 6 : argc;
	if (sig) {
		struct sigaction a = {.sa_handler = handler, .sa_flags = !strcmp(argv[5], "restart") ? SA_RESTART : 0};
		sigaction(sig, &a, NULL);
	}
	const char *option = argc > at ? argv[at] : "";
	put("pid %ld\n", getpid(), 0);
	if (!strcmp(option, "threads"))
		act_in_threads(atoi(argv[at + 1]));
	else if (!strcmp(option, "crowd"))
		act_in_crowd(atoi(argv[at + 1]));
	else if (!strcmp(option, "nofile"))
		act_without(RLIMIT_NOFILE, 3);
	else if (!strcmp(option, "nofile-late")) {
		act_on_old();
		act_without(RLIMIT_NOFILE, 3);
	} else if (!strcmp(option, "nomem"))
		act_without(RLIMIT_AS, 0);
	else if (!strcmp(option, "vfork"))
		act_in_vfork();
	else if (!strcmp(option, "twice"))
		act_again();
	else if (!strcmp(option, "aside") && !pthread_create(&thread, NULL, act_aside, NULL))
		pthread_join(thread, NULL);
	else if (strcmp(option, "beside") || !pthread_create(&thread, NULL, sleep_aside, NULL))
		report(do_act());
	return 0;
}

int main(int argc, char **argv)
{
	int status;
	if (argc == 2 && !strcmp(argv[1], "asked"))
		return puts("executed") < 0;
	if (argc < 4)
		return 64;
	by_asm = !strcmp(argv[1], "asm");
	act = argv[2];
	target = argv[3];
	pid_t child = fork();
	if (!child) {
		setpgid(0, 0); /* its parent is in this session: Ctrl-Z stops it */
		_exit(run(argc, argv));
	}
	while (waitpid(child, &status, 0) < 0)
		;
	if (WIFSIGNALED(status))
		put("killed %ld\n", WTERMSIG(status), 0);
	else
		put("end %ld\n", WEXITSTATUS(status), 0);
	return 0;
}
