/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_show.c - lists what was kept, as a tree for each command, and as JSON lines. */
#include "undo/undo_show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "store/store_size.h"
#include "undo/undo_origin.h"
#include "undo/undo_record.h"
#include "undo/undo_tree.h"
#include "util/json.h"
#include "util/out.h"
#include "util/pathwalk.h"
#include "util/size_text.h"
#include "util/table.h"
#include "util/text_layout.h"

enum {
	COMMAND_COLUMNS = 40,
	PEEK_MOST = 1000, /* records of a command whose content is looked at */
};

static void undo_show_when(const struct timespec *t, char *buf, size_t size)
{
	struct tm tm, today;
	time_t now = time(NULL);
	localtime_r(&t->tv_sec, &tm);
	localtime_r(&now, &today);
	bool same = tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year;
	strftime(buf, size, same ? "%H:%M:%S" : "%Y-%m-%d %H:%M", &tm);
}

static struct tree_leaf undo_show_leaf_of(const struct store_records *k, bool peek)
{
	return (struct tree_leaf){.path = k->r->path,
				  .what = undo_record_word(k->r->op),
				  .of = k,
				  .size = undo_record_size(k->r),
				  .directory = S_ISDIR(k->r->mode),
				  .secret = undo_record_is_secret(k, peek),
				  .sgr = SGR_YELLOW};
}

static char *undo_show_note(const struct tree_leaf *leaf)
{
	const struct store_records *k = leaf->of;
	const struct store_put_record *r = k->r;
	const char *secret = leaf->secret ? "holds secrets" : "";
	struct stat st;
	char *note;
	bool exchanged = r->op == STORE_OP_EXCHANGED;
	if ((exchanged || r->op == STORE_OP_MOVED) && r->other)
		return asprintf(&note, "%s %s", exchanged ? "with" : "to", r->other) < 0 ? NULL : note;
	if (r->op == STORE_OP_UNLINKED && !leaf->directory && !pathwalk_stat(r->path, &st))
		return strdup(leaf->secret ? "holds secrets; another is there now" : "another is there now");
	note = undo_origin_note(k, secret);
	return note || !leaf->secret ? note : strdup(secret);
}

/* Print the records of one command, v[0] to v[n-1] in order of time. */
static int show_command(const struct store_records *const *v, size_t n, bool all)
{
	const struct store_records *first = v[0];
	const struct store_entry *e = first->session->entry;
	struct tree_leaf *leaves = malloc(n * sizeof *leaves);
	bool colour = out_colour(stdout);
	char at[32];
	if (!leaves)
		return -ENOMEM;
	undo_show_when(&first->r->time, at, sizeof at);
	printf("  %s%s.%u%s  %s  ", colour ? "\033[" SGR_BOLD "m" : "", e->name, first->command,
	       colour ? "\033[0m" : "", at);
	out_text(stdout, first->r->comm);
	printf("[%d]\n", first->r->pid);
	size_t shown = 0;
	for (size_t i = 0; i < n; i++)
		if (all ||
		    v[i]->r->op !=
			    STORE_OP_RESTORED) /* the list shows what an undo kept and only counts what it put back */
			leaves[shown++] = undo_show_leaf_of(v[i], n <= PEEK_MOST);
	if (shown)
		qsort(leaves, shown, sizeof *leaves, tree_compare);
	int err = tree_print(leaves, shown, e->workspaces[0] ? e->workspaces[0] : "/", all, undo_show_note);
	if (shown < n)
		printf("      %zu put back\n", n - shown);
	free(leaves);
	return err;
}

/* Put as much of the command as is worth a look. */
static void undo_show_put_command(struct strbuf *b, const char *command)
{
	cleanup_strbuf struct strbuf all = {0};
	escape_put(&all, command, strlen(command));
	size_t n = all.s ? text_fit(all.s, COMMAND_COLUMNS) : 0;
	strbuf_put(b, all.s, n);
	strbuf_puts(b, all.s && all.s[n] ? "..." : "");
}

/* Put where the session worked and what it ran. */
static void undo_show_put_rest(struct strbuf *b, const struct store_entry *e)
{
	const char *top = getenv("HOME");
	for (char **w = e->workspaces; *w; w++) {
		bool home = top && top[0] == '/' && top[1] && store_under(*w, top);
		const char *shown = *w + (home ? strlen(top) : 0);
		strbuf_printf(b, "%s%s", w == e->workspaces ? "in " : ", ", home ? "~" : "");
		escape_put(b, shown, strlen(shown));
	}
	strbuf_puts(b, e->alive ? ", running: " : ": ");
	undo_show_put_command(b, e->command);
}

static void undo_show_session_line(const struct kept_session *s)
{
	const struct store_entry *e = s->entry;
	struct timespec started = {.tv_sec = e->started_ms / 1000};
	char at[32];
	cleanup_strbuf struct strbuf rest = {0};
	bool colour = out_colour(stdout);
	undo_show_when(&started, at, sizeof at);
	const char *kind = e->kind == STORE_SESSION ? "session" : "undo";
	size_t used = strlen(kind) + 1 + strlen(e->name) + 2 + strlen(at);
	printf("%s%s %s%s, %s", colour ? "\033[" SGR_BOLD "m" : "", kind, e->name, colour ? "\033[0m" : "", at);
	strbuf_puts(&rest, "    ");
	undo_show_put_rest(&rest, e);
	size_t columns = out_columns(stdout);
	if (columns && rest.s && used + out_width(rest.s) - 2 > columns) {
		putchar('\n');
		table_text(rest.s, stdout);
	} else {
		printf(", %s\n", rest.s ? rest.s + 4 : "");
	}
}

static int undo_show_by_command(const void *a, const void *b)
{
	const struct store_records *x = *(const struct store_records *const *)a,
				   *y = *(const struct store_records *const *)b;
	return x->command != y->command ? x->command > y->command ? -1 : 1 : x < y ? -1 : x > y;
}

/* Print the n records of one session, which are adjacent. */
static int show_session(const struct store_records *v, size_t n, bool all)
{
	const struct store_records **p = malloc(n * sizeof *p);
	int err = p ? 0 : -ENOMEM;
	undo_show_session_line(v->session);
	for (size_t i = 0; p && i < n; i++)
		p[i] = &v[i];
	if (p)
		qsort(p, n, sizeof *p, undo_show_by_command);
	for (size_t i = 0, end; !err && i < n; i = end) {
		for (end = i + 1; end < n && p[end]->command == p[i]->command;)
			end++;
		err = show_command(p + i, end - i, all);
	}
	free(p);
	return err;
}

static void undo_show_size(const struct kept_list *l)
{
	char size[SIZE_TEXT_MAX];
	size_text((long long)store_size(l), size);
	printf("\n%s on disk.\n", size);
}

int undo_show_list(const struct kept_list *l, bool all)
{
	int err = 0;
	for (size_t end = l->n, begin; !err && end; end = begin) {
		for (begin = end - 1; begin && l->v[begin - 1].session == l->v[end - 1].session;)
			begin--;
		err = show_session(l->v + begin, end - begin, all);
		if (!err && begin)
			putchar('\n');
	}
	if (!err && l->n)
		undo_show_size(l);
	if (!err && l->n && isatty(STDOUT_FILENO))
		err = table_text("To restore: gatesh undo PATH, or --command ID, or --since 10m.  It asks first.",
				 stdout);
	return err;
}

int undo_show_json(const struct kept_list *l)
{
	int err = 0;
	for (size_t i = l->n; !err && i-- > 0;)
		err = json_line(undo_record_json(&l->v[i]), stdout);
	return err;
}
