/* front_proto.h - what front ends and a session say to each other: an abstract socket "\0gate/UID/ID", which the
 * session's Landlock domain can't reach, and JSON, an object a line.  Requests; what is not in order is answered
 * {"ok":false,"error":"..."}, and what has no other answer {"ok":true}:
 *   {"op":"pending"}    -> {"ok":true,"questions":[QUESTION, ...]}, with "frozen":"..." while it is: who did it
 *   {"op":"subscribe"}  -> the same, then events as it goes; whoever is subscribed counts as somebody to ask
 *   {"op":"answer","id":N,"cookie":"...","pid":P,"start_time":S,"choice":"once|session|no","text":"...",
 *    "word":"...","by":"..."}
 *                       for every process that waits for it; pid and start_time are one of theirs, so that it can't hit
 *                       a question asked by another.  The session lets go of those that have ended since
 *   {"op":"pass","id":N,"cookie":"..."}  the desktop's only: its person closed the question unanswered
 *   {"op":"why","id":N,"cookie":"..."} -> {"ok":true,"question":QUESTION,"trace":[{file, line, control, module, ret,
 *                       action}, ...]}, the lines of the stack that ran before the one that asks
 *   {"op":"grants"}     -> {"ok":true,"grants":[{id, rule, covers, by, since (epoch seconds), used}, ...]}
 *   {"op":"revoke","id":N}
 *   {"op":"freeze","by":"..."}, {"op":"thaw","by":"..."}  while a session is frozen everything in it is refused, also
 *                       what no rule is about
 * Events:
 *   {"event":"question","question":QUESTION}, when it opens, gets a preview, or has another number of askers
 *   {"event":"closed","session":"...","id":N,"outcome":"answered|timeout|gone"}, and of an answer choice, by, text
 *   {"event":"frozen","by":"..."}, {"event":"thawed","by":"..."}
 * QUESTION: session, id, cookie, age_ms, left_ms (of the timeout), rules [{id, severity, reason, instead, file, line}],
 * command (for display), argv, cwd, pid and start_time (of the first process that asks), askers (how many ask the
 * same), ancestry, event, of a file path, other, file (enum gate_file_flag) and once (what a yes is about), covers
 * (what "session" would), word (what a yes has to type), preview, desktop ("allow" or "deny": the most that a
 * notification may answer; without it there is none).  Absent members are left out; text is UTF-8, other bytes shown as
 * escape_put() does. */
#ifndef GATESH_FRONT_FRONT_PROTO_H
#define GATESH_FRONT_FRONT_PROTO_H

#include <jansson.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ask/question.h"

/* The address of a session's answer socket; returns its length. */
socklen_t front_address(struct sockaddr_un *addr, uid_t uid, const char *id);

/* The question as JSON: a new reference, NULL when memory is out.  Main thread of the session. */
json_t *front_question_json(const struct question *q, const char *session);

/* The event that a closed question is, and the trace of an open one; likewise. */
json_t *front_closed_json(const struct question *q, const char *session);
json_t *front_trace_json(const struct gate_question *gq);

/* The request that answers a QUESTION; "text" and "word" are the caller's to add.  A new reference or NULL. */
json_t *front_make(const json_t *question, const char *choice, const char *by);

/* Who answers, for the log and the others: "gatesh allow pts/3". */
void front_by(const char *command, char *buf, size_t size);

/* A front end's end: connect to the session `id`.  A blocking socket with a limit of some seconds, or -1 with *error
 * (static text). */
int front_connect(const char *id, const char **error);

/* Connect to the session `id`, send one request (the reference is taken over), wait for the reply.  A new
 * reference, or NULL with *error (static text). */
json_t *front_request(const char *id, json_t *request, const char **error);

#endif
