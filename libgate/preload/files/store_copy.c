/* SPDX-License-Identifier: BSD-2-Clause */
/* store_copy.c - copies an open file into the store: content, owner, mode, times and extended attributes.  The copy
 * gets its final name when it is complete. */
#include <errno.h>
#include <linux/fs.h>

#include "preload/base/judged_call.h"
#include "preload/base/own_files.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/store_put.h"

/* Buffers for the names and one value of extended attributes, at their largest. */
struct attributes {
	char names[64 << 10], value[64 << 10];
};

/* Skips attributes that only a privileged process may set. */
static int copy_attributes(int from, int to)
{
	long n = SYS(flistxattr, from, 0, 0, 0, 0, 0);
	if (n <= 0)
		return n == -EOPNOTSUPP ? 0 : (int)n;
	long map = sys_map_anonymous(sizeof(struct attributes));
	if (sys_is_error(map))
		return (int)map;
	struct attributes *a = (struct attributes *)map;
	n = SYS(flistxattr, from, a->names, sizeof a->names, 0, 0, 0);
	int err = n < 0 ? (int)n : 0;
	for (const char *name = a->names; !err && name < a->names + n; name += text_length(name) + 1) {
		long len = SYS(fgetxattr, from, name, a->value, sizeof a->value, 0, 0);
		if (len >= 0)
			len = SYS(fsetxattr, to, name, a->value, len, 0, 0);
		if (len < 0 && len != -ENODATA && len != -EPERM && len != -EACCES && len != -EOPNOTSUPP)
			err = (int)len;
	}
	sys_unmap(a, sizeof *a);
	return err;
}

/* The owner comes before the mode, because chown(2) clears mode bits. */
int store_copy_status(int from, int to, const struct statx *st)
{
	const struct timespec times[] = {{st->stx_atime.tv_sec, st->stx_atime.tv_nsec},
					 {st->stx_mtime.tv_sec, st->stx_mtime.tv_nsec}};
	long err = SYS(fchown, to, st->stx_uid, st->stx_gid, 0, 0, 0);
	if (err && err != -EPERM && err != -EINVAL)
		return (int)err;
	err = copy_attributes(from, to);
	if (!err)
		err = SYS(fchmod, to, st->stx_mode & 07777, 0, 0, 0, 0);
	if (!err)
		err = SYS(utimensat, to, 0, times, 0, 0, 0);
	return (int)err;
}

/* Uses copy_file_range(2) if the file systems support it, otherwise sendfile(2).  Neither moves the offset of the
 * caller's descriptor. */
static int copy_content(int from, int to, unsigned long size)
{
	long at = 0, n = 1;
	bool range = true;
	while (n && (unsigned long)at < size) {
		size_t left = size - (unsigned long)at, part = left < 1u << 30 ? left : 1u << 30;
		n = range ? SYS(copy_file_range, from, &at, to, 0, part, 0) : SYS(sendfile, to, from, &at, part, 0, 0);
		if (range && (n < 0 || (!n && !at))) {
			if (n == -ENOSPC || n == -EDQUOT || n == -EIO)
				return (int)n;
			range = false;
			n = 1;
		} else if (n < 0 && n != -EINTR) {
			return (int)n;
		}
	}
	return (unsigned long)at < size ? -EIO : 0;
}

static int copy_file(struct keeping *k, int from, int to)
{
	const struct statx *st = &k->v->st;
	if (SYS(ioctl, to, FICLONE, from, 0, 0, 0)) {
		if (st->stx_size > victim_terms(k->v)->max)
			return -EFBIG;
		int err = copy_content(from, to, st->stx_size);
		if (err)
			return err;
	}
	return store_copy_status(from, to, st);
}

/* As service files write it: "256M". */
static void store_copy_put_limit(struct text *t, unsigned long bytes)
{
	static const char *const units[] = {"", "K", "M", "G", "T"};
	size_t u = 0;
	for (; bytes && !(bytes % 1024) && u + 1 < sizeof units / sizeof *units; u++)
		bytes /= 1024;
	text_put_number(t, bytes);
	text_put(t, units[u]);
}

/* "2.1 GiB, too large to keep (max 256M)" */
static const char *store_copy_too_large(struct keeping *k)
{
	struct text t = text_in(k->reason, sizeof k->reason);
	text_put_size(&t, k->v->st.stx_size);
	text_put(&t, ", too large to keep (max ");
	store_copy_put_limit(&t, victim_terms(k->v)->max);
	text_put(&t, ")");
	return k->reason;
}

const char *store_put_copied(struct keeping *k, int fd, enum store_op op)
{
	char part[JOURNAL_PATH_MAX], path[JOURNAL_PATH_MAX];
	const char *why = store_room_take(k, true);
	if (why)
		return why;
	journal_new_id(k->v->m, k->id);
	if (!store_put_path(k, "", path) || !store_put_path(k, STORE_PART_SUFFIX, part))
		return store_put_failed(k, -ENAMETOOLONG);
	why = store_put_record(k, op);
	if (why)
		return why;
	long to = sys_above_standard(
		judged_openat(AT_FDCWD, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
	if (to < 0)
		return store_put_failed(k, to);
	long err = copy_file(k, fd, (int)to);
	sys_close((int)to);
	/* Another process was faster, and may have written since: its copy counts. */
	if (!err && op == STORE_OP_WRITTEN && own_files_settled(&k->v->st)) {
		judged_unlinkat(AT_FDCWD, part, 0);
		store_room_give_back(k);
		return NULL;
	}
	if (!err)
		err = judged_renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE);
	if (!err)
		return NULL;
	judged_unlinkat(AT_FDCWD, part, 0);
	why = store_put_failed(k, err);
	return err == -EFBIG ? store_copy_too_large(k) : why;
}
