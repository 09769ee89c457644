/* SPDX-License-Identifier: BSD-2-Clause */
/* companion_console.c - the input line: readline, driven by the loop.  Ctrl-C clears the line and answers nothing. */
#include "companion/companion.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "util/out.h"
#include "util/state_dir.h"

enum { HISTORY_LINES = 1000 };

/* readline keeps its state in globals, so this file does, too. */
static struct companion *console;
static char history_path[PATH_MAX];

/* Open $XDG_STATE_HOME/gate/history, beside the audit log.  If that fails, the path is "" and the companion runs
 * without a history. */
static void console_open_history(void)
{
	using_history();
	stifle_history(HISTORY_LINES);
	if (state_dir_file(history_path, sizeof history_path, "history") || state_dir_make(history_path)) {
		history_path[0] = '\0';
		return;
	}
	int fd = open(history_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && !fchmod(fd, 0600))
		read_history(history_path);
	else
		history_path[0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* Keep a line in the history, but no answers, whose numbers would mean other questions later, and no order with its typed
 * word. */
static void console_remember(const char *line)
{
	const char *s = line + strspn(line, " \t");
	if (!*s || !strncmp(s, "allow", 5) || !strncmp(s, "deny", 4) || !strncmp(s, "pause", 5) ||
	    !strncmp(s, "end", 3))
		return;
	add_history(s);
	if (history_path[0])
		append_history(1, history_path);
}

static void console_set_prompt(void)
{
	char text[64];
	unsigned n = sessions_waiting(console);
	const char *on = console->colour && n ? "\001\033[33m\002" : "", *off = *on ? "\001\033[0m\002" : "";
	if (n)
		snprintf(text, sizeof text, "%sgate: %u waiting>%s ", on, n, off);
	else
		snprintf(text, sizeof text, "gate> ");
	rl_set_prompt(text);
}

static void console_entered(char *line)
{
	struct companion *c = console;
	c->typing = false;
	if (!line) {
		putchar('\n');
		c->leaving = c->loop.stop = true;
		return;
	}
	console_remember(line);
	companion_line(c, line);
	free(line);
	console_set_prompt();
	c->typing = !c->leaving;
}

int console_start(struct companion *c)
{
	console = c;
	rl_readline_name = "gatesh";
	rl_catch_signals = 0; /* the loop handles them */
	rl_catch_sigwinch = 0;
	rl_completion_query_items = -1; /* the query would wait for a key and block the loop */
	rl_variable_bind("page-completions", "off");
	complete_start(c);
	console_open_history();
	rl_callback_handler_install("gate> ", console_entered);
	c->typing = true;
	return 0;
}

void console_stop(struct companion *c)
{
	if (!console)
		return;
	rl_callback_handler_remove();
	if (history_path[0])
		history_truncate_file(history_path, HISTORY_LINES);
	if (c->typing)
		putchar('\n');
	console = NULL;
}

void console_read(struct companion *c)
{
	rl_callback_read_char();
}

void console_interrupt(struct companion *c)
{
	rl_free_line_state();
	rl_callback_sigcleanup();
	rl_replace_line("", 1);
	rl_crlf();
	console_set_prompt();
	rl_on_new_line();
	rl_redisplay();
}

void console_resize(struct companion *c)
{
	rl_resize_terminal();
}

/* Stop as a job, with the terminal modes of the user's shell. */
void console_suspend(struct companion *c)
{
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, SIGTSTP);
	rl_deprep_terminal();
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL); /* runs when the job is continued */
	rl_prep_terminal(1);
	console_redraw(c);
}

void console_redraw(struct companion *c)
{
	rl_clear_visible_line();
	rl_forced_update_display();
}

void console_print(struct companion *c, const char *text)
{
	if (!c->typing) {
		fputs(text, stdout);
		fflush(stdout);
		return;
	}
	rl_clear_visible_line();
	fputs(text, rl_outstream);
	console_set_prompt();
	rl_forced_update_display();
}

int console_columns(const struct companion *c)
{
	int rows, cols = 100;
	if (c->interactive)
		rl_get_screen_size(&rows, &cols);
	return cols > 20 ? cols : 20;
}
