/* SPDX-License-Identifier: BSD-2-Clause */
/* act_open.c - open: keeps an old file before it can be written, and remembers the files that it makes. */
#include <errno.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "formats/made_proof.h"
#include "preload/base/acts.h"
#include "preload/base/judged_call.h"
#include "preload/base/own_files.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/act_read.h"
#include "preload/files/act_steps.h"

/* One open; `how` with no size is openat(2). */
struct opening {
	int dir;
	const char *name;
	struct open_how how;
	unsigned long size; /* of the caller's open_how, for openat2(2); 0: openat(2) */
};

static long act_open_now(const struct opening *o, unsigned long flags)
{
	struct open_how how = o->how;
	how.flags = flags;
	if (!o->size)
		return judged_openat(o->dir, o->name, how.flags, how.mode);
	return judged_openat2(o->dir, o->name, &how, sizeof how);
}

/* The session judges it, and keeps the content. */
static long act_open_left(const struct opening *o)
{
	return o->size ? left_openat2(o->dir, o->name, &o->how, sizeof o->how) :
			 left_openat(o->dir, o->name, o->how.flags, o->how.mode);
}

/* --- an open that empties the file -------------------------------------------------------------------------------- */

bool truncate_empties(unsigned long flags)
{
	return flags & O_TRUNC && !(flags & O_PATH) && (flags & O_TMPFILE) != O_TMPFILE &&
	       (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
}

/* Open the file without O_TRUNC, judge it, and then empty it, so that a file put in its place meanwhile is not
 * touched.  Without write access, only the kernel's open can truncate. */
static long act_open_emptied(const struct opening *o)
{
	unsigned long flags = o->how.flags;
	long fd = act_open_now(o, flags & ~(unsigned long)O_TRUNC);
	if (fd == -EACCES) /* with O_TRUNC, the kernel may report EROFS instead */
		return act_open_now(o, flags);
	if (fd < 0)
		return fd;
	bool writes = (flags & O_ACCMODE) != O_RDONLY;
	long err = truncate_before((int)fd, 0, &(struct victim_name){o->dir, o->name});
	if (!err && writes)
		err = judged_ftruncate((int)fd, 0);
	if (!err && writes)
		return fd;
	sys_close((int)fd);
	if (err == VICTIM_LEAVE)
		return act_open_left(o);
	return err ? err : act_open_now(o, flags);
}

/* --- an open to write in place ------------------------------------------------------------------------------------ */

/* A descriptor that can only append changes nothing of what is there.  One that can also read may be mapped. */
static bool act_open_writes_in_place(unsigned long flags)
{
	unsigned long access = flags & O_ACCMODE;
	return !(flags & (O_PATH | O_DIRECTORY)) && (access == O_RDWR || (access == O_WRONLY && !(flags & O_APPEND)));
}

/* Is it a setting of the kernel's, such as a file of sysfs?  Its size is not that of its content. */
static bool act_open_is_of_kernel(int fd)
{
	static const unsigned long kinds[] = {SYSFS_MAGIC,   PROC_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, CGROUP_SUPER_MAGIC,
					      DEBUGFS_MAGIC, TRACEFS_MAGIC,    SECURITYFS_MAGIC};
	struct statfs fs;
	size_t i = 0, n = sizeof kinds / sizeof *kinds;
	if (SYS(fstatfs, fd, &fs, 0, 0, 0, 0))
		return false;
	while (i < n && (unsigned long)fs.f_type != kinds[i])
		i++;
	return i < n;
}

/* Copy the file, or ask.  One that only grows is copied if it can be, because its pages could still be mapped, but nobody is
 * asked about a log. */
static int act_open_copy(struct victim *v, int fd, bool grows)
{
	struct keeping k;
	const char *why = truncate_copy(&k, v, fd, STORE_OP_WRITTEN);
	if (!why)
		return VICTIM_KEEP;
	if ((grows && !store_put_may_elsewhere(&k)) || (v->class.outside && act_open_is_of_kernel(fd))) {
		store_room_give_back(&k);
		return VICTIM_GO;
	}
	victim_rate_unkept(v);
	int fate = store_put_instead(&k, why);
	k.id[0] = '\0';
	if (fate == VICTIM_GO && k.store)
		store_put_record(&k, STORE_OP_UNKEPT);
	return fate;
}

/* Not inlined: most opens need no such buffers.  The event is the first open: what was let go as well is settled, and a copy
 * that was taken after it would be of no use. */
static int __attribute__((noinline)) act_open_keep(int fd, const struct victim_name *by, bool grows)
{
	struct victim v;
	v.event = EVENT_WRITE;
	v.dir = fd, v.name = "", v.by = by, v.other = NULL, v.moved = false;
	v.class.class = GATE_CLASS_PASS; /* until it is judged */
	if (victim_look(fd, "", AT_EMPTY_PATH, &v.st))
		return VICTIM_GO;
	int fate = victim_judge(&v);
	if (fate == VICTIM_KEEP)
		fate = act_open_copy(&v, fd, grows);
	if (fate == VICTIM_KEEP || (fate == VICTIM_GO && !grows && v.class.class != GATE_CLASS_PASS))
		own_files_settle(&v.st);
	return fate == VICTIM_KEEP ? VICTIM_GO : fate;
}

static int act_open_before_write(int fd, const struct victim_name *by, unsigned long flags)
{
	struct statx st;
	if (!victim_is_judged(EVENT_WRITE) || !own_files_decide() || victim_glance(fd, "", AT_EMPTY_PATH, &st) ||
	    (st.stx_mode & S_IFMT) != S_IFREG || !st.stx_size || !st.stx_nlink || victim_is_new(&st) ||
	    own_files_settled(&st))
		return 0;
	return act_open_keep(fd, by, flags & O_APPEND);
}

static long act_open_in_place(const struct opening *o)
{
	long fd = act_open_now(o, o->how.flags);
	if (fd < 0)
		return fd;
	int err = act_open_before_write((int)fd, &(struct victim_name){o->dir, o->name}, o->how.flags);
	if (!err)
		return fd;
	sys_close((int)fd);
	return err == VICTIM_LEAVE ? act_open_left(o) : err;
}

/* --- the act ------------------------------------------------------------------------------------------------------ */

static long act_open_there(const struct opening *o)
{
	unsigned long flags = o->how.flags;
	int follow = flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
	if (truncate_empties(flags))
		return truncate_is_judged(o->dir, o->name, follow, 0) ? act_open_emptied(o) : act_open_now(o, flags);
	return act_open_writes_in_place(flags) ? act_open_in_place(o) : act_open_now(o, flags);
}

/* Try to make the file first, so that the kernel proves who made it (formats/made_proof.h). */
static long act_open_judged(const struct opening *o)
{
	bool reads = (o->how.flags & O_ACCMODE) == O_RDWR && act_read_concerns(o->name);
	long err = reads ? act_read(o->dir, o->name, o->how.flags) : 0;
	if (err)
		return err;
	int flags = (int)o->how.flags, first = made_open_first(flags, MADE_NOT_LOOKED);
	if (!made_open_proves(first) || !victim_is_judged(EVENT_UNLINK) || !own_files_decide())
		return act_open_there(o);
	long fd = act_open_now(o, (unsigned long)first | (o->how.flags & ~0xfffffffful));
	if (fd >= 0)
		own_files_put_fd((int)fd);
	return fd == -EEXIST && first != flags ? act_open_there(o) : fd;
}

long act_openat(int dir, const char *name, int flags, unsigned mode)
{
	const struct opening o = {.dir = dir, .name = name, .how = {.flags = (unsigned)flags, .mode = mode}};
	return act_open_judged(&o);
}

long act_openat2(int dir, const char *name, const struct open_how *how, unsigned long size)
{
	struct opening o = {.dir = dir, .name = name, .size = size};
	if (size != sizeof *how || !how) /* another version: the kernel decides */
		return judged_openat2(dir, name, how, size);
	o.how = *how;
	return act_open_judged(&o);
}

int act_before_open(int dir, const char *name, int flags)
{
	int how = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (flags & O_NOFOLLOW);
	bool empties = truncate_empties((unsigned)flags);
	if (!empties)
		return !*name && act_open_writes_in_place((unsigned)flags) ?
			       act_open_before_write(dir, NULL, (unsigned)flags) :
			       0;
	if (!*name)
		return act_before_truncate(dir, 0);
	if (!truncate_is_judged(dir, name, flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0, 0))
		return 0;
	long fd = sys_above_standard(judged_openat(dir, name, how, 0));
	if (fd < 0)
		return 0; /* the open itself reports the error */
	int err = truncate_before((int)fd, 0, &(struct victim_name){dir, name});
	sys_close((int)fd);
	return err == VICTIM_LEAVE ? 0 : err; /* the open itself carries no cookie */
}
