/* doctor.h - what the parts of gatesh doctor share: one line a check. */
#ifndef GATESH_DOCTOR_DOCTOR_H
#define GATESH_DOCTOR_DOCTOR_H

#include <jansson.h>

#include "util/harden.h"
#include "util/table.h"

enum health {
	HEALTH_OK,
	HEALTH_WARN,   /* works, but not as it should */
	HEALTH_OPEN,   /* a way round the gate is open here */
	HEALTH_BROKEN, /* the gate does not work */
	HEALTH_N
};

struct doctor {
	struct table table;
	json_t *list; /* --json: an array; else NULL */
	unsigned count[HEALTH_N];
	struct harden_support kernel;
};

/* One line: what was looked at, how it is and why, and what to do about it (NULL: nothing). */
void doctor_say(struct doctor *d, enum health health, const char *check, const char *todo, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

void doctor_install(struct doctor *d); /* what is installed, and whether it works.  doctor_install.c */
void doctor_kernel(struct doctor *d);  /* what the kernel gives to confine a session.  doctor_kernel.c */
void doctor_files(struct doctor *d);   /* whether files can be kept for undo here.  doctor_files.c */
void doctor_reach(struct doctor *d);   /* what a session can reach that acts for it outside.  doctor_reach.c */

#endif
