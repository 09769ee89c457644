/* SPDX-License-Identifier: BSD-2-Clause */
/* panel.c - picks the overlay or plain lines. */
#include "front/panel.h"

#include "front/prompt.h"

void panel_init(struct panel *p, struct loop *l, struct relay *r, struct questions *qs, struct notices *n)
{
	p->in_lines = prompt_is_lines();
	if (p->in_lines)
		lines_init(&p->lines, l, r, qs, n);
	else
		overlay_init(&p->overlay, l, r, qs, n);
}

void panel_update(struct panel *p)
{
	if (p->in_lines)
		lines_update(&p->lines);
	else
		overlay_update(&p->overlay);
}

void panel_resize(struct panel *p)
{
	if (p->in_lines)
		relay_resize(p->lines.relay); /* the lines stay as they are */
	else
		overlay_resize(&p->overlay);
}

void panel_close(struct panel *p)
{
	if (p->in_lines)
		lines_close(&p->lines);
	else
		overlay_close(&p->overlay);
}

bool panel_usable(const struct panel *p)
{
	return p->in_lines ? p->lines.relay && !p->lines.relay->outer_gone : overlay_usable(&p->overlay);
}
