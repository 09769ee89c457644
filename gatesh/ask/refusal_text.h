/* SPDX-License-Identifier: BSD-2-Clause */
/* refusal_text.h - writes the one line that a refused program gets on its stderr, for an agent to act on. */
#ifndef GATESH_ASK_REFUSAL_TEXT_H
#define GATESH_ASK_REFUSAL_TEXT_H

#include <gate.h>

/* Fill `line`, escaped and without a newline, after gate_check() returned `ret`. */
void refusal_line(const gate_handle_t *h, const struct gate_event *ev, int ret, char *line, size_t size);

/* The same if its agent waits no longer, but a person is still being asked. */
void refusal_come_back(const gate_handle_t *h, const struct gate_event *ev, char *line, size_t size);

/* The same if nothing was checked because a person has frozen the session. */
void refusal_frozen(const struct gate_event *ev, char *line, size_t size);

#endif
