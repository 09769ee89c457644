/* act_host.h - what the acts need from the process that they run in.  The interposer has it in act_host.c and ask_file.c;
 * gatesh, which acts for a program that can't load the interposer, in gatesh/supervise/act_host_gatesh.c, with what
 * preload/base/message.h declares. */
#ifndef GATE_PRELOAD_FILES_ACT_HOST_H
#define GATE_PRELOAD_FILES_ACT_HOST_H

#include "preload/files/file_judge.h"

/* Who acts. */
struct act_actor {
	long pid, group;
};
struct act_actor act_actor(void);

/* Ask a person.  `unkept`: why it can't be kept; NULL: it can.  VICTIM_GO or -EPERM, and that has been said.  What an
 * answer covers is not asked again by this process and its forks. */
int ask_file(const struct victim *v, const char *unkept);

/* Nobody can decide: VICTIM_GO or -EPERM, by the image's on-fault; said once a process. */
int ask_file_fault(const char *what, int err);

#endif
