/* SPDX-License-Identifier: BSD-2-Clause */
/* front_proto.h - the protocol between front ends and a session: an abstract socket "\0gate/UID/ID", which the
 * session's Landlock domain can't reach, and one JSON object per line.  Requests follow.  The session answers an
 * invalid one with {"ok":false,"error":"..."}, and one that has no other reply with {"ok":true}:
 *   {"op":"pending"}    -> {"ok":true,"questions":[QUESTION, ...]}, with "frozen":"WHO" while the session is frozen,
 *                       "paused":"WHO" and "paused_until" (epoch seconds) while it is paused,
 *                       and when its command has ended, "left" processes and "left_since" (epoch seconds)
 *   {"op":"subscribe"}  -> the same, then events as they happen; a subscriber counts as somebody to ask
 *   {"op":"answer","id":N,"cookie":"...","pid":P,"start_time":S,"choice":"once|session|no","text":"...",
 *    "word":"...","by":"..."}
 *                       answers every process that waits for it; pid and start_time are those of one of them, so that
 *                       the answer can't hit another process's question.  The session drops those that have ended
 *   {"op":"pass","id":N,"cookie":"..."}  from the desktop only: the person closed the question unanswered
 *   {"op":"why","id":N,"cookie":"..."} -> {"ok":true,"question":QUESTION,"trace":[{file, line, control, module, ret,
 *                       action}, ...]}, the lines of the stack that ran before the line that asks
 *   {"op":"grants"}     -> {"ok":true,"grants":[{id, rule, covers, by, since (epoch seconds), used}, ...]}
 *   {"op":"revoke","id":N}
 *   {"op":"freeze","by":"..."}, {"op":"thaw","by":"..."}  a frozen session refuses everything, even if no rule matches
 *   {"op":"pause","seconds":N,"word":"pause","by":"..."}, {"op":"resume","by":"..."}  a paused session allows
 *                       everything unasked, the open questions too; it ends by itself, N seconds later
 *   {"op":"end","by":"..."} -> {"ok":true,"processes":N}: the session's processes get SIGTERM, later SIGKILL
 * Events:
 *   {"event":"question","question":QUESTION}, when it opens, gets a preview, or its number of askers changes
 *   {"event":"closed","session":"...","id":N,"outcome":"answered|timeout|gone"}, and for an answer choice, by, text
 *   {"event":"frozen","by":"..."}, {"event":"thawed","by":"..."}
 *   {"event":"paused","by":"...","until":SECONDS}, {"event":"resumed","by":"..."}
 * QUESTION: session, id, cookie, age_ms, left_ms (of the timeout), rules [{id, severity, reason, instead, file, line}],
 * command (for display), argv, cwd, pid and start_time (of the first process that asks), askers (the number of
 * processes that ask the same and wait), ancestry, origin (how the agent came to it), event, says (an agent's own words about its tool call), later (about an answer that comes late); for a file path, other, file (enum gate_file_flag), once (the scope
 * of a yes) and unkept (why undo could not bring it back); covers (the scope of "session"), word (to be typed for a yes), preview, desktop ("allow" or "deny": the
 * most that a notification may answer; absent: there is no notification).  Members without a value are left out.  Text
 * is UTF-8; other bytes are written as escape_put() does. */
#ifndef GATESH_FRONT_FRONT_PROTO_H
#define GATESH_FRONT_FRONT_PROTO_H

#include <jansson.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ask/question.h"

enum { FRONT_PAUSE_MAX_S = 8 * 3600 }; /* the longest pause */
#define FRONT_PAUSE_DEFAULT "10m"

/* Fill in the address of a session's answer socket; returns its length. */
socklen_t front_address(struct sockaddr_un *addr, uid_t uid, const char *id);

/* Return the question as JSON: a new reference, NULL when memory is out.  Main thread of the session only. */
json_t *front_question_json(const struct question *q, const char *session);

/* Return the event for a closed question, and the trace of an open one, as above. */
json_t *front_closed_json(const struct question *q, const char *session);
json_t *front_trace_json(const struct gate_question *gq);

/* Return the request that answers a QUESTION, a new reference or NULL.  The caller adds "text" and "word". */
json_t *front_make(const json_t *question, const char *choice, const char *by);

/* Write who answers, for the log and the other front ends: "gatesh allow pts/3". */
void front_by(const char *command, char *buf, size_t size);

/* Connect a front end to the session `id`.  Returns a blocking socket with a timeout of 5 seconds, or -1 with *error
 * (static text). */
int front_connect(const char *id, const char **error);

/* Connect to the session `id`, send one request (takes the reference) and wait for the reply.  Returns a new
 * reference, or NULL with *error (static text). */
json_t *front_request(const char *id, json_t *request, const char **error);

#endif
