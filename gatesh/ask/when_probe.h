/* when_probe.h - a rule's `when`: a read-only command whose exit status says whether the rule applies at all.  Runs as a
 * preview does (preview.h); the worker that judges the event waits for it. */
#ifndef GATESH_ASK_WHEN_PROBE_H
#define GATESH_ASK_WHEN_PROBE_H

#include <signal.h>

#include "util/mailbox.h"

enum { PROBE_MS = 2000 };

struct previews;

struct probes {
	struct loop *loop;
	struct mailbox *box;
	const struct previews *previews;
	struct probe *first;
	bool closed;
};

void probes_init(struct probes *v, struct loop *l, struct mailbox *box, const struct previews *previews);

/* End what runs; later ones can't be told. */
void probes_close(struct probes *v);

/* From a worker: run `command` in `cwd` and wait for it.  1 exit status 0, the rule applies; 0 exit status 1, it does
 * not;
 * -EPROTO any other end, -ETIMEDOUT after PROBE_MS, or another negative errno: it can't be told. */
int probe_run(struct probes *v, const char *command, const char *cwd);

/* Main thread: a child has ended (waitid(2)) and is about to be reaped. */
void probe_child(struct probes *v, const siginfo_t *info);

#endif
