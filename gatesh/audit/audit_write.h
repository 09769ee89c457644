/* audit_write.h - the audit log: one JSON object a decision, a line each, written whole. */
#ifndef GATESH_AUDIT_AUDIT_WRITE_H
#define GATESH_AUDIT_AUDIT_WRITE_H

#include <gate.h>
#include <limits.h>
#include <stdbool.h>

struct audit {
	char path[PATH_MAX];
	int fd;
	bool torn; /* the last line is not whole: the next begins a new one (atomic) */
};

struct decision {
	gate_handle_t *handle; /* after gate_check() */
	const struct gate_event *event;
	int ret;
	unsigned id;           /* of the question; 0: nobody was asked */
	bool inherited;        /* of a connection: its socket was connected before */
	bool allowed_on_fault; /* refused by a fault, let through by on-fault: allow */
};

/* Open $XDG_STATE_HOME/gate/audit.jsonl (~/.local/state), 0600, making its directory 0700. 0 or a negative errno,
 * told on stderr. */
int audit_start(struct audit *a);
void audit_end(struct audit *a);

/* The name of a bit of enum gate_file_flag in the log, "outside"; NULL behind the last.  Static storage. */
const char *audit_file_flag(unsigned bit);

/* Make the directories above `path`, 0700, where they are not there; `path` is as it was afterwards. 0 or a negative
 * errno. */
int audit_make_directories(char *path);

/* Append one decision with a single write.  Thread-safe.  0 or a negative errno: the line is not there. */
int audit_write(struct audit *a, const struct decision *d);

#endif
