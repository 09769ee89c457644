/* SPDX-License-Identifier: BSD-2-Clause */
/* prompt_command.c - describes an event in a question: the command, the act on a file, the connection. */
#include "front/prompt.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "address/destination.h"
#include "base/escape.h"

enum { TEXT_SHOWN = 2000 }; /* bytes of a statement or body in a question */

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

/* "db.example.com:5432", the first name or the address; "" without a connection. */
static void prompt_command_put_server(const struct gate_event *ev, struct strbuf *out)
{
	struct destination d;
	if (!destination_of(ev, &d)) {
		if (d.path)
			strbuf_puts(out, d.path);
		else if (d.n)
			strbuf_printf(out, "%s:%u", d.names[0], d.dest.port);
		else
			strbuf_printf(out, d.dest.family == AF_INET6 ? "[%s]:%u" : "%s:%u", d.address, d.dest.port);
	}
	destination_free(&d);
}

/* Append at most TEXT_SHOWN bytes of the text, and say how many there are. */
static void prompt_command_put_text(const struct gate_event *ev, struct strbuf *out)
{
	size_t n = ev->text_len < TEXT_SHOWN ? ev->text_len : TEXT_SHOWN;
	escape_put(out, ev->text ? ev->text : "", ev->text ? n : 0);
	if (ev->text && n < ev->text_len)
		strbuf_printf(out, "… (%zu bytes)", ev->text_len);
	else if (ev->text_flags & GATE_TEXT_PART)
		strbuf_puts(out, "… (and more, which Gate has not seen)");
}

/* "postgresql shop at db.example.com:5432: DELETE FROM users (52311 rows)" */
static void prompt_command_put_statement(const struct gate_event *ev, struct strbuf *out)
{
	cleanup_strbuf struct strbuf where = {0}, server = {0};
	prompt_command_put_server(ev, &server);
	strbuf_printf(&where, "%s%s%s%s%s: ", ev->engine ? ev->engine : "a database", ev->database ? " " : "",
		      ev->database ? ev->database : "", server.len ? " at " : "", server.len ? server.s : "");
	if (where.err || server.err)
		out->err = -ENOMEM;
	else
		escape_put(out, where.s, where.len);
	prompt_command_put_text(ev, out);
	if (ev->text_flags & GATE_TEXT_ROWS)
		strbuf_printf(out, " (%s%" PRIu64 " row%s)", ev->text_flags & GATE_TEXT_ESTIMATE ? "about " : "",
			      ev->rows, ev->rows == 1 ? "" : "s");
}

/* "DELETE api.example.com:443/v1/users/3", and the body below it. */
static void prompt_command_put_request(const struct gate_event *ev, struct strbuf *out)
{
	cleanup_strbuf struct strbuf line = {0};
	strbuf_printf(&line, "%s ", ev->method ? ev->method : "?");
	prompt_command_put_server(ev, &line);
	strbuf_puts(&line, ev->target ? ev->target : "");
	if (line.err)
		out->err = line.err;
	else
		escape_put(out, line.s, line.len);
	if (!ev->text_len)
		return;
	strbuf_putc(out, ' ');
	prompt_command_put_text(ev, out);
}

/* "delete /srv/x", "replace /srv/x with /srv/x.new" */
static void prompt_command_put_file_act(const struct gate_event *ev, struct strbuf *out)
{
	bool directory = ev->file & GATE_FILE_DIRECTORY, moved = ev->file & GATE_FILE_MOVED;
	const char *act = ev->type == GATE_EVENT_TRUNCATE ? "overwrite " :
			  ev->type == GATE_EVENT_WRITE    ? "open for writing in place " :
			  ev->type == GATE_EVENT_READ     ? "read " :
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
	else if (ev->type == GATE_EVENT_STATEMENT)
		prompt_command_put_statement(ev, out);
	else if (ev->type == GATE_EVENT_REQUEST)
		prompt_command_put_request(ev, out);
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
