/* SPDX-License-Identifier: BSD-2-Clause */
/* fixture.c - builds and removes the temporary tree of fixture.h. */
#include "support/fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/read_file.h"

static void remember(enum diag_level level, const char *text, void *data)
{
	struct fixture *fx = data;
	strbuf_puts(&fx->told, text);
	strbuf_putc(&fx->told, '\n');
}

void fixture_path(char *out, size_t size, const char *dir, const char *name)
{
	assert_true((size_t)snprintf(out, size, "%s/%s", dir, name) < size);
}

static void write_file(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	assert_int_equal(fchmod(fd, 0644), 0);
	assert_int_equal(close(fd), 0);
}

void fixture_write(const char *dir, const char *name, const char *text)
{
	char path[256];
	fixture_path(path, sizeof path, dir, name);
	char *slash = strrchr(path, '/');
	*slash = '\0';
	bool there = !access(path, F_OK);
	*slash = '/';
	for (char *s = strchr(path + 1, '/'); s && !there; s = strchr(s + 1, '/')) {
		*s = '\0';
		mkdir(path, 0755);
		*s = '/';
	}
	write_file(path, text, strlen(text));
}

/* Copies, because a build tree may be group-writable. */
static void copy_modules(const char *to)
{
	char from[512], path[1024];
	const char *build = getenv("GATE_BUILD");
	snprintf(from, sizeof from, "%s/.libs", build ? build : ".");
	DIR *d = opendir(from);
	assert_non_null(d);
	for (const struct dirent *e; (e = readdir(d));) {
		const char *dot = strrchr(e->d_name, '.');
		struct strbuf b = {0};
		if (strncmp(e->d_name, "gate_", 5) || !dot || strcmp(dot, ".so"))
			continue;
		fixture_path(path, sizeof path, from, e->d_name);
		assert_int_equal(read_file(path, 64 << 20, &b, NULL), 0);
		fixture_path(path, sizeof path, to, e->d_name);
		write_file(path, b.s, b.len);
		strbuf_free(&b);
	}
	closedir(d);
}

void fixture_open(struct fixture *fx)
{
	*fx = (struct fixture){.dir = "/tmp/gate-unit.XXXXXX"};
	assert_non_null(mkdtemp(fx->dir));
	fixture_path(fx->etc, sizeof fx->etc, fx->dir, "etc");
	fixture_path(fx->lib, sizeof fx->lib, fx->dir, "lib");
	fixture_path(fx->packs, sizeof fx->packs, fx->dir, "packs");
	fixture_path(fx->user, sizeof fx->user, fx->dir, "user");
	fixture_path(fx->project, sizeof fx->project, fx->dir, "project");
	fixture_path(fx->modules, sizeof fx->modules, fx->dir, "modules");
	assert_int_equal(mkdir(fx->modules, 0755), 0);
	assert_int_equal(chmod(fx->modules, 0755), 0);
	copy_modules(fx->modules);
	fx->dirs = (struct policy_dirs){.services = {fx->etc, fx->lib}, .rules = {fx->packs}, .modules = fx->modules};
	fx->d = (struct diag){.emit = remember, .data = fx};
}

void fixture_forget(struct fixture *fx)
{
	strbuf_free(&fx->told);
	fx->d.errors = fx->d.warnings = 0;
}

void fixture_close(struct fixture *fx)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", fx->dir);
	assert_int_equal(system(command), 0);
	strbuf_free(&fx->told);
}
