/* SPDX-License-Identifier: BSD-2-Clause */
/* service_parse.c - parses service files, gate.d(5), into stacks.  One bad line refuses the whole service. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "policy/control.h"
#include "policy/module.h"
#include "policy/service_internal.h"

enum { DEPTH_MAX = 16, RUNS_MAX = 4096 };

static struct stack *parse_file(struct parser *p, const struct source *src, const char *base, const struct file *from,
				enum ruleset_trust trust);

static void service_bad_word(const struct file *f, const struct word *w, const char *what, const char *const *list)
{
	const char *near = diag_nearest(w->text, list);
	bad(f, w->col, "%s '%s'%s%s%s", what, w->text, near ? "; did you mean '" : "", near ? near : "",
	    near ? "'?" : "");
}

int service_out_of_memory(struct parser *p, const struct source *src)
{
	diag_at(p->d, DIAG_ERROR, src, 0, 0, "out of memory");
	return p->err = -ENOMEM;
}

static int parse_event(const struct file *f, const struct word *w, struct stack_line *line)
{
	const char *names[GATE_EVENT_COUNT + 1] = {NULL};
	for (int i = 0; i < GATE_EVENT_COUNT; i++) {
		names[i] = gate_event_name(i);
		if (strcmp(names[i], w->text))
			continue;
		line->event = (enum gate_event_type)i;
		return 0;
	}
	service_bad_word(f, w, "unknown event", names);
	return -EINVAL;
}

/* --- include and substack ----------------------------------------------------------------------------------------- */

/* Is the file at `path` being parsed already?  Reports the loop as "a -> b -> a". */
static bool service_is_loop(const struct file *f, const struct word *w, const char *path)
{
	const struct file *chain[DEPTH_MAX], *i = f;
	size_t n = 0;
	while (i && n < DEPTH_MAX && strcmp(i->stack->name, path)) {
		chain[n++] = i;
		i = i->from;
	}
	if (!i || n == DEPTH_MAX)
		return false;
	cleanup_strbuf struct strbuf b = {0};
	strbuf_printf(&b, "%s -> ", i->base);
	while (n)
		strbuf_printf(&b, "%s -> ", chain[--n]->base);
	bad(f, w->col, "include loop: %s%s", b.s ?: "", w->text);
	return true;
}

static bool service_too_deep(const struct file *f)
{
	size_t depth = 0;
	for (; f; f = f->from)
		depth++;
	return depth >= DEPTH_MAX;
}

/* Read the service file `name` from the first directory that has it; its path goes to `path`. */
static int service_read_service(const struct parser *p, const char *name, char path[PATH_MAX], struct strbuf *text)
{
	int err = -ENOENT;
	for (size_t i = 0; i < 2 && err == -ENOENT; i++) {
		if (!p->dirs->services[i])
			continue;
		if (snprintf(path, PATH_MAX, "%s/%s", p->dirs->services[i], name) >= PATH_MAX)
			return -ENAMETOOLONG;
		err = read_file(path, SERVICE_SIZE_MAX, text, NULL);
	}
	return err;
}

static struct stack *service_known_sub(const struct stack *top, const char *path)
{
	for (size_t i = 0; i < top->nsubs; i++)
		if (!strcmp(top->subs[i]->name, path))
			return top->subs[i];
	return NULL;
}

/* Return the stack of the service that `w` names.  Each service is parsed once, however often it is named.  A file in
 * the system's directories has the system's trust, whoever includes it. */
static struct stack *service_sub_stack(const struct file *f, const struct word *w)
{
	struct parser *p = f->p;
	char path[PATH_MAX] = "";
	cleanup_strbuf struct strbuf text = {0};
	int err = service_read_service(p, w->text, path, &text);
	if (err) {
		bad(f, w->col, "cannot read service '%s' in %s: %s", w->text, p->dirs->services[0] ?: "(no directory)",
		    strerror(-err));
		return NULL;
	}
	struct stack *s = service_known_sub(p->top, path);
	if (s || service_is_loop(f, w, path))
		return s;
	struct source src = {.name = path, .text = text.s ?: "", .len = text.len};
	s = parse_file(p, &src, w->text, f, TRUST_SYSTEM);
	struct stack **more = s ? reallocarray(p->top->subs, p->top->nsubs + 1, sizeof *more) : NULL;
	if (!more) {
		stack_free(s);
		service_out_of_memory(p, f->at.src);
		return NULL;
	}
	p->top->subs = more;
	return p->top->subs[p->top->nsubs++] = s;
}

static int parse_sub(const struct file *f, const struct word *words, size_t n, struct stack_line *line)
{
	const struct word *name = &words[2];
	line->include = !strcmp(words[1].text, "include");
	if (n > 3) {
		bad(f, words[3].col, "unexpected word after the service name");
		return -EINVAL;
	}
	if (!policy_is_service(name->text)) {
		bad(f, name->col, "'%s' is not a service name: a service name is a file in gate.d, without a directory",
		    name->text);
		return -EINVAL;
	}
	if (service_too_deep(f)) {
		bad(f, name->col, "includes nest more than %d files deep", DEPTH_MAX);
		return -EINVAL;
	}
	line->sub = service_sub_stack(f, name);
	return line->sub ? 0 : -EINVAL;
}

/* --- lines and files ---------------------------------------------------------------------------------------------- */

static void service_line_free(struct stack_line *line)
{
	for (int i = 0; i < line->argc; i++)
		free(line->argv[i]);
	free(line->argv);
	free(line->control_text);
	dest_list_free(line->list);
	module_close(line->module);
}

static bool service_is_sub(const struct word *w)
{
	return !strcmp(w->text, "include") || !strcmp(w->text, "substack");
}

/* Parse `event control module args`; words[n] is the end of the line. */
static int parse_words(const struct file *f, const struct word *words, size_t n, struct stack_line *line)
{
	static const char *const missing[] = {"an event", "a control", "a module"};
	int err = parse_event(f, &words[0], line);
	if (err)
		return err;
	if (n < 3) {
		bad(f, words[n].col, "expected %s", n == 2 && service_is_sub(&words[1]) ? "a service" : missing[n]);
		return -EINVAL;
	}
	line->control_text = strdup(words[1].raw);
	if (!line->control_text)
		return service_out_of_memory(f->p, f->at.src);
	if (service_is_sub(&words[1]))
		return parse_sub(f, words, n, line);
	/* Check both columns, so that one run reports all errors. */
	err = control_parse(&f->at, words[1].raw, words[1].col, line->control);
	return service_module_parse(f, words, n, line) ?: err;
}

static int service_add_line(const struct file *f, const struct stack_line *line)
{
	struct stack *s = f->stack;
	unsigned more = 1 + (line->sub ? line->sub->runs[line->event] : 0);
	if (line->include && more == 1)
		return -ENODATA; /* the included file has no line for this event */
	if (s->runs[line->event] + more > RUNS_MAX) {
		bad(f, 1, "more than %d lines for %s, includes counted", RUNS_MAX, gate_event_name(line->event));
		return -EINVAL;
	}
	struct stack_line *lines = reallocarray(s->lines, s->n + 1, sizeof *lines);
	if (!lines)
		return service_out_of_memory(f->p, f->at.src);
	s->runs[line->event] += more;
	s->lines = lines;
	s->lines[s->n++] = *line;
	return 0;
}

static void parse_line(struct file *f, const char *text, size_t len)
{
	struct line_words w = {0};
	struct stack_line line = {.file = f->stack->name, .line = f->at.line};
	int err = split_line(&f->at, text, len, &w);
	if (err == -ENOMEM)
		service_out_of_memory(f->p, f->at.src);
	if (!err && w.n) {
		err = parse_words(f, w.v, w.n, &line);
		if (!err)
			err = service_add_line(f, &line);
		if (err)
			service_line_free(&line);
	}
	split_line_free(&w);
}

static struct stack *parse_file(struct parser *p, const struct source *src, const char *base, const struct file *from,
				enum ruleset_trust trust)
{
	struct stack *s = calloc(1, sizeof *s);
	if (!s || !(s->name = strdup(src->name))) {
		free(s);
		service_out_of_memory(p, src);
		return NULL;
	}
	if (!p->top)
		p->top = s;
	struct file f = {.p = p, .base = base, .from = from, .trust = trust, .stack = s, .at = {p->d, src, 0}};
	for (size_t at = 0; at < src->len && !p->err;) {
		const char *nl = memchr(src->text + at, '\n', src->len - at);
		size_t len = nl ? (size_t)(nl - src->text) - at : src->len - at;
		f.at.line++;
		parse_line(&f, src->text + at, len);
		at += len + 1;
	}
	return s;
}

int service_parse(const struct source *src, const struct policy_dirs *dirs, enum ruleset_trust trust, struct diag *d,
		  struct stack **out)
{
	const char *slash = strrchr(src->name, '/');
	struct parser p = {.dirs = dirs, .d = d};
	unsigned before = d->errors;
	struct stack *s = parse_file(&p, src, slash ? slash + 1 : src->name, NULL, trust);
	*out = NULL;
	if (p.err || d->errors > before) {
		stack_free(s);
		return p.err ? p.err : -EINVAL;
	}
	*out = s;
	return 0;
}

void stack_free(struct stack *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		service_line_free(&s->lines[i]);
	for (size_t i = 0; i < s->nsubs; i++)
		stack_free(s->subs[i]);
	free(s->subs);
	free(s->lines);
	free(s->name);
	free(s);
}
