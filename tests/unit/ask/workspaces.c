/* SPDX-License-Identifier: BSD-2-Clause */
/* places.c - the directories a session goes by, and the moment from which on files are its own. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask/workspaces.h"

static char top[PATH_MAX], back[PATH_MAX];

static int setup(void **state)
{
	(void)state;
	/* Where the build is: a file system of /tmp may have coarse times only. */
	if (!getcwd(back, sizeof back) || snprintf(top, sizeof top, "%s/places.XXXXXX", back) >= (int)sizeof top ||
	    !mkdtemp(top))
		return -1;
	setenv("HOME", top, 1);
	unsetenv("TMPDIR");
	return chdir(top);
}

static int teardown(void **state)
{
	(void)state;
	(void)!unlink("file");
	(void)!rmdir("temporary");
	return chdir(back) || rmdir(top);
}

/* A file whose times somebody looked at gets exact ones, and whatever is made next is no older than those: Linux 6.13. */
static void a_file_born_before_is_not_the_sessions(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct workspaces p;
		struct stat st;
		struct statx born;
		int fd = open("file", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
		assert_true(fd >= 0 && !fstat(fd, &st) && write(fd, "x", 1) == 1 && !fstat(fd, &st) && !close(fd) &&
			    !unlink("file"));
		fd = open("file", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
		assert_true(fd >= 0 && !close(fd));
		assert_int_equal(workspaces_find(&p, NULL), 0);
		assert_int_equal(statx(AT_FDCWD, "file", 0, STATX_BTIME, &born), 0);
		if (!(born.stx_mask & STATX_BTIME)) {
			workspaces_free(&p);
			print_message("# no birth times here\n");
			skip();
		}
		const struct timespec *since = &p.options.since;
		assert_false(born.stx_btime.tv_sec > since->tv_sec ||
			     (born.stx_btime.tv_sec == since->tv_sec && (long)born.stx_btime.tv_nsec > since->tv_nsec));
		workspaces_free(&p);
		assert_int_equal(unlink("file"), 0);
	}
}

static void the_workspaces(void **state)
{
	(void)state;
	char here[] = ".", none[] = "none", null[] = "/dev/null";
	struct workspaces p;
	assert_int_equal(workspaces_find(&p, (char *[]){top, back, here, NULL}), 0);
	assert_string_equal(p.workspaces[0], top);
	assert_string_equal(p.workspaces[1], back);
	assert_null(p.workspaces[2]);
	assert_string_equal(p.home, top);
	workspaces_free(&p);
	assert_int_equal(workspaces_find(&p, (char *[]){none, NULL}), -ENOENT);
	assert_int_equal(workspaces_find(&p, (char *[]){null, NULL}), -ENOTDIR);
}

static bool is_temporary(const char *tmpdir, const char *dir)
{
	struct workspaces p;
	bool found = false;
	setenv("TMPDIR", tmpdir, 1);
	assert_int_equal(workspaces_find(&p, NULL), 0);
	for (char **t = p.temporary; *t; t++)
		found |= !strcmp(*t, dir);
	workspaces_free(&p);
	return found;
}

static void the_temporary_directories(void **state)
{
	(void)state;
	char dir[PATH_MAX + 16];
	snprintf(dir, sizeof dir, "%s/temporary", top);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_true(is_temporary(dir, dir));
	assert_true(is_temporary("", "/tmp"));
	assert_false(is_temporary(top, top));   /* the workspace, and what holds the home */
	assert_false(is_temporary(back, back)); /* holds the home */
	assert_false(is_temporary("/", "/"));
	assert_false(is_temporary("temporary", dir)); /* of no use in another directory */
}

static bool is_cache(const char *name, const char *told, const char *dir)
{
	struct workspaces p;
	bool found = false;
	setenv(name, told, 1);
	assert_int_equal(workspaces_find(&p, NULL), 0);
	for (char **t = p.temporary; *t; t++)
		found |= !strcmp(*t, dir);
	workspaces_free(&p);
	unsetenv(name);
	return found;
}

static void the_caches_that_were_moved(void **state)
{
	(void)state;
	char dir[PATH_MAX + 16];
	snprintf(dir, sizeof dir, "%s/temporary", top);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_true(is_cache("XDG_CACHE_HOME", dir, dir));
	assert_true(is_cache("npm_config_cache", dir, dir));
	assert_false(is_cache("ANOTHER_DIR", dir, dir));
	assert_false(is_cache("XDG_CACHE_HOME", top, top));   /* the workspace, which is the home as well */
	assert_false(is_cache("XDG_CACHE_HOME", back, back)); /* holds them */
	setenv("HOME", "/nowhere", 1);
	assert_false(is_cache("XDG_CACHE_HOME", back, back)); /* holds the workspace alone */
	assert_false(is_cache("XDG_CACHE_HOME", "/", "/"));
	assert_false(is_cache("XDG_CACHE_HOME", "temporary", dir));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_born_before_is_not_the_sessions, setup, teardown),
		cmocka_unit_test_setup_teardown(the_workspaces, setup, teardown),
		cmocka_unit_test_setup_teardown(the_temporary_directories, setup, teardown),
		cmocka_unit_test_setup_teardown(the_caches_that_were_moved, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
