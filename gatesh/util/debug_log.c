/* SPDX-License-Identifier: BSD-2-Clause */
/* debug_log.c - appends the lines of the debug trace to its file. */
#include "util/debug_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/strbuf.h"

bool debug_log_on;
static int debug_log_fd = -1;
static struct {
	char *path;
	debug_log_tell *tell;
	void *data;
} debug_log_end;

int debug_log_start(const char *path)
{
	const char *named = path ? path : getenv("GATE_DEBUG");
	if (debug_log_on || !named || !*named)
		return 0;
	debug_log_fd = open(named, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	int err = debug_log_fd < 0 ? -errno : 0;
	if (err)
		fprintf(stderr, "gate: %s: the debug trace can't be written: %s\n", named, strerror(-err));
	else
		debug_log_end.path = strdup(named);
	debug_log_on = !err;
	unsetenv("GATE_DEBUG");
	return err;
}

void debug_log_when_lost(debug_log_tell *tell, void *data)
{
	debug_log_end.tell = tell;
	debug_log_end.data = data;
}

/* A full disk ends a trace; the session goes on.  Of several threads, the first one says so. */
static void debug_log_lost(int err)
{
	cleanup_strbuf struct strbuf text = {0};
	if (!__atomic_exchange_n(&debug_log_on, false, __ATOMIC_RELAXED))
		return;
	strbuf_puts(&text, "gate: ");
	escape_put(&text, debug_log_end.path ? debug_log_end.path : "",
		   debug_log_end.path ? strlen(debug_log_end.path) : 0);
	strbuf_printf(&text, ": the debug trace ends here: %s; the session goes on", strerror(err));
	if (!text.err && debug_log_end.tell)
		debug_log_end.tell(GATE_STYLE_ERROR, text.s, debug_log_end.data);
}

void debug_log_write(const char *kind, const char *fmt, ...)
{
	cleanup_strbuf struct strbuf line = {0}, shown = {0};
	char *text = NULL, clock[16];
	struct timespec now;
	struct tm tm;
	va_list ap;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(clock, sizeof clock, "%H:%M:%S", &tm);
	escape_put(&shown, text, (size_t)n);
	strbuf_printf(&line, "%s.%06ld %-8s %s\n", clock, now.tv_nsec / 1000, kind, shown.s ? shown.s : "");
	free(text);
	if (!line.err && write(debug_log_fd, line.s, line.len) < 0)
		debug_log_lost(errno);
}
