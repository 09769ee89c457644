/* SPDX-License-Identifier: BSD-2-Clause */
/* tracee.c - reads another process's memory, and opens its files and paths through /proc. */
#include "supervise/tracee.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "supervise/tracee_walk.h"
#include "util/foreign_root.h"

enum { PAGE = 4096, POINTERS = 32 };

/* Read up to `n` bytes from `addr`, no further than the end of its page.  Returns how many, or a negative errno. */
static long tracee_read_some(pid_t tid, uint64_t addr, void *buf, size_t n)
{
	size_t left = PAGE - addr % PAGE;
	struct iovec to = {buf, n < left ? n : left}, from = {(void *)(uintptr_t)addr, to.iov_len};
	ssize_t got = process_vm_readv(tid, &to, 1, &from, 1, 0);
	return got < 0 ? -errno : got ? got : -EFAULT;
}

int tracee_bytes(pid_t tid, uint64_t addr, void *buf, size_t n)
{
	for (size_t done = 0; done < n;) {
		long got = tracee_read_some(tid, addr + done, (char *)buf + done, n - done);
		if (got < 0)
			return (int)got;
		done += (size_t)got;
	}
	return 0;
}

long tracee_string(pid_t tid, uint64_t addr, char *buf, size_t size)
{
	for (size_t n = 0; n < size;) {
		long got = tracee_read_some(tid, addr + n, buf + n, size - n);
		if (got < 0)
			return got;
		char *end = memchr(buf + n, '\0', (size_t)got);
		if (end)
			return end - buf;
		n += (size_t)got;
	}
	return -ENAMETOOLONG;
}

/* Read up to POINTERS pointers, no further than a page but for the first.  Returns their number, or a negative errno. */
static long tracee_read_some_pointers(pid_t tid, uint64_t addr, size_t size, uint64_t v[POINTERS])
{
	char raw[POINTERS * sizeof *v];
	long got = tracee_read_some(tid, addr, raw, POINTERS * size);
	if (got >= 0 && got < (long)size) {
		int err = tracee_bytes(tid, addr, raw, size);
		got = err ? err : (long)size;
	}
	if (got < 0)
		return got;
	for (size_t i = 0; i < (size_t)got / size; i++) {
		v[i] = 0;
		memcpy(&v[i], raw + i * size, size); /* the lower half comes first */
	}
	return got / (long)size;
}

/* Read the pointers up to NULL.  Returns their number, or a negative errno. */
static long tracee_read_pointers(pid_t tid, uint64_t addr, size_t size, uint64_t **out)
{
	uint64_t *v = NULL;
	size_t n = 0, cap = 0;
	int err = 0;
	bool ended = !addr;
	*out = NULL;
	while (!ended && !err) {
		if (n + POINTERS > cap) {
			cap = cap ? 2 * cap : 2 * POINTERS;
			uint64_t *grown = cap * sizeof *v > TRACEE_WORDS_MAX ? NULL : reallocarray(v, cap, sizeof *v);
			if (!grown) {
				err = cap * sizeof *v > TRACEE_WORDS_MAX ? -E2BIG : -ENOMEM;
				break;
			}
			v = grown;
		}
		long got = tracee_read_some_pointers(tid, addr + n * size, size, v + n);
		err = got < 0 ? (int)got : 0;
		for (long i = 0; i < got && !ended; i++) {
			ended = !v[n];
			n += !ended;
		}
	}
	if (err) {
		free(v);
		return err;
	}
	*out = v;
	return (long)n;
}

/* Read the strings behind the pointers, one after the other. */
static int tracee_read_strings(pid_t tid, const uint64_t *v, size_t n, char **text, size_t *len)
{
	size_t cap = 0;
	*text = NULL;
	*len = 0;
	for (size_t i = 0; i < n; i++) {
		long got = -ENAMETOOLONG;
		while (got == -ENAMETOOLONG) {
			if (cap > *len)
				got = tracee_string(tid, v[i], *text + *len, cap - *len);
			if (got != -ENAMETOOLONG)
				break;
			cap = cap ? 2 * cap : PAGE;
			char *grown = cap > 2 * TRACEE_WORDS_MAX ? NULL : realloc(*text, cap);
			if (!grown)
				return cap > 2 * TRACEE_WORDS_MAX ? -E2BIG : -ENOMEM;
			*text = grown;
		}
		if (got < 0)
			return (int)got;
		*len += (size_t)got + 1;
	}
	return 0;
}

long tracee_words(pid_t tid, uint64_t addr, size_t size, char ***out)
{
	uint64_t *pointers;
	char *text = NULL, **words = NULL;
	size_t len = 0;
	long n = tracee_read_pointers(tid, addr, size, &pointers);
	*out = NULL;
	if (n < 0)
		return n;
	int err = tracee_read_strings(tid, pointers, (size_t)n, &text, &len);
	if (!err && !(words = malloc(((size_t)n + 1) * sizeof *words + len)))
		err = -ENOMEM;
	if (!err) {
		char *at = (char *)(words + n + 1);
		if (len)
			memcpy(at, text, len);
		for (long i = 0; i < n; i++, at += strlen(at) + 1)
			words[i] = at;
		words[n] = NULL;
		*out = words;
	}
	free(text);
	free(pointers);
	return err ? err : n;
}

void tracee_cut(pid_t tid, char *path)
{
	char above[PATH_MAX];
	foreign_root_find(tid, above);
	foreign_root_cut(above, path);
}

int tracee_link(pid_t tid, const char *what, char *buf)
{
	char link[64];
	snprintf(link, sizeof link, "/proc/%d/%s", (int)tid, what);
	ssize_t n = readlink(link, buf, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	tracee_cut(tid, buf);
	return 0;
}

bool tracee_is_readable(pid_t tid)
{
	char cwd[PATH_MAX];
	int err = tracee_link(tid, "cwd", cwd);
	return err != -EPERM && err != -EACCES;
}

int tracee_fd_path(pid_t tid, int fd, char *buf)
{
	char what[32];
	snprintf(what, sizeof what, "fd/%d", fd);
	return tracee_link(tid, what, buf);
}

static int tracee_open_proc(pid_t tid, const char *what, int flags)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)tid, what);
	int fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int tracee_open_fd(pid_t tid, int fd, int flags)
{
	char what[32];
	snprintf(what, sizeof what, "fd/%d", fd);
	return tracee_open_proc(tid, what, flags);
}

/* Open the directory where a relative path begins. */
static int tracee_open_start(pid_t tid, int dirfd)
{
	if (dirfd == AT_FDCWD)
		return tracee_open_proc(tid, "cwd", O_PATH | O_DIRECTORY);
	int fd = tracee_open_fd(tid, dirfd, O_PATH);
	return fd == -ENOENT ? -EBADF : fd;
}

static int tracee_walk_from(pid_t tid, int start, const char *path, bool follow)
{
	int root = tracee_open_proc(tid, "root", O_PATH | O_DIRECTORY);
	int fd = root < 0 ? root : tracee_walk(tid, root, start, path, follow);
	if (root >= 0)
		close(root);
	return fd;
}

static bool tracee_goes_up(const char *dir)
{
	return !strncmp(dir, "..", 2) || strstr(dir, "/..");
}

/* Open `dir` as the process would, inside its root.  If it is "", open the starting directory itself. */
static int tracee_open_parent(pid_t tid, int dirfd, const char *dir)
{
	bool absolute = *dir == '/';
	struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
			       .resolve = RESOLVE_NO_SYMLINKS | (absolute ? RESOLVE_IN_ROOT : 0)};
	int from = absolute ? tracee_open_proc(tid, "root", O_PATH | O_DIRECTORY) : tracee_open_start(tid, dirfd);
	if (from < 0 || !*dir)
		return from;
	bool simple = absolute || !tracee_goes_up(dir);
	int fd = simple ? (int)syscall(SYS_openat2, from, dir, &how, sizeof how) : -1;
	if (fd < 0 && simple && errno != ELOOP)
		fd = -errno;
	else if (fd < 0)
		fd = tracee_walk_from(tid, from, dir, true);
	close(from);
	return fd;
}

int tracee_enter(pid_t tid, int dirfd, const char *path, struct tracee_path *out)
{
	char dir[PATH_MAX];
	size_t n = strlen(path), cut;
	out->parent = -1;
	*out->path = '\0';
	if (!n || n >= sizeof dir)
		return n ? -ENAMETOOLONG : -ENOENT;
	while (n > 1 && path[n - 1] == '/') /* a directory's name; the kernel checks that it is one */
		n--;
	for (cut = n; cut && path[cut - 1] != '/'; cut--)
		;
	if (n - cut > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(dir, path, cut);
	dir[cut] = '\0';
	memcpy(out->name, path + cut, n - cut);
	out->name[n - cut] = '\0';
	if (!*out->name) /* "/" */
		strcpy(out->name, ".");
	int fd = tracee_open_parent(tid, dirfd, dir);
	if (fd < 0)
		return fd;
	out->parent = fd;
	return 0;
}

int tracee_resolve(pid_t tid, int dirfd, const char *path, struct tracee_path *out)
{
	char link[32];
	int err = tracee_enter(tid, dirfd, path, out);
	if (err)
		return err;
	snprintf(link, sizeof link, "/proc/self/fd/%d", out->parent);
	ssize_t len = readlink(link, out->path, sizeof out->path - 1);
	if (len < 0 || (size_t)len + 1 + strlen(out->name) >= sizeof out->path) {
		err = len < 0 ? -errno : -ENAMETOOLONG;
		close(out->parent);
		out->parent = -1;
		return err;
	}
	out->path[len] = '\0';
	tracee_cut(tid, out->path);
	len = (ssize_t)strlen(out->path);
	sprintf(out->path + len, "%s%s", len > 1 ? "/" : "", out->name);
	return 0;
}

/* Find a line of /proc/TID/status: the text after its name, or NULL. */
static const char *tracee_status_line(const char *status, const char *name)
{
	const char *line = strstr(status, name);
	return line ? line + strlen(name) : NULL;
}

/* One read: the kernel writes the whole file anew for each one. */
struct tracee_owner tracee_owner(pid_t tid)
{
	enum { NOBODY = 65534 };
	char status[PAGE];
	struct tracee_owner o = {tid, NOBODY};
	unsigned uid;
	int fd = tracee_open_proc(tid, "status", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, status, sizeof status - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return o;
	status[n] = '\0';
	const char *line = tracee_status_line(status, "\nTgid:");
	if (line)
		o.pid = (pid_t)strtol(line, NULL, 10);
	line = tracee_status_line(status, "\nUid:");
	if (line && sscanf(line, "%*u %u", &uid) == 1)
		o.uid = uid;
	return o;
}

int tracee_take_fd(pid_t tid, int fd)
{
	int process = (int)syscall(SYS_pidfd_open, tracee_owner(tid).pid, 0);
	if (process < 0)
		return -errno;
	int taken = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	int err = -errno;
	close(process);
	return taken < 0 ? err : taken;
}

int tracee_follow(pid_t tid, const struct tracee_path *p, bool nofollow)
{
	int fd = openat(p->parent, p->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) || !S_ISLNK(st.st_mode) || nofollow)
		return fd < 0 ? -errno : fd;
	close(fd);
	return tracee_walk_from(tid, p->parent, p->name, true);
}
