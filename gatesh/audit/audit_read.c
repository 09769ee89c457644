/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_read.c - splits the audit log into lines and follows it through inotify(7). */
#include "audit/audit_read.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"

enum { RECHECK_MS = 1000 }; /* for cases that inotify misses: a directory not made yet, a network file system */

/* Open the file that has the name now, at its first byte. */
static int audit_read_reopen(struct audit_reader *r)
{
	struct stat st;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	if (r->fd >= 0)
		close(r->fd);
	r->fd = fd;
	r->at = 0;
	r->line = 0;
	r->cut = r->buf.len > r->used;
	r->buf.len = r->used = 0;
	return 0;
}

int audit_open(struct audit_reader *r, const char *path)
{
	*r = (struct audit_reader){.fd = -1, .notify = -1};
	if ((size_t)snprintf(r->path, sizeof r->path, "%s", path) >= sizeof r->path)
		return -ENAMETOOLONG;
	return audit_read_reopen(r);
}

/* Append a block to the buffer and drop what was handed out.  Returns the bytes read, 0 at the end, or a negative
 * errno. */
static ssize_t audit_read_fill(struct audit_reader *r)
{
	char block[32 << 10];
	if (r->used) {
		memmove(r->buf.s, r->buf.s + r->used, r->buf.len - r->used);
		r->buf.len -= r->used;
		r->used = 0;
	}
	if (r->buf.len > AUDIT_LINE_MAX) {
		r->buf.len = 0;
		r->overlong = true;
	}
	ssize_t n = read(r->fd, block, sizeof block);
	if (n < 0)
		return -errno;
	strbuf_put(&r->buf, block, (size_t)n);
	r->at += n;
	return r->buf.err ? r->buf.err : n;
}

int audit_next(struct audit_reader *r, char **line, size_t *len, bool *torn)
{
	size_t searched = 0;
	ssize_t n = r->fd < 0 ? 0 : 1;
	while (n > 0) {
		size_t left = r->buf.len - r->used;
		char *from = left ? r->buf.s + r->used : NULL;
		char *nl = left > searched ? memchr(from + searched, '\n', left - searched) : NULL;
		if (nl) {
			*nl = '\0';
			*line = from;
			*len = r->overlong ? 0 : (size_t)(nl - from);
			r->used += (size_t)(nl - from) + 1;
			r->line++;
			r->overlong = false;
			return 1;
		}
		n = audit_read_fill(r);
		searched = r->buf.len - r->used >= left ? left : 0; /* audit_read_fill() may have dropped the line */
	}
	if (n < 0 || !torn)
		return (int)n;
	*torn = r->buf.len > r->used;
	r->line += *torn;
	return 0;
}

/* Is there more to read, possibly in another file?  Returns 1, 0, or a negative errno. */
static int audit_read_changed(struct audit_reader *r)
{
	struct stat now, named;
	if (r->fd >= 0) {
		if (fstat(r->fd, &now))
			return -errno;
		if (now.st_size > r->at)
			return 1;
		bool same = stat(r->path, &named) || (named.st_dev == now.st_dev && named.st_ino == now.st_ino);
		if (same && now.st_size == r->at)
			return 0;
	}
	int err = audit_read_reopen(r);
	return err == -ENOENT ? 0 : err ? err : 1;
}

/* Watch the directory, because it outlives the file.  It may not exist yet. */
static void audit_read_watch(struct audit_reader *r)
{
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s", r->path);
	*strrchr(dir, '/') = '\0';
	if (r->notify >= 0)
		return;
	r->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (r->notify >= 0 && inotify_add_watch(r->notify, dir, IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
		close(r->notify);
		r->notify = -1;
	}
}

int audit_wait(struct audit_reader *r)
{
	char events[4096];
	for (;;) {
		audit_read_watch(r);
		int more = audit_read_changed(r);
		if (more)
			return more;
		struct pollfd fds[] = {{.fd = STDOUT_FILENO}, {.fd = r->notify, .events = POLLIN}};
		if (poll(fds, 2, RECHECK_MS) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents & (POLLERR | POLLNVAL))
			return 0;
		if (fds[1].revents & POLLIN && read(r->notify, events, sizeof events) < 0 && errno != EAGAIN)
			return -errno;
	}
}

void audit_close(struct audit_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	if (r->notify >= 0)
		close(r->notify);
	strbuf_free(&r->buf);
}
