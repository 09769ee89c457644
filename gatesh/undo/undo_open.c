/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_open.c - looks through /proc/PID/fd for the files of a plan. */
#include "undo/undo_open.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/out.h"
#include "util/pathwalk.h"
#include "util/proc.h"

enum { REPORTS_MOST = 10 };

/* The files that must not be open, sorted by device and inode. */
struct wanted {
	struct file {
		dev_t dev;
		ino_t ino;
		const char *path;   /* of the item */
		const char *suffix; /* of the file beside it: "" for the file itself */
	} * v;
	size_t n, room;
	size_t reports;
};

static int undo_open_by_file(const void *a, const void *b)
{
	const struct file *x = a, *y = b;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static void undo_open_want(struct wanted *w, const char *path, const char *suffix)
{
	char *whole = NULL;
	struct stat st;
	if (asprintf(&whole, "%s%s", path, suffix) < 0)
		return;
	bool there = !pathwalk_stat(whole, &st) && S_ISREG(st.st_mode);
	free(whole);
	if (there && w->n == w->room) {
		size_t room = w->room ? w->room * 2 : 64;
		struct file *v = reallocarray(w->v, room, sizeof *v);
		if (!v)
			return;
		w->v = v;
		w->room = room;
	}
	if (there)
		w->v[w->n++] = (struct file){st.st_dev, st.st_ino, path, suffix};
}

/* Is it open for writing?  The first octal number of fdinfo's "flags:" says so. */
static bool undo_open_writes(int fdinfo, const char *fd)
{
	char text[256];
	int file = openat(fdinfo, fd, O_RDONLY | O_CLOEXEC);
	ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);
	if (file >= 0)
		close(file);
	text[n > 0 ? n : 0] = '\0';
	const char *flags = strstr(text, "flags:");
	return flags && (strtoul(flags + 6, NULL, 8) & O_ACCMODE) != O_RDONLY;
}

static void undo_open_say(struct wanted *w, const struct file *f, pid_t pid)
{
	struct proc self;
	if (w->reports++ >= REPORTS_MOST)
		return;
	fputs("gatesh: undo: ", stderr);
	out_text(stderr, f->path);
	out_text(stderr, f->suffix);
	fputs(": is open for writing in ", stderr);
	out_text(stderr, proc_read(pid, &self) ? "process" : self.comm);
	fprintf(stderr, "[%d]\n", pid);
}

/* Look at the open files of one process.  Each file is reported once per process. */
static void undo_open_process(struct wanted *w, int proc, const char *pid)
{
	char path[32];
	struct stat st;
	const struct file *last = NULL;
	snprintf(path, sizeof path, "%s/fd", pid);
	int fds = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof path, "%s/fdinfo", pid);
	int info = fds < 0 ? -1 : openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fds < 0 ? NULL : fdopendir(fds);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (!isdigit((unsigned char)e->d_name[0]) || fstatat(fds, e->d_name, &st, 0) || !S_ISREG(st.st_mode))
			continue;
		const struct file key = {st.st_dev, st.st_ino, NULL, NULL};
		const struct file *f = bsearch(&key, w->v, w->n, sizeof key, undo_open_by_file);
		if (f && f != last && undo_open_writes(info, e->d_name))
			undo_open_say(w, last = f, atoi(pid));
	}
	if (d)
		closedir(d);
	else if (fds >= 0)
		close(fds);
	if (info >= 0)
		close(info);
}

size_t undo_open_report(const struct undo_plan *p)
{
	static const char *const suffixes[] = {"", "-wal", "-journal"};
	struct wanted w = {0};
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++)
			if (!p->v[i].cannot && (p->v[i].newer || p->v[i].act == UNDO_REMOVE) &&
			    p->v[i].act != UNDO_MKDIR)
				undo_open_want(&w, p->v[i].path, suffixes[k]);
	if (w.n)
		qsort(w.v, w.n, sizeof *w.v, undo_open_by_file);
	int proc = w.n ? open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *d = proc < 0 ? NULL : fdopendir(proc);
	for (struct dirent *e; d && (e = readdir(d));)
		if (isdigit((unsigned char)e->d_name[0]) && atoi(e->d_name) != getpid())
			undo_open_process(&w, proc, e->d_name);
	if (d)
		closedir(d);
	else if (proc >= 0)
		close(proc);
	free(w.v);
	if (w.reports > REPORTS_MOST)
		fprintf(stderr, "gatesh: undo: and %zu more\n", w.reports - REPORTS_MOST);
	return w.reports;
}

static bool undo_open_is_copy(const struct undo_item *i)
{
	enum store_op op = i->k->r->op;
	return i->act == UNDO_PUT && !i->cannot &&
	       (op == STORE_OP_WRITTEN || op == STORE_OP_OVERWRITTEN || op == STORE_OP_COPIED_AWAY);
}

static int undo_open_by_path(const void *a, const void *b)
{
	return strcmp(a, (*(const struct undo_item *const *)b)->path);
}

static int undo_open_sort(const void *a, const void *b)
{
	return undo_open_by_path((*(const struct undo_item *const *)a)->path, b);
}

void undo_open_report_copies(const struct undo_plan *p)
{
	const struct undo_item **v = malloc((p->n + 1) * sizeof *v);
	size_t n = 0;
	for (size_t i = 0; v && i < p->n; i++)
		if (undo_open_is_copy(&p->v[i]))
			v[n++] = &p->v[i];
	if (n)
		qsort(v, n, sizeof *v, undo_open_sort);
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(v[i]->path);
		char *db = len > 4 && !strcmp(v[i]->path + len - 4, "-wal") ? strndup(v[i]->path, len - 4) : NULL;
		if (db && bsearch(db, v, n, sizeof *v, undo_open_by_path)) {
			fputs("gatesh: undo: ", stderr);
			out_text(stderr, db);
			fputs(" and its -wal are copies, taken one after the other: if another program was writing, they are as "
			      "after a crash, and no better\n",
			      stderr);
		}
		free(db);
	}
	free(v);
}
