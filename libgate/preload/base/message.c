/* SPDX-License-Identifier: BSD-2-Clause */
/* message.c - formats the interposer's lines on stderr without libc, and ends a refused program. */
#include "preload/base/message.h"

#include <errno.h>

#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

enum { EXIT_REFUSED = 126, LINE_MAX_BYTES = 512 };

static const char *program = "?";

void message_program(const char *execfn, const char *argv0)
{
	if (execfn && *execfn)
		program = text_base(execfn);
	else if (argv0 && *argv0)
		program = text_base(argv0);
}

const char *message_program_name(void)
{
	return program;
}

/* A name may hold any bytes.  Bytes that could control a terminal become '?'. */
static void message_put_name(struct text *t, const char *name)
{
	for (int i = 0; *name && i < 64; i++, name++) {
		char c[2] = {(unsigned char)*name < ' ' || *name & 0x80 || *name == 0x7f ? '?' : *name, '\0'};
		text_put(t, c);
	}
}

static void message_put_error(struct text *t, int err)
{
	static const struct {
		int err;
		const char *text;
	} known[] = {
		{ENOENT, "no such file"},
		{EACCES, "permission denied"},
		{EPERM, "not permitted"},
		{EMFILE, "too many open files"},
		{ENFILE, "too many open files"},
		{ECONNREFUSED, "nothing is listening"},
		{ECONNRESET, "the connection was closed"},
		{EPIPE, "the connection was closed"},
		{ETIMEDOUT, "timed out"},
		{EPROTO, "another protocol version"},
		{EINVAL, "not an image of this version"},
		{EBADMSG, "corrupt data"},
		{EMSGSIZE, "the command is too large"},
		{ENAMETOOLONG, "name too long"},
		{ENOMEM, "out of memory"},
		{ENOSYS, "it has ended"},
		{EISDIR, "is a directory"},
		{ENOTDIR, "not an absolute path to a directory"},
	};
	for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].err == -err) {
			text_put(t, known[i].text);
			return;
		}
	text_put(t, "error ");
	text_put_number(t, (unsigned long)-err);
}

void message_line(const char *line)
{
	size_t n = text_length(line);
	char newline[] = "\n";
	struct iovec v[] = {{(void *)line, n}, {newline, 1}};
	sys_writev(2, v, n && line[n - 1] == '\n' ? 1 : 2);
}

static void message_begin(struct text *t)
{
	text_put(t, "gate: ");
	message_put_name(t, program);
	text_put(t, ": ");
}

void message_put(const char *what)
{
	char line[LINE_MAX_BYTES];
	struct text t = text_in(line, sizeof line);
	message_begin(&t);
	text_put(&t, what);
	message_line(line);
}

void message_refused(const char *text)
{
	if (text && *text)
		message_line(text);
	else if (!text)
		message_put("refused; nothing was executed");
	sys_exit(EXIT_REFUSED);
}

/* Write a fault into t as one line.  Returns true if the image lets it pass; the line's ending depends on that. */
static bool message_put_fault(struct text *t, const char *what, int err, const char *passed, const char *refused)
{
	bool go_on = state_head()->flags & GATE_IMAGE_ON_FAULT_ALLOW;
	message_begin(t);
	text_put(t, go_on ? "not judged: " : "refused: ");
	text_put(t, what);
	if (err) {
		text_put(t, ", ");
		message_put_error(t, err);
	}
	text_put(t, go_on ? passed : refused);
	return go_on;
}

void message_fault(const char *what, int err)
{
	char line[LINE_MAX_BYTES];
	struct text t = text_in(line, sizeof line);
	if (!message_put_fault(&t, what, err, "; executed anyway (on-fault: allow)", "; nothing was executed"))
		message_refused(line);
	message_line(line);
}

bool message_call_fault(const char *what, int err)
{
	char line[LINE_MAX_BYTES];
	struct text t = text_in(line, sizeof line);
	bool go_on = message_put_fault(&t, what, err, "; done anyway (on-fault: allow)", "; nothing was done");
	message_line(line);
	return go_on;
}
