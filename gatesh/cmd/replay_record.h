/* replay_record.h - one line of the audit log judged again. */
#ifndef GATESH_CMD_REPLAY_RECORD_H
#define GATESH_CMD_REPLAY_RECORD_H

#include <gate.h>
#include <jansson.h>

/* What rules said: nothing to ask about, ask, or no. */
enum replay_verdict { REPLAY_ALLOW, REPLAY_ASK, REPLAY_DENY };

/* "allow", "ask", "deny". */
const char *replay_name(enum replay_verdict v);

/* What the rules of then made of it.  NULL, or why that can't be told: it was not they who decided. */
const char *replay_then(const json_t *line, enum replay_verdict *then);

/* Judge the line's event by `h`; gate_findings() and the like are about it afterwards.  NULL, or why it can't be judged
 * again. */
const char *replay_now(gate_handle_t *h, const json_t *line, enum replay_verdict *now);

#endif
