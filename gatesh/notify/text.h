/* text.h - what a notification says of a question.  Every word of a command is shown as text: it is escaped already
 * (front_proto.h), and here from the markup that some servers draw. */
#ifndef GATE_NOTIFY_TEXT_H
#define GATE_NOTIFY_TEXT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/strbuf.h"

enum { TEXT_COMMAND_MAX = 240, TEXT_LINE_MAX = 160 }; /* bytes */

/* What the server draws. */
struct text_style {
	bool markup; /* <b> and entities in the body */
	bool buttons;
};

/* May a button allow this question?  Policy says so in it, and nobody allows what there is no room to show. */
bool text_can_allow(const json_t *question);

/* "gate: danger: git.force-push" */
void text_summary(const json_t *question, struct strbuf *out);

void text_body(const json_t *question, const struct text_style *style, struct strbuf *out);

#endif
