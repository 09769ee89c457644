/* SPDX-License-Identifier: BSD-2-Clause */
/* fileops_hard.c - file operations in threads, children and signal handlers, on a small stack, and where there is no
 * path. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "support/fileops.h"

static void *one_thread(void *data)
{
	long gone = 0, t = (long)data;
	char name[64];
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof name, "many/%ld-%d", t, i);
		gone += unlink(name) == 0;
	}
	return (void *)gone;
}

static volatile sig_atomic_t in_handler, handled;

static void handler(int sig)
{
	char name[] = "many/s-00";
	int i = in_handler++;
	name[7] = (char)('0' + i % FILES / 10);
	name[8] = (char)('0' + i % 10);
	if (i < 10)
		name[7] = name[8], name[8] = '\0';
	if (i < FILES && !unlink(name))
		handled++;
}

/* Unlink in threads, children and signal handlers at once. */
static void at_once(void)
{
	pthread_t threads[THREADS];
	struct itimerval often = {{0, 500}, {0, 500}}, never = {0};
	long gone = 0;
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &often, NULL);
	for (long t = 0; t < THREADS; t++)
		pthread_create(&threads[t], NULL, one_thread, (void *)t);
	for (int t = 0; t < THREADS; t++) {
		void *n;
		pthread_join(threads[t], &n);
		gone += (long)n;
	}
	while (in_handler < FILES)
		usleep(1000);
	setitimer(ITIMER_REAL, &never, NULL);
	printf("threads: %ld handlers: %d\n", gone, (int)handled);
	OP(rmdir("many"));
}

static void in_children(void)
{
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (!pid)
		_exit(unlink("y") || rename("y2", "z2") ? errno : 0);
	waitpid(pid, &status, 0);
	printf("fork: %d\n", WEXITSTATUS(status)), show("y"), show("z2");
	pid = vfork();
	if (!pid)
		_exit(unlink("z") ? 1 : 0);
	waitpid(pid, &status, 0);
	printf("vfork: %d\n", WEXITSTATUS(status)), show("z");
}

static long small_results[4];
static ucontext_t big, small;

static void on_small_stack(void)
{
	small_results[0] = unlink("small1");
	small_results[1] = rename("small2", "small3");
	small_results[2] = truncate("small4", 0);
	small_results[3] = unlink("small-link");
}

/* Run on 16 KiB of stack, with nothing mapped below. */
static void with_little_stack(void)
{
	enum { STACK = 16 << 10, PAGE = 4096 };
	char *stack = mmap(NULL, STACK + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack, PAGE, PROT_NONE) || getcontext(&small))
		return;
	small.uc_stack = (stack_t){.ss_sp = stack + PAGE, .ss_size = STACK};
	small.uc_link = &big;
	makecontext(&small, on_small_stack, 0);
	swapcontext(&big, &small);
	printf("small stack: %ld %ld %ld %ld\n", small_results[0], small_results[1], small_results[2],
	       small_results[3]);
	show("small1"), show("small2"), show("small3"), show("small4"), show("small-link");
	munmap(stack, STACK + PAGE);
}

/* Make directories deeper than PATH_MAX for this run. */
static void very_deep(void)
{
	enum { DEPTH = 30, NAME = 200 };
	char name[NAME + 1];
	int dirs[DEPTH + 1];
	memset(name, 'd', NAME);
	name[NAME] = '\0';
	dirs[0] = open(".", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < DEPTH; i++) {
		mkdirat(dirs[i], name, 0755);
		dirs[i + 1] = openat(dirs[i], name, O_RDONLY | O_DIRECTORY);
	}
	int last = dirs[DEPTH], fd = openat(last, "deep", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	OP(write(fd, "x", 1)), OP(ftruncate(fd, 0)), close(fd);
	OP(renameat(last, "deep", last, "deeper")), OP(unlinkat(last, "deeper", 0)), OP(fchdir(last)), OP(unlink("no"));
	OP(unlinkat(last, "no", AT_REMOVEDIR)), OP(fchdir(dirs[0]));
	for (int i = DEPTH; i > 0; i--) {
		close(dirs[i]);
		if (unlinkat(dirs[i - 1], name, AT_REMOVEDIR))
			printf("depth %d: %s\n", i, strerrorname_np(errno));
	}
	close(dirs[0]);
}

static void without_a_place(void)
{
	int here = open(".", O_RDONLY | O_DIRECTORY);
	mkdir("gone", 0755);
	if (here < 0 || chdir("gone"))
		return;
	OP(unlinkat(here, "gone", AT_REMOVEDIR));
	OP(unlink("x")), OP(rename("x", "y")), OP(rmdir("x")), OP(truncate("x", 0));
	OP(open("x", O_WRONLY | O_CREAT | O_TRUNC, 0600));
	OP(unlink("../a2")); /* a directory that is gone has no way up */
	OP(unlinkat(here, "a2", 0));
	OP(fchdir(here)), show("a2");
	close(here);
}

static void in_chroot(void)
{
	int status;
	mkdir("root", 0755);
	put("root/f", "x"), put("root/g", "x");
	fflush(stdout);
	pid_t pid = fork();
	if (!pid) {
		if (chroot("root") || chdir("/"))
			printf("chroot: %s\n", strerrorname_np(errno));
		else
			OP(unlink("/f")), OP(rename("/g", "/h")), OP(unlink("/h")), OP(unlink("/f"));
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
}

void fileops_hard(void)
{
	at_once();
	in_children();
	with_little_stack();
	very_deep();
	without_a_place();
	in_chroot();
}
