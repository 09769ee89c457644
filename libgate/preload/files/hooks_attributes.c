/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_attributes.c - the hooks of chmod, chown, setxattr and removexattr in all their forms.  Each makes the system call that libc
 * makes: a program's own filter may know no other. */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "preload/base/hooks.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_attributes.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6 */
#endif

#ifdef SYS_chmod /* x86-64's old calls */
#define HOOKS_CHMOD(name, mode) SYS(chmod, name, mode, 0, 0, 0, 0)
#define HOOKS_CHOWN(name, uid, gid) SYS(chown, name, uid, gid, 0, 0, 0)
#define HOOKS_LCHOWN(name, uid, gid) SYS(lchown, name, uid, gid, 0, 0, 0)
#else
#define HOOKS_CHMOD(name, mode) SYS(fchmodat, AT_FDCWD, name, mode, 0, 0, 0)
#define HOOKS_CHOWN(name, uid, gid) SYS(fchownat, AT_FDCWD, name, uid, gid, 0, 0)
#define HOOKS_LCHOWN(name, uid, gid) SYS(fchownat, AT_FDCWD, name, uid, gid, AT_SYMLINK_NOFOLLOW, 0)
#endif

/* Older kernels have no flags: change the mode of what the name is, which must not be a link, by its descriptor. */
static long hooks_attributes_chmod_here(int dir, const char *name, mode_t mode)
{
	char link[32];
	struct statx st;
	struct text t = text_in(link, sizeof link);
	long fd = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fd;
	text_put(&t, "/proc/self/fd/");
	text_put_number(&t, (unsigned long)fd);
	long err = sys_statx((int)fd, "", AT_EMPTY_PATH, &st);
	if (!err)
		err = (st.stx_mode & S_IFMT) == S_IFLNK ? -EOPNOTSUPP : HOOKS_CHMOD(link, mode);
	sys_close((int)fd);
	return err;
}

static long hooks_attributes_chmod_at(int dir, const char *name, mode_t mode, int flags)
{
	if (!flags)
		return SYS(fchmodat, dir, name, mode, 0, 0, 0);
	long err = SYS(fchmodat2, dir, name, mode, flags, 0, 0);
	if (err != -ENOSYS)
		return err;
	return flags == AT_SYMLINK_NOFOLLOW ? hooks_attributes_chmod_here(dir, name, mode) : -EINVAL;
}

HOOK int chmod(const char *name, mode_t mode)
{
	act_attributes(AT_FDCWD, name, 0);
	return (int)hook_return(HOOKS_CHMOD(name, mode));
}

HOOK int lchmod(const char *name, mode_t mode)
{
	act_attributes(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
	return (int)hook_return(hooks_attributes_chmod_at(AT_FDCWD, name, mode, AT_SYMLINK_NOFOLLOW));
}

HOOK int fchmod(int fd, mode_t mode)
{
	act_attributes_fd(fd);
	return (int)hook_return(SYS(fchmod, fd, mode, 0, 0, 0, 0));
}

HOOK int fchmodat(int dir, const char *name, mode_t mode, int flags)
{
	act_attributes(dir, name, flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));
	return (int)hook_return(hooks_attributes_chmod_at(dir, name, mode, flags));
}

HOOK int chown(const char *name, uid_t uid, gid_t gid)
{
	act_attributes(AT_FDCWD, name, 0);
	return (int)hook_return(HOOKS_CHOWN(name, uid, gid));
}

HOOK int lchown(const char *name, uid_t uid, gid_t gid)
{
	act_attributes(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
	return (int)hook_return(HOOKS_LCHOWN(name, uid, gid));
}

HOOK int fchown(int fd, uid_t uid, gid_t gid)
{
	act_attributes_fd(fd);
	return (int)hook_return(SYS(fchown, fd, uid, gid, 0, 0, 0));
}

HOOK int fchownat(int dir, const char *name, uid_t uid, gid_t gid, int flags)
{
	act_attributes(dir, name, flags & (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));
	return (int)hook_return(SYS(fchownat, dir, name, uid, gid, flags, 0));
}

HOOK int setxattr(const char *name, const char *key, const void *value, size_t size, int flags)
{
	act_attributes(AT_FDCWD, name, 0);
	return (int)hook_return(SYS(setxattr, name, key, value, size, flags, 0));
}

HOOK int lsetxattr(const char *name, const char *key, const void *value, size_t size, int flags)
{
	act_attributes(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
	return (int)hook_return(SYS(lsetxattr, name, key, value, size, flags, 0));
}

HOOK int fsetxattr(int fd, const char *key, const void *value, size_t size, int flags)
{
	act_attributes_fd(fd);
	return (int)hook_return(SYS(fsetxattr, fd, key, value, size, flags, 0));
}

HOOK int removexattr(const char *name, const char *key)
{
	act_attributes(AT_FDCWD, name, 0);
	return (int)hook_return(SYS(removexattr, name, key, 0, 0, 0, 0));
}

HOOK int lremovexattr(const char *name, const char *key)
{
	act_attributes(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
	return (int)hook_return(SYS(lremovexattr, name, key, 0, 0, 0, 0));
}

HOOK int fremovexattr(int fd, const char *key)
{
	act_attributes_fd(fd);
	return (int)hook_return(SYS(fremovexattr, fd, key, 0, 0, 0, 0));
}
