/* SPDX-License-Identifier: BSD-2-Clause */
/* question_from_json.h - converts a question in JSON (front_proto.h) to the structs that prompt.h and dialog.h take. */
#ifndef GATESH_FRONT_QUESTION_FROM_JSON_H
#define GATESH_FRONT_QUESTION_FROM_JSON_H

#include <gate.h>
#include <jansson.h>

struct json_question {
	struct gate_question question;
	struct gate_event event;
	struct gate_finding *findings;
	const char **argv;
};

/* Borrows the strings of `question`.  0, -EPROTO (not a question) or -ENOMEM; on error there is nothing to free. */
int json_question_read(struct json_question *a, const json_t *question);
void json_question_free(struct json_question *a);

#endif
