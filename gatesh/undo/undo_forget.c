/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_forget.c - gatesh undo forget: finds every object of a path in every store, also those that no list shows, and
 * deletes them. */
#include "undo/undo_forget.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seam/inside.h"
#include "store/store_internal.h"
#include "store/store_records.h"
#include "undo/undo_alone.h"
#include "undo/undo_origin.h"
#include "undo/undo_place.h"
#include "util/confirm.h"
#include "util/exit.h"
#include "util/out.h"
#include "util/remove_tree.h"
#include "util/session_dir.h"
#include "util/usage.h"

#define WORD "forget"

static const char help[] =
	"usage: gatesh undo forget [--yes] PATH ...\n"
	"\n"
	"Delete every kept version of a file, of all sessions and undos, at once.  With a directory:\n"
	"of everything that was under it.  They can't be restored afterwards.  The file itself, if it is\n"
	"there, stays, and so do the journal's lines with its name.\n"
	"\n"
	"  -y, --yes            do not ask for the word\n"
	"  -h, --help           show this\n"
	"\n"
	"Exit status: 0, 1 nothing was kept or not confirmed, 64 usage, 74 something could not be deleted,\n"
	"126 inside a session.\n";

/* One pass over all stores: counts, and with `remove` deletes. */
struct pass {
	char **paths;
	size_t npaths;
	bool remove;
	size_t versions, files; /* kept versions, of so many different paths */
	char *last;             /* the path counted last */
	int err;
};

/* The rest of the path below a directory that was kept whole, or NULL. */
static const char *undo_forget_below(const char *path, const struct store_put_record *r)
{
	size_t n = strlen(r->path);
	return S_ISDIR(r->mode) && store_under(path, r->path) && path[n] == '/' ? path + n + 1 : NULL;
}

/* Open the directory that holds `rest`, below the object's directory.  *name is its last component. */
static int undo_forget_walk(int objects, const char *id, const char *rest, const char **name)
{
	int fd = openat(objects, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	for (size_t n; fd >= 0 && rest[n = strcspn(rest, "/")]; rest += n + 1) {
		char part[NAME_MAX + 1];
		snprintf(part, sizeof part, "%.*s", (int)(n < NAME_MAX ? n : NAME_MAX), rest);
		int next = openat(fd, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(fd);
		fd = next;
	}
	*name = rest;
	return fd;
}

/* Count the object `name` of `dir`, and delete it. */
static void undo_forget_object(struct pass *p, int dir, const char *name, const char *path)
{
	struct stat st;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return;
	int err = p->remove ? remove_tree_at(dir, name) : 0;
	p->err = p->err ? p->err : err;
	if (err)
		return;
	p->versions++;
	p->files += !p->last || strcmp(p->last, path);
	free(p->last);
	p->last = strdup(path);
}

static void undo_forget_record(struct pass *p, const struct store_put_record *r, const struct kept_session *s,
			       int objects)
{
	const struct store_records k = {.r = r, .session = s};
	for (size_t i = 0; r->id && i < p->npaths; i++) {
		const char *rest = undo_forget_below(p->paths[i], r), *name = r->id;
		int dir = rest ? undo_forget_walk(objects, r->id, rest, &name) : objects;
		if (rest ? dir >= 0 : undo_origin_was_at(&k, p->paths[i], true))
			undo_forget_object(p, dir, name, rest ? p->paths[i] : r->path);
		if (rest && dir >= 0)
			close(dir);
	}
}

static int undo_forget_by_path(const void *a, const void *b)
{
	return strcmp(((const struct store_put_record *)a)->path, ((const struct store_put_record *)b)->path);
}

static int undo_forget_store(struct pass *p, const struct kept_session *s, size_t at)
{
	const struct journal *j = &s->journals[at];
	int dir = j->n ? store_open(s->entry->stores[at]) : -ENOENT;
	int objects = dir < 0 ? dir : store_directory(dir, STORE_OBJECTS_NAME, false, NULL);
	for (size_t i = 0; objects >= 0 && i < j->n; i++)
		undo_forget_record(p, &j->v[i], s, objects);
	if (objects >= 0)
		close(objects);
	if (dir >= 0)
		close(dir);
	return objects < 0 && objects != -ENOENT ? objects : 0;
}

/* Read the journal of one store. */
static int undo_forget_read(struct kept_session *s, size_t at)
{
	struct journal *j = &s->journals[at];
	int dir = store_open(s->entry->stores[at]);
	int err = dir < 0 ? dir : journal_read(j, dir);
	if (err)
		*j = (struct journal){0};
	if (j->n)
		qsort(j->v, j->n, sizeof *j->v, undo_forget_by_path);
	if (dir >= 0)
		close(dir);
	return err == -ENOENT ? 0 : err;
}

static int undo_forget_by_time(const void *a, const void *b)
{
	return store_moves_order(((const struct store_moves_source *)a)->r, ((const struct store_moves_source *)b)->r);
}

/* Find the moves, so that a file is forgotten by any name that it had. */
static int undo_forget_moves(const struct kept_session *s, struct store_moves *moves)
{
	size_t n = 0, at = 0;
	for (size_t i = 0; i < STORE_COUNT_MAX; i++)
		n += s->journals[i].n;
	struct store_moves_source *v = calloc(n + 1, sizeof *v);
	for (size_t i = 0; v && i < STORE_COUNT_MAX; i++)
		for (size_t k = 0; k < s->journals[i].n; k++)
			v[at++].r = &s->journals[i].v[k];
	if (v && n)
		qsort(v, n, sizeof *v, undo_forget_by_time);
	int err = v ? store_moves_make(moves, v, n) : -ENOMEM;
	free(v);
	return err;
}

static int undo_forget_session(struct pass *p, const struct store_entry *e)
{
	struct store_moves moves = {0};
	struct kept_session s = {.entry = e, .moves = &moves};
	int err = 0;
	for (size_t i = 0; e->stores[i]; i++) {
		int one = undo_forget_read(&s, i);
		err = err ? err : one;
	}
	int one = undo_forget_moves(&s, &moves);
	err = err ? err : one;
	for (size_t i = 0; e->stores[i]; i++) {
		one = undo_forget_store(p, &s, i);
		err = err ? err : one;
	}
	for (size_t i = 0; i < STORE_COUNT_MAX; i++)
		journal_free(&s.journals[i]);
	store_moves_free(&moves);
	return err;
}

static void undo_forget_pass(struct pass *p, bool remove)
{
	struct store_entry *entries;
	int n = store_list(&entries, NULL, NULL);
	p->remove = remove;
	p->versions = p->files = 0;
	p->err = n < 0 ? n : 0;
	for (int i = 0; i < n; i++) {
		int err = undo_forget_session(p, &entries[i]);
		p->err = p->err ? p->err : err;
	}
	free(p->last);
	p->last = NULL;
	store_free(entries, n > 0 ? n : 0);
}

/* A word, not a letter: a y typed ahead must not do this. */
static int undo_forget_confirm(const struct pass *p, bool yes)
{
	if (yes)
		return 0;
	if (!isatty(STDIN_FILENO))
		return usage_error("undo", "there is nobody to ask: --yes forgets without asking");
	printf("%zu kept version%s of %zu file%s.  To delete %s for good, type " WORD ": ", p->versions,
	       p->versions == 1 ? "" : "s", p->files, p->files == 1 ? "" : "s", p->versions == 1 ? "it" : "them");
	return confirm_answer(WORD);
}

static int undo_forget_paths(struct pass *p, bool yes)
{
	undo_forget_pass(p, false);
	if (!p->versions && !p->err) {
		fputs("gatesh: undo: no version of it is kept\n", stderr);
		return EXIT_DENY;
	}
	int status = p->versions ? undo_forget_confirm(p, yes) : 0;
	if (status)
		return status;
	undo_forget_pass(p, true);
	printf("%zu kept version%s of %zu file%s deleted.\n", p->versions, p->versions == 1 ? "" : "s", p->files,
	       p->files == 1 ? "" : "s");
	if (p->err)
		fprintf(stderr, "gatesh: undo: not everything could be deleted: %s\n", store_error(p->err));
	return p->err ? EXIT_IO : 0;
}

/* Returns -1 to go on, else the exit status. */
static int undo_forget_parse(int argc, char **argv, bool *yes)
{
	static const struct option longs[] = {{"yes", 0, NULL, 'y'}, {"help", 0, NULL, 'h'}, {0}};
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":yh", longs, NULL)) != -1;)
		switch (c) {
		case 'y': *yes = true; break;
		case 'h': return usage_help(help);
		default: return usage_bad_option(c, argv, longs);
		}
	return optind < argc ? -1 : usage_error("undo", "forget takes a PATH");
}

int undo_forget(int argc, char **argv)
{
	struct pass p = {0};
	char here[PATH_MAX];
	bool yes = false;
	int lock = -1;
	usage_command("undo forget");
	int status = undo_forget_parse(argc, argv, &yes);
	if (status >= 0)
		return status;
	if (session_inside()) {
		fputs("gatesh: undo: forget deletes nothing inside a session: use another terminal\n", stderr);
		return EXIT_REFUSED;
	}
	int err = undo_here(here, sizeof here);
	p.paths = argv + optind;
	for (int i = optind; !err && i < argc; i++)
		if (!(argv[i] = undo_resolve(here, argv[i])))
			err = -ENOMEM;
		else
			p.npaths++;
	if (err)
		fprintf(stderr, "gatesh: undo: the path can't be resolved: %s\n", strerror(-err));
	status = err ? EXIT_IO : undo_alone(&lock);
	if (!status)
		status = undo_forget_paths(&p, yes);
	undo_alone_end(lock);
	for (size_t i = 0; i < p.npaths; i++)
		free(p.paths[i]);
	return out_done(status);
}
