/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor.h - the checks of gatesh doctor; each reports one line. */
#ifndef GATESH_DOCTOR_DOCTOR_H
#define GATESH_DOCTOR_DOCTOR_H

#include <jansson.h>

#include "util/harden.h"
#include "util/table.h"

enum health {
	HEALTH_OK,
	HEALTH_WARN,   /* works, but not as it should */
	HEALTH_OPEN,   /* a way around the gate is open here */
	HEALTH_BROKEN, /* the gate does not work */
	HEALTH_N
};

struct doctor {
	struct table table;
	json_t *list; /* --json: an array; else NULL */
	unsigned count[HEALTH_N];
	struct harden_support kernel;
};

/* Report one line: the check, its result, why, and what to do about it (NULL: nothing). */
void doctor_say(struct doctor *d, enum health health, const char *check, const char *todo, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* All checks, in the order of the report. */
void doctor_check(struct doctor *d);

void doctor_install(struct doctor *d); /* is the installation complete, and does it work?  doctor_install.c */
void doctor_place(struct doctor *d);   /* a container, WSL?  doctor_place.c */
void doctor_kernel(struct doctor *d);  /* how far can the kernel confine a session?  doctor_kernel.c */
void doctor_files(struct doctor *d);   /* can Gate keep files for undo here?  doctor_files.c */
void doctor_seam(struct doctor *d);    /* does the kernel report raw calls?  doctor_seam.c */
void doctor_reach(struct doctor *d);   /* what can a session reach that acts for it outside?  doctor_reach.c */
void doctor_agents(struct doctor *d);  /* which agents are here, and how are they gated?  doctor_agents.c */

#endif
