/* SPDX-License-Identifier: BSD-2-Clause */
/* store_mark.c - the files that keep others out of a directory of stores: git, by .gitignore, and backups, by
 * CACHEDIR.TAG (https://bford.info/cachedir/).  Kept files may hold what their owner has deleted for good elsewhere. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "store/store_internal.h"

static const struct mark {
	const char *name, *text;
} marks[] = {
	{".gitignore", "*\n"},
	{"CACHEDIR.TAG",
	 "Signature: 8a477f597d28d172789f06886806bc55\n"
	 "# Files that gate keeps for gatesh undo.  Backups leave this directory out.\n"},
};

static int store_mark_write(int dir, const struct mark *m)
{
	size_t len = strlen(m->text);
	int fd = openat(dir, m->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	errno = 0;
	int err = write(fd, m->text, len) == (ssize_t)len ? 0 : errno ? -errno : -ENOSPC;
	close(fd);
	if (err)
		unlinkat(dir, m->name, 0);
	return err;
}

int store_mark(int dir)
{
	int err = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks && !err; i++)
		err = store_mark_write(dir, &marks[i]);
	return err;
}

void store_unmark(int dir)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		unlinkat(dir, marks[i].name, 0);
}

bool store_is_mark(const char *name)
{
	bool is = false;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		is = is || !strcmp(name, marks[i].name);
	return is;
}
