/* SPDX-License-Identifier: BSD-2-Clause */
/* locate.c - finds a file's real path with readlink of /proc/self/fd, and caches the last directory for a second. */
#include "preload/files/locate.h"

#include <errno.h>
#include <time.h>

#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"

/* How long a cached path is valid: another process may move the directory. */
enum { LOCATE_MS = 1000 };
/* How many parent directories are tried if a path is too long. */
enum { LOCATE_CLIMB = 4096 };

const char *locate_last(const char *name, size_t *n)
{
	size_t end = text_length(name);
	while (end && name[end - 1] == '/')
		end--;
	size_t start = end;
	while (start && name[start - 1] != '/')
		start--;
	*n = end - start;
	return name + start;
}

bool locate_is_dots(const char *name)
{
	size_t n;
	const char *last = locate_last(name, &n);
	return !n || (*last == '.' && (n == 1 || (n == 2 && last[1] == '.')));
}

/* The kernel adds " (deleted)" to the path of a file whose name somebody else has removed since it was opened.  That is
 * no name of the file: what is recorded under it would come back beside the file.  A file may really be called so. */
static __attribute__((noinline)) void locate_cut_deleted(int fd, char *path)
{
	static const char mark[] = " (deleted)";
	enum { MARK = sizeof mark - 1 };
	struct statx file, there;
	size_t n = text_length(path);
	if (n <= MARK || __builtin_memcmp(path + n - MARK, mark, MARK) || path[n - MARK - 1] == '/' ||
	    sys_statx(fd, "", AT_EMPTY_PATH, &file))
		return;
	bool named = !sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &there) && there.stx_ino == file.stx_ino &&
		     there.stx_dev_major == file.stx_dev_major && there.stx_dev_minor == file.stx_dev_minor;
	if (!named)
		path[n - MARK] = '\0';
}

int locate_fd(int fd, char path[PATH_MAX])
{
	char link[32];
	struct text t = text_in(link, sizeof link);
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned long)fd);
	long n = sys_readlink(link, path, PATH_MAX);
	if (n < 0)
		return (int)n;
	if (n == PATH_MAX)
		return -ENAMETOOLONG;
	path[n] = '\0';
	locate_cut_deleted(fd, path);
	act_host_located(path);
	return *path == '/' ? 0 : -ENOENT;
}

/* Does the name lead to the open file? */
static bool locate_is_name_of(int fd, const char *path)
{
	struct statx a, b;
	return !sys_statx(fd, "", AT_EMPTY_PATH, &a) && !sys_statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &b) &&
	       a.stx_ino == b.stx_ino && a.stx_dev_major == b.stx_dev_major && a.stx_dev_minor == b.stx_dev_minor;
}

int locate_file(int fd, char path[PATH_MAX])
{
	static const char mark[] = " (deleted)";
	int err = locate_fd(fd, path);
	size_t n = err ? 0 : text_length(path), end = n - (sizeof mark - 1);
	if (n > sizeof mark && text_equal(path + end, mark) && !locate_is_name_of(fd, path))
		path[end] = '\0';
	return err;
}

static uint64_t locate_nanoseconds(struct statx_timestamp t)
{
	return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

/* Milliseconds.  Uses libc's clock, which reads the kernel's page and makes no system call. */
static uint64_t locate_now_ms(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool locate_is_place(const struct memory_place *p, const struct statx *st)
{
	return p->ino == st->stx_ino && p->dev_major == st->stx_dev_major && p->dev_minor == st->stx_dev_minor &&
	       p->mount == st->stx_mnt_id && p->born == locate_nanoseconds(st->stx_btime);
}

/* The content of `path` is valid only if this returns true. */
static bool locate_recall(const struct memory_place *p, const struct statx *st, char path[PATH_MAX])
{
	uint64_t turn = slot_turn(&p->lock);
	if (!locate_is_place(p, st) || p->until < locate_now_ms())
		return false;
	struct text t = text_in(path, PATH_MAX);
	text_put(&t, p->path);
	return slot_still(&p->lock, turn);
}

static void locate_remember(struct memory_place *p, const struct statx *st, const char *path)
{
	if (!(st->stx_mask & STATX_BTIME) || !slot_take(&p->lock))
		return;
	p->dev_major = st->stx_dev_major;
	p->dev_minor = st->stx_dev_minor;
	p->ino = st->stx_ino;
	p->mount = st->stx_mnt_id;
	p->born = locate_nanoseconds(st->stx_btime);
	p->until = locate_now_ms() + LOCATE_MS;
	__builtin_memcpy(p->path, path, text_length(path) + 1);
	slot_release(&p->lock);
}

void locate_forget(struct memory *m)
{
	/* A slot that is being written may hold the very directory that moved.  It expires by age. */
	if (slot_take(&m->place.lock)) {
		m->place.ino = 0;
		slot_release(&m->place.lock);
	}
}

static void locate_put_name(char *path, const char *name, size_t n)
{
	__builtin_memcpy(path, name, n);
	path[n] = '\0';
}

static int locate_cwd(char path[PATH_MAX])
{
	long n = sys_getcwd(path, PATH_MAX);
	if (n < 0)
		return (int)n;
	return *path == '/' ? 0 : -ENOENT;
}

/* The nearest directory above `fd` whose path fits.  Returns 1, or a negative errno. */
static int locate_above(int fd, char path[PATH_MAX])
{
	long up = sys_openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int err = -ENAMETOOLONG;
	for (int i = 0; up >= 0 && i < LOCATE_CLIMB && err == -ENAMETOOLONG; i++) {
		err = locate_fd((int)up, path);
		/* Leave room for the name as well. */
		if (!err && text_length(path) + NAME_MAX + 2 > PATH_MAX)
			err = -ENAMETOOLONG;
		long next = err == -ENAMETOOLONG ? sys_openat((int)up, "..", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
		sys_close((int)up);
		up = next;
	}
	if (up >= 0)
		sys_close((int)up);
	return err ? err : 1;
}

/* The directory that the first `n` bytes of `name` lead to, from `dir`. */
static int locate_directory_of(struct memory *m, int dir, const char *name, size_t n, char path[PATH_MAX])
{
	struct statx st;
	if (dir == AT_FDCWD && !n && !locate_cwd(path) && text_length(path) + NAME_MAX + 2 <= PATH_MAX)
		return 0;
	locate_put_name(path, name, n);
	long err = sys_statx(dir, path, AT_EMPTY_PATH, &st);
	if (err || (locate_recall(&m->place, &st, path) && text_length(path) + NAME_MAX + 2 <= PATH_MAX))
		return (int)err;
	locate_put_name(path, n ? name : ".", n ? n : 1);
	bool own = n || dir == AT_FDCWD;
	long fd = own ? sys_openat(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC) : dir;
	if (fd < 0)
		return (int)fd;
	err = sys_statx((int)fd, "", AT_EMPTY_PATH, &st);
	if (!err)
		err = locate_fd((int)fd, path);
	if (!err)
		locate_remember(&m->place, &st, path);
	if (err == -ENAMETOOLONG || (!err && text_length(path) + NAME_MAX + 2 > PATH_MAX))
		err = locate_above((int)fd, path);
	if (own)
		sys_close((int)fd);
	return (int)err;
}

int locate(struct memory *m, int dir, const char *name, char path[PATH_MAX])
{
	size_t n;
	const char *last = locate_last(name, &n);
	size_t parent = (size_t)(last - name);
	if (parent >= PATH_MAX || n > NAME_MAX)
		return -ENAMETOOLONG;
	int err = locate_directory_of(m, dir, name, parent, path);
	if (err < 0)
		return err;
	size_t len = text_length(path);
	if (len + n + 2 > PATH_MAX)
		return -ENAMETOOLONG;
	if (path[len - 1] != '/')
		path[len++] = '/';
	locate_put_name(path + len, last, n);
	return err;
}
