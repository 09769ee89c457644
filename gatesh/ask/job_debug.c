/* SPDX-License-Identifier: BSD-2-Clause */
/* job_debug.c - a job in the debug trace.  See job_debug.h. */
#include "ask/job_debug.h"

#include <time.h>

#include "base/strbuf.h"
#include "util/debug_log.h"

static double job_debug_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void job_debug_event(struct job *j, const char *how)
{
	static unsigned last; /* main thread */
	if (!debug_log_on)
		return;
	const struct gate_event *ev = &j->event;
	cleanup_strbuf struct strbuf words = {0};
	for (size_t i = 0; i < ev->argc && i < 64; i++)
		strbuf_printf(&words, " %s", ev->argv[i] ? ev->argv[i] : "");
	j->number = ++last;
	j->began_ms = job_debug_ms();
	debug_log(how, "#%u %s pid %d: %s%s%s%s, in %s", j->number, gate_event_name(ev->type), (int)ev->pid,
		  ev->exe ? ev->exe : "-", ev->path ? " on " : "", ev->path ? ev->path : "",
		  words.s && ev->type == GATE_EVENT_EXEC ? words.s : "", ev->cwd ? ev->cwd : "-");
	if (ev->ancestry)
		debug_log(how, "#%u started by %s", j->number, ev->ancestry);
}

void job_debug_decision(const struct job *j)
{
	if (!debug_log_on || !j->number)
		return;
	size_t n;
	const struct gate_trace *t = gate_trace(j->handle, &n);
	for (size_t i = 0; i < n; i++)
		debug_log("line", "#%u %s:%u %s %s: %s -> %s%s", j->number, t[i].file, t[i].line, t[i].control,
			  t[i].module, gate_strret(t[i].ret), t[i].action, t[i].grantor ? ", grants" : "");
	const struct gate_finding *f = gate_findings(j->handle, &n);
	const char *reason = gate_get_item(j->handle, GATE_ITEM_REASON);
	debug_log(j->ret >= GATE_SERVICE_ERR ? "fault" : "decision", "#%u %s after %.2f ms%s%s%s%s", j->number,
		  gate_strret(j->ret), job_debug_ms() - j->began_ms, n ? ", rule " : "", n ? f->rule : "",
		  reason ? ": " : "", reason ? reason : "");
}
