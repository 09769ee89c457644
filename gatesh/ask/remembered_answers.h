/* SPDX-License-Identifier: BSD-2-Clause */
/* remembered_answers.h - the session's memory of answers about files: formats/remembered.h, answer-command, answer-file
 * and told-file.  Main thread only. */
#ifndef GATESH_ASK_REMEMBERED_ANSWERS_H
#define GATESH_ASK_REMEMBERED_ANSWERS_H

#include <gate.h>

#include "ask/answer_scope.h"

struct remembered {
	struct cover *first;
	unsigned n;
};

/* A file event that is asked about, with the chain of its process and ancestors. */
struct cover_event {
	enum gate_event_type type;
	enum gate_severity severity; /* the worst of what asks */
	const char *path;
	const struct answer_scope *reach;
	const struct proc *chain;
	int n;
};

/* An exec that asked was allowed by `by`. */
void remembered_exec(struct remembered *v, pid_t pid, uint64_t start_time, const char *by);

/* A file event was answered: `ret` as conv.ask() returns it, with the answer, of which all zero is a no. */
void remembered_file(struct remembered *v, const struct cover_event *e, int ret, const struct gate_answer *answer);

/* What an earlier answer says: *ret and *answer are set, and *everywhere when it was to their command.  False when
 * there is none. */
bool remembered_find(struct remembered *v, const struct cover_event *e, int *ret, struct gate_answer *answer,
		     bool *everywhere);

/* Has a refusal of this kind been explained to these processes before?  It counts as explained from now on.  `ret` is
 * the kind: as gate_check() returns it, or REMEMBERED_FROZEN for a refusal by a freeze. */
enum { REMEMBERED_FROZEN = -1 };
bool remembered_told(struct remembered *v, const struct cover_event *e, int ret);

/* A grant was revoked: every yes goes. */
void remembered_forget_yes(struct remembered *v);
void remembered_free(struct remembered *v);

#endif
