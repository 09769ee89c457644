/* SPDX-License-Identifier: BSD-2-Clause */
/* supervisor.h - the session's end of the seam (seam/filter.h): the calls that the interposer has not judged arrive here
 * and wait for a decision.  A receiving thread looks at a call and settles it where it can; a call that needs the
 * engine or a person goes to the main thread.  The supervisor never acts for a caller: it refuses, or keeps what would
 * be lost and lets the kernel do the call, with the caller's own rights.  Another thread of a program can change the
 * arguments between the look and the call; whoever does that on purpose loses a kept copy, not a permission. */
#ifndef GATESH_SUPERVISE_SUPERVISOR_H
#define GATESH_SUPERVISE_SUPERVISOR_H

#include <linux/seccomp.h>

#include "ask/ask_server.h"
#include "ask/job.h"
#include "seam/holder.h"
#include "seam/page.h"
#include "seam/tables.h"
#include "supervise/connect_log.h"
#include "supervise/lookups.h"
#include "supervise/resolvers.h"
#include "supervise/turning.h"
#include "util/loop.h"
#include "util/mailbox.h"

struct supervisor {
	/* set by the caller of supervisor_open() */
	struct loop *loop;
	struct workers *workers;
	struct ask_server *ask; /* takes the connections that askers request */
	const struct page *page;
	const char *session; /* its directory */
	const char *agent; /* the first process's name for the person, outlives the supervisor; NULL: it is nobody's */
	pid_t root;        /* ancestries end at this process; 0: gatesh */
	pid_t foreground;  /* the parent that the person started; 0: none */
	struct holder *holder; /* holds the listeners as well; NULL: nobody does */
	/* Called in the main thread when no process is left behind a filter; may be NULL. */
	void (*alone)(void *data);
	void *alone_data;
	const struct seam_tables *tables;
	struct turning turning;
	/* private */
	bool open, scopes;    /* scopes: Landlock keeps signals from gatesh */
	pid_t first;          /* the session's first process; 0: unknown */
	uint64_t first_start; /* proc(5) stat field 22 */
	struct listener *listeners;
	struct call *waiting; /* for the engine or a person: call_wait.h */
	unsigned nwaiting;
	struct timer look;
	struct connect_log contacts;
	struct resolvers resolvers;
	struct lookups lookups;
};

/* One waiting system call. */
struct call {
	struct call *next;
	struct listener *listener;
	struct seccomp_notif notif;
	bool narrow; /* of the 32-bit ABI: call_abi.h */
	bool posted; /* it belongs to the main thread now */
	struct mail mail;
	struct job job;
	struct call *next_waiting; /* this and the next ones are call_wait.c's */
	bool waits, settled;       /* its job was started; is done */
	bool away, dropped;        /* no call waits: it was given back; nobody wants the result any more */
	uint64_t away_until;       /* loop_now() */
	uint64_t pending;          /* caller_signal_waits() */
	char *exe, *cwd, *ancestry, *path, *other, *unkept; /* owned: job.event points to them */
	char *reason, *subject;                             /* owned: job.own points to them */
	char **words, **envp;                               /* owned: of an exec */
	struct sockaddr_storage address;
	void (*decide)(struct call *c);  /* in the main thread; NULL: the engine judges */
	void (*decided)(struct call *c); /* called first, with job.ret; may empty job.line; may be NULL */
	void (*allowed)(struct call *c); /* called after a yes, in a thread; NULL: the kernel goes on with the call */
};

/* Does this kernel support it?  Cheap. */
bool supervisor_possible(void);

/* Returns 0 or a negative errno. */
int supervisor_open(struct supervisor *s);

/* Take a listener: its calls are judged from now on.  Closes it on error.  Returns 0 or a negative errno. */
int supervisor_take(struct supervisor *s, int listener);

/* Before that: the process that the listener comes from is the session's first one. */
void supervisor_know_first(struct supervisor *s, pid_t pid);

/* Does the supervisor still have listeners with a process behind them? */
bool supervisor_busy(const struct supervisor *s);

/* Every waiting call fails with EPERM, and so does every later one, as long as the holder is there.  Run the loop until
 * supervisor_busy() is false, or as long as that is worth waiting for; then free. */
void supervisor_close(struct supervisor *s);
void supervisor_free(struct supervisor *s);

/* --- for supervise_*.c; any thread unless it says otherwise ------------------------------------------------------- */

struct supervisor *call_supervisor(const struct call *c);
int call_listener_fd(const struct call *c);

/* The policy image. */
const struct gate_image_head *call_image(const struct call *c);

/* Let the kernel go on with the call, or make it return `error` (negative) or `value`.  Both end the call and free
 * c. */
void call_continue(struct call *c);
void call_return(struct call *c, int error, long value);

/* Fill in the acting process: pid, uid and start time; and its ancestry, which reads /proc for each ancestor. */
void call_identify(struct call *c);
void call_ancestry(struct call *c);

/* Go on with the call in the main thread: c->decide, or else call_judge(). */
void call_post(struct call *c);

/* Main thread.  Have the event in c->job judged, and act on the answer.  c must own the event's strings. */
void call_judge(struct call *c);

/* execve and execveat; removals, renames and overwrites; connect and sends; signals.  Each ends with one of the functions
 * above. */
void supervise_exec(struct call *c);
void supervise_file(struct call *c);
void supervise_connect(struct call *c);
void supervise_signal(struct call *c);

/* Does this call send a signal? */
bool supervise_signal_sends(int nr);

/* A request of the interposer (formats/seam.h): it is answered with a descriptor. */
void supervise_request(struct listener *l, const struct seccomp_notif *n);

/* The listener's supervisor and descriptor. */
struct supervisor *listener_supervisor(const struct listener *l);
int listener_fd(const struct listener *l);

/* Main thread.  The calls that a listener has in the main thread; release frees it if it has ended and has none. */
void listener_remember(struct listener *l, struct call *c);
void listener_forget(struct listener *l, const struct call *c);
void listener_release(struct listener *l);

#endif
