/* SPDX-License-Identifier: BSD-2-Clause */
/* signal_aim.c - compares whom a signal is for with whom the session lives by, and says so in a sentence. */
#include "supervise/signal_aim.h"

#include <signal.h>
#include <stdio.h>

bool signal_aim_hits(const struct signal_sent *s, const struct signal_party *from, const struct signal_party *to)
{
	if (to->pid <= 0 || to->pid == from->pid || to->group == from->group)
		return false;
	switch (s->to) {
	case SIGNAL_TO_PROCESS: return s->pid == to->pid;
	case SIGNAL_TO_GROUP: return s->pid == to->group;
	case SIGNAL_TO_ALL: return true;
	case SIGNAL_TO_NOBODY: break;
	}
	return false;
}

const char *signal_aim_name(int number, char buf[SIGNAL_NAME_MAX])
{
	switch (number) {
	case SIGHUP: return "HUP";
	case SIGINT: return "INT";
	case SIGQUIT: return "QUIT";
	case SIGABRT: return "ABRT";
	case SIGKILL: return "KILL";
	case SIGTERM: return "TERM";
	case SIGSTOP: return "STOP";
	default: snprintf(buf, SIGNAL_NAME_MAX, "signal %d", number); return buf;
	}
}

void signal_aim_say(const struct signal_sent *s, const char *sender, const char *whom, char *buf, size_t size)
{
	char number[SIGNAL_NAME_MAX];
	const char *name = signal_aim_name(s->number, number);
	switch (s->to) {
	case SIGNAL_TO_GROUP: snprintf(buf, size, "%s sends %s to the process group of %s", sender, name, whom); break;
	case SIGNAL_TO_ALL: snprintf(buf, size, "%s sends %s to every process, also to %s", sender, name, whom); break;
	default: snprintf(buf, size, "%s sends %s to %s", sender, name, whom); break;
	}
}
