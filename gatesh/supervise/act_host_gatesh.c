/* SPDX-License-Identifier: BSD-2-Clause */
/* act_host_gatesh.c - implements the interposer's act_host.h and message.h in gatesh, for a supervised program. */
#include "supervise/act_host_gatesh.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "preload/base/message.h"
#include "preload/base/process_state.h"
#include "preload/files/act_host.h"
#include "preload/files/store_journal.h"
#include "supervise/tracee.h"
#include "util/foreign_root.h"
#include "util/proc.h"

static _Thread_local struct act_host *acting;

void act_host_open(const void *image)
{
	state_enter_mapped(image);
}

bool act_host_judges(void)
{
	return state.active && state_head()->file_events;
}

void act_host_as(struct act_host *a)
{
	acting = a;
	a->asks = false;
}

/* gatesh can't wait for an answer in the middle of an act.  The act ends, and runs again when the answer is there. */
int ask_file(const struct victim *v, const char *unkept)
{
	struct act_host *a = acting;
	if (a->allowed)
		return VICTIM_GO;
	struct wire_event ev = victim_event(v);
	a->asks = true;
	a->event = (enum gate_event_type)ev.event;
	a->file = ev.file;
	a->size = ev.size;
	strcpy(a->path, v->path);
	if (!victim_other(v, a->other))
		strcpy(a->other, v->other ? "/" : "");
	snprintf(a->unkept, sizeof a->unkept, "%s", unkept ? unkept : "");
	return -EPERM;
}

int ask_file_fault(const char *what, int err)
{
	return message_call_fault(what, err) ? VICTIM_GO : -EPERM;
}

const char *message_program_name(void)
{
	return acting->program;
}

void message_put(const char *what)
{
	char line[512];
	snprintf(line, sizeof line, "gate: %s: %s", acting->program, what);
	tracee_say(acting->tid, line);
}

bool message_call_fault(const char *what, int err)
{
	bool go_on = state_head()->flags & GATE_IMAGE_ON_FAULT_ALLOW;
	char line[256];
	snprintf(line, sizeof line, "%s: %s, %s", go_on ? "not judged" : "refused", what, strerror(-err));
	message_put(line);
	return go_on;
}

void act_host_located(char *path)
{
	foreign_root_cut(acting->above, path);
}

struct act_actor act_actor(void)
{
	struct proc p = {0};
	return (struct act_actor){acting->tid, proc_read(acting->tid, &p) ? 0 : p.pgid};
}
