/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_file.c - judges and performs the removals, renames and overwrites of a supervised program, as the
 * interposer would. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "preload/base/acts.h"
#include "supervise/act_host_gatesh.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"

/* The system call in one form, whichever variant the program used. */
struct act {
	enum { CALL_REMOVE, CALL_RENAME, CALL_TRUNCATE, CALL_FTRUNCATE, CALL_OPEN } kind;
	int dir, other_dir;
	uint64_t name, other; /* addresses in the program */
	unsigned flags;       /* unlinkat's or renameat2's, or open's O_NOFOLLOW */
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
	case SYS_creat: r.kind = CALL_OPEN; return r;
#endif
	case SYS_unlinkat: r.dir = (int)a[0], r.name = a[1], r.flags = (unsigned)a[2]; return r;
	case SYS_renameat2: r.flags = (unsigned)a[4]; /* fall through */
	case SYS_renameat:
		r.kind = CALL_RENAME, r.dir = (int)a[0], r.name = a[1], r.other_dir = (int)a[2], r.other = a[3];
		return r;
	case SYS_truncate: r.kind = CALL_TRUNCATE, r.length = (long)a[1]; return r;
	case SYS_ftruncate: r.kind = CALL_FTRUNCATE, r.dir = (int)a[0], r.length = (long)a[1]; return r;
	default: /* openat, openat2 */
		r.kind = CALL_OPEN, r.dir = (int)a[0], r.name = a[1],
		r.flags = d->nr == SYS_openat ? (unsigned)a[2] : 0;
		return r;
	}
}

/* The filter hands over every openat2(2), whatever its flags. */
static bool supervise_file_truncates(pid_t tid, const struct seccomp_data *d)
{
	struct open_how how;
	if (d->nr != SYS_openat2)
		return true;
	return !tracee_bytes(tid, d->args[2], &how, sizeof how.flags) && how.flags & O_TRUNC;
}

static int supervise_file_resolve(pid_t tid, int dir, uint64_t addr, struct tracee_path *p)
{
	char name[PATH_MAX];
	p->parent = -1;
	long n = tracee_string(tid, addr, name, sizeof name);
	return n < 0 ? (int)n : tracee_resolve(tid, dir, name, p);
}

/* Where the call is performed: here, or in the kernel. */
enum outcome { OUTCOME_KERNEL, OUTCOME_DONE };

/* A resolved name has lost its trailing slash.  The kernel handles such a name, so that it reports its own error for a
 * non-directory. */
static bool supervise_file_named_as_directory(pid_t tid, uint64_t addr)
{
	char name[PATH_MAX];
	long n = tracee_string(tid, addr, name, sizeof name);
	return n > 0 && name[n - 1] == '/';
}

static enum outcome supervise_file_do_remove(pid_t tid, const struct act *a, long *result)
{
	struct tracee_path p;
	if (supervise_file_resolve(tid, a->dir, a->name, &p))
		return OUTCOME_KERNEL;
	bool plain =
		!(a->flags & ~(unsigned)AT_REMOVEDIR) && (a->flags || !supervise_file_named_as_directory(tid, a->name));
	if (plain)
		*result = act_unlink(p.parent, p.name, (int)a->flags);
	close(p.parent);
	return plain ? OUTCOME_DONE : OUTCOME_KERNEL;
}

static enum outcome supervise_file_do_rename(pid_t tid, const struct act *a, long *result)
{
	struct tracee_path from, to = {.parent = -1};
	bool known = !supervise_file_resolve(tid, a->dir, a->name, &from) &&
		     !supervise_file_resolve(tid, a->other_dir, a->other, &to) &&
		     !supervise_file_named_as_directory(tid, a->name) &&
		     !supervise_file_named_as_directory(tid, a->other);
	if (known)
		*result = act_rename(from.parent, from.name, to.parent, to.name, a->flags);
	if (from.parent >= 0)
		close(from.parent);
	if (to.parent >= 0)
		close(to.parent);
	return known ? OUTCOME_DONE : OUTCOME_KERNEL;
}

/* The file that a name leads to, as a path that is valid here. */
static int supervise_file_follow(pid_t tid, const struct act *a, char link[32], int *fd)
{
	struct tracee_path p;
	int err = supervise_file_resolve(tid, a->dir, a->name, &p);
	if (err)
		return err;
	*fd = tracee_follow(tid, &p, a->kind == CALL_OPEN && a->flags & O_NOFOLLOW);
	close(p.parent);
	snprintf(link, 32, "/proc/self/fd/%d", *fd);
	return *fd < 0 ? *fd : 0;
}

/* The kernel performs the open after the content has been kept. */
static enum outcome supervise_file_do_open(pid_t tid, const struct act *a, long *result)
{
	char link[32];
	int fd;
	if (supervise_file_follow(tid, a, link, &fd))
		return OUTCOME_KERNEL;
	*result = act_before_open(link);
	close(fd);
	return *result ? OUTCOME_DONE : OUTCOME_KERNEL;
}

static enum outcome supervise_file_do_truncate(pid_t tid, const struct act *a, long *result)
{
	char link[32];
	int fd = -1;
	if (a->kind == CALL_FTRUNCATE)
		fd = tracee_take_fd(tid, a->dir);
	else if (supervise_file_follow(tid, a, link, &fd))
		return OUTCOME_KERNEL;
	if (fd < 0)
		return OUTCOME_KERNEL;
	*result = a->kind == CALL_FTRUNCATE ? act_ftruncate(fd, a->length) : act_truncate(link, a->length);
	close(fd);
	return OUTCOME_DONE;
}

static enum outcome supervise_file_act(pid_t tid, const struct act *a, long *result)
{
	switch (a->kind) {
	case CALL_REMOVE: return supervise_file_do_remove(tid, a, result);
	case CALL_RENAME: return supervise_file_do_rename(tid, a, result);
	case CALL_OPEN: return supervise_file_do_open(tid, a, result);
	default: return supervise_file_do_truncate(tid, a, result);
	}
}

static void supervise_file_finish(struct call *c, enum outcome o, long result)
{
	if (o == OUTCOME_KERNEL)
		call_continue(c);
	else
		call_return(c, result < 0 ? (int)result : 0, result < 0 ? 0 : result);
}

static void supervise_file_become(struct act_host *me, pid_t tid, bool allowed)
{
	char exe[PATH_MAX];
	const char *slash = tracee_link(tid, "exe", exe) ? NULL : strrchr(exe, '/');
	*me = (struct act_host){.tid = tid, .allowed = allowed};
	snprintf(me->program, sizeof me->program, "%s", slash ? slash + 1 : "?");
	act_host_as(me);
}

static void supervise_file_allowed(struct call *c)
{
	static struct act_host me; /* its paths are too large for the stack */
	pid_t tid = (pid_t)c->notif.pid;
	struct act a = supervise_file_parse(&c->notif.data);
	long result = 0;
	supervise_file_become(&me, tid, true);
	enum outcome o = supervise_file_act(tid, &a, &result);
	supervise_file_finish(c, o, result);
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
	static struct act_host me;
	pid_t tid = (pid_t)c->notif.pid;
	struct act a = supervise_file_parse(&c->notif.data);
	long result = 0;
	if (!act_host_judges() || !supervise_file_truncates(tid, &c->notif.data)) {
		call_continue(c);
		return;
	}
	supervise_file_become(&me, tid, false);
	enum outcome o = supervise_file_act(tid, &a, &result);
	if (!me.asks)
		supervise_file_finish(c, o, result);
	else if (supervise_file_put_question(c, &me))
		call_return(c, -EPERM, 0);
	else
		call_judge(c);
}
