/* act_host_gatesh.h - the interposer's own judgement of deletions and overwrites (libgate/preload/act_*.c), run in gatesh for a
 * program that can't load it: the same ladder, the same store.  What there it asks the session, here is put down as a
 * question.  One thread. */
#ifndef GATESH_SUPERVISE_ACT_HOST_GATESH_H
#define GATESH_SUPERVISE_ACT_HOST_GATESH_H

#include <gate.h>
#include <limits.h>

/* Who acts, and what would have to be asked. */
struct act_host {
	pid_t tid;
	char program[64]; /* base name */
	bool allowed;     /* a person said yes: do it without asking */
	/* filled in when the act ended with -EPERM because somebody has to be asked */
	bool asks;
	enum gate_event_type event;
	unsigned file; /* enum gate_file_flag */
	uint64_t size;
	char path[PATH_MAX], other[PATH_MAX], unkept[128]; /* "": none */
};

/* Take the policy image of the session in `dir`.  0 or a negative errno; once a process. */
int act_host_open(const char *dir);

/* Are file events judged in this session? */
bool act_host_judges(void);

/* From here on the acts are `a`'s. */
void act_host_as(struct act_host *a);

#endif
