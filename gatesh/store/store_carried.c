/* SPDX-License-Identifier: BSD-2-Clause */
/* store_carried.c - makes, writes and reads the lists of what sessions carried away. */
#include "store/store_carried.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "store/store_internal.h"
#include "store/store_journal.h"
#include "store/store_records.h"
#include "util/pathwalk.h"

#define CARRIED_NAME "carried"
#define CARRIED_NEW "carried.new"

enum {
	CARRIED_MAX = 4096,      /* things of one store: beyond that, Gate forgets the later ones */
	CARRIED_BYTES = 4 << 20, /* of a list */
	CARRIED_ALIVE = 1 << 20, /* a living session's journal is read up to so many bytes */
	CARRIED_NEAR = 64,       /* so many guards back, the one of a name is looked for */
};

/* A list being made from a journal. */
struct carried_list {
	const struct store_entry *entry;
	struct strbuf out;
	int objects;
	unsigned n;
	struct {
		ino_t ino;
		char id[STORE_ID_MAX + 1];
	} guards[CARRIED_NEAR]; /* the last ones, in a ring */
	unsigned nguards;
};

static bool store_carried_in_workspace(const struct store_entry *e, const char *path)
{
	char **w = e->workspaces;
	while (*w && !store_under(path, *w))
		w++;
	return *w;
}

/* STORE_OP_PLACED outside of the workspaces: what was carried has moved on. */
static void store_carried_put_path(struct carried_list *c, const struct store_put_record *r)
{
	struct stat st;
	if (!r->other || (r->op == STORE_OP_PLACED && store_carried_in_workspace(c->entry, r->other)) ||
	    pathwalk_stat(r->other, &st) || st.st_dev != r->dev || st.st_ino != r->ino)
		return;
	strbuf_printf(&c->out, "path %ju %ju ", (uintmax_t)r->dev, (uintmax_t)r->ino);
	journal_encode(&c->out, r->other);
	strbuf_putc(&c->out, '\n');
	c->n++;
}

static void store_carried_note_guard(struct carried_list *c, const struct store_put_record *r)
{
	unsigned at = c->nguards++ % CARRIED_NEAR;
	c->guards[at].ino = r->ino;
	snprintf(c->guards[at].id, sizeof c->guards[at].id, "%s", r->id);
}

/* The guard's inode tells the birth, which the record of the name does not have. */
static void store_carried_put_file(struct carried_list *c, const struct store_put_record *r)
{
	struct statx st;
	unsigned n = c->nguards < CARRIED_NEAR ? c->nguards : CARRIED_NEAR;
	unsigned i = 0;
	while (i < n && c->guards[i].ino != r->ino)
		i++;
	if (i == n || statx(c->objects, c->guards[i].id, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &st) ||
	    !(st.stx_mask & STATX_BTIME) || st.stx_nlink < 2 || !S_ISREG(st.stx_mode))
		return;
	strbuf_printf(&c->out, "file %ju %ju %" PRId64 " %u\n", (uintmax_t)r->dev, (uintmax_t)r->ino,
		      (int64_t)st.stx_btime.tv_sec, st.stx_btime.tv_nsec);
	c->n++;
}

static void store_carried_put(struct carried_list *c, const struct store_put_record *r)
{
	if (r->op == STORE_OP_MOVED || r->op == STORE_OP_PLACED)
		store_carried_put_path(c, r);
	else if (r->op == STORE_OP_GUARDED && r->id)
		store_carried_note_guard(c, r);
	else if (r->op == STORE_OP_NAME)
		store_carried_put_file(c, r);
}

/* Most records are of other operations, and are not parsed. */
static void store_carried_line(struct carried_list *c, const char *line)
{
	static const char ops[] = {STORE_OP_MOVED, STORE_OP_PLACED, STORE_OP_GUARDED, STORE_OP_NAME, '\0'};
	struct journal j = {0};
	if (line[0] != '1' || line[1] != ' ' || !line[2] || !strchr(ops, line[2]))
		return;
	char *text = strdup(line);
	if (text && !journal_parse(&j, text, strlen(text)))
		for (size_t i = 0; i < j.n; i++)
			if (j.v[i].path)
				store_carried_put(c, &j.v[i]);
	journal_free(&j);
}

/* Make the list of the store that `dir` is.  Returns false if its journal can't be read, or is longer than `most`. */
static bool store_carried_make(struct carried_list *c, int dir, long long most)
{
	struct stat st;
	int fd = openat(dir, STORE_JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool good = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= most;
	FILE *f = good ? fdopen(fd, "re") : NULL;
	char *line = NULL;
	size_t room = 0;
	c->objects = store_directory(dir, STORE_OBJECTS_NAME, false, NULL);
	if (f)
		strbuf_printf(&c->out, "gate-carried 1 %lld\n", (long long)st.st_size);
	while (f && c->n < CARRIED_MAX && getline(&line, &room, f) > 0)
		store_carried_line(c, line);
	strbuf_puts(&c->out, "end\n");
	free(line);
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	if (c->objects >= 0)
		close(c->objects);
	return f && !c->out.err;
}

static void store_carried_save(const struct strbuf *b, int dir)
{
	unlinkat(dir, CARRIED_NEW, 0); /* left by a writer that was killed */
	int fd = openat(dir, CARRIED_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	bool whole = write(fd, b->s, b->len) == (ssize_t)b->len;
	close(fd);
	if (!whole || renameat(dir, CARRIED_NEW, dir, CARRIED_NAME))
		unlinkat(dir, CARRIED_NEW, 0);
}

bool store_carried_write(const struct store_entry *e)
{
	bool any = false;
	for (char **s = e->stores; *s; s++) {
		struct carried_list *c = calloc(1, sizeof *c);
		int dir = c ? store_open(*s) : -1;
		if (c)
			c->entry = e;
		if (dir >= 0 && store_carried_make(c, dir, INT64_MAX))
			store_carried_save(&c->out, dir);
		any |= c && c->n;
		if (dir >= 0)
			close(dir);
		if (c)
			strbuf_free(&c->out);
		free(c);
	}
	return any;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void store_carried_read_line(const struct store_carried_reader *r, char *line)
{
	uintmax_t dev, ino;
	int64_t sec;
	unsigned nsec;
	int at = 0;
	struct stat st;
	if (sscanf(line, "path %ju %ju %n", &dev, &ino, &at) == 2 && at) {
		char *path = line + at;
		if (journal_decode(path) && journal_is_path(path) && !pathwalk_stat(path, &st) && st.st_dev == dev &&
		    st.st_ino == ino)
			r->path(path);
	} else if (sscanf(line, "file %ju %ju %" SCNd64 " %u", &dev, &ino, &sec, &nsec) == 4) {
		struct statx file = {.stx_mask = STATX_BASIC_STATS | STATX_BTIME,
				     .stx_mode = S_IFREG,
				     .stx_ino = ino,
				     .stx_dev_major = major(dev),
				     .stx_dev_minor = minor(dev),
				     .stx_btime = {.tv_sec = sec, .tv_nsec = nsec}};
		r->file(&file);
	}
}

/* Returns whether the text is a whole list, of a journal of `bytes`. */
static bool store_carried_read_text(const struct store_carried_reader *r, char *text, long long bytes)
{
	long long of;
	char *rest = strchr(text, '\n');
	size_t n = strlen(text);
	if (!rest || sscanf(text, "gate-carried 1 %lld\n", &of) != 1 || of != bytes || n < 5 ||
	    strcmp(text + n - 5, "\nend\n") != 0)
		return false;
	rest++;
	for (char *line; (line = strsep(&rest, "\n")) && rest;)
		store_carried_read_line(r, line);
	return true;
}

static bool store_carried_read_file(const struct store_carried_reader *r, int dir, long long bytes)
{
	struct stat st;
	int fd = openat(dir, CARRIED_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool good = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < CARRIED_BYTES;
	char *text = good ? calloc(1, (size_t)st.st_size + 1) : NULL;
	good = text && read(fd, text, (size_t)st.st_size) == st.st_size && store_carried_read_text(r, text, bytes);
	free(text);
	if (fd >= 0)
		close(fd);
	return good;
}

/* Without a list, make one: of a living session it is that of this moment, of one that was killed it stays. */
static void store_carried_read_store(const struct store_carried_reader *r, const struct store_entry *e,
				     const char *store)
{
	struct stat st;
	int dir = store_open(store);
	bool known = dir >= 0 && !fstatat(dir, STORE_JOURNAL_NAME, &st, AT_SYMLINK_NOFOLLOW) && st.st_size;
	struct carried_list *c = known && !store_carried_read_file(r, dir, st.st_size) ? calloc(1, sizeof *c) : NULL;
	if (c)
		c->entry = e;
	if (c && store_carried_make(c, dir, e->alive ? CARRIED_ALIVE : INT64_MAX)) {
		if (!e->alive)
			store_carried_save(&c->out, dir);
		store_carried_read_text(r, c->out.s, st.st_size);
	}
	if (c)
		strbuf_free(&c->out);
	free(c);
	if (dir >= 0)
		close(dir);
}

static _Thread_local bool store_carried_found;

static void store_carried_found_path(const char *path)
{
	store_carried_found = true;
}

static void store_carried_found_file(const struct statx *st)
{
	store_carried_found = true;
}

bool store_carried_is_needed(const struct store_entry *e)
{
	static const struct store_carried_reader reader = {store_carried_found_path, store_carried_found_file};
	store_carried_found = false;
	for (char **s = e->stores; *s && e->kind == STORE_SESSION && !store_carried_found; s++)
		store_carried_read_store(&reader, e, *s);
	return store_carried_found;
}

void store_carried_read(const struct store_carried_reader *r)
{
	struct store_entry *entries;
	int n = store_list(&entries, NULL, NULL);
	for (int i = 0; i < n; i++)
		for (char **s = entries[i].stores; *s && entries[i].kind == STORE_SESSION; s++)
			store_carried_read_store(r, &entries[i], *s);
	store_free(entries, n > 0 ? n : 0);
}
