/* SPDX-License-Identifier: BSD-2-Clause */
/* lint.c - prints the problems and notes of gatesh lint, or collects them for --json. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/strbuf.h"
#include "util/json.h"
#include "util/out.h"

static void lint_problem(struct lint *l, const char *level, const char *file, unsigned line, unsigned col,
			 const char *what)
{
	json_t *o = json_pack("{s:s, s:o, s:i, s:o}", "level", level, "file", json_bytes(file), "line", (int)line,
			      "message", json_bytes(what));
	if (col && o)
		json_object_set_new(o, "column", json_integer(col));
	json_array_append_new(l->problems, o);
}

void lint_emit(enum diag_level level, const char *text, void *data)
{
	struct lint *l = data;
	if (l->problems)
		lint_problem(l, level == DIAG_ERROR ? "error" : "warning", l->d.at.file, l->d.at.line, l->d.at.col,
			     l->d.at.what);
	else
		puts(text);
}

void lint_note(struct lint *l, const char *file, unsigned line, const char *fmt, ...)
{
	char what[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	if (!l->verbose)
		return;
	if (l->problems) {
		lint_problem(l, "note", file, line, 0, what);
		return;
	}
	out_text(stdout, file);
	printf(":%u: note: ", line);
	out_text(stdout, what);
	putchar('\n');
}

void lint_warn(struct lint *l, const struct rule *r, const struct pattern *at, const char *fmt, ...)
{
	char what[512];
	cleanup_strbuf struct strbuf line = {0}; /* the line as written in the pack */
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	bool unless = at && r->nunless && at >= r->unless && at < r->unless + r->nunless;
	unsigned number = at ? at->line : r->line, col = at ? at->col : 1;
	if (at)
		strbuf_printf(&line, "%-*s%s", (int)at->col - 1, unless ? "unless:" : "match:", at->text);
	else
		strbuf_printf(&line, "rule: %s", r->id);
	struct source src = {.name = r->file, .text = line.s ? line.s : "", .len = line.len, .skipped = number - 1};
	diag_at(&l->d, DIAG_WARNING, &src, number, col, "%s: %s", r->id, what);
}
