/* subject.h - from an exec event to the texts that rules judge: gate.rules(5), "The subject".  Internal to libgate. */
#ifndef GATE_SUBJECT_SUBJECT_H
#define GATE_SUBJECT_SUBJECT_H

#include <gate.h>

#include "subject/list/subject_list.h"

#pragma GCC visibility push(default)

/* All subjects of an exec event, outermost first, without doubles: argv under AT_EXECFN's base name (a script under
 * its own name; a login shell without its dash), under argv[0]'s when that differs, an interpreter's first operand or
 * -m module; then what wrappers start (wrapper.c).  event->shell_text is split into its commands instead.
 *
 * A live event (pid != 0) leaves `local` wrappers alone: what sh -c, env, xargs or timeout start passes the gate as an
 * exec of its own, and a branch of a script that never runs must not ask.  Only an `away` wrapper (ssh, docker exec,
 * sudo: what it starts has no gate) is peeled then, and everything inside it.  Without a process all of them are.
 *
 * 0, -ENOMEM, -E2BIG (over SUBJECTS_MAX subjects or too deeply nested: the event is refused, not judged in part). */
int subjects_of_exec(const struct gate_event *event, struct subjects *out);
/* The same with the statements in what the programs read.  ruleset_subjects() calls it. */
int subjects_with_content(const struct gate_event *event, const struct subject_wish *wish, struct subjects *out);

#pragma GCC visibility pop

#endif
