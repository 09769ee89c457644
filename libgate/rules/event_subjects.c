/* SPDX-License-Identifier: BSD-2-Clause */
/* event_subjects.c - builds the subjects of an event: commands for an exec, one line of text for any other event. */
#include "rules/rules_internal.h"

#include <errno.h>

#include "address/destination.h"
#include "base/name.h"
#include "base/strbuf.h"

/* "connect db.example.com:5432 (10.0.0.5, tcp)". */
static int event_subjects_connect_subject(const struct gate_event *ev, struct subjects *out)
{
	cleanup_strbuf struct strbuf b = {0};
	struct destination d;
	struct subject s = {0};
	int err = destination_of(ev, &d);
	strbuf_puts(&b, "connect ");
	if (!err)
		destination_put(&b, &d);
	if (!err)
		err = b.err ? b.err : subject_of_text(&s, d.program ? d.program : "", b.s, NULL);
	destination_free(&d);
	if (!err)
		return subjects_take(out, &s);
	subject_free(&s);
	return err;
}

/* "unlink PATH" or "rename PATH -> OTHER": the text shown for a file event. */
static int event_subjects_file_subject(const struct gate_event *ev, struct subjects *out)
{
	cleanup_strbuf struct strbuf b = {0};
	bool moved = ev->file & GATE_FILE_MOVED;
	const char *program = ev->exe ? name_program(ev->exe) : "";
	if (ev->type == GATE_EVENT_RENAME)
		strbuf_printf(&b, "rename %s -> %s", moved ? ev->path : ev->other, moved ? ev->other : ev->path);
	else
		strbuf_printf(&b, "%s %s", gate_event_name(ev->type), ev->path);
	struct subject s = {0};
	int err = b.err ? b.err : subject_of_text(&s, program, b.s, b.s);
	if (!err)
		return subjects_take(out, &s);
	subject_free(&s);
	return err;
}

int subjects_of_event(const struct ruleset *rs, const struct gate_event *ev, struct subjects *out)
{
	if (ev->type == GATE_EVENT_EXEC)
		return ruleset_subjects(rs, ev, out);
	if (ev->type == GATE_EVENT_CONNECT)
		return event_subjects_connect_subject(ev, out);
	if (ev->type == GATE_EVENT_STATEMENT)
		return subjects_of_statement(ev, out);
	if (ev->type == GATE_EVENT_REQUEST)
		return subjects_of_request(ev, out);
	return ev->path ? event_subjects_file_subject(ev, out) : -EINVAL;
}
