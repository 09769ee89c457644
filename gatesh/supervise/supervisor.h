/* supervisor.h - the session's end of supervise.sock: programs that can't load the interposer hand over a seccomp
 * listener, and their system calls that remove, overwrite, execute or connect wait here for a decision.  preload/standin/standin_filter.h is
 * the other end.  What a program can do between being looked at and going on (other threads of it) is open, as
 * everywhere in Gate. */
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
	pid_t root;        /* ancestries are told up to this process; 0: gatesh */
	const void *image; /* the policy image, mapped; NULL: everything is judged */
	size_t image_size;
	struct watch source;
	struct listener *listeners;
	struct connect_log contacts;
};

/* One system call that waits. */
struct call {
	struct call *next;
	struct listener *listener;
	struct seccomp_notif notif;
	struct timer alive; /* looks whether it still waits */
	struct job job;
	char *exe, *cwd, *ancestry, *path, *other, *unkept; /* owned: what job.event points to */
	char **words;
	struct sockaddr_storage address;
	void (*decided)(struct call *c); /* hears job.ret first, and may empty job.line; NULL: nobody */
	void (*allowed)(struct call *c); /* what a yes means; NULL: the kernel goes on with the call */
};

/* Can this kernel do it?  Cheap. */
bool supervisor_possible(void);

/* Listen in the session's directory `dir`, whose policy image is written already.  0 or a negative errno. */
int supervisor_open(struct supervisor *s, struct loop *l, struct workers *w, const char *dir);

/* Whoever waits gets EPERM; whoever comes later ENOSYS from the kernel. */
void supervisor_close(struct supervisor *s);

/* --- for supervise_*.c -------------------------------------------------------------------------------------------- */

struct supervisor *call_supervisor(const struct call *c);

/* The kernel goes on with the call / the call returns `error` (negative) or `value`.  Ends it: c is freed. */
void call_continue(struct call *c);
void call_return(struct call *c, int error, long value);

/* Fill in who acts: pid, uid, start time; and its ancestry, which takes a look at each of them. */
void call_identify(struct call *c);
void call_ancestry(struct call *c);

/* Let the event in c->job be judged, and act on the answer.  Its strings must be c's own. */
void call_judge(struct call *c);

/* execve and execveat; what removes, replaces or overwrites; connect and sendto.  Each ends with one of the above. */
void supervise_exec(struct call *c);
void supervise_file(struct call *c);
void supervise_connect(struct call *c);

#endif
