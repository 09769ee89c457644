/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_exec.c - judges the programs that a supervised program executes.  A program that loads the interposer asks
 * from its own constructor; every other one is judged here. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ask/read_content.h"
#include "base/paths.h"
#include "formats/image.h"
#include "preload/base/elf_loadable.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"

#define SESSION "GATE_SESSION="
#define PRELOAD "LD_PRELOAD="

/* The arguments of execve(2) and execveat(2), which have different positions. */
struct exec_args {
	int dir, flags;
	uint64_t path, argv, envp;
};

static struct exec_args supervise_exec_arguments(const struct seccomp_data *d)
{
	if (d->nr == SYS_execve)
		return (struct exec_args){AT_FDCWD, 0, d->args[0], d->args[1], d->args[2]};
	return (struct exec_args){(int)d->args[0], (int)d->args[4], d->args[1], d->args[2], d->args[3]};
}

/* gate-standin has already asked about the program that it executes. */
static bool supervise_exec_is_standin(pid_t tid)
{
	char exe[PATH_MAX], own[PATH_MAX];
	return !tracee_link(tid, "exe", exe) && realpath(gate_path(GATE_PATH_STANDIN), own) && !strcmp(exe, own);
}

/* Will the new program's constructor find this session? */
static bool supervise_exec_keeps_variables(const char *dir, char *const *envp)
{
	const char *session = NULL, *preload = NULL;
	for (; *envp; envp++) {
		if (!strncmp(*envp, SESSION, sizeof SESSION - 1) && !session)
			session = *envp + sizeof SESSION - 1;
		else if (!strncmp(*envp, PRELOAD, sizeof PRELOAD - 1))
			preload = *envp + sizeof PRELOAD - 1;
	}
	return session && preload && !strcmp(session, dir) && strstr(preload, gate_path(GATE_PATH_PRELOAD));
}

/* Does the program load the interposer?  For -ENOENT and similar, the kernel reports the error. */
static int supervise_exec_loads(pid_t tid, const struct exec_args *a, const char *path)
{
	struct tracee_path p;
	if (!*path && a->flags & AT_EMPTY_PATH)
		return !elf_not_loadable(tracee_open_fd(tid, a->dir), true);
	int err = tracee_resolve(tid, a->dir, path, &p);
	if (err)
		return err;
	int fd = openat(p.parent, p.name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	err = fd < 0 ? -errno : 0;
	close(p.parent);
	return err == -ENOENT || err == -ENOTDIR || err == -ELOOP ? err : !elf_not_loadable(fd < 0 ? err : fd, true);
}

/* Fill in the event.  Returns 0 or a negative errno. */
static int supervise_exec_read_call(struct call *c, const struct exec_args *a)
{
	pid_t tid = (pid_t)c->notif.pid;
	char path[PATH_MAX], cwd[PATH_MAX];
	long n = tracee_string(tid, a->path, path, sizeof path);
	int err = n < 0 ? (int)n : 0;
	if (!err && !n && a->flags & AT_EMPTY_PATH)
		err = tracee_fd_path(tid, a->dir, path);
	if (!err)
		err = tracee_link(tid, "cwd", cwd);
	if (err)
		return err;
	n = tracee_words(tid, a->argv, &c->words);
	if (n < 0)
		return (int)n;
	c->exe = strdup(path);
	c->cwd = strdup(cwd);
	c->job.event = (struct gate_event){
		.struct_size = sizeof(struct gate_event),
		.type = GATE_EVENT_EXEC,
		.exe = c->exe,
		.argv = (const char *const *)c->words,
		.argc = (size_t)n,
		.cwd = c->cwd,
		.read = read_content,
	};
	return c->exe && c->cwd ? 0 : -ENOMEM;
}

static bool supervise_exec_of_concern(const struct call *c)
{
	const struct supervisor *s = call_supervisor(c);
	const struct gate_event *ev = &c->job.event;
	return !s->image || gate_image_concerns(s->image, ev->exe, ev->argv);
}

void supervise_exec(struct call *c)
{
	pid_t tid = (pid_t)c->notif.pid;
	struct exec_args a = supervise_exec_arguments(&c->notif.data);
	char **envp = NULL;
	int err = supervise_exec_read_call(c, &a);
	if (!err && (supervise_exec_is_standin(tid) || !supervise_exec_of_concern(c))) {
		call_continue(c);
		return;
	}
	long n = err ? err : tracee_words(tid, a.envp, &envp);
	int loaded = n < 0 ? (int)n : supervise_exec_loads(tid, &a, c->exe);
	bool asks_itself = loaded > 0 && supervise_exec_keeps_variables(call_supervisor(c)->session, envp);
	free(envp);
	if (n < 0)
		call_return(c, n == -E2BIG || n == -EFAULT ? (int)n : -EPERM, 0);
	else if (loaded < 0 || asks_itself)
		call_continue(c);
	else
		call_judge(c);
}
