/* SPDX-License-Identifier: BSD-2-Clause */
/* service_module.c - the module of a line in a service file, and its arguments. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "policy/module.h"
#include "policy/module_options.h"
#include "policy/service_internal.h"

/* Load the list file at `path` for the line.  Problems are reported with their place in the list file. */
static int service_module_load_list(const struct file *f, const char *path, struct stack_line *line)
{
	cleanup_strbuf struct strbuf text = {0};
	struct stat st;
	struct source src = {.name = path};
	unsigned before = f->p->d->errors;
	int err = read_file(path, DEST_LIST_SIZE_MAX, &text, &st);
	src.text = text.s ?: "";
	src.len = text.len;
	if (err)
		diag_at(f->p->d, DIAG_ERROR, &src, 0, 0, "cannot be read: %s", strerror(-err));
	else
		policy_check_writers(f->p->d, path, &st, f->trust);
	if (!err)
		err = dest_list_parse(&src, f->p->d, &line->list);
	if (err == -ENOMEM)
		return service_out_of_memory(f->p, f->at.src);
	return f->p->d->errors > before ? -EINVAL : err;
}

static int service_module_load_lists(const struct file *f, struct stack_line *line)
{
	int err = 0;
	for (const struct gate_option *o = line->module->info->options; !err && o && o->name; o++) {
		const char *path = o->type == GATE_OPT_LIST ?
					   gate_opt_string(line->argc, (const char *const *)line->argv, o->name, NULL) :
					   NULL;
		if (path && line->list)
			return -EINVAL; /* two lists in an option table: module_options_fault() refuses the module */
		err = path ? service_module_load_list(f, path, line) : 0;
	}
	return err;
}

static int service_module_arguments(const struct file *f, const struct word *words, size_t n, struct stack_line *line)
{
	line->argv = calloc(n + 1, sizeof *line->argv);
	for (size_t i = 0; line->argv && i < n; i++, line->argc++) {
		line->argv[i] = strdup(words[i].text);
		if (!line->argv[i])
			return service_out_of_memory(f->p, f->at.src);
	}
	if (!line->argv)
		return service_out_of_memory(f->p, f->at.src);
	struct opt_problem problem;
	int err = module_options_check(line->module->info->options, line->argc, (const char *const *)line->argv,
				       &problem);
	if (err) {
		const struct word *w = &words[problem.arg]; /* words[n] is the end of the line */
		bad(f, w->col + (unsigned)problem.offset, "%s: %s", line->module->info->name,
		    problem.why.err ? "out of memory" : problem.why.s);
	}
	strbuf_free(&problem.why);
	return err ? err : service_module_load_lists(f, line);
}

static void service_module_bad_event(const struct file *f, const struct word *w, const struct stack_line *line)
{
	cleanup_strbuf struct strbuf serves = {0};
	for (int i = 0; i < GATE_EVENT_COUNT; i++)
		if (module_serves(line->module, i))
			strbuf_printf(&serves, "%s%s", serves.len ? ", " : "", gate_event_name(i));
	bad(f, w->col, "%s does not serve %s; it serves %s", line->module->info->name, gate_event_name(line->event),
	    serves.s ?: "nothing");
}

int service_module_parse(const struct file *f, const struct word *words, size_t n, struct stack_line *line)
{
	const struct word *name = &words[2];
	cleanup_strbuf struct strbuf why = {0};
	if (module_open(f->p->dirs->modules, name->text, &line->module, &why)) {
		bad(f, name->col, "%s", why.s ?: "out of memory");
		return -EINVAL;
	}
	if (!module_serves(line->module, line->event)) {
		service_module_bad_event(f, name, line);
		return -EINVAL;
	}
	if (f->trust == TRUST_PROJECT && line->module->info->flags & GATE_MODULE_RUNS) {
		bad(f, name->col, "a project's file may not name programs to run: %s", line->module->info->name);
		return -EINVAL;
	}
	return service_module_arguments(f, words + 3, n - 3, line);
}
