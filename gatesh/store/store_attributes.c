/* SPDX-License-Identifier: BSD-2-Clause */
/* store_attributes.c - compares and restores what chmod, chown, setfacl and setfattr change. */
#include "store/store_attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "util/pathwalk.h"

enum { ATTRIBUTES_MAX = 64 << 10 }; /* of the names, and of a value (xattr(7)) */

/* On the heap: each thread of gatesh would pay for static ones. */
struct attributes_room {
	char names[ATTRIBUTES_MAX], value[ATTRIBUTES_MAX], other[ATTRIBUTES_MAX];
};

/* The kernel makes the others for each file by itself (security.selinux), or they belong to no person. */
static bool attributes_concern(const char *name)
{
	return !strncmp(name, "user.", 5) || !strncmp(name, "system.posix_acl_", 17) ||
	       !strcmp(name, "security.capability");
}

/* The names of fd's attributes, in `names`.  Returns their bytes, 0 where there can be none, or a negative errno. */
static ssize_t attributes_list(int fd, char names[ATTRIBUTES_MAX])
{
	ssize_t n = flistxattr(fd, names, ATTRIBUTES_MAX);
	return n >= 0 ? n : errno == EOPNOTSUPP ? 0 : -errno;
}

static bool attributes_equal(int a, int b, const char *name, struct attributes_room *room)
{
	ssize_t n = fgetxattr(a, name, room->value, sizeof room->value);
	ssize_t m = fgetxattr(b, name, room->other, sizeof room->other);
	return n == m && (n < 0 || !memcmp(room->value, room->other, (size_t)n));
}

/* Has every attribute of `a` the same value on `b`?  Calls differ() for each that has not, until that returns an error. */
static int attributes_compare(int a, int b, int (*differ)(int a, int b, const char *name, struct attributes_room *room))
{
	struct attributes_room *room = malloc(sizeof *room);
	ssize_t n = room ? attributes_list(a, room->names) : -ENOMEM;
	int err = n < 0 ? (int)n : 0;
	for (ssize_t at = 0; !err && at < n; at += (ssize_t)strlen(room->names + at) + 1)
		if (attributes_concern(room->names + at) && !attributes_equal(a, b, room->names + at, room))
			err = differ(a, b, room->names + at, room);
	free(room);
	return err;
}

static int attributes_differ(int a, int b, const char *name, struct attributes_room *room)
{
	return -EEXIST;
}

static int attributes_open(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool store_attributes_changed(const struct store_put_record *r, int objects, const struct stat *st)
{
	const char *name;
	if (st->st_mode != r->mode || st->st_uid != r->uid || st->st_gid != r->gid)
		return true;
	if (!r->id)
		return false;
	int dir = pathwalk_parent(r->path, &name), object = attributes_open(objects, r->id);
	int fd = dir < 0 ? dir : attributes_open(dir, name);
	bool changed = fd < 0 || object < 0 || attributes_compare(fd, object, attributes_differ) ||
		       attributes_compare(object, fd, attributes_differ);
	if (fd >= 0)
		close(fd);
	if (object >= 0)
		close(object);
	if (dir >= 0)
		close(dir);
	return changed;
}

static int attributes_result(int failed)
{
	return failed && errno != EPERM && errno != EACCES && errno != EOPNOTSUPP && errno != ENODATA ? -errno : 0;
}

static int attributes_copy(int from, int to, const char *name, struct attributes_room *room)
{
	ssize_t n = fgetxattr(from, name, room->value, sizeof room->value);
	return attributes_result(n < 0 || fsetxattr(to, name, room->value, (size_t)n, 0));
}

/* `b` has another value, or none. */
static int attributes_take(int a, int b, const char *name, struct attributes_room *room)
{
	return fgetxattr(b, name, NULL, 0) >= 0 ? 0 : attributes_result(fremovexattr(a, name));
}

int store_attributes_put(int from, int to)
{
	int err = attributes_compare(to, from, attributes_take);
	return err ? err : attributes_compare(from, to, attributes_copy);
}
