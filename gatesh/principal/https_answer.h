/* SPDX-License-Identifier: BSD-2-Clause */
/* https_answer.h - a server's answer to a request of gatesh's own: RFC 9112.  Pure, over text of an unknown origin. */
#ifndef GATESH_PRINCIPAL_HTTPS_ANSWER_H
#define GATESH_PRINCIPAL_HTTPS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct https_answer {
	unsigned status;
	char *body; /* in the text, chunks put together; NUL-terminated */
	size_t len;
};

/* Parse text[0..n), which has room for one byte more and is changed once it is complete.  `over`: the connection has ended.
 * Returns 1: complete; 0: more is to come; -1: not an answer that is understood. */
int https_answer_parse(char *text, size_t n, bool over, struct https_answer *out);

#endif
