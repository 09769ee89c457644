/* answerproto.h - what front ends and a session say to each other: an abstract socket "\0gate/UID/ID", which the session's Landlock
 * domain can't reach, and JSON, an object a line.
 *   {"op":"pending"}    -> {"ok":true,"questions":[QUESTION, ...]}
 *   {"op":"subscribe"}  -> the same, then {"event":"question","question":QUESTION} and {"event":"closed","id":N} as it goes;
 *                          whoever is subscribed counts as somebody to ask
 *   {"op":"answer","id":N,"cookie":"...","choice":"once|session|no","text":"...","word":"...","by":"..."} -> {"ok":true}
 *   what is not in order -> {"ok":false,"error":"..."}
 * QUESTION: session, id, cookie, age_ms, left_ms (of the timeout), rules [{id, severity, reason, instead, file, line}], command (for
 * display), argv, cwd, pid, ancestry, covers (what "session" would), word (what a yes has to type), preview.  Absent members are
 * left out; text is UTF-8, other bytes shown as escape_put() does. */
#ifndef GATESH_ANSWERPROTO_H
#define GATESH_ANSWERPROTO_H

#include <jansson.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "question.h"

/* The address of a session's answer socket; returns its length. */
socklen_t answer_address(struct sockaddr_un *addr, uid_t uid, const char *id);

/* The question as JSON: a new reference, NULL when memory is out.  Main thread of the session. */
json_t *answer_question_json(const struct question *q, const char *session);

/* A front end's end: connect to the session `id`, send one request (the reference is taken over), wait for the reply.  A new
 * reference, or NULL with *error (static text). */
json_t *answer_request(const char *id, json_t *request, const char **error);

#endif
