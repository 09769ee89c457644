/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_file.c - judges the removals, renames and overwrites of a supervised program, and keeps what they would lose.
 * gatesh never performs a call: the kernel does, so that a program can do nothing through gatesh that it could not do by
 * itself.  A program that changes the file or its own arguments meanwhile loses a kept copy, and gains no permission.
 * Safe in several threads at once, each with its own call. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "preload/base/acts.h"
#include "preload/base/message.h"
#include "supervise/act_host_gatesh.h"
#include "supervise/births.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"
#include "util/foreign_root.h"
#include "util/proc.h"

/* The system call in one form, whichever variant the program used. */
struct act {
	/* CALL_FTRUNCATE is also a fallocate(2) that removes or zeroes */
	enum { CALL_REMOVE, CALL_RENAME, CALL_TRUNCATE, CALL_FTRUNCATE, CALL_OPEN, CALL_OPEN_HANDLE } kind;
	int dir, other_dir;
	uint64_t name, other; /* addresses in the program; name: of a handle */
	uint64_t how;         /* of openat2's struct open_how; 0: none */
	unsigned flags;       /* unlinkat's, renameat2's or open's */
	long length;
};

static struct act supervise_file_parse(const struct seccomp_data *d)
{
	const __u64 *a = d->args;
	struct act r = {.kind = CALL_REMOVE, .dir = AT_FDCWD, .other_dir = AT_FDCWD, .name = a[0]};
	switch (d->nr) {
#ifdef SYS_unlink
	case SYS_unlink: return r;
	case SYS_rmdir: r.flags = AT_REMOVEDIR; return r;
	case SYS_rename: r.kind = CALL_RENAME, r.other = a[1]; return r;
	case SYS_open: r.kind = CALL_OPEN, r.flags = (unsigned)a[1]; return r;
	case SYS_creat: r.kind = CALL_OPEN, r.flags = O_CREAT | O_WRONLY | O_TRUNC; return r;
#endif
	case SYS_unlinkat: r.dir = (int)a[0], r.name = a[1], r.flags = (unsigned)a[2]; return r;
	case SYS_renameat2: r.flags = (unsigned)a[4]; /* fall through */
	case SYS_renameat:
		r.kind = CALL_RENAME, r.dir = (int)a[0], r.name = a[1], r.other_dir = (int)a[2], r.other = a[3];
		return r;
	case SYS_truncate: r.kind = CALL_TRUNCATE, r.length = (long)a[1]; return r;
	case SYS_ftruncate: r.kind = CALL_FTRUNCATE, r.dir = (int)a[0], r.length = (long)a[1]; return r;
	case SYS_fallocate: r.kind = CALL_FTRUNCATE, r.dir = (int)a[0]; return r;
	case SYS_open_by_handle_at:
		r.kind = CALL_OPEN_HANDLE, r.dir = (int)a[0], r.name = a[1], r.flags = (unsigned)a[2];
		return r;
	default: /* openat, openat2 */
		r.kind = CALL_OPEN, r.dir = (int)a[0], r.name = a[1];
		r.flags = d->nr == SYS_openat ? (unsigned)a[2] : 0;
		r.how = d->nr == SYS_openat2 ? a[2] : 0;
		return r;
	}
}

/* A name that the call gives, resolved as the process would. */
struct named {
	struct tracee_path at; /* the caller closes at.parent */
	bool slash;            /* a slash ends it: it is a directory's, or the kernel refuses the call */
};

static int supervise_file_resolve(pid_t tid, int dir, uint64_t addr, struct named *out)
{
	char name[PATH_MAX];
	out->at.parent = -1;
	long n = tracee_string(tid, addr, name, sizeof name);
	out->slash = n > 0 && name[n - 1] == '/';
	return n < 0 ? (int)n : tracee_enter(tid, dir, name, &out->at);
}

static int supervise_file_before_remove(pid_t tid, const struct act *a)
{
	struct named n;
	int err = supervise_file_resolve(tid, a->dir, a->name, &n);
	if (err)
		return err;
	births_settle(n.at.parent, n.at.name);
	if (a->flags || !n.slash)
		err = act_before_unlink(n.at.parent, n.at.name, (int)a->flags);
	close(n.at.parent);
	return err;
}

static bool supervise_file_is_directory(const struct tracee_path *p)
{
	struct stat st;
	return !fstatat(p->parent, p->name, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode);
}

static int supervise_file_before_rename(pid_t tid, const struct act *a)
{
	struct named from, to = {.at.parent = -1};
	int err = supervise_file_resolve(tid, a->dir, a->name, &from);
	if (!err)
		err = supervise_file_resolve(tid, a->other_dir, a->other, &to);
	if (!err) {
		births_settle(from.at.parent, from.at.name);
		births_settle(to.at.parent, to.at.name);
	}
	if (!err && ((!from.slash && !to.slash) || supervise_file_is_directory(&from.at)))
		err = act_before_rename(from.at.parent, from.at.name, to.at.parent, to.at.name, a->flags);
	if (from.at.parent >= 0)
		close(from.at.parent);
	if (to.at.parent >= 0)
		close(to.at.parent);
	return err;
}

static bool supervise_file_may_make(const struct act *a)
{
	return a->kind == CALL_OPEN && a->flags & O_CREAT && !(a->flags & (O_PATH | O_DIRECTORY));
}

/* The file that the call's name leads to, as O_PATH.  Returns a descriptor or a negative errno. */
static int supervise_file_follow(pid_t tid, const struct act *a)
{
	struct named n;
	uint64_t now = births_now();
	int err = supervise_file_resolve(tid, a->dir, a->name, &n);
	if (err)
		return err;
	births_settle(n.at.parent, n.at.name);
	int fd = tracee_follow(tid, &n.at, a->kind == CALL_OPEN && a->flags & O_NOFOLLOW);
	if (fd == -ENOENT && supervise_file_may_make(a))
		births_expect(n.at.parent, n.at.name, now);
	else
		close(n.at.parent);
	return fd;
}

/* Could the call lose or change what is in a file?  The filter hands over every openat2(2), whatever its flags. */
static bool supervise_file_writes(unsigned flags)
{
	return !(flags & O_PATH) && flags & (O_TRUNC | O_WRONLY | O_RDWR);
}

static int supervise_file_before_open(pid_t tid, struct act *a)
{
	struct open_how how;
	if (a->how && tracee_bytes(tid, a->how, &how, sizeof how.flags))
		return -EFAULT;
	if (a->how)
		a->flags = (unsigned)how.flags;
	if (!supervise_file_writes(a->flags) && !supervise_file_may_make(a))
		return 0;
	int fd = supervise_file_follow(tid, a);
	if (fd < 0)
		return fd;
	int err = act_before_open(fd, "", (int)a->flags);
	close(fd);
	return err;
}

/* A descriptor on the file system that the handle is of.  One of O_PATH will not do. */
static int supervise_file_mount(pid_t tid, int dir)
{
	char path[64];
	if (dir != AT_FDCWD)
		return tracee_take_fd(tid, dir);
	snprintf(path, sizeof path, "/proc/%d/cwd", (int)tid);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Open the file of a handle in this process, as O_PATH.  Returns a descriptor or a negative errno. */
static int supervise_file_of_handle(pid_t tid, const struct act *a)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} h;
	if (tracee_bytes(tid, a->name, &h, sizeof h.handle) || h.handle.handle_bytes > MAX_HANDLE_SZ ||
	    tracee_bytes(tid, a->name + sizeof h.handle, h.handle.f_handle, h.handle.handle_bytes))
		return -EFAULT;
	int mount = supervise_file_mount(tid, a->dir);
	if (mount < 0)
		return mount;
	int fd = open_by_handle_at(mount, &h.handle, O_PATH | O_CLOEXEC);
	int err = -errno;
	close(mount);
	return fd < 0 ? err : fd;
}

/* The handle is the whole name: what the kernel refuses to gatesh, it refuses to the program. */
static int supervise_file_before_open_handle(pid_t tid, const struct act *a)
{
	if (!supervise_file_writes(a->flags))
		return 0;
	int fd = supervise_file_of_handle(tid, a);
	if (fd < 0)
		return fd == -ESTALE ? 0 : fd;
	int err = act_before_open(fd, "", (int)(a->flags & ~(unsigned)(O_CREAT | O_EXCL)));
	close(fd);
	return err;
}

static int supervise_file_before_truncate(pid_t tid, const struct act *a)
{
	bool open = a->kind == CALL_FTRUNCATE;
	int fd = open ? tracee_take_fd(tid, a->dir) : supervise_file_follow(tid, a);
	if (fd < 0)
		return fd;
	if (open)
		births_settle_open(fd);
	int err = open ? act_before_ftruncate(fd, a->length) : act_before_truncate(fd, a->length);
	close(fd);
	return err;
}

/* Does the kernel report the same error?  It then does so itself, or it makes the file that is missing.  Any other error
 * means that the call can't be judged. */
static bool supervise_file_kernel_reports(int err)
{
	return err == -ENOENT || err == -ENOTDIR || err == -ELOOP || err == -ENAMETOOLONG || err == -EFAULT ||
	       err == -EBADF;
}

/* Judge the call and keep what it would lose.  Returns 0 if the kernel may go on with it, or a negative errno. */
static int supervise_file_before(pid_t tid, struct act a)
{
	int err;
	switch (a.kind) {
	case CALL_REMOVE: err = supervise_file_before_remove(tid, &a); break;
	case CALL_RENAME: err = supervise_file_before_rename(tid, &a); break;
	case CALL_OPEN: err = supervise_file_before_open(tid, &a); break;
	case CALL_OPEN_HANDLE: err = supervise_file_before_open_handle(tid, &a); break;
	default: err = supervise_file_before_truncate(tid, &a); break;
	}
	if (err && !tracee_is_readable(tid))
		return message_call_fault("gatesh may not read this process", -EPERM) ? 0 : -EPERM;
	return supervise_file_kernel_reports(err) ? 0 : err;
}

/* The kernel performs the call, with the rights, the root and the namespaces of the program itself. */
static void supervise_file_finish(struct call *c, int err)
{
	if (err)
		call_return(c, err, 0);
	else
		call_continue(c);
}

/* Returns the acting process, for free(3); NULL without memory. */
static struct act_host *supervise_file_become(pid_t tid, bool allowed)
{
	char exe[PATH_MAX];
	const char *slash = tracee_link(tid, "exe", exe) ? NULL : strrchr(exe, '/');
	struct act_host *me = calloc(1, sizeof *me);
	struct proc p;
	if (!me)
		return NULL;
	me->tid = tid;
	me->allowed = allowed;
	foreign_root_find(tid, me->above);
	if (slash)
		snprintf(me->program, sizeof me->program, "%s", slash + 1);
	else if (proc_read(tid, &p))
		strcpy(me->program, "?");
	else
		snprintf(me->program, sizeof me->program, "%s", p.comm);
	act_host_as(me);
	return me;
}

static void supervise_file_allowed(struct call *c)
{
	pid_t tid = (pid_t)c->notif.pid;
	struct act_host *me = supervise_file_become(tid, true);
	int err = me ? supervise_file_before(tid, supervise_file_parse(&c->notif.data)) : -ENOMEM;
	free(me);
	supervise_file_finish(c, err);
}

/* Fill in the question.  c owns everything that the event points to. */
static int supervise_file_put_question(struct call *c, const struct act_host *me)
{
	char exe[PATH_MAX], cwd[PATH_MAX];
	pid_t tid = (pid_t)c->notif.pid;
	struct gate_event *ev = &c->job.event;
	int err = tracee_link(tid, "cwd", cwd);
	if (!err)
		err = tracee_link(tid, "exe", exe);
	if (err)
		return err;
	c->cwd = strdup(cwd);
	c->exe = strdup(exe);
	c->path = strdup(me->path);
	c->other = *me->other ? strdup(me->other) : NULL;
	c->unkept = *me->unkept ? strdup(me->unkept) : NULL;
	*ev = (struct gate_event){
		.struct_size = sizeof(struct gate_event),
		.type = me->event,
		.exe = c->exe,
		.cwd = c->cwd,
		.path = c->path,
		.other = c->other,
		.unkept = c->unkept,
		.size = me->size,
		.file = me->file,
	};
	c->allowed = supervise_file_allowed;
	return c->cwd && c->exe && c->path ? 0 : -ENOMEM;
}

void supervise_file(struct call *c)
{
	pid_t tid = (pid_t)c->notif.pid;
	if (!act_host_judges()) {
		call_continue(c);
		return;
	}
	struct act_host *me = supervise_file_become(tid, false);
	int err = me ? supervise_file_before(tid, supervise_file_parse(&c->notif.data)) : -ENOMEM;
	bool asks = me && me->asks;
	if (asks)
		err = supervise_file_put_question(c, me) ? -EPERM : 0;
	free(me);
	if (asks && !err)
		call_post(c);
	else
		supervise_file_finish(c, err);
}
