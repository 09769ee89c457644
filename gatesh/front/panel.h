/* SPDX-License-Identifier: BSD-2-Clause */
/* panel.h - the session's questions and notices on its own terminal: an overlay, or plain lines on a terminal that
 * can't be drawn on. */
#ifndef GATESH_FRONT_PANEL_H
#define GATESH_FRONT_PANEL_H

#include "front/lines.h"
#include "front/overlay.h"

struct panel {
	bool in_lines;
	union {
		struct overlay overlay;
		struct lines lines;
	};
};

/* The same contract as overlay.h, whose functions of these names they call. */
void panel_init(struct panel *p, struct loop *l, struct relay *r, struct questions *qs, struct notices *n);
void panel_update(struct panel *p);
void panel_resize(struct panel *p);
void panel_close(struct panel *p);

/* Can the session ask the person at this terminal? */
bool panel_usable(const struct panel *p);

#endif
