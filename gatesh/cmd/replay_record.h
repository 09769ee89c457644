/* SPDX-License-Identifier: BSD-2-Clause */
/* replay_record.h - judges one line of the audit log again. */
#ifndef GATESH_CMD_REPLAY_RECORD_H
#define GATESH_CMD_REPLAY_RECORD_H

#include <gate.h>
#include <jansson.h>

/* The verdict of the rules. */
enum replay_verdict { REPLAY_ALLOW, REPLAY_ASK, REPLAY_DENY };

/* "allow", "ask", "deny". */
const char *replay_name(enum replay_verdict v);

/* Find the verdict of the rules at the time.  Returns NULL, or why the line doesn't show it: something else decided. */
const char *replay_then(const json_t *line, enum replay_verdict *then);

/* Judge the line's event by `h`; gate_findings() and its like then report on it.  Returns NULL, or why it can't be
 * judged again. */
const char *replay_now(gate_handle_t *h, const json_t *line, enum replay_verdict *now);

/* Make the event of a line about a statement or a request, which borrows from the line.  Returns false if it is about
 * something else, or lacks something.  The caller frees *ev with replay_event_free(). */
bool replay_event(const json_t *line, const struct gate_event **ev);
void replay_event_free(const struct gate_event *ev);

#endif
