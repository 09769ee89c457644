/* job.h - judging one event: a thread each, because a question may keep it for minutes. The main thread starts
 * jobs and gets their results; between the two it touches a job only through job_abandon(). */
#ifndef GATESH_ASK_JOB_H
#define GATESH_ASK_JOB_H

#include <gate.h>
#include <pthread.h>

#include "ask/question.h"
#include "ask/remembered_answers.h"
#include "ask/when_probe.h"
#include "audit/audit_write.h"
#include "formats/wire.h"
#include "util/mailbox.h"

enum { JOBS_MAX = 256 };

struct workers {
	gate_handle_t *base; /* the session's; jobs get a handle each from it */
	struct mailbox *box;
	struct questions *questions;
	struct audit *audit;
	struct remembered *covers;
	const struct workspaces *places;
	struct probes *probes; /* NULL: a rule's `when` is not looked at, it applies */
	bool on_fault_allow;
	bool never_ask; /* a preview's processes: what would be asked is refused */
	unsigned running;
	/* Is anybody there to put this to?  Main thread. */
	bool (*somebody)(const struct gate_question *q, void *data);
	void (*tell)(enum gate_style style, const char *text, void *data); /* any thread */
	void *data;
};

struct job {
	/* filled by who starts it */
	struct gate_event event;           /* strings point into what `done` frees */
	struct proc chain[PROC_DEPTH_MAX]; /* the process and its ancestors, nearest first */
	int nchain;
	void (*done)(struct job *j); /* main thread: ret and line are there; frees the job */
	void *data;
	/* the result */
	int ret;
	char line[2048];              /* for the asker's stderr when refused; "": it has been said */
	char covers[WIRE_COVERS_MAX]; /* of a file: where the answer holds for this process; "": nowhere else */
	enum gate_severity severity;  /* ... for what is no worse */
	/* private */
	struct workers *w;
	struct mail mail;
	pthread_t thread;
	gate_handle_t *handle;
	struct asker asker;
	struct answer_scope reach; /* of a file event */
	struct cover_event file;
	char once[256];
	bool everywhere; /* its command was allowed before */
	bool allowed;    /* an exec that asked: so are its file events, by: */
	char by[sizeof((struct gate_answer *)0)->by];
	char frozen[64]; /* who had frozen the session when it started */
	bool abandoned;
	unsigned number; /* in the debug trace; 0: there is none */
	double began_ms;
};

/* Start it. 0; -EAGAIN (JOBS_MAX reached), -ENOMEM or another negative errno: then ret and line say so and done() is
 * not called. */
int job_start(struct workers *w, struct job *j);

/* Log a connection that has been decided already: no thread, nobody is asked.  JOB_REFUSED: it was refused before;
 * JOB_INHERITED: nobody connects, the socket is handed over. */
enum job_record_flag { JOB_REFUSED = 1, JOB_INHERITED = 2 };
void job_record(struct workers *w, const struct gate_event *ev, unsigned flags);

/* The asker is gone: its question goes too. */
void job_abandon(struct job *j);

#endif
