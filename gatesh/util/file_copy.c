/* SPDX-License-Identifier: BSD-2-Clause */
/* file_copy.c - copies a file's content (reflink, copy_file_range(2) or read and write) and its attributes. */
#include "util/file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

static int copy_bytes(int from, int to)
{
	char buf[1 << 16];
	off_t at = 0;
	for (ssize_t n; (n = pread(from, buf, sizeof buf, at)); at += n) {
		if (n < 0)
			return -errno;
		for (ssize_t done = 0, w; done < n; done += w)
			if ((w = pwrite(to, buf + done, (size_t)(n - done), at + done)) <= 0)
				return w ? -errno : -ENOSPC;
	}
	return 0;
}

int file_copy_content(int from, int to)
{
	struct stat st;
	if (fstat(from, &st) || ftruncate(to, 0))
		return -errno;
	if (!st.st_size || !ioctl(to, FICLONE, from))
		return 0;
	loff_t in = 0, out = 0;
	while (in < st.st_size) {
		ssize_t n = copy_file_range(from, &in, to, &out, (size_t)(st.st_size - in), 0);
		if (n < 0 && (errno == EXDEV || errno == ENOSYS || errno == EINVAL || errno == EOPNOTSUPP))
			return copy_bytes(from, to);
		if (n < 0)
			return -errno;
		if (!n)
			break;
	}
	return 0;
}

static int copy_xattr(int from, int to, const char *name)
{
	char value[1 << 16];
	ssize_t n = fgetxattr(from, name, value, sizeof value);
	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	if (fsetxattr(to, name, value, (size_t)n, 0))
		return errno == EOPNOTSUPP || errno == EPERM ? 0 : -errno;
	return 0;
}

static int copy_xattrs(int from, int to)
{
	ssize_t n = flistxattr(from, NULL, 0);
	char *names = n > 0 ? malloc((size_t)n) : NULL;
	int err = n > 0 && !names ? -ENOMEM : 0;
	if (names && (n = flistxattr(from, names, (size_t)n)) < 0)
		err = -errno;
	for (const char *p = names; !err && p && p < names + n; p += strlen(p) + 1)
		err = copy_xattr(from, to, p);
	free(names);
	return err;
}

int file_copy_attributes(int from, int to)
{
	struct stat st;
	if (fstat(from, &st))
		return -errno;
	if (fchown(to, st.st_uid, st.st_gid) || fchmod(to, st.st_mode & 07777))
		return -errno;
	int err = copy_xattrs(from, to);
	const struct timespec times[2] = {st.st_atim, st.st_mtim};
	return err ? err : futimens(to, times) ? -errno : 0;
}

static int copy_link(int from, const char *from_name, int to, const char *to_name, const struct stat *st)
{
	char target[PATH_MAX];
	const struct timespec times[2] = {st->st_atim, st->st_mtim};
	ssize_t n = readlinkat(from, from_name, target, sizeof target - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (symlinkat(target, to, to_name))
		return -errno;
	if (!fchownat(to, to_name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) &&
	    !utimensat(to, to_name, times, AT_SYMLINK_NOFOLLOW))
		return 0;
	int err = -errno;
	unlinkat(to, to_name, 0);
	return err;
}

int file_copy(int from, const char *from_name, int to, const char *to_name)
{
	struct stat st;
	if (fstatat(from, from_name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISLNK(st.st_mode))
		return copy_link(from, from_name, to, to_name, &st);
	if (!S_ISREG(st.st_mode))
		return -EOPNOTSUPP;
	int in = openat(from, from_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (in < 0)
		return -errno;
	int out = openat(to, to_name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int err = out < 0 ? -errno : file_copy_content(in, out);
	if (!err)
		err = file_copy_attributes(in, out);
	if (out >= 0) {
		if (close(out) && !err)
			err = -errno;
		if (err)
			unlinkat(to, to_name, 0);
	}
	close(in);
	return err;
}
