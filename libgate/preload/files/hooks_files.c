/* SPDX-License-Identifier: BSD-2-Clause */
/* hooks_files.c - the hooks of unlink, rmdir, remove and rename, which remove a file's name, and of truncate. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "preload/base/acts.h"
#include "preload/base/hooks.h"
#include "preload/base/judged_call.h"
#include "preload/base/process_state.h"

static long hooks_files_unlink(const char *name)
{
	return state.leaves ? left_unlink(name) : act_unlink(AT_FDCWD, name, 0);
}

static long hooks_files_rmdir(const char *name)
{
	return state.leaves ? left_rmdir(name) : act_unlink(AT_FDCWD, name, AT_REMOVEDIR);
}

HOOK int unlink(const char *name)
{
	return (int)hook_return(hooks_files_unlink(name));
}

HOOK int unlinkat(int dir, const char *name, int flags)
{
	return (int)hook_return(act_unlink(dir, name, flags));
}

HOOK int rmdir(const char *name)
{
	return (int)hook_return(hooks_files_rmdir(name));
}

HOOK int remove(const char *name)
{
	long err = hook_return(hooks_files_unlink(name));
	if (err && *hook_errno() == EISDIR)
		err = hook_return(hooks_files_rmdir(name));
	return (int)err;
}

HOOK int rename(const char *from, const char *to)
{
	return (int)hook_return(state.leaves ? left_rename(from, to) : act_rename(AT_FDCWD, from, AT_FDCWD, to, 0));
}

HOOK int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return (int)hook_return(act_rename(from_dir, from, to_dir, to, 0));
}

HOOK int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)hook_return(act_rename(from_dir, from, to_dir, to, flags));
}

HOOK int truncate(const char *name, off_t length)
{
	return (int)hook_return(act_truncate(name, length));
}

HOOK int ftruncate(int fd, off_t length)
{
	return (int)hook_return(act_ftruncate(fd, length));
}

HOOK_ALIAS(truncate, truncate64);
HOOK_ALIAS(ftruncate, ftruncate64);
