/* SPDX-License-Identifier: BSD-2-Clause */
/* locate_long.c - puts a long path together from the names of the directories above. */
#include "preload/files/locate_long.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdint.h>

#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/locate.h"

enum { ENTRIES = 2 << 10 };

/* getdents64(2) */
struct entry {
	uint64_t ino;
	int64_t next;
	unsigned short size;
	unsigned char type;
	char name[];
};

/* A path that grows towards its beginning. */
struct long_path {
	char *buf, *at;
	bool cut;
};

static void locate_long_put(struct long_path *p, const char *name, size_t n)
{
	if ((size_t)(p->at - p->buf) < n + 1) {
		p->cut = true;
		return;
	}
	p->at -= n;
	__builtin_memcpy(p->at, name, n);
	*--p->at = '/';
}

static bool locate_long_is(int dir, const char *name, const struct statx *st)
{
	struct statx here;
	return !sys_statx(dir, name, AT_SYMLINK_NOFOLLOW, &here) && here.stx_ino == st->stx_ino &&
	       here.stx_dev_major == st->stx_dev_major && here.stx_dev_minor == st->stx_dev_minor;
}

/* Put the name that the directory has in `up`, its parent.  False if it has none there, as where a mount hides it. */
static bool locate_long_put_name_in(struct long_path *p, int up, const struct statx *st)
{
	char room[ENTRIES] __attribute__((aligned(8)));
	for (long n; (n = SYS(getdents64, up, room, sizeof room, 0, 0, 0)) > 0;)
		for (long at = 0; at < n; at += ((struct entry *)(room + at))->size) {
			const struct entry *e = (const struct entry *)(room + at);
			if (e->ino == st->stx_ino && locate_long_is(up, e->name, st)) {
				locate_long_put(p, e->name, text_length(e->name));
				return !p->cut;
			}
		}
	return false;
}

/* Put the path of an open directory, if it fits.  The beginning of the buffer is free. */
static bool locate_long_put_path(struct long_path *p, int fd)
{
	if (p->at - p->buf < PATH_MAX || locate_fd(fd, p->buf))
		return false;
	size_t n = text_length(p->buf);
	if (n > 1) /* not the root */
		locate_long_put(p, p->buf + 1, n - 1);
	return !p->cut;
}

/* The parent of `fd`, with the name of `fd` in it put.  Closes `fd`. */
static long locate_long_climb(struct long_path *p, long fd)
{
	struct statx st;
	long up = sys_openat((int)fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (up >= 0 && (sys_statx((int)fd, "", AT_EMPTY_PATH, &st) || !locate_long_put_name_in(p, (int)up, &st))) {
		sys_close((int)up);
		up = -ENOENT;
	}
	sys_close((int)fd);
	return up;
}

const char *locate_long(int dir, const char *name, char *buf, size_t size)
{
	size_t n;
	const char *last = locate_last(name, &n);
	size_t parent = (size_t)(last - name);
	struct long_path p = {buf, buf + size - 1, parent >= PATH_MAX};
	if (p.cut)
		return NULL;
	*p.at = '\0';
	__builtin_memcpy(buf, parent ? name : ".", parent ? parent : 1);
	buf[parent ? parent : 1] = '\0';
	locate_long_put(&p, last, n);
	long fd = sys_above_standard(sys_openat(dir, buf, O_PATH | O_DIRECTORY | O_CLOEXEC));
	bool whole = false;
	while (fd >= 0 && !p.cut && !(whole = locate_long_put_path(&p, (int)fd)) && p.at - p.buf >= PATH_MAX)
		fd = locate_long_climb(&p, fd);
	if (fd >= 0)
		sys_close((int)fd);
	return whole ? p.at : NULL;
}
