/* SPDX-License-Identifier: BSD-2-Clause */
/* supervise_signal.c - judges signals.
 *
 * Signal 0 asks whether a process lives.  Landlock's scope keeps every signal inside the session and refuses this one too,
 * with EPERM; scripts take any error for death, and delete the pid files of the living.  gatesh answers what the kernel
 * would without that scope, and sends nothing.
 *
 * A signal that ends or stops a process is asked about if it is for the command that the person started, from a process of
 * another group: `pkill node` of an agent that is itself node.  One to gatesh is refused.  In every other case the kernel
 * answers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "supervise/signal_aim.h"
#include "supervise/supervisor.h"
#include "supervise/tracee.h"
#include "util/proc.h"

enum {
	WHOM_MAX = 256,
	SIGNAL_CAP_KILL = 5, /* linux/capability.h */
	SIGNAL_OF_GROUP = 4, /* PIDFD_SIGNAL_PROCESS_GROUP of linux/pidfd.h, Linux 6.9 */
};

/* A process as kill(2) sees it: proc(5), status. */
struct signal_ids {
	unsigned real, effective, saved;
	uint64_t capabilities;
};

static bool signal_read_ids(pid_t pid, struct signal_ids *out)
{
	char path[64], line[256];
	int found = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		found += sscanf(line, "Uid: %u %u %u", &out->real, &out->effective, &out->saved) == 3;
		found += sscanf(line, "CapEff: %" SCNx64, &out->capabilities) == 1;
	}
	if (f)
		fclose(f);
	return found == 2;
}

/* Do numbers mean the same to the process as to gatesh? */
static bool signal_shares_namespace(pid_t tid, const char *kind)
{
	char path[64], own[64];
	struct stat theirs, ours;
	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)tid, kind);
	snprintf(own, sizeof own, "/proc/self/ns/%s", kind);
	return !stat(path, &theirs) && !stat(own, &ours) && theirs.st_dev == ours.st_dev &&
	       theirs.st_ino == ours.st_ino;
}

/* The process whose directory in /proc a descriptor is of, which pidfd_send_signal(2) also takes.  0: none. */
static pid_t signal_behind_directory(pid_t tid, int fd)
{
	char what[32], link[PATH_MAX], rest;
	int pid = 0;
	snprintf(what, sizeof what, "fd/%d", fd);
	return !tracee_link(tid, what, link) && sscanf(link, "/proc/%d%c", &pid, &rest) == 1 ? pid : 0;
}

/* The process behind a descriptor of pidfd_open(2), or the thread.  0 or -1: there is none, or not here. */
static pid_t signal_behind_descriptor(pid_t tid, int fd)
{
	char path[64], line[256];
	int pid = 0;
	snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)tid, fd);
	FILE *f = fopen(path, "re");
	while (f && !pid && fgets(line, sizeof line, f))
		if (sscanf(line, "Pid: %d", &pid) != 1)
			pid = 0;
	if (f)
		fclose(f);
	return pid ? pid : signal_behind_directory(tid, fd);
}

/* kill(2), PERMISSIONS; kill_ok_by_cred() in kernel/signal.c. */
static bool signal_may(const struct signal_ids *from, const struct signal_ids *to)
{
	return from->effective == to->saved || from->effective == to->real || from->real == to->saved ||
	       from->real == to->real || from->capabilities >> SIGNAL_CAP_KILL & 1;
}

/* May the process signal the other one, but for Landlock's scope?  False also if one of them is gone. */
static bool signal_is_permitted(pid_t tid, pid_t target)
{
	struct signal_ids from, to;
	return target > 0 && signal_shares_namespace(tid, "user") && signal_read_ids(target, &to) &&
	       signal_read_ids(tid, &from) && signal_may(&from, &to);
}

/* --- whom the call is for ----------------------------------------------------------------------------------------- */

static struct signal_sent signal_read_kill(const struct seccomp_data *d)
{
	pid_t pid = (pid_t)d->args[0];
	struct signal_sent s = {.number = (int)d->args[1]};
	if (pid > 0)
		s.to = SIGNAL_TO_PROCESS, s.pid = tracee_owner(pid).pid; /* a thread's number stands for its process */
	else if (pid == -1)
		s.to = SIGNAL_TO_ALL;
	else if (pid)
		s.to = SIGNAL_TO_GROUP, s.pid = -pid;
	return s; /* 0 is the caller's own group */
}

static struct signal_sent signal_read_descriptor(const struct call *c)
{
	const struct seccomp_data *d = &c->notif.data;
	struct signal_sent s = {.number = (int)d->args[1]};
	s.pid = signal_behind_descriptor((pid_t)c->notif.pid, (int)d->args[0]);
	if (s.pid > 0)
		s.to = d->args[3] & SIGNAL_OF_GROUP ? SIGNAL_TO_GROUP : SIGNAL_TO_PROCESS;
	if (s.to == SIGNAL_TO_PROCESS)
		s.pid = tracee_owner(s.pid).pid;
	return s;
}

static struct signal_sent signal_read(const struct call *c)
{
	const struct seccomp_data *d = &c->notif.data;
	switch (d->nr) {
	case SYS_kill: return signal_read_kill(d);
	case SYS_pidfd_send_signal: return signal_read_descriptor(c);
	case SYS_tkill:
	case SYS_rt_sigqueueinfo:
		return (struct signal_sent){(int)d->args[1], SIGNAL_TO_PROCESS, tracee_owner((pid_t)d->args[0]).pid};
	default: /* tgkill, rt_tgsigqueueinfo */
		return (struct signal_sent){(int)d->args[2], SIGNAL_TO_PROCESS, (pid_t)d->args[0]};
	}
}

bool supervise_signal_sends(int nr)
{
	return nr == SYS_kill || nr == SYS_tkill || nr == SYS_tgkill || nr == SYS_rt_sigqueueinfo ||
	       nr == SYS_rt_tgsigqueueinfo || nr == SYS_pidfd_send_signal;
}

/* --- signal 0 ----------------------------------------------------------------------------------------------------- */

static void signal_probe(struct call *c, const struct signal_sent *s)
{
	const struct seccomp_data *d = &c->notif.data;
	bool plain = d->nr == SYS_kill || d->nr == SYS_tkill ||
		     (d->nr == SYS_pidfd_send_signal && !d->args[2] && !d->args[3]);
	if (plain && s->to == SIGNAL_TO_PROCESS && signal_is_permitted((pid_t)c->notif.pid, s->pid))
		call_return(c, 0, 0);
	else
		call_continue(c);
}

/* --- signals that are sent ---------------------------------------------------------------------------------------- */

/* Group 0 is one whose leader is outside of this pid namespace: gatesh was started by nsenter or its like. */
static struct signal_party signal_party(pid_t pid)
{
	pid_t group = pid > 0 ? getpgid(pid) : -1;
	return group >= 0 ? (struct signal_party){pid, group} : (struct signal_party){0};
}

/* The session's first process, unless it has ended and its number is another's. */
static struct signal_party signal_first(const struct supervisor *s)
{
	struct proc p;
	bool lives = s->first && !proc_read(s->first, &p) && p.start_time == s->first_start;
	return lives ? (struct signal_party){s->first, p.pgid} : (struct signal_party){0};
}

/* Where a wrapper (npx, a shell) started the agent, the agent is in the first process's group, and above the tools that it
 * starts in groups of their own.  Puts its name into `name`. */
static bool signal_hits_above(const struct supervisor *s, const struct signal_sent *sent,
			      const struct signal_party *from, const struct signal_party *first, char *name)
{
	struct proc chain[PROC_DEPTH_MAX];
	const struct signal_party to = signal_party(sent->to == SIGNAL_TO_PROCESS ? sent->pid : 0);
	if (!first->pid || to.group != first->group || !signal_aim_hits(sent, from, &to))
		return false;
	int n = proc_ancestry(from->pid, s->root ? s->root : getpid(), chain, NULL);
	for (int i = 1; i < n; i++) {
		if (chain[i].pid != to.pid)
			continue;
		strcpy(name, chain[i].comm);
		return true;
	}
	return false;
}

/* Landlock's scope refuses a signal to gatesh; without it, gatesh does. */
static bool signal_hits_gatesh(const struct supervisor *s, const struct signal_sent *sent,
			       const struct signal_party *from)
{
	const pid_t gatesh[] = {getpid(), s->root, s->holder ? s->holder->pid : 0,
				s->foreground == getppid() ? s->foreground : 0};
	for (size_t i = 0; !s->scopes && i < sizeof gatesh / sizeof *gatesh; i++) {
		const struct signal_party to = signal_party(gatesh[i]);
		if (signal_aim_hits(sent, from, &to))
			return true;
	}
	return false;
}

/* --- the question ------------------------------------------------------------------------------------------------- */

static char *signal_words(const struct call *c, const char *sender)
{
	struct strbuf b = {0};
	for (char **w = c->words; w && *w; w++) {
		strbuf_puts(&b, w == c->words ? "" : " ");
		escape_put(&b, *w, strlen(*w));
	}
	if (!b.len)
		escape_put(&b, sender, strlen(sender));
	char *text = strbuf_take(&b);
	if (!text)
		strbuf_free(&b);
	return text;
}

static int signal_put_question(struct call *c, pid_t pid, const char *sender, const char *says)
{
	size_t argc;
	c->words = proc_argv(pid, &argc);
	c->exe = proc_link(pid, "exe");
	c->cwd = proc_link(pid, "cwd");
	c->subject = signal_words(c, sender);
	c->reason = strdup(says);
	c->allowed = call_continue;
	c->job.event = (struct gate_event){.struct_size = sizeof(struct gate_event),
					   .type = GATE_EVENT_EXEC,
					   .exe = c->exe,
					   .argv = (const char *const *)c->words,
					   .argc = argc,
					   .cwd = c->cwd};
	c->job.own_name = "signal";
	c->job.own = (struct gate_finding){.rule = "session.signal",
					   .severity = GATE_SEVERITY_DANGER,
					   .action = GATE_ACTION_ASK,
					   .reason = c->reason,
					   .instead = "kill PID, with the number of the process that you mean",
					   .subject = c->subject,
					   .file = "gatesh itself"};
	return c->subject && c->reason ? 0 : -ENOMEM;
}

static void signal_refuse(struct call *c, const char *says)
{
	char line[WHOM_MAX + 160];
	snprintf(line, sizeof line, "gate: refused: %s", says);
	tracee_say((pid_t)c->notif.pid, line);
	call_return(c, -EPERM, 0);
}

/* Does the signal hit somebody that the session lives by?  `whom` gets his name, and what he is. */
static bool signal_hits(const struct call *c, const struct signal_sent *sent, const struct signal_party *from,
			char whom[WHOM_MAX])
{
	const struct supervisor *s = call_supervisor(c);
	const struct signal_party first = signal_first(s);
	char above[sizeof((struct proc *)0)->comm];
	pid_t tid = (pid_t)c->notif.pid;
	if (signal_aim_hits(sent, from, &first)) {
		snprintf(whom, WHOM_MAX, "%.200s, the session's first process", s->agent);
		return signal_is_permitted(tid, first.pid);
	}
	if (!signal_hits_above(s, sent, from, &first, above))
		return false;
	snprintf(whom, WHOM_MAX, "%s, which it runs under", above);
	return signal_is_permitted(tid, sent->pid);
}

static void signal_judge(struct call *c, const struct signal_sent *sent)
{
	char whom[WHOM_MAX], says[WHOM_MAX + 128];
	struct proc p = {.comm = "?"};
	const struct signal_party from = signal_party(tracee_owner((pid_t)c->notif.pid).pid);
	bool asks = from.pid && signal_hits(c, sent, &from, whom);
	bool refuses = !asks && from.pid && signal_hits_gatesh(call_supervisor(c), sent, &from);
	if (!asks && !refuses) {
		call_continue(c);
		return;
	}
	proc_read(from.pid, &p);
	signal_aim_say(sent, p.comm, asks ? whom : "gatesh, which watches over this session", says, sizeof says);
	if (refuses)
		signal_refuse(c, says);
	else if (signal_put_question(c, from.pid, p.comm, says))
		call_return(c, -ENOMEM, 0);
	else
		call_post(c);
}

/* From another pid namespace, nobody outside of it can be signalled. */
void supervise_signal(struct call *c)
{
	if (!signal_shares_namespace((pid_t)c->notif.pid, "pid")) {
		call_continue(c);
		return;
	}
	const struct signal_sent s = signal_read(c);
	if (s.number)
		signal_judge(c, &s);
	else
		signal_probe(c, &s);
}
