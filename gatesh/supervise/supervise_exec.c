/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_exec.c - judges the execs that the interposer has not judged.  A program whose caller marked it asks from its
 * own constructor; every other one of concern is judged here. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ask/read_content.h"
#include "base/paths.h"
#include "formats/image.h"
#include "formats/seam.h"
#include "preload/base/elf_loadable.h"
#include "preload/base/program_file.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"
#include "util/preload_item.h"

#define SESSION "GATE_SESSION="
#define PRELOAD "LD_PRELOAD="

/* The arguments of execve(2) and execveat(2), which have different positions. */
struct exec_args {
	int dir, flags;
	uint64_t path, argv, envp;
	bool of_descriptor; /* AT_EMPTY_PATH: `dir` is the program, which may have no name any more (memfd_create) */
};

static struct exec_args supervise_exec_arguments(const struct seccomp_data *d)
{
	if (d->nr == SYS_execve)
		return (struct exec_args){.dir = AT_FDCWD, .path = d->args[0], .argv = d->args[1], .envp = d->args[2]};
	return (struct exec_args){.dir = (int)d->args[0],
				  .flags = (int)d->args[4],
				  .path = d->args[1],
				  .argv = d->args[2],
				  .envp = d->args[3]};
}

/* The file itself, as /proc names it.  A session keeps the one that it started with. */
static char supervise_exec_standin[PATH_MAX];

static void supervise_exec_find_standin(void)
{
	if (!realpath(gate_path(GATE_PATH_STANDIN), supervise_exec_standin))
		*supervise_exec_standin = '\0';
}

/* gate-standin judges what it is told to execute, and executes it with the cookie.  Any other exec of that process, as by a
 * library that a program had loaded into it, is judged like everybody's. */
static bool supervise_exec_is_standin(const struct call *c)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const char *own = supervise_exec_standin;
	pthread_once(&once, supervise_exec_find_standin);
	return *own && (!strcmp(c->exe, own) || !strcmp(c->exe, gate_path(GATE_PATH_STANDIN)));
}

/* Is the session's interposer an item of this LD_PRELOAD? */
static bool supervise_exec_names_library(const char *list)
{
	for (const char *item = list; *item; item += strcspn(item, ": "), item += strspn(item, ": "))
		if (preload_item_is_ours(item, strcspn(item, ": ")))
			return true;
	return false;
}

/* Will the new program's constructor ask this session?  Its caller has marked it then. */
static bool supervise_exec_keeps_variables(const char *dir, char *const *envp)
{
	const char *session = NULL, *preload = NULL;
	for (; *envp; envp++) {
		if (!strncmp(*envp, SESSION, sizeof SESSION - 1) && !session)
			session = *envp + sizeof SESSION - 1;
		else if (!strncmp(*envp, PRELOAD, sizeof PRELOAD - 1))
			preload = *envp + sizeof PRELOAD - 1;
	}
	size_t n = strlen(dir);
	if (!session || !preload || strncmp(session, dir, n))
		return false;
	return (!strcmp(session + n, SEAM_MARK SEAM_MARK_ASK) ||
		!strcmp(session + n, SEAM_MARK_READS SEAM_MARK SEAM_MARK_ASK)) &&
	       supervise_exec_names_library(preload);
}

/* Open the program for reading: as a descriptor, or a negative errno. */
static int supervise_exec_open(pid_t tid, const struct exec_args *a, const char *path)
{
	struct tracee_path p;
	if (a->of_descriptor)
		return tracee_open_fd(tid, a->dir, O_RDONLY | O_NONBLOCK);
	int err = tracee_resolve(tid, a->dir, path, &p);
	if (err)
		return err;
	int fd = openat(p.parent, p.name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	err = -errno;
	close(p.parent);
	return fd < 0 ? err : fd;
}

/* Does the program load the interposer?  For -ENOENT and similar, the kernel reports the error. */
static int supervise_exec_loads(pid_t tid, const struct exec_args *a, const char *path)
{
	int fd = supervise_exec_open(tid, a, path);
	return fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP ? fd : !elf_not_loadable(fd, true);
}

/* Fill in the event, but for the directory, which an exec of no concern is not asked for.  Returns 0 or a negative errno. */
static int supervise_exec_read_call(struct call *c, struct exec_args *a)
{
	pid_t tid = (pid_t)c->notif.pid;
	char path[PATH_MAX];
	long n = tracee_string(tid, a->path, path, sizeof path);
	int err = n < 0 ? (int)n : 0;
	a->of_descriptor = !n && a->flags & AT_EMPTY_PATH;
	if (a->of_descriptor)
		err = tracee_fd_path(tid, a->dir, path);
	if (err)
		return err;
	n = tracee_words(tid, a->argv, c->narrow ? 4 : 8, &c->words);
	if (n < 0)
		return (int)n;
	c->exe = strdup(path);
	c->job.event = (struct gate_event){
		.struct_size = sizeof(struct gate_event),
		.type = GATE_EVENT_EXEC,
		.exe = c->exe,
		.argv = (const char *const *)c->words,
		.argc = (size_t)n,
		.read = read_content,
	};
	return c->exe ? 0 : -ENOMEM;
}

static int supervise_exec_read_directory(struct call *c)
{
	char cwd[PATH_MAX];
	int err = tracee_link((pid_t)c->notif.pid, "cwd", cwd);
	c->cwd = err ? NULL : strdup(cwd);
	c->job.event.cwd = c->cwd;
	return err ? err : c->cwd ? 0 : -ENOMEM;
}

/* The program that the file is by another name, or NULL. */
static const char *supervise_exec_known(const struct call *c, const struct exec_args *a)
{
	pid_t tid = (pid_t)c->notif.pid;
	struct tracee_path p;
	if (gate_image_has_name(call_image(c), c->exe))
		return NULL;
	int fd = tracee_resolve(tid, a->dir, c->exe, &p);
	if (!fd) {
		fd = tracee_follow(tid, &p, a->flags & AT_SYMLINK_NOFOLLOW);
		close(p.parent);
	}
	if (fd < 0 && a->flags & AT_EMPTY_PATH) /* a memfd, a deleted file */
		fd = tracee_open_fd(tid, a->dir, O_PATH);
	const char *known = fd < 0 ? NULL : program_file_known(call_image(c), fd, "", AT_EMPTY_PATH, c->exe);
	if (fd >= 0)
		close(fd);
	return known;
}

/* Can a rule match it by its name, or as the program that its file is? */
static bool supervise_exec_of_concern(struct call *c, const struct exec_args *a)
{
	struct gate_event *ev = &c->job.event;
	if (gate_image_concerns(call_image(c), ev->exe, ev->argv))
		return true;
	ev->known = supervise_exec_known(c, a); /* in the session's page */
	return ev->known && gate_image_concerns(call_image(c), ev->known, ev->argv);
}

void supervise_exec(struct call *c)
{
	pid_t tid = (pid_t)c->notif.pid;
	struct exec_args a = supervise_exec_arguments(&c->notif.data);
	char **envp = NULL;
	int err = supervise_exec_read_call(c, &a);
	if (!err && (!supervise_exec_of_concern(c, &a) || supervise_exec_is_standin(c))) {
		call_continue(c);
		return;
	}
	if (!err)
		err = supervise_exec_read_directory(c);
	long n = err ? err : tracee_words(tid, a.envp, c->narrow ? 4 : 8, &envp);
	int loaded = n < 0 ? (int)n : supervise_exec_loads(tid, &a, c->exe);
	bool asks_itself = loaded > 0 && supervise_exec_keeps_variables(call_supervisor(c)->session, envp);
	c->envp = envp;
	c->job.envp = envp;
	if (n < 0)
		call_return(c, n == -E2BIG || n == -EFAULT ? (int)n : -EPERM, 0);
	else if (loaded < 0 || asks_itself)
		call_continue(c);
	else
		call_post(c);
}
