/* SPDX-License-Identifier: BSD-2-Clause */
/* keep_run.h - runs the keeps of an exec's rules before it happens (gate.rules(5), keep), confined as previews are, and says
 * what is kept and what is not.  A keep has a time and a size; past them nothing is kept, and the text says so. */
#ifndef GATESH_ASK_KEEP_RUN_H
#define GATESH_ASK_KEEP_RUN_H

#include "ask/asker_environment.h"
#include "engine/engine.h"
#include "keep/keep_dir.h"
#include "util/conf.h"

struct probes;

/* Whose act it is, and the limits.  Borrowed. */
struct keep_asker {
	struct probes *probes;
	const char *session; /* its id */
	const char *cwd;
	const struct asker_environment *environment;
	const char *settings; /* as a question shows them, or "" */
	const struct conf_keep *limits;
};

/* The things kept for one act.  Zero-initialize; belongs to one worker. */
struct keep_run {
	struct keep_entry *v; /* owned; one for each rule that kept something */
	size_t n;
	size_t kept, failed;     /* rules whose keep succeeded, and the others */
	const char *failed_rule; /* one of them; borrowed from the check */
	bool done;
	char text[1024]; /* lines "keeps: ..." and "loses: ..."; "": no rule keeps anything */
};

/* Run the n keeps, one after the other.  From a worker. */
void keep_run(struct keep_run *k, const struct keep_asker *a, const struct gate_keep *v, size_t n);

/* The act goes ahead: write the records.  Returns 0 or the first negative errno. */
int keep_run_commit(struct keep_run *k);

/* The act does not happen, or all is committed: remove what has no record, and free. */
void keep_run_end(struct keep_run *k);

#endif
