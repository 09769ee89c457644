/* SPDX-License-Identifier: BSD-2-Clause */
/* act_read.c - the event `read`: judges an open for reading of a file that keeps credentials.  Nothing is lost by it, so nothing is
 * kept, and where this process can't judge, the open goes on: the session sees no reads. */
#include "preload/files/act_read.h"

#include <errno.h>
#include <fcntl.h>

#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/base/sys.h"
#include "preload/files/file_judge.h"
#include "preload/files/locate.h"

static bool act_read_is_later(const struct statx_timestamp *t)
{
	return (uint64_t)t->tv_sec * 1000000000u + t->tv_nsec > state_head()->since;
}

/* May what is at this name have got the name since the session began?  link(2) and rename(2) change the time that nobody can
 * set. */
static bool act_read_is_renamed(const char *path, int follow)
{
	struct statx st;
	return sys_statx(AT_FDCWD, path, follow, &st) || act_read_is_later(&st.stx_ctime);
}

/* Does the program's name say nothing about the program?  `buf` has room for a path. */
static bool act_read_is_stranger(const struct victim *v, char buf[PATH_MAX])
{
	const struct gate_image_files *files = gate_image_files(v->m->image);
	const uint32_t *dirs = (const void *)((const char *)v->m->image + files->workspaces.at);
	if (!state.exe || act_read_is_renamed(state.exe, AT_SYMLINK_NOFOLLOW) || act_read_is_renamed(state.exe, 0) ||
	    locate(v->m, AT_FDCWD, state.exe, buf))
		return true;
	for (uint32_t i = 0; i < files->workspaces.n; i++)
		if (gate_path_is_under(buf, (const char *)v->m->image + dirs[i]))
			return true;
	return false;
}

/* Can the glob match a path whose last component this is?  What matches below a directory can. */
static bool act_read_is_its_name(const char *glob, const char *name)
{
	const char *last = glob;
	for (const char *s = glob; *s; s++)
		if (*s == '/')
			last = s + 1;
	return !*last || (last[0] == '*' && last[1] == '*') || gate_glob(last, name, NULL);
}

/* Is there a rule about files of this name?  Rules that name others than read_name.h lists make the interposer look at each open:
 * this needs no system call. */
static bool act_read_is_named(const void *image, const char *name)
{
	const struct gate_image_files *files = gate_image_files(image);
	const char *map = image, *last = name;
	const struct gate_image_glob *globs = (const void *)(map + files->globs.at);
	const struct gate_image_file_rule *rules = (const void *)(map + files->rules.at);
	for (const char *s = name; *s; s++)
		if (*s == '/')
			last = s + 1;
	for (uint32_t i = 0; i < files->globs.n; i++) {
		const struct gate_image_file_rule *r = &rules[globs[i].rule];
		if (r->events >> EVENT_READ & 1 && r->class != GATE_CLASS_PASS &&
		    (!globs[i].text || act_read_is_its_name(map + globs[i].text, last)))
			return true;
	}
	return false;
}

int __attribute__((noinline)) act_read(int dir, const char *name, unsigned long flags)
{
	struct victim v;
	int err;
	if (flags & (O_PATH | O_DIRECTORY) || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL) ||
	    !victim_is_judged(EVENT_READ))
		return 0;
	v.event = EVENT_READ;
	v.dir = dir, v.name = name, v.by = NULL, v.other = NULL, v.moved = false;
	v.m = memory_get(&err);
	if (!v.m || !(gate_read_name(name) || act_read_is_named(v.m->image, name)) ||
	    victim_look(dir, name, 0, &v.st) || (v.st.stx_mode & S_IFMT) != S_IFREG)
		return 0;
	v.stranger = act_read_is_stranger(&v, v.path);
	return victim_judge(&v) == -EPERM ? -EACCES : 0;
}
