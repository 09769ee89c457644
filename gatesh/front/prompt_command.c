/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_command.c - describes an event in a question: the command, the act on a file, the connection. */
#include "front/prompt.h"

#include <string.h>

#include "address/destination.h"
#include "base/escape.h"

/* "curl connects to db.example.com:5432 (10.0.0.5, tcp)" */
static void prompt_command_put_destination(const struct gate_event *ev, struct strbuf *out)
{
	cleanup_strbuf struct strbuf text = {0};
	struct destination d;
	if (!destination_of(ev, &d)) {
		strbuf_printf(&text, "%s connects to ", d.program ? d.program : "a program");
		destination_put(&text, &d);
	}
	destination_free(&d);
	if (text.err)
		out->err = text.err;
	else if (text.s)
		escape_put(out, text.s, text.len);
}

/* "delete /srv/x", "replace /srv/x with /srv/x.new" */
static void prompt_command_put_file_act(const struct gate_event *ev, struct strbuf *out)
{
	bool directory = ev->file & GATE_FILE_DIRECTORY, moved = ev->file & GATE_FILE_MOVED;
	const char *act = ev->type == GATE_EVENT_TRUNCATE ? "overwrite " :
			  ev->type == GATE_EVENT_WRITE    ? "open for writing in place " :
			  ev->type == GATE_EVENT_UNLINK   ? directory ? "remove the directory " : "delete " :
			  moved                           ? "move " :
							    "replace ";
	strbuf_puts(out, act);
	escape_put(out, ev->path, strlen(ev->path));
	if (!ev->other || ev->type != GATE_EVENT_RENAME)
		return;
	strbuf_puts(out, moved ? " out of the workspace to " : " with ");
	escape_put(out, ev->other, strlen(ev->other));
}

void prompt_command(const struct gate_event *ev, struct strbuf *out)
{
	if (ev->type == GATE_EVENT_CONNECT)
		prompt_command_put_destination(ev, out);
	else if (ev->path)
		prompt_command_put_file_act(ev, out);
	else if (ev->shell_text)
		escape_put(out, ev->shell_text, strlen(ev->shell_text));
	else
		prompt_words(ev, out);
}

/* "./x (is /usr/bin/git)" */
static void prompt_command_put_known(const struct gate_event *ev, struct strbuf *out)
{
	if (!ev->known)
		return;
	strbuf_puts(out, " (is ");
	escape_put(out, ev->known, strlen(ev->known));
	strbuf_putc(out, ')');
}

void prompt_words(const struct gate_event *ev, struct strbuf *out)
{
	for (size_t i = 0; i < ev->argc; i++) {
		const char *w = ev->argv[i];
		bool quote = !*w || *w == '~' || w[strcspn(w, " \t\n'\"\\$`!*?[]{}()<>|&;#")];
		if (i)
			strbuf_putc(out, ' ');
		if (quote)
			strbuf_putc(out, '\'');
		for (const char *q; quote && (q = strchr(w, '\'')); w = q + 1) {
			escape_put(out, w, (size_t)(q - w));
			strbuf_puts(out, "'\\''");
		}
		escape_put(out, w, strlen(w));
		if (quote)
			strbuf_putc(out, '\'');
		if (!i)
			prompt_command_put_known(ev, out);
	}
	if (!ev->argc && ev->exe) {
		escape_put(out, ev->exe, strlen(ev->exe));
		prompt_command_put_known(ev, out);
	}
}
