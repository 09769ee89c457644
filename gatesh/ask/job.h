/* SPDX-License-Identifier: BSD-2-Clause */
/* job.h - judges one event per job, in a thread of its own, because a question may block it for minutes.  The main
 * thread starts jobs and gets their results; in between it touches a job only through job_abandon(). */
#ifndef GATESH_ASK_JOB_H
#define GATESH_ASK_JOB_H

#include <gate.h>

#include "ask/asker_environment.h"
#include "ask/keep_run.h"
#include "ask/origin.h"
#include "ask/question.h"
#include "ask/remembered_answers.h"
#include "ask/tool_calls.h"
#include "ask/when_probe.h"
#include "audit/audit_write.h"
#include "formats/wire.h"
#include "util/mailbox.h"

/* Jobs at once, each with a thread: most of the time it waits for a person, and takes some 40 KiB of memory. */
enum { JOBS_MAX = 2048 };

struct workers {
	gate_handle_t *base; /* the session's handle; each job duplicates it */
	struct mailbox *box;
	struct questions *questions;
	struct audit *audit;
	struct remembered *covers;
	const struct workspaces *places;
	struct probes *probes;    /* NULL: a rule's `when` is not run, and the rule applies */
	struct tool_calls *calls; /* what agents have told of; NULL for a preview's processes */
	unsigned
		tool_limit_ms; /* how long a tool waits whose limit no hook has told; 0: as long as a question is open */
	bool on_fault_allow;
	struct conf_keep keep;
	bool never_ask; /* for a preview's processes: refuse instead of asking */
	unsigned running;
	/* Is anybody there to ask?  Main thread. */
	bool (*somebody)(const struct gate_question *q, void *data);
	void (*tell)(enum gate_style style, const char *text, void *data); /* any thread */
	void *data;
};

/* A job may look at what would become of its question before it puts it. */
enum job_look { JOB_LOOKS_NOT, JOB_LOOKS_FOR_SOMEBODY, JOB_LOOKS_TO_PASS };

struct job {
	/* set by the caller of job_start() */
	struct gate_event event;           /* strings point into what `done` frees */
	struct proc chain[PROC_DEPTH_MAX]; /* the process and its ancestors, nearest first */
	int nchain;
	/* gatesh's own finding, about what the event's program does: no rule is matched.  Strings as the event's. */
	struct gate_finding own; /* rule NULL: none */
	const char *own_name;    /* the event's name in the log */
	/* exec: the new program's environment, where no process has it yet; NULL: the process that acts has it.  Until `done`. */
	char *const *envp;
	void (*done)(struct job *j); /* main thread: ret and line are set; frees the job */
	/* Main thread: the process must be refused now, with `line`, although the question stays open.  done() is called all the same, and
	 * its result is for nobody.  NULL: the process waits as long as the question. */
	void (*told)(struct job *j);
	void *data;
	/* the result */
	int ret;
	char line[2048];              /* if refused, for the asker's stderr; "": it was told already */
	char covers[WIRE_COVERS_MAX]; /* for a file: the directory where the answer holds for this process; "": none */
	enum gate_severity severity;  /* ... up to this severity */
	/* private */
	struct workers *w;
	struct mail mail;
	gate_handle_t *handle;
	struct asker asker;
	struct answer_scope reach; /* for a file event */
	struct cover_event file;
	struct asker_environment environment; /* read when a person is asked or a probe runs */
	char settings[512];                   /* event.settings */
	struct keep_run kept;                 /* its text: event.keeps */
	char says[TOOL_CALL_SAYS + 32];       /* event.says */
	char origin[ORIGIN_MAX];              /* event.origin: when a person is asked */
	char agent[16];                       /* of the tool call; "": it is not known */
	pid_t agent_pid;
	char once[256];
	bool everywhere; /* its command was allowed before */
	bool allowed;    /* an exec that asked was allowed, and so are its file events, by: */
	char by[sizeof((struct gate_answer *)0)->by];
	char rules[512];      /* ... asked by these: remembered_exec() */
	char frozen[64];      /* who had frozen the session when the job started; "": nobody */
	char paused[64];      /* who had paused it, and allows this unasked */
	unsigned patience_ms; /* of its tool, from the start of the job; 0: not known */
	uint64_t started;     /* loop_now() */
	bool abandoned;
	enum job_look looks;
	unsigned number; /* in the debug trace; 0: there is none */
	double began_ms;
};

/* Start a job.  Returns 0, -EAGAIN (JOBS_MAX reached), -ENOMEM or another negative errno.  On error ret and line are
 * set and done() is not called. */
int job_start(struct workers *w, struct job *j);

/* Log a connection that was decided already, without a thread or a question.  JOB_REFUSED: it was refused.
 * JOB_INHERITED: nobody connects; a connected socket is handed over. */
enum job_record_flag { JOB_REFUSED = 1, JOB_INHERITED = 2 };
void job_record(struct workers *w, const struct gate_event *ev, unsigned flags);

/* The asking process is gone: abandon its question. */
void job_abandon(struct job *j);

#endif
