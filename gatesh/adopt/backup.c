/* SPDX-License-Identifier: BSD-2-Clause */
/* backup.c - keeps and finds what settings files had before.  See backup.h. */
#include "adopt/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/read_file.h"
#include "gate.h"
#include "util/state_dir.h"

enum { BACKUP_MAX = 5 << 20, BACKUP_VERSION_MAX = 64 };

/* The path in the state directory.  A slash of the file's path becomes %2F, so that one directory has all. */
static int backup_path(char *buf, size_t size, const char *path, const char *what)
{
	cleanup_strbuf struct strbuf name = {0};
	strbuf_puts(&name, "adopted/");
	for (; *path; path++)
		if (*path == '/')
			strbuf_puts(&name, "%2F");
		else if (*path == '%')
			strbuf_puts(&name, "%25");
		else
			strbuf_putc(&name, *path);
	strbuf_puts(&name, what);
	return name.err ? name.err : state_dir_file(buf, size, name.s);
}

static int backup_write(const char *path, const char *what, const struct strbuf *content)
{
	char to[PATH_MAX];
	int err = backup_path(to, sizeof to, path, what);
	if (!err)
		err = state_dir_make(to);
	int fd = err ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err ? err : -errno;
	ssize_t n = write(fd, content->s ? content->s : "", content->len);
	err = n == (ssize_t)content->len ? 0 : n < 0 ? -errno : -ENOSPC;
	if (fsync(fd) && !err)
		err = -errno;
	close(fd);
	return err;
}

int backup_save(const char *path, const struct strbuf *before, bool was, const struct strbuf *after)
{
	char old[PATH_MAX];
	int err = backup_path(old, sizeof old, path, ".before");
	if (!err && was)
		err = backup_write(path, ".before", before);
	else if (!err && unlink(old) && errno != ENOENT)
		err = -errno;
	cleanup_strbuf struct strbuf version = {0};
	strbuf_puts(&version, gate_version());
	if (!err)
		err = backup_write(path, ".after", after);
	return err ? err : backup_write(path, ".by", &version);
}

bool backup_version(const char *path, char *buf, size_t size)
{
	char file[PATH_MAX];
	cleanup_strbuf struct strbuf text = {0};
	if (backup_path(file, sizeof file, path, ".by") || read_file(file, BACKUP_VERSION_MAX, &text, NULL) ||
	    !text.len || text.len >= size)
		return false;
	if (strspn(text.s, "0123456789.") < text.len)
		return false;
	memcpy(buf, text.s, text.len + 1);
	return true;
}

bool backup_find(const char *path, const struct strbuf *now, struct strbuf *before, bool *was)
{
	char file[PATH_MAX];
	cleanup_strbuf struct strbuf after = {0};
	if (backup_path(file, sizeof file, path, ".after") || read_file(file, BACKUP_MAX, &after, NULL) ||
	    after.len != now->len || memcmp(after.s ? after.s : "", now->s ? now->s : "", now->len))
		return false;
	if (backup_path(file, sizeof file, path, ".before"))
		return false;
	int err = read_file(file, BACKUP_MAX, before, NULL);
	*was = !err;
	return !err || err == -ENOENT;
}

void backup_forget(const char *path)
{
	char file[PATH_MAX];
	static const char *const whats[] = {".before", ".after", ".by"};
	for (size_t i = 0; i < sizeof whats / sizeof *whats; i++)
		if (!backup_path(file, sizeof file, path, whats[i]))
			unlink(file);
}
