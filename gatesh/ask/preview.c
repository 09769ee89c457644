/* SPDX-License-Identifier: BSD-2-Clause */
/* preview.c - runs preview commands and collects their output. */
#include "ask/preview.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/paths.h"
#include "formats/image.h"
#include "formats/session_names.h"

enum { COUNTED = 100 }; /* at most this many operands of a command are counted */

/* A running preview. */
struct preview {
	struct preview *next;
	struct previews *all;
	struct question *q;
	pid_t pid;   /* also its process group; 0 once reaped */
	int status;  /* once reaped: 0, its exit status, or -1 for any other end */
	bool closed; /* nobody writes any more */
	struct watch output;
	struct timer limit;
	struct strbuf text;
};

int previews_open(struct previews *v, struct loop *l, struct workers *w, const struct session_dir *dir,
		  const char *mark, const sigset_t *mask)
{
	char path[SESSION_DIR_PATH_MAX + 32];
	v->loop = l;
	v->mask = *mask;
	if (!session_dir_file(dir, "preview", path, sizeof path))
		return -ENAMETOOLONG;
	v->envp = spawn_environment(path, mark);
	if (!v->envp)
		return -ENOMEM;
	ask_server_open(&v->ask, l, w);
	return 0;
}

int previews_publish(struct previews *v, const struct session_dir *dir)
{
	char image[SESSION_DIR_PATH_MAX + 32], link_to[sizeof image], path[sizeof image];
	if (!session_dir_file(dir, GATE_IMAGE_NAME, image, sizeof image) ||
	    !session_dir_file(dir, "preview", path, sizeof path))
		return -ENAMETOOLONG;
	if (mkdir(path, 0700) || !session_dir_file(dir, "preview/" GATE_IMAGE_NAME, link_to, sizeof link_to) ||
	    link(image, link_to))
		return -errno;
	if (!session_dir_file(dir, "preview/" GATE_SOCKET_NAME, path, sizeof path))
		return -ENAMETOOLONG;
	return ask_server_listen(&v->ask, path);
}

/* The output as displayable lines, each escaped.  The last one is `note`, or an ellipsis if lines are left out. */
static char *preview_shown(const struct strbuf *text, const char *note)
{
	cleanup_strbuf struct strbuf b = {0};
	const char *s = text->s ? text->s : "", *end = s + text->len;
	int lines = 0;
	for (; s < end && lines < PREVIEW_LINES; lines++) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		const char *stop = nl ? nl : end;
		escape_put(&b, s, (size_t)(stop - s));
		strbuf_putc(&b, '\n');
		s = stop + 1;
	}
	if (note)
		strbuf_puts(&b, note);
	else if (s < end)
		strbuf_puts(&b, "…");
	else if (b.len)
		b.s[--b.len] = '\0'; /* the last newline */
	else
		strbuf_puts(&b, "(nothing)");
	return strbuf_take(&b);
}

/* Show the output so far as the preview, and kill the process group. */
static void preview_finish(struct preview *p, const char *note)
{
	struct previews *v = p->all;
	for (struct preview **q = &v->first; *q; q = &(*q)->next) {
		if (*q == p) {
			*q = p->next;
			break;
		}
	}
	if (p->pid)
		previews_kill(p->pid);
	timer_clear(v->loop, &p->limit);
	loop_unwatch(v->loop, &p->output);
	close(p->output.fd);
	if (p->q) {
		p->q->preview_text = preview_shown(&p->text, note);
		p->q->preview = PREVIEW_DONE;
		v->ready(p->q, v->data);
	}
	strbuf_free(&p->text);
	free(p);
}

static void preview_fail(struct preview *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void preview_fail(struct preview *p, const char *fmt, ...)
{
	char note[128];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(note, sizeof note, fmt, ap);
	va_end(ap);
	preview_finish(p, note);
}

/* It has ended, and its output too: the text is its answer if it says that it has one. */
static void preview_ended(struct preview *p)
{
	if (p->pid || !p->closed)
		return;
	if (!p->status)
		preview_finish(p, NULL);
	else if (p->status > 0)
		preview_fail(p, "unknown: the preview failed (status %d)", p->status);
	else
		preview_fail(p, "unknown: the preview was killed");
}

static void preview_output_ready(struct watch *w, uint32_t events)
{
	struct preview *p = w->data;
	char buf[PREVIEW_BYTES];
	ssize_t n = read(w->fd, buf, sizeof buf - p->text.len);
	if (n > 0) {
		strbuf_put(&p->text, buf, (size_t)n);
		if (p->text.len >= PREVIEW_BYTES)
			preview_finish(p, "… (output truncated)");
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		loop_unwatch(p->all->loop, &p->output);
		p->closed = true;
		preview_ended(p);
	}
}

static void preview_out_of_time(struct timer *t)
{
	struct preview *p = t->data;
	preview_fail(p, "unknown: no %sanswer within %d s", p->text.len ? "complete " : "", PREVIEW_MS / 1000);
}

/* In the child: a POSIX session of its own, without the person's terminal, and so a process group; empty input, `out` for both
 * outputs. */
static _Noreturn void preview_run_child(const struct exec_launch *l, int out)
{
	setsid();
	int null = open("/dev/null", O_RDONLY);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	if (null > 2)
		close(null);
	spawn_exec(l);
}

void previews_kill(pid_t pid)
{
	if (kill(-pid, SIGKILL)) /* it does not lead its group yet */
		kill(pid, SIGKILL);
}

static pid_t preview_launch(const struct previews *v, struct exec_launch *l, int out)
{
	int err = 0;
	l->guard = v->guard ? v->guard(v->data, &err) : NULL;
	if (err)
		return err;
	pid_t pid = fork();
	if (!pid)
		preview_run_child(l, out);
	err = -errno;
	if (l->guard)
		l->guard->forked(l->guard, pid);
	return pid < 0 ? err : pid;
}

pid_t previews_spawn(const struct previews *v, const char *command, const char *cwd,
		     const struct asker_environment *environment, int out)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
	char **envp = environment ? asker_environment_apply(environment, v->envp) : NULL;
	struct exec_launch l = {.path = "/bin/sh",
				.argv = argv,
				.envp = envp ? envp : v->envp,
				.cwd = cwd,
				.harden = true,
				.mask = v->mask};
	pid_t pid = environment && !envp ? -ENOMEM : preview_launch(v, &l, out);
	free(envp);
	return pid;
}

static int preview_run(struct previews *v, struct preview *p, const char *command)
{
	const struct asker *a = p->q->askers;
	if (a->environment && a->environment->err)
		return a->environment->err;
	int ends[2];
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	bool reads = a->environment && a->environment->read; /* it is an exec, with variables of its own */
	pid_t pid = previews_spawn(v, command, p->q->q->event->cwd, reads ? a->environment : NULL, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return (int)pid;
	}
	p->pid = pid;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	p->output = (struct watch){.fd = ends[0], .events = EPOLLIN, .ready = preview_output_ready, .data = p};
	return loop_watch(v->loop, &p->output);
}

static void preview_put_quoted(struct strbuf *b, const char *word)
{
	strbuf_puts(b, " '");
	for (; *word; word++)
		if (*word == '\'')
			strbuf_puts(b, "'\\''");
		else
			strbuf_putc(b, *word);
	strbuf_putc(b, '\'');
}

/* Put a gatesh count command for the answer's directory, or for the files that the command names.  Of a file that is opened to
 * be written in place nothing else is at stake: what can be kept beside it is kept. */
static void preview_put_count(struct strbuf *b, const struct cover_event *e)
{
	const struct answer_scope *r = e->reach;
	preview_put_quoted(b, gate_path(GATE_PATH_GATESH));
	strbuf_puts(b, " count --");
	for (size_t i = 1, n = 0; r->operands && i < r->argc && n < COUNTED; i++)
		if (*r->argv[i] != '-' && ++n)
			preview_put_quoted(b, r->argv[i]);
	if (!r->operands)
		preview_put_quoted(b, e->type == GATE_EVENT_WRITE ? e->path : r->dir);
	strbuf_puts(b, " 2>/dev/null");
}

bool preview_start(struct previews *v, struct question *q)
{
	cleanup_strbuf struct strbuf count = {0};
	const char *command = NULL;
	for (size_t i = 0; i < q->q->nfindings && !command; i++)
		command = q->q->findings[i].preview;
	if (!command && q->askers->file) {
		preview_put_count(&count, q->askers->file);
		command = count.err ? NULL : count.s;
	}
	q->preview = PREVIEW_NONE;
	struct preview *p = command ? calloc(1, sizeof *p) : NULL;
	if (!p)
		return false; /* without memory only the preview is missing */
	*p = (struct preview){.next = v->first, .all = v, .q = q, .output.fd = -1};
	p->limit = (struct timer){.expired = preview_out_of_time, .data = p};
	v->first = p;
	q->preview = PREVIEW_RUNNING;
	timer_set(v->loop, &p->limit, PREVIEW_MS);
	const struct asker_environment *environment = q->askers->environment;
	int err = preview_run(v, p, command);
	if (err) /* the question may be gone afterwards */
		preview_fail(p, "unknown: %s: %s",
			     environment && environment->err ? "the command's environment can't be read" :
							       "the preview can't be started",
			     strerror(-err));
	return true;
}

void preview_stop(struct previews *v, struct question *q)
{
	for (struct preview *p = v->first, *next; p; p = next) {
		next = p->next;
		if (p->q == q) {
			p->q = NULL;
			preview_finish(p, NULL);
		}
	}
}

void preview_child(struct previews *v, const siginfo_t *info)
{
	struct preview *p = v->first;
	while (p && p->pid != info->si_pid)
		p = p->next;
	if (!p)
		return;
	kill(-p->pid, SIGKILL);
	p->pid = 0;
	p->status = info->si_code == CLD_EXITED ? info->si_status : -1;
	preview_ended(p);
}

void previews_close(struct previews *v)
{
	while (v->first) {
		v->first->q = NULL;
		preview_finish(v->first, NULL);
	}
	ask_server_close(&v->ask);
	free(v->envp);
	v->envp = NULL;
}
