/* SPDX-License-Identifier: BSD-2-Clause */
/* when_probe.h - runs a rule's `when`: a read-only command whose exit status says whether the rule applies at all.  It
 * is confined as a preview is (preview.h), and the worker that judges the event waits for it. */
#ifndef GATESH_ASK_WHEN_PROBE_H
#define GATESH_ASK_WHEN_PROBE_H

#include <signal.h>

#include "util/mailbox.h"

enum { PROBE_MS = 2000 };

struct asker_environment;
struct previews;

struct probes {
	struct loop *loop;
	struct mailbox *box;
	const struct previews *previews;
	struct probe *first;
	bool closed;
};

void probes_init(struct probes *v, struct loop *l, struct mailbox *box, const struct previews *previews);

/* End the running probes.  Later ones return -ECANCELED. */
void probes_close(struct probes *v);

/* From a worker: run `command` in `cwd`, with the asker's variables that choose a target, and wait for it.  Returns 1 for exit status 0 (the rule applies), 0 for exit
 * status 1 (it does not), or a negative errno if the result is unknown: -EPROTO for any other end, -ETIMEDOUT after
 * PROBE_MS. */
int probe_run(struct probes *v, const char *command, const char *cwd, const struct asker_environment *environment);

/* From a worker: run another command so, with `out` (not closed) as both outputs and `ms` to end in.  Returns its exit status, or
 * a negative errno: -ETIMEDOUT, -EPROTO after a signal, or why it could not be started. */
struct probe_terms {
	const char *command, *cwd;
	const struct asker_environment *environment; /* NULL: gatesh's own */
	int out;                                     /* -1: /dev/null */
	unsigned ms;
};
int probe_run_as(struct probes *v, const struct probe_terms *terms);

/* From the main thread: a child has ended (waitid(2)) and is about to be reaped. */
void probe_child(struct probes *v, const siginfo_t *info);

#endif
