/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_dir.c - makes, writes, measures and removes the directory of one kept thing. */
#include "keep/keep_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/remove_tree.h"
#include "util/state_dir.h"

enum { KEEPS_MAX = 10000 }; /* of a session */

bool keep_path(const struct keep_entry *e, const char *name, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s/%s", e->dir, name);
	return n > 0 && (size_t)n < size;
}

const char *keep_text(const struct keep_entry *e, const char *member)
{
	const char *s = json_string_value(json_object_get(e->record, member));
	return s ? s : "";
}

void keep_clear(struct keep_entry *e)
{
	free(e->dir);
	json_decref(e->record);
	*e = (struct keep_entry){0};
}

/* Make the first directory with a free number in `path`, which gets it appended.  Returns the number or a negative errno. */
static int keep_dir_number(char path[PATH_MAX])
{
	size_t n = strlen(path);
	for (int i = 1; i <= KEEPS_MAX; i++) {
		if ((size_t)snprintf(path + n, PATH_MAX - n, "/%d", i) >= PATH_MAX - n)
			return -ENAMETOOLONG;
		if (!mkdir(path, 0700))
			return i;
		if (errno != EEXIST)
			return -errno;
	}
	return -ENOSPC;
}

int keep_create(struct keep_entry *e, const char *session)
{
	char name[PATH_MAX], path[PATH_MAX], data[PATH_MAX];
	*e = (struct keep_entry){0};
	snprintf(name, sizeof name, "keep/%s/x", session);
	int err = state_dir_file(path, sizeof path, name);
	if (!err)
		err = state_dir_make(path);
	if (err)
		return err;
	*strrchr(path, '/') = '\0';
	int number = keep_dir_number(path);
	if (number < 0)
		return number;
	snprintf(e->id, sizeof e->id, "%.48s.r%d", session, number);
	e->dir = strdup(path);
	e->record = json_object();
	if (!e->dir || !e->record)
		err = -ENOMEM;
	else if (!keep_path(e, "data", data, sizeof data))
		err = -ENAMETOOLONG;
	else if (mkdir(data, 0700))
		err = -errno;
	if (err)
		keep_drop(e);
	return err;
}

int keep_write(const struct keep_entry *e)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	if (!keep_path(e, "keep.json", path, sizeof path) || !keep_path(e, "keep.json.new", fresh, sizeof fresh))
		return -ENAMETOOLONG;
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	int err = json_dumpfd(e->record, fd, JSON_INDENT(1)) ? -EIO : fsync(fd) ? -errno : 0;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(fresh, path))
		err = -errno;
	return err;
}

/* Add up the files in the directory `name` of `at` and below it; *files counts them. */
static uint64_t keep_dir_walk(int at, const char *name, unsigned *files)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	uint64_t bytes = 0;
	struct stat st;
	for (struct dirent *entry; d && (entry = readdir(d));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (S_ISDIR(st.st_mode))
			bytes += keep_dir_walk(fd, entry->d_name, files);
		else
			++*files;
		bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return bytes;
}

static uint64_t keep_dir_measure(const struct keep_entry *e, unsigned *files)
{
	char data[PATH_MAX];
	*files = 0;
	return keep_path(e, "data", data, sizeof data) ? keep_dir_walk(AT_FDCWD, data, files) : 0;
}

uint64_t keep_size(const struct keep_entry *e)
{
	unsigned files;
	return keep_dir_measure(e, &files);
}

bool keep_has_data(const struct keep_entry *e)
{
	unsigned files;
	keep_dir_measure(e, &files);
	return files;
}

int keep_drop(struct keep_entry *e)
{
	char *slash = e->dir ? strrchr(e->dir, '/') : NULL;
	int err = 0;
	if (slash) {
		*slash = '\0';
		int session = open(e->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		err = session < 0 ? -errno : remove_tree_at(session, slash + 1);
		if (session >= 0)
			close(session);
		rmdir(e->dir); /* fails while the session has kept anything else */
	}
	keep_clear(e);
	return err;
}
