/* refusal_text.h - the one line a refused program gets on its stderr: written for an agent to act upon. */
#ifndef GATESH_ASK_REFUSAL_TEXT_H
#define GATESH_ASK_REFUSAL_TEXT_H

#include <gate.h>

/* Fill `line` (no newline, escaped) after gate_check() said `ret`. */
void refusal_line(const gate_handle_t *h, const struct gate_event *ev, int ret, char *line, size_t size);

/* The same where nothing was checked, because a person has frozen the session. */
void refusal_frozen(const struct gate_event *ev, char *line, size_t size);

#endif
