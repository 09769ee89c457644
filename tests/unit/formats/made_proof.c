/* SPDX-License-Identifier: BSD-2-Clause */
/* made_proof.c - which calls prove that they made the file; and an open that is tried with O_EXCL first does what the
 * plain one does, on real files. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/made_proof.h"

static void keys(void **state)
{
	struct statx st = {.stx_mask = MADE_STATX, .stx_dev_major = 8, .stx_dev_minor = 3, .stx_ino = 77};
	struct made_key key = {0};
	st.stx_btime = (struct statx_timestamp){.tv_sec = 1700000000, .tv_nsec = 123456789};
	assert_true(made_key_of(&st, &key));
	assert_int_equal(key.dev_major, 8);
	assert_int_equal(key.dev_minor, 3);
	assert_int_equal(key.ino, 77);
	assert_int_equal(key.born_ns, 1700000000123456789);
	st.stx_mask = MADE_STATX & ~STATX_BTIME;
	assert_false(made_key_of(&st, &key));
	st.stx_mask = MADE_STATX;
	static const struct statx_timestamp bad[] = {{.tv_sec = 0},
						     {.tv_sec = -1, .tv_nsec = 5},
						     {.tv_sec = INT64_MAX},
						     {.tv_sec = 1, .tv_nsec = 1000000000}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		st.stx_btime = bad[i];
		assert_false(made_key_of(&st, &key));
	}
}

static void opens(void **state)
{
	const int create = O_CREAT | O_WRONLY | O_TRUNC;
	assert_int_equal(made_open_first(create, MADE_NOT_LOOKED), create | O_EXCL);
	assert_int_equal(made_open_first(create, MADE_ABSENT), create | O_EXCL);
	assert_int_equal(made_open_first(create, MADE_PRESENT), create);
	static const int as_they_are[] = {O_RDONLY,           O_RDWR | O_TRUNC,
					  O_CREAT | O_PATH,   O_CREAT | O_DIRECTORY,
					  O_TMPFILE | O_RDWR, O_CREAT | O_EXCL | O_RDWR};
	for (size_t i = 0; i < sizeof as_they_are / sizeof *as_they_are; i++)
		assert_int_equal(made_open_first(as_they_are[i], MADE_ABSENT), as_they_are[i]);
	static const int proofs[] = {O_CREAT | O_EXCL, O_CREAT | O_EXCL | O_RDWR | O_TRUNC, O_TMPFILE | O_RDWR,
				     O_TMPFILE | O_EXCL | O_WRONLY};
	for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++)
		assert_true(made_open_proves(proofs[i]));
	static const int none[] = {O_RDONLY,
				   O_CREAT | O_RDWR,
				   O_EXCL | O_RDWR,
				   O_DIRECTORY,
				   O_CREAT | O_EXCL | O_PATH,
				   O_CREAT | O_EXCL | O_DIRECTORY,
				   O_TMPFILE | O_RDWR | O_PATH};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(made_open_proves(none[i]));
}

static void names(void **state)
{
	struct statx st = {
		.stx_mask = MADE_STATX, .stx_mode = S_IFDIR | 0755, .stx_btime = {.tv_sec = 5, .tv_nsec = 7}};
	const uint64_t born = 5000000007;
	assert_true(made_name_proves(S_IFDIR, &st, born, born));
	assert_false(made_name_proves(S_IFDIR, &st, born + 1, born + 9));
	assert_false(made_name_proves(S_IFDIR, &st, born - 9, born - 1));
	assert_false(made_name_proves(S_IFLNK, &st, born, born));
	st.stx_mode = S_IFREG | 0644;
	assert_false(made_name_proves(S_IFREG, &st, born, born));
	st.stx_mode = S_IFLNK | 0777;
	assert_true(made_name_proves(S_IFLNK, &st, born - 1, born + 1));
	st.stx_mask &= ~STATX_BTIME;
	assert_false(made_name_proves(S_IFLNK, &st, born - 1, born + 1));
	st.stx_mask = MADE_STATX & ~STATX_TYPE;
	assert_false(made_name_proves(S_IFLNK, &st, born - 1, born + 1));
}

/* --- on real files -------------------------------------------------------------------------------------------------- */

static void script(const char *text)
{
	assert_int_equal(system(text), 0);
}

static bool dirty = true;
static char pristine[128]; /* the tree's checksum */

/* A fresh directory of everything that a name can be.  root ignores the modes; the errors are equal all the same. */
static void fresh_tree(void)
{
	if (!dirty)
		return;
	dirty = false;
	script("chmod -R u+w t 2>/dev/null; rm -rf t; mkdir -p t/dir t/sealed && cd t && echo old >file && "
	       "echo old >sealed/file && ln -s file link && ln -s nowhere dangling && ln -s dangling chain && "
	       "ln -s loop loop && ln file second && mkfifo fifo && chmod 444 second && chmod 555 sealed");
}

/* What an open gave: the error, or the kind of file, and what is in the directory then. */
static void outcome(int fd, char text[512])
{
	struct stat st = {0};
	int err = errno;
	if (fd >= 0 && fstat(fd, &st))
		abort();
	FILE *f = popen("cd t && find . -printf '%p %y %s %m %l\\n' | sort | cksum", "r");
	char sum[128] = "";
	if (!f || !fgets(sum, sizeof sum, f))
		abort();
	pclose(f);
	if (!*pristine)
		strcpy(pristine, sum);
	dirty = strcmp(pristine, sum) != 0;
	snprintf(text, 512, "%d %o %ld %s", fd < 0 ? err : 0, st.st_mode, (long)st.st_size, sum);
	if (fd >= 0)
		close(fd);
}

/* As an act does it. */
static int open_exclusive_first(const char *name, int flags)
{
	int first = made_open_first(flags, MADE_NOT_LOOKED), fd = open(name, first, 0640);
	return fd < 0 && errno == EEXIST && first != flags ? open(name, flags, 0640) : fd;
}

static void exclusive_first_is_the_same(void **state)
{
	char first[512];
	fresh_tree();
	outcome(open("t/file", O_RDONLY), first);
	static const char *const name[] = {"t/new",         "t/file",    "t/link",     "t/dangling",    "t/chain",
					   "t/loop",        "t/second",  "t/fifo",     "t/dir",         "t/dir/",
					   "t/new/",        "t/file/",   "t/none/new", "t/file/new",    "t/dir/.",
					   "t/dir/..",      "",          "/dev/null",  "/proc/self/fd", "t/sealed/new",
					   "t/sealed/file", "/proc/new", "/dev/stdin"};
	static const int flags[] = {O_CREAT | O_RDWR | O_NONBLOCK,
				    O_CREAT | O_WRONLY | O_TRUNC | O_NONBLOCK,
				    O_CREAT | O_RDONLY | O_NONBLOCK,
				    O_CREAT | O_RDWR | O_EXCL | O_NONBLOCK,
				    O_CREAT | O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK,
				    O_CREAT | O_DIRECTORY | O_RDONLY,
				    O_CREAT | O_PATH};
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		for (size_t j = 0; j < sizeof flags / sizeof *flags; j++) {
			char plain[512], exclusive[512];
			fresh_tree();
			outcome(open(name[i], flags[j], 0640), plain);
			fresh_tree();
			outcome(open_exclusive_first(name[i], flags[j]), exclusive);
			if (strcmp(plain, exclusive))
				print_error("%s, flags %#o\n", name[i], flags[j]);
			assert_string_equal(plain, exclusive);
		}
	}
}

static bool look(int dir, const char *name, int flags, struct statx *st, struct made_key *key)
{
	assert_int_equal(statx(dir, name, flags, MADE_STATX, st), 0);
	return made_key_of(st, key);
}

static uint64_t now(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* A made file has the same key by descriptor and by name; a copy that replaces it has another. */
static void real_keys(void **state)
{
	struct statx st;
	struct made_key by_fd, by_name;
	dirty = true;
	fresh_tree();
	int fd = open("t/new", O_CREAT | O_EXCL | O_WRONLY, 0600);
	assert_true(fd >= 0);
	if (!look(fd, "", AT_EMPTY_PATH, &st, &by_fd))
		skip(); /* no birth times here */
	close(fd);
	assert_true(look(AT_FDCWD, "t/new", 0, &st, &by_name));
	assert_memory_equal(&by_fd, &by_name, sizeof by_fd);
	script("cp t/new t/copy && mv t/copy t/new");
	assert_true(look(AT_FDCWD, "t/new", 0, &st, &by_name));
	assert_memory_not_equal(&by_fd, &by_name, sizeof by_fd);

	uint64_t from = now(CLOCK_REALTIME_COARSE);
	assert_int_equal(mkdir("t/made", 0700), 0);
	assert_int_equal(symlink("x", "t/made/link"), 0);
	uint64_t until = now(CLOCK_REALTIME);
	assert_true(look(AT_FDCWD, "t/made", AT_SYMLINK_NOFOLLOW, &st, &by_name));
	assert_true(made_name_proves(S_IFDIR, &st, from, until));
	assert_true(look(AT_FDCWD, "t/made/link", AT_SYMLINK_NOFOLLOW, &st, &by_name));
	assert_true(made_name_proves(S_IFLNK, &st, from, until));
	assert_true(look(AT_FDCWD, "t/new", 0, &st, &by_name));
	assert_false(made_name_proves(S_IFREG, &st, 0, UINT64_MAX));
}

static int group_setup(void **state)
{
	static char dir[] = "/tmp/made_proof.XXXXXX";
	*state = dir;
	return mkdtemp(dir) ? chdir(dir) : -1;
}

static int group_teardown(void **state)
{
	return system("chmod -R u+w t; rm -rf t") || chdir("/") || rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),      cmocka_unit_test(opens),
		cmocka_unit_test(names),     cmocka_unit_test(exclusive_first_is_the_same),
		cmocka_unit_test(real_keys),
	};
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
