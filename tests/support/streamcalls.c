/* SPDX-License-Identifier: BSD-2-Clause */
/* streamcalls.c - opens files by the libc functions that open them with calls of their own, and prints a table of the
 * results.  It must be the same inside and outside a session: tests/session/files/streams.t.  Run it in an empty
 * directory.  Built with -fexceptions, so that cleanups run while a cancelled thread is unwound. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

static void put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd))
		perror(name), exit(1);
}

static void show(const char *name)
{
	struct stat st;
	char buf[64] = "";
	int fd = lstat(name, &st) || S_ISDIR(st.st_mode) ? -1 : open(name, O_RDONLY | O_NONBLOCK);
	if (fd >= 0 && read(fd, buf, sizeof buf - 1) < 0)
		strcpy(buf, "?");
	close(fd);
	printf("    %s: mode %o, \"%s\"\n", name, lstat(name, &st) ? 0 : st.st_mode, buf);
}

/* What kind of descriptor is it, and where does it stand? */
static void describe(int fd)
{
	struct stat st = {0};
	fstat(fd, &st);
	printf(" fd %d flags %x/%x at %ld mode %o size %ld links %ld", fd, fcntl(fd, F_GETFL), fcntl(fd, F_GETFD),
	       (long)lseek(fd, 0, SEEK_CUR), st.st_mode, (long)st.st_size, (long)st.st_nlink);
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

static void use(FILE *f)
{
	char c = '-';
	describe(fileno(f));
	printf(" tell %ld", ftell(f));
	printf(" read %zu", fread(&c, 1, 1, f));
	clearerr(f);
	printf(" seek %d", fseek(f, 0, SEEK_END));
	printf(" put %d", fputs("text", f) < 0);
	printf(" tell %ld", ftell(f));
	printf(" close %d\n", fclose(f));
}

static void open_stream(const char *name, const char *mode)
{
	errno = 0;
	FILE *f = fopen(name, mode);
	printf("fopen %.12s \"%s\": %d", name, mode, f ? 0 : errno);
	f ? use(f) : (void)puts("");
}

static void streams(void)
{
	static const char *const modes[] = {"r",      "r+",     "rb+",       "w",  "w+", "wb",   "wt",
					    "we",     "wx",     "w+x",       "a",  "a+", "ab+",  "ae",
					    "r+e",    "wb+xe",  "wm",        "wc", "rx", "aexb", "w,ccs=UTF-8",
					    "w+bbb+", "rbbbb+", "rbbbbbbb+", "",   "q",  "+w",   "wb+e,x"};
	static const char *const names[] = {"old", "new", "to-old", "dangling", "dir", "loop", "none/x", "old/x", ""};
	char longest[NAME_MAX + 2] = {0};
	memset(longest, 'n', NAME_MAX + 1);
	for (size_t m = 0; m < sizeof modes / sizeof *modes; m++)
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			unlink("new"), unlink("nowhere"), put("old", "content");
			open_stream(names[i], modes[m]);
			show("old"), show("new"), show("nowhere");
		}
	open_stream(longest, "w");
	open_stream("/dev/null", "w"), open_stream("/dev/full", "a");
	unlink("new"), umask(0), open_stream("new", "w"), show("new");
	unlink("new"), umask(077), open_stream("new", "a+"), show("new");
	umask(022);
}

static void streams_again(void)
{
	static const char *const modes[] = {"r", "r+", "w", "w+", "a", "a+", "we", "wx", "w,ccs=UTF-8", "q"};
	for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
		put("old", "content"), put("other", "of another");
		FILE *f = fopen("old", "r+");
		int fd = f ? fileno(f) : -1;
		errno = 0;
		f = f ? freopen("other", modes[m], f) : NULL;
		printf("freopen \"%s\": %d, same %d", modes[m], f ? 0 : errno, f && fileno(f) == fd);
		f ? use(f) : (void)puts("");
		show("old"), show("other");
	}
	for (size_t m = 0; m < 6; m++) {
		put("old", "content");
		FILE *f = fopen("old", "r+");
		f = f ? freopen(NULL, modes[m], f) : NULL;
		printf("freopen of itself \"%s\": %d", modes[m], !f);
		f ? use(f) : (void)puts("");
		show("old");
	}
}

/* --- temporary files ---------------------------------------------------------------------------------------------- */

/* The result and the name: letters and digits in place of the X's. */
static void made(const char *what, const char *template, char *name, int suffix, int fd)
{
	size_t n = strlen(template), x = n - 6 - (suffix > 0 ? (size_t)suffix : 0);
	printf("%s %s: %d", what, template, fd < 0 ? errno : 0);
	if (fd >= 0) {
		describe(fd);
		printf(" name %zu %d %d %d\n", strlen(name) - n, strncmp(name, template, x),
		       strspn(name + x, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") >= 6,
		       strcmp(name + x + 6, template + x + 6));
		printf("    lies there %d\n", access(name, F_OK));
		close(fd), unlink(name);
	} else {
		puts("");
	}
}

static void temporary(void)
{
	static const char *const templates[] = {"XXXXXX",      "fXXXXXX",     "fXXXXX",     "",           "XXXXXXf",
						"fXXXXXX.txt", "none/XXXXXX", "dir/XXXXXX", "old/XXXXXX", "XXXXXXXXXX"};
	static const int suffixes[] = {0, 4, 1, -1, 8};
	static const int flags[] = {0, O_CLOEXEC, O_APPEND | O_CLOEXEC, O_WRONLY, O_SYNC};
	char name[64], other[] = "fXXXXXX", another[] = "fXXXXXX";
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		errno = 0, strcpy(name, templates[i]), made("mkstemp", templates[i], name, 0, mkstemp(name));
		for (size_t s = 0; s < sizeof suffixes / sizeof *suffixes; s++)
			if (strlen(templates[i]) >= 10 || suffixes[s] <= 0)
				errno = 0, strcpy(name, templates[i]),
				made("mkstemps", templates[i], name, suffixes[s], mkstemps(name, suffixes[s]));
		for (size_t f = 0; f < sizeof flags / sizeof *flags; f++) {
			errno = 0, strcpy(name, templates[i]),
			made("mkostemp", templates[i], name, 0, mkostemp(name, flags[f]));
			errno = 0, strcpy(name, templates[i]),
			made("mkostemps", templates[i], name, 0, mkostemps(name, 0, flags[f]));
		}
	}
	int a = mkstemp(other), b = mkstemp(another);
	printf("two names differ: %d\n", a >= 0 && b >= 0 && strcmp(other, another));
	close(a), close(b), unlink(other), unlink(another);
	errno = 0;
	FILE *f = tmpfile();
	printf("tmpfile: %d", f ? 0 : errno);
	f ? use(f) : (void)puts("");
}

/* --- shared memory ------------------------------------------------------------------------------------------------ */

static void shared_one(const char *name, int flags)
{
	errno = 0;
	int fd = shm_open(name, flags, 0640);
	printf("shm_open (%zu) %x: %d", strlen(name), flags, fd < 0 ? errno : 0);
	if (fd >= 0)
		describe(fd), printf(" grow %d", ftruncate(fd, 64)), close(fd);
	puts("");
}

static void shared(void)
{
	static char longest[NAME_MAX + 8];
	char name[64];
	memset(longest, 'n', sizeof longest - 1);
	snprintf(name, sizeof name, "/gate-test-%010d", (int)getpid());
	const char *const names[] = {
		"", "/", "a/b", "/a/", ".", "..", longest, longest + 3, longest + 6, longest + 7, "/gate-test-none"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		shared_one(names[i], O_RDWR), shared_one(names[i], O_RDONLY);
		errno = 0;
		printf("shm_unlink: %d", shm_unlink(names[i])), printf(" %d\n", errno);
	}
	shared_one(name, O_RDWR | O_CREAT), shared_one(name, O_RDWR | O_CREAT | O_EXCL), shared_one(name, O_RDONLY);
	shared_one(name, O_RDWR), shared_one(name, O_RDWR | O_TRUNC);
	printf("shm_unlink: %d", shm_unlink(name)), printf(" %d\n", shm_unlink(name));
}

/* --- cancellation, few descriptors, little stack ------------------------------------------------------------------ */

static int cleaned;

static void note(int *unused)
{
	cleaned += *unused;
}

static void *cancelled(void *what)
{
	char name[] = "cXXXXXX";
	int cleanup __attribute__((cleanup(note), unused)) = 1;
	int state;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	pthread_cancel(pthread_self());
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	switch (*(char *)what) {
	case 'f': fopen("cancelled", "w"); break;
	case 'm': mkstemp(name); break;
	case 't': tmpfile(); break;
	}
	return what;
}

static void cancellation(void)
{
	static char whats[] = "fmt";
	for (char *w = whats; *w; w++) {
		pthread_t t;
		void *ret = NULL;
		cleaned = 0;
		pthread_create(&t, NULL, cancelled, w);
		pthread_join(t, &ret);
		printf("cancelled %c: ended %d, cleanups %d\n", *w, ret == PTHREAD_CANCELED, cleaned);
	}
	printf("opened: %d\n", access("cancelled", F_OK));
}

static void no_descriptors(void)
{
	struct rlimit old, few;
	char name[] = "eXXXXXX";
	getrlimit(RLIMIT_NOFILE, &old);
	few = (struct rlimit){3, old.rlim_max};
	fflush(stdout);
	setrlimit(RLIMIT_NOFILE, &few);
	open_stream("new", "w");
	errno = 0, printf("mkstemp %d", mkstemp(name)), printf(" %d\n", errno);
	errno = 0, printf("tmpfile %d", tmpfile() != NULL), printf(" %d\n", errno);
	errno = 0, printf("shm_open %d", shm_open("/gate-test-few", O_RDWR | O_CREAT, 0600)), printf(" %d\n", errno);
	setrlimit(RLIMIT_NOFILE, &old);
}

#ifdef __GLIBC__
static ucontext_t big, small;
static int results[8];

static void on_small_stack(void)
{
	char name[] = "sXXXXXX";
	FILE *f = fopen("old", "w");
	results[0] = f && !fclose(f);
	results[1] = mkstemp(name) >= 0 && !unlink(name);
	f = tmpfile();
	results[2] = f && !fclose(f);
	results[3] = shm_open("/gate-test-small", O_RDWR | O_CREAT, 0600) >= 0 && !shm_unlink("/gate-test-small");
}

/* Run on 16 KiB of stack, with nothing mapped below. */
static void with_little_stack(void)
{
	enum { STACK = 16 << 10, PAGE = 4096 };
	char *stack = mmap(NULL, STACK + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack, PAGE, PROT_NONE) || getcontext(&small))
		return;
	put("old", "content");
	small.uc_stack = (stack_t){.ss_sp = stack + PAGE, .ss_size = STACK};
	small.uc_link = &big;
	makecontext(&small, on_small_stack, 0);
	swapcontext(&big, &small);
	printf("small stack: %d %d %d %d\n", results[0], results[1], results[2], results[3]);
	show("old");
}

/* The other names of the same functions. */
static void large(void)
{
	char a[] = "lXXXXXX", b[] = "lXXXXXX", c[] = "lXXXXXX.c", d[] = "lXXXXXX.c";
	FILE *f = fopen64("new", "w+"), *g = tmpfile64();
	int fds[] = {mkstemp64(a), mkostemp64(b, O_CLOEXEC), mkstemps64(c, 2), mkostemps64(d, 2, O_APPEND)};
	f ? use(f) : (void)puts("fopen64"), g ? use(g) : (void)puts("tmpfile64");
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		describe(fds[i]), puts(""), close(fds[i]);
	unlink(a), unlink(b), unlink(c), unlink(d);
}
#else
static void with_little_stack(void)
{
}
static void large(void)
{
}
#endif

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	umask(022);
	if (argc > 1 && !strcmp(argv[1], "again")) {
		streams_again();
		return 0;
	}
	if (mkdir("dir", 0755) || symlink("old", "to-old") || symlink("nowhere", "dangling") || symlink("loop", "loop"))
		return perror("make"), 1;
	streams();
	temporary();
	shared();
	cancellation();
	no_descriptors();
	large();
	with_little_stack();
	return 0;
}
