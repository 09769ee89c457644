/* SPDX-License-Identifier: BSD-2-Clause */
/* remembered_answers.h - the session's memory of answers about commands and files: formats/remembered.h, answer-command,
 * answer-file and told-file.  Main thread only. */
#ifndef GATESH_ASK_REMEMBERED_ANSWERS_H
#define GATESH_ASK_REMEMBERED_ANSWERS_H

#include <gate.h>

#include "ask/answer_scope.h"

struct remembered {
	struct cover *first;
	unsigned n;
};

/* A file event that Gate asks about, with its process and the ancestors of that. */
struct cover_event {
	enum gate_event_type type;
	enum gate_severity severity; /* of the worst rule that asks */
	bool unkept;                 /* the file can't be kept */
	const char *path;
	const struct answer_scope *reach;
	const struct proc *chain;
	int n;
};

/* Remember that `by` allowed an exec that a rule asked about.  `rules` are the ids of those that did, each between blanks. */
void remembered_exec(struct remembered *v, pid_t pid, uint64_t start_time, const char *by, const char *rules);

/* Was the process, or an ancestor of it, executed with a yes to every rule that asks about its statement now?  `chain` are the n
 * processes, nearest first.  Sets *answer. */
bool remembered_statement(const struct remembered *v, const struct gate_question *q, const struct proc *chain, int n,
			  struct gate_answer *answer);

/* Remember the answer to a file event.  `ret` is the return value of conv.ask(); an answer of zeros is a no. */
void remembered_file(struct remembered *v, const struct cover_event *e, int ret, const struct gate_answer *answer);

/* Find an earlier answer that covers the event.  Sets *ret and *answer; sets *everywhere if the answer was to the command
 * of the process.  Returns false if there is none. */
bool remembered_find(struct remembered *v, const struct cover_event *e, int *ret, struct gate_answer *answer,
		     bool *everywhere);

/* Has a refusal of this kind been explained to these processes before?  It counts as explained from now on.  `ret` is
 * the kind: as gate_check() returns it, or REMEMBERED_FROZEN for a refusal by a freeze. */
enum { REMEMBERED_FROZEN = -1 };
bool remembered_told(struct remembered *v, const struct cover_event *e, int ret);

/* Forget every yes, because a grant was revoked. */
void remembered_forget_yes(struct remembered *v);
void remembered_free(struct remembered *v);

#endif
