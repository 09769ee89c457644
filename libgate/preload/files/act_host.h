/* SPDX-License-Identifier: BSD-2-Clause */
/* act_host.h - the services that the acts need from the process they run in.  The interposer implements them in
 * act_host.c and ask_file.c.  gatesh acts for programs that can't load the interposer, and implements them, with those
 * of preload/base/message.h, in gatesh/supervise/act_host_gatesh.c. */
#ifndef GATE_PRELOAD_FILES_ACT_HOST_H
#define GATE_PRELOAD_FILES_ACT_HOST_H

#include "preload/files/file_judge.h"

/* The acting process. */
struct act_actor {
	long pid, group;
};
struct act_actor act_actor(void);

/* The kernel has reported a path (readlink of /proc/self/fd).  Make it the one that the acting process uses, in place. */
void act_host_located(char *path);

/* Ask a person.  `unkept`: the reason why the file can't be kept; NULL if it can.  Returns VICTIM_GO, VICTIM_LEAVE, or -EPERM
 * with any message already printed.  This process and its forks do not ask again about anything that the answer covers. */
int ask_file(const struct victim *v, const char *unkept);

/* No decision is possible.  Returns VICTIM_LEAVE if the session may decide where this process can't; else VICTIM_GO or
 * -EPERM, as the image's on-fault says.  Prints the fault once per process. */
int ask_file_fault(const char *what, int err);

#endif
