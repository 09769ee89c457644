/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_agents.c - reports how the agents on this machine are gated.  See doctor.h. */
#include "doctor/doctor.h"

#include <stdio.h>

#include "adopt/adoption.h"

void doctor_agents(struct doctor *d)
{
	for (const struct agent *g = agents; g->name; g++) {
		struct adoption_state s;
		char text[256], todo[64];
		adoption_look(g, &s);
		if (!s.here && !s.shim && !s.hooks)
			continue;
		bool gated = s.shim_first || s.hooks;
		adoption_describe(&s, text, sizeof text);
		snprintf(todo, sizeof todo, "gatesh install %s", g->name);
		doctor_say(d,
			   !gated                               ? HEALTH_OPEN :
			   s.stale || (s.shim && !s.shim_first) ? HEALTH_WARN :
								  HEALTH_OK,
			   g->name, gated && !s.stale ? NULL : todo, "%s", text);
	}
}
