/* SPDX-License-Identifier: BSD-2-Clause */
/* store_changed.c - compares a kept copy with the file. */
#include "store/store_changed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "util/pathwalk.h"

enum { CHUNK = 64 << 10 };

/* The times of a file are as coarse as the clock's ticks, and a tmpfs does not date what is written through a mapping. */
static bool changed_is_dated(int fd)
{
	struct statfs fs;
	return !fstatfs(fd, &fs) && (unsigned long)fs.f_type != TMPFS_MAGIC;
}

/* Has nothing happened to the inode since the record was written? */
static bool changed_is_untouched(const struct store_put_record *r, const struct stat *st)
{
	bool before = st->st_ctim.tv_sec != r->time.tv_sec ? st->st_ctim.tv_sec < r->time.tv_sec :
							     st->st_ctim.tv_nsec < r->time.tv_nsec;
	return before && st->st_mtim.tv_sec == r->mtime.tv_sec && st->st_mtim.tv_nsec == r->mtime.tv_nsec;
}

static ssize_t changed_read(int fd, char *buf, off_t at)
{
	ssize_t n;
	do
		n = pread(fd, buf, CHUNK, at);
	while (n < 0 && errno == EINTR);
	return n;
}

static bool changed_content(int a, int b)
{
	char x[CHUNK], y[CHUNK];
	off_t at = 0;
	ssize_t n, m;
	do {
		n = changed_read(a, x, at);
		m = changed_read(b, y, at);
		if (n < 0 || n != m || memcmp(x, y, (size_t)n))
			return true;
		at += n;
	} while (n);
	return false;
}

static int changed_open(const char *path)
{
	const char *name;
	int dir = pathwalk_parent(path, &name);
	int fd = dir < 0 ? dir : openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (dir >= 0)
		close(dir);
	return fd;
}

/* Is it an SQLite database with a write-ahead log or a journal of a later date?  Then its state is in both files. */
static bool changed_beside(const struct store_put_record *r, int object)
{
	char magic[16];
	struct stat st;
	bool changed = false;
	if (pread(object, magic, sizeof magic, 0) != sizeof magic || memcmp(magic, "SQLite format 3", sizeof magic))
		return false;
	for (size_t i = 0; i < 2 && !changed; i++) {
		char *path = NULL;
		if (asprintf(&path, "%s%s", r->path, i ? "-journal" : "-wal") < 0)
			return true;
		changed = !pathwalk_stat(path, &st) && st.st_size && st.st_mtim.tv_sec >= r->time.tv_sec;
		free(path);
	}
	return changed;
}

bool store_changed(const struct store_put_record *r, int objects, const struct stat *st)
{
	bool changed = true;
	if (!S_ISREG(st->st_mode) || st->st_size != r->size)
		return true;
	int fd = changed_open(r->path);
	if (fd < 0)
		return true;
	int object = openat(objects, r->id, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (object >= 0)
		changed = changed_beside(r, object) ||
			  (!(changed_is_dated(fd) && changed_is_untouched(r, st)) && changed_content(fd, object));
	if (object >= 0)
		close(object);
	close(fd);
	return changed;
}
