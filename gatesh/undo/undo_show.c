/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_show.c - prints kept records and undo plans as trees and as JSON lines. */
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
#include "undo/undo_secret.h"
#include "undo/undo_tree.h"
#include "util/json.h"
#include "util/out.h"
#include "util/pathwalk.h"
#include "util/size_text.h"
#include "util/table.h"
#include "util/text_layout.h"

enum {
	COMMAND_COLUMNS = 40,
	KEY_LEAST = 64, /* bytes of a private key: the shortest in PEM is 119 */
	KEY_MOST = 16 << 10,
	PEEK_MOST = 1000, /* records of a command whose content is looked at */
};

/* The word for what happened to a path. */
static const char *undo_show_op_word(enum store_op op)
{
	switch (op) {
	case STORE_OP_REPLACED: return "replaced";
	case STORE_OP_OVERWRITTEN: return "overwritten";
	case STORE_OP_WRITTEN: return "written in place";
	case STORE_OP_EXCHANGED: return "exchanged";
	case STORE_OP_ATTRIBUTES: return "attributes changed";
	case STORE_OP_GUARDED: return "lost its last name";
	case STORE_OP_NAME: return "name removed";
	case STORE_OP_MOVED: return "moved away";
	case STORE_OP_RESTORED: return "put back";
	default: return "removed";
	}
}

static const char *undo_show_act_word(const struct undo_item *i)
{
	switch (i->act) {
	case UNDO_REMOVE: return "removed again";
	case UNDO_AWAY: return "kept and removed";
	case UNDO_OPEN:
	case UNDO_ATTRIBUTES: return "attributes back";
	case UNDO_EXCHANGE: return "exchanged back";
	case UNDO_ASIDE:
	case UNDO_MOVE: return "moved back";
	default: return i->newer ? "back, present one kept" : "back";
	}
}

static void undo_show_when(const struct timespec *t, char *buf, size_t size)
{
	struct tm tm, today;
	time_t now = time(NULL);
	localtime_r(&t->tv_sec, &tm);
	localtime_r(&now, &today);
	bool same = tm.tm_yday == today.tm_yday && tm.tm_year == today.tm_year;
	strftime(buf, size, same ? "%H:%M:%S" : "%Y-%m-%d %H:%M", &tm);
}

/* Of the content that is kept; -1: none is. */
static long long undo_show_content_size(const struct store_put_record *r)
{
	return r->id && r->op != STORE_OP_ATTRIBUTES ? r->size : -1;
}

/* Does the record's object hold secrets?  By its name, and with `peek` by its first bytes, which costs an open. */
static bool undo_show_is_secret(const struct store_records *k, bool peek)
{
	if (!k->r->id || !S_ISREG(k->r->mode))
		return false;
	if (undo_secret_name(k->r->path) || !peek || k->r->size < KEY_LEAST || k->r->size > KEY_MOST)
		return undo_secret_name(k->r->path);
	int objects = records_objects(k->store);
	bool is = objects >= 0 && undo_secret_content(objects, k->r->id);
	if (objects >= 0)
		close(objects);
	return is;
}

static struct tree_leaf undo_show_leaf_of(const struct store_records *k, bool peek)
{
	struct tree_leaf leaf = {.path = k->r->path,
				 .what = undo_show_op_word(k->r->op),
				 .size = undo_show_content_size(k->r),
				 .directory = S_ISDIR(k->r->mode),
				 .secret = undo_show_is_secret(k, peek),
				 .sgr = SGR_YELLOW};
	struct stat st;
	bool exchanged = k->r->op == STORE_OP_EXCHANGED;
	const char *secret = leaf.secret ? "holds secrets" : "";
	if ((exchanged || k->r->op == STORE_OP_MOVED) && k->r->other &&
	    asprintf(&leaf.note, "%s %s", exchanged ? "with" : "to", k->r->other) < 0)
		leaf.note = NULL;
	else if (k->r->op == STORE_OP_UNLINKED && !leaf.directory && !pathwalk_stat(k->r->path, &st) &&
		 asprintf(&leaf.note, "%s%sanother is there now", secret, *secret ? "; " : "") < 0)
		leaf.note = NULL;
	else if (!leaf.note && leaf.secret)
		leaf.note = strdup(secret);
	return leaf;
}

static void undo_show_leaves_free(struct tree_leaf *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].note);
	free(v);
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
	int err = tree_print(leaves, shown, e->workspaces[0] ? e->workspaces[0] : "/", all);
	if (shown < n)
		printf("      %zu put back\n", n - shown);
	undo_show_leaves_free(leaves, shown);
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

static const char *undo_show_type_word(mode_t mode)
{
	return S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "symlink" : S_ISREG(mode) ? "file" : "other";
}

static json_t *undo_show_record_json(const struct store_records *k)
{
	const struct store_put_record *r = k->r;
	char text[64], id[STORE_NAME_MAX + 16], mode[16];
	struct tm tm;
	json_t *o = json_object();
	gmtime_r(&r->time.tv_sec, &tm);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03ldZ", r->time.tv_nsec / 1000000);
	snprintf(id, sizeof id, "%s.%u", k->session->entry->name, k->command);
	snprintf(mode, sizeof mode, "%04o", r->mode & 07777);
	json_put(o, "session", k->session->entry->name);
	json_put(o, "command", id);
	json_put(o, "time", text);
	json_object_set_new(o, "pid", json_integer(r->pid));
	json_put(o, "comm", r->comm);
	json_put(o, "what", undo_show_op_word(r->op));
	json_put(o, "type", undo_show_type_word(r->mode));
	json_put(o, "path", r->path);
	json_put(o, "other", r->other);
	json_put(o, "mode", mode);
	json_object_set_new(o, "uid", json_integer(r->uid));
	json_object_set_new(o, "gid", json_integer(r->gid));
	if (undo_show_content_size(r) >= 0)
		json_object_set_new(o, "size", json_integer(r->size));
	if (undo_show_is_secret(k, false))
		json_object_set_new(o, "secret", json_true());
	return o;
}

int undo_show_json(const struct kept_list *l)
{
	int err = 0;
	for (size_t i = l->n; !err && i-- > 0;)
		err = json_line(undo_show_record_json(&l->v[i]), stdout);
	return err;
}

static void undo_show_count_line(const struct undo_plan *p)
{
	size_t back = 0, gone = 0, newer = 0, directories = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct undo_item *item = &p->v[i];
		if (item->cannot)
			continue;
		bool directory = item->act == UNDO_MKDIR;
		gone += item->act == UNDO_REMOVE || item->act == UNDO_AWAY;
		directories += directory;
		back += item->act != UNDO_REMOVE && item->act != UNDO_AWAY && !directory;
		newer += item->newer;
	}
	printf("%zu file%s", back, back == 1 ? "" : "s");
	if (directories)
		printf(" and %zu director%s", directories, directories == 1 ? "y" : "ies");
	printf(" to restore");
	if (gone)
		printf(", %zu to remove again", gone);
	if (newer)
		printf("; the %zu there now %s kept as well", newer, newer == 1 ? "is" : "are");
	if (p->able < p->n)
		printf("; %zu can't be done", p->n - p->able);
	printf(".\n");
}

int undo_show_plan(const struct undo_plan *p, bool all)
{
	struct tree_leaf *leaves = calloc(p->n + 1, sizeof *leaves);
	if (!leaves)
		return -ENOMEM;
	for (size_t i = 0; i < p->n; i++) {
		const struct undo_item *item = &p->v[i];
		const struct store_put_record *r = item->k->r;
		leaves[i] = (struct tree_leaf){.path = item->path,
					       .what = item->cannot ? "can't" : undo_show_act_word(item),
					       .sgr = item->cannot ? SGR_RED :
						      item->newer  ? SGR_YELLOW :
								     SGR_GREEN,
					       .directory = item->act == UNDO_MKDIR,
					       .size = undo_show_content_size(r)};
		leaves[i].secret = !item->cannot && item->act == UNDO_PUT && undo_show_is_secret(item->k, false);
		const char *note = item->cannot;
		if (!note && !undo_in_workspace(item->k->session, item->path))
			note = leaves[i].secret ? "outside the workspace, holds secrets" : "outside the workspace";
		else if (!note && leaves[i].secret)
			note = "holds secrets";
		leaves[i].note = note ? strdup(note) : NULL;
	}
	qsort(leaves, p->n, sizeof *leaves, tree_compare);
	const struct store_entry *e = p->n ? p->v[0].k->session->entry : NULL;
	int err = tree_print(leaves, p->n, e && e->workspaces[0] ? e->workspaces[0] : "/", all);
	undo_show_leaves_free(leaves, p->n);
	if (!err)
		undo_show_count_line(p);
	return err;
}

int undo_show_plan_json(const struct undo_plan *p)
{
	int err = 0;
	for (size_t i = 0; !err && i < p->n; i++) {
		const struct undo_item *item = &p->v[i];
		json_t *o = undo_show_record_json(item->k);
		json_put(o, "to", item->path);
		json_put(o, "from", item->from);
		json_object_set_new(o, "newer", json_boolean(item->newer));
		json_put(o, "cannot", item->cannot);
		err = json_line(o, stdout);
	}
	return err;
}
