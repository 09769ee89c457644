/* SPDX-License-Identifier: BSD-2-Clause */
/* subject.h - turns an exec event into the texts that rules judge.  See "The subject" in gate.rules(5).  Internal to
 * libgate. */
#ifndef GATE_SUBJECT_SUBJECT_H
#define GATE_SUBJECT_SUBJECT_H

#include <gate.h>

#include "subject/list/subject_list.h"

#pragma GCC visibility push(default)

/* Return all subjects of an exec event, outermost first, without duplicates.  First come argv under AT_EXECFN's base
 * name (a script under its own name; a login shell without its dash), argv under argv[0]'s base name if that differs,
 * and an interpreter's first operand or -m module.
 * With `known`, argv also comes under that program's name.  Then come the commands that wrappers start (wrapper.c).  If the
 * event has a shell_text, that text is split into its commands instead.
 *
 * For a live event (pid != 0), `local` wrappers are not opened: a command that sh -c, env, xargs or timeout starts
 * passes the gate in an exec of its own, and a branch of a script that never runs must not ask.  Only an `away` wrapper
 * (ssh, docker exec, sudo: its commands have no gate) is opened, with everything inside it.  Without a process, all
 * wrappers are opened.
 *
 * Returns 0, -ENOMEM, or -E2BIG (more than SUBJECTS_MAX subjects, or nested too deeply: the event is refused, not
 * judged in part). */
int subjects_of_exec(const struct gate_event *event, struct subjects *out);
/* The same, plus the statements that the programs read.  ruleset_subjects() calls it. */
int subjects_with_content(const struct gate_event *event, const struct subject_wish *wish, struct subjects *out);

#pragma GCC visibility pop

#endif
