/* SPDX-License-Identifier: BSD-2-Clause */
/* popup.c - starts tmux display-popup with gatesh answer in it. */
#include "front/popup.h"

#include <stdlib.h>

#include "base/paths.h"
#include "util/spawn.h"

void popup_init(struct popup *p, bool via_tmux, const char *session, const struct questions *qs, const sigset_t *mask)
{
	*p = (struct popup){.session = session, .questions = qs, .mask = mask};
	p->wanted = via_tmux && getenv("TMUX") && getenv("TMUX_PANE");
}

/* `tmux display-popup` runs until the popup is closed.  It executes a command of several words without a shell. */
bool popup_update(struct popup *p)
{
	if (!p->wanted || p->pid || !p->questions->first)
		return p->wanted;
	const char *argv[] = {"tmux",
			      "display-popup",
			      "-E",
			      "-w",
			      "90%",
			      "-h",
			      "70%",
			      "-t",
			      getenv("TMUX_PANE"),
			      gate_path(GATE_PATH_GATESH),
			      "answer",
			      p->session,
			      NULL};
	p->first = p->questions->first->id;
	p->wanted = !spawn_own((char *const *)argv, -1, p->mask, &p->pid);
	return p->wanted;
}

void popup_reaped(struct popup *p)
{
	p->pid = 0;
	if (p->questions->first && p->questions->first->id == p->first)
		p->wanted = false;
}
