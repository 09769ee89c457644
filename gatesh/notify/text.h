/* SPDX-License-Identifier: BSD-2-Clause */
/* text.h - the text of a notification.  Every word of a command shows as text: the session escapes control characters
 * (front_proto.h), and this file the markup that some servers draw. */
#ifndef GATE_NOTIFY_TEXT_H
#define GATE_NOTIFY_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/strbuf.h"

enum { TEXT_COMMAND_MAX = 240, TEXT_LINE_MAX = 160 }; /* bytes */

/* The server's capabilities. */
struct text_style {
	bool markup; /* <b> and entities in the body */
	bool buttons;
};

/* May a button allow this question?  Only if the policy says so in it, and the notification shows the whole command. */
bool text_can_allow(const json_t *question);

/* "gate: danger: git.force-push" */
void text_summary(const json_t *question, struct strbuf *out);

void text_body(const json_t *question, const struct text_style *style, struct strbuf *out);

#endif
