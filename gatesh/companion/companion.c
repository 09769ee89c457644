/* SPDX-License-Identifier: BSD-2-Clause */
/* companion.c - gatesh without arguments: the companion's loop, and the lines of a script.  See companion.h. */
#include "companion/companion.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/diag.h"
#include "front/front_proto.h"
#include "front/prompt.h"
#include "util/exit.h"
#include "util/out.h"

/* Strip blanks at both ends. */
static char *companion_trim(char *s)
{
	s += strspn(s, " \t\r\n");
	for (size_t n = strlen(s); n && strchr(" \t\r\n", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static int companion_no_command(const char *name)
{
	const char *names[32] = {NULL};
	for (size_t i = 0; companion_commands[i].name && i < 31; i++)
		names[i] = companion_commands[i].name;
	const char *near = diag_nearest(name, names);
	fputs("gate: no command '", stderr);
	out_text(stderr, name);
	fprintf(stderr, "'%s%s%s help lists them\n", near ? "; did you mean '" : ";", near ? near : "",
		near ? "'?" : "");
	return -1;
}

static int companion_run_words(struct companion *c, char *line)
{
	char *name = companion_trim(line);
	if (!*name || *name == '#')
		return 0;
	char *rest = name + strcspn(name, " \t");
	if (*rest)
		*rest++ = '\0';
	for (const struct companion_command *k = companion_commands; k->name; k++)
		if (!strcmp(name, k->name))
			return k->run(c, companion_trim(rest));
	return companion_no_command(name);
}

void companion_line(struct companion *c, const char *line)
{
	char *copy = strdup(line);
	if (!copy)
		fputs("gate: out of memory\n", stderr);
	if (!copy || companion_run_words(c, copy))
		c->failed = true;
	free(copy);
	fflush(stdout);
	if (c->leaving)
		c->loop.stop = true;
}

/* --- a script: lines of stdin ------------------------------------------------------------------------------------- */

static void companion_script_line(struct companion *c, const char *line, size_t n)
{
	char *text = strndup(line, n);
	sessions_settle(c);
	companion_line(c, text ? text : "");
	free(text);
}

static void companion_script_ready(struct watch *w, uint32_t events)
{
	struct companion *c = w->data;
	char buf[4096];
	ssize_t n = read(w->fd, buf, sizeof buf);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		strbuf_put(&c->script, buf, (size_t)n);
	else if (c->script.len)
		strbuf_putc(&c->script, '\n'); /* the last line may lack its own */
	for (char *nl; !c->leaving && c->script.len && (nl = memchr(c->script.s, '\n', c->script.len));) {
		size_t len = (size_t)(nl - c->script.s);
		companion_script_line(c, c->script.s, len);
		memmove(c->script.s, nl + 1, c->script.len - len - 1);
		c->script.len -= len + 1;
	}
	if (n <= 0 || c->script.err)
		c->loop.stop = true;
}

static void companion_feed(struct timer *t)
{
	struct companion *c = t->data;
	companion_script_ready(&c->input, EPOLLIN);
	timer_set(&c->loop, t, 0);
}

/* --- a terminal --------------------------------------------------------------------------------------------------- */

static void companion_key_ready(struct watch *w, uint32_t events)
{
	console_read(w->data);
}

static void companion_signalled(struct watch *w, uint32_t events)
{
	struct companion *c = w->data;
	struct signalfd_siginfo info;
	if (read(w->fd, &info, sizeof info) != sizeof info)
		return;
	switch (info.ssi_signo) {
	case SIGINT: console_interrupt(c); break;
	case SIGWINCH: console_resize(c); break;
	case SIGTSTP: console_suspend(c); break;
	case SIGCONT: console_redraw(c); break;
	default: c->leaving = c->loop.stop = true; break;
	}
}

static int companion_watch_signals(struct companion *c)
{
	sigset_t set;
	sigemptyset(&set);
	for (const int *s = (const int[]){SIGINT, SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, 0}; *s; s++)
		sigaddset(&set, *s);
	c->signals = (struct watch){.events = EPOLLIN, .ready = companion_signalled, .data = c};
	c->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->signals.fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	return loop_watch(&c->loop, &c->signals);
}

static int companion_open_input(struct companion *c)
{
	c->input = (struct watch){.fd = STDIN_FILENO,
				  .events = EPOLLIN,
				  .ready = c->interactive ? companion_key_ready : companion_script_ready,
				  .data = c};
	int err = c->interactive ? companion_watch_signals(c) : 0;
	if (!err)
		err = loop_watch(&c->loop, &c->input);
	if (err == -EPERM && !c->interactive) {
		c->feed = (struct timer){.expired = companion_feed, .data = c};
		timer_set(&c->loop, &c->feed, 0);
		err = 0;
	}
	return err ? err : c->interactive ? console_start(c) : 0;
}

static int companion_converse(struct companion *c)
{
	int err = loop_init(&c->loop);
	if (!err)
		err = sessions_start(c);
	if (!err)
		err = companion_open_input(c);
	if (!err)
		err = loop_run(&c->loop);
	if (err)
		fprintf(stderr, "gate: the companion shell failed: %s\n", strerror(-err));
	if (c->interactive)
		console_stop(c);
	sessions_stop(c);
	strbuf_free(&c->script);
	if (c->signals.fd >= 0)
		close(c->signals.fd);
	loop_free(&c->loop);
	return err;
}

int companion_run(const struct companion_host *host)
{
	struct companion c = {.host = host, .loop.epoll = -1, .notify.fd = -1, .signals.fd = -1};
	signal(SIGPIPE, SIG_IGN);
	c.interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	c.colour = out_colour(stdout);
	prompt_locale();
	front_by("companion", c.by, sizeof c.by);
	int err = companion_converse(&c);
	return out_done(err ? EXIT_SOFTWARE : !c.interactive && c.failed ? EXIT_DENY : 0);
}
