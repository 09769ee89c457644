/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_write.h - writes the audit log: one JSON object per decision, each on one line and in one write. */
#ifndef GATESH_AUDIT_AUDIT_WRITE_H
#define GATESH_AUDIT_AUDIT_WRITE_H

#include <gate.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

struct audit {
	char path[PATH_MAX];
	int fd;
	const char *credentials; /* whose the session uses, for "principal"; NULL: not said */
	bool torn;               /* the last line is incomplete, so the next write begins a new line (atomic) */
};

struct decision {
	gate_handle_t *handle; /* after gate_check() */
	const struct gate_event *event;
	const char *name; /* of the event, if it is not one of the engine's; else NULL */
	int ret;
	unsigned id;           /* of the question; 0: nobody was asked */
	bool inherited;        /* for a connection: the socket was connected before */
	bool allowed_on_fault; /* refused by a fault, let through by on-fault: allow */
	bool preview;          /* a preview's or a probe's process did it, for the person and not for the agent */
	bool come_back;        /* refused because its agent waits no longer, while a person is still being asked */
	bool late;             /* the answer to such a question: it counts when the same is asked again */
	const char *paused;    /* who has paused the session, so that nobody decided; NULL or "": nobody */
};

/* Open $XDG_STATE_HOME/gate/audit.jsonl (default ~/.local/state), 0600, and make its directory, 0700.  Returns 0 or a
 * negative errno, reported on stderr. */
int audit_start(struct audit *a);
void audit_end(struct audit *a);

/* The name in the log of a bit of enum gate_file_flag, such as "outside"; NULL past the last.  Static storage. */
const char *audit_file_flag(unsigned bit);

/* Append one decision with a single write(2).  Thread-safe.  Returns 0 or a negative errno; on error there is no
 * complete line in the log. */
int audit_write(struct audit *a, const struct decision *d);

/* The members that every record has; a new reference, or NULL when memory is out. */
json_t *audit_record(const char *session, const char *event);

/* Append a record, whose reference it takes (NULL: -ENOMEM), as audit_write() does. */
int audit_append(struct audit *a, json_t *record);

#endif
