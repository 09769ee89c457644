/* SPDX-License-Identifier: BSD-2-Clause */
/* supervisor.h - the session's end of supervise.sock.  Programs that can't load the interposer hand over a seccomp
 * listener, and their system calls that remove, overwrite, execute or connect wait here for a decision.  The other end
 * is preload/standin/standin_filter.h.  Another thread of a program can change the arguments between the check and the
 * call; that hole is open here as everywhere in Gate. */
#ifndef GATESH_SUPERVISE_SUPERVISOR_H
#define GATESH_SUPERVISE_SUPERVISOR_H

#include <linux/seccomp.h>

#include "ask/job.h"
#include "supervise/connect_log.h"
#include "util/loop.h"

struct supervisor {
	struct loop *loop;
	struct workers *workers;
	char session[104]; /* its directory */
	pid_t root;        /* ancestries end at this process; 0: gatesh */
	const void *image; /* the policy image, mapped; NULL: everything is judged */
	size_t image_size;
	struct watch source;
	struct listener *listeners;
	struct connect_log contacts;
};

/* One waiting system call. */
struct call {
	struct call *next;
	struct listener *listener;
	struct seccomp_notif notif;
	struct timer alive; /* checks whether the call still waits */
	struct job job;
	char *exe, *cwd, *ancestry, *path, *other, *unkept; /* owned: job.event points to them */
	char **words;
	struct sockaddr_storage address;
	void (*decided)(struct call *c); /* called first, with job.ret; may empty job.line; may be NULL */
	void (*allowed)(struct call *c); /* called after a yes; NULL: the kernel goes on with the call */
};

/* Does this kernel support it?  Cheap. */
bool supervisor_possible(void);

/* Listen in the session's directory `dir`, where the policy image already exists.  Returns 0 or a negative errno. */
int supervisor_open(struct supervisor *s, struct loop *l, struct workers *w, const char *dir);

/* Every waiting call fails with EPERM.  Later calls fail with ENOSYS from the kernel. */
void supervisor_close(struct supervisor *s);

/* --- for supervise_*.c -------------------------------------------------------------------------------------------- */

struct supervisor *call_supervisor(const struct call *c);

/* Let the kernel go on with the call, or make it return `error` (negative) or `value`.  Both end the call and free
 * c. */
void call_continue(struct call *c);
void call_return(struct call *c, int error, long value);

/* Fill in the acting process: pid, uid and start time; and its ancestry, which reads /proc for each ancestor. */
void call_identify(struct call *c);
void call_ancestry(struct call *c);

/* Have the event in c->job judged, and act on the answer.  c must own the event's strings. */
void call_judge(struct call *c);

/* execve and execveat; removals, renames and overwrites; connect and sendto.  Each ends with one of the functions
 * above. */
void supervise_exec(struct call *c);
void supervise_file(struct call *c);
void supervise_connect(struct call *c);

#endif
