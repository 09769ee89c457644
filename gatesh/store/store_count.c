/* SPDX-License-Identifier: BSD-2-Clause */
/* store_count.c - counts what a session keeps, in pieces of its journals: a session of a million files ends in as little
 * memory as any other.  See store_records.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_internal.h"
#include "store/store_records.h"
#include "store/store_verify.h"

enum { PIECE = 2 << 20 }; /* bytes; some records more than STORE_RECORD_MAX allows */

/* The names of the objects that have been seen, as hashes.  A file of which two hashes are the same is not counted. */
struct seen {
	uint64_t *v; /* owned; 0: free */
	size_t n, room;
};

static uint64_t store_count_hash(const char *id)
{
	uint64_t h = 0xcbf29ce484222325; /* FNV-1a */
	for (; *id; id++)
		h = (h ^ (unsigned char)*id) * 0x100000001b3;
	return h ? h : 1;
}

/* Returns whether it is new. */
static bool store_count_put(struct seen *s, uint64_t hash)
{
	size_t at = hash & (s->room - 1);
	while (s->v[at] && s->v[at] != hash)
		at = (at + 1) & (s->room - 1);
	bool is_new = !s->v[at];
	s->v[at] = hash;
	s->n += is_new;
	return is_new;
}

static int store_count_grow(struct seen *s)
{
	struct seen more = {.room = s->room ? 2 * s->room : 1024};
	if (s->room && s->n < s->room / 4 * 3)
		return 0;
	more.v = calloc(more.room, sizeof *more.v);
	if (!more.v)
		return -ENOMEM;
	for (size_t i = 0; i < s->room; i++)
		if (s->v[i])
			store_count_put(&more, s->v[i]);
	free(s->v);
	*s = more;
	return 0;
}

/* Take out the records whose object a later one has: they were failed attempts. */
static int store_count_drop_attempts(struct seen *s, struct journal *j)
{
	int err = 0;
	for (size_t i = j->n; !err && i-- > 0;) {
		err = j->v[i].id ? store_count_grow(s) : 0;
		if (!err && j->v[i].id && !store_count_put(s, store_count_hash(j->v[i].id)))
			j->v[i].path = NULL;
	}
	return err;
}

static int store_count_piece(struct kept_amount *out, struct seen *s, struct journal *j, const struct store_entry *e,
			     int objects)
{
	struct verified *v = calloc(j->n + 1, sizeof *v);
	int err = v ? store_count_drop_attempts(s, j) : -ENOMEM;
	if (!err)
		err = journal_verify(j, e, objects, v);
	for (size_t i = 0; !err && i < j->n; i++) {
		const struct store_put_record *r = &j->v[i];
		bool file = v[i].is_true && r->id && r->op != STORE_OP_ATTRIBUTES;
		/* A thing that was moved away may have moved on since: store_moves.h finds it. */
		out->things += v[i].is_true || (r->path && r->op == STORE_OP_MOVED);
		out->files += file;
		out->bytes += file ? r->size : 0;
	}
	free(v);
	return err;
}

/* Read the piece that ends at `end`, from its first newline on.  Returns the end of the piece before, or a negative errno.
 * Both have that newline: it may end a record of the one, or begin one of the other. */
static off_t store_count_read(struct journal *j, int fd, off_t end)
{
	off_t from = end > PIECE ? end - PIECE : 0;
	size_t n = (size_t)(end - from), skipped = 0;
	char *text = malloc(n + 1);
	ssize_t got = text ? pread(fd, text, n, from) : -1;
	if (got != (ssize_t)n) {
		int err = !text ? -ENOMEM : got < 0 ? -errno : -EIO;
		free(text);
		return err;
	}
	char *newline = from ? memchr(text, '\n', n - 1) : NULL;
	if (newline)
		skipped = (size_t)(newline - text);
	memmove(text, text + skipped, n - skipped);
	int err = journal_parse(j, text, n - skipped);
	return err ? err : newline ? from + (off_t)skipped + 1 : from;
}

/* The pieces are read backwards: of two records with one object, the later one counts. */
static int store_count_journal(struct kept_amount *out, struct seen *s, const struct store_entry *e, int fd,
			       int objects)
{
	struct stat st;
	int err = fstat(fd, &st) ? -errno : !S_ISREG(st.st_mode) || st.st_uid != geteuid() ? -EINVAL : 0;
	for (off_t end = err ? 0 : st.st_size; !err && end > 0;) {
		struct journal j = {0};
		off_t from = store_count_read(&j, fd, end);
		err = from < 0 ? (int)from : store_count_piece(out, s, &j, e, objects);
		journal_free(&j);
		end = from;
	}
	return err;
}

static int store_count_store(struct kept_amount *out, struct seen *s, const struct store_entry *e, const char *store)
{
	int dir = store_open(store);
	int objects = dir < 0 ? dir : store_directory(dir, STORE_OBJECTS_NAME, false, NULL);
	int fd = objects < 0 ? -1 : openat(dir, STORE_JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int err = objects < 0 ? objects : fd < 0 ? -errno : store_count_journal(out, s, e, fd, objects);
	if (fd >= 0)
		close(fd);
	if (objects >= 0)
		close(objects);
	if (dir >= 0)
		close(dir);
	return err;
}

int records_count(const struct store_entry *e, struct kept_amount *out)
{
	int err = 0;
	*out = (struct kept_amount){0};
	for (char **s = e->stores; *s; s++) {
		struct seen seen = {0};
		int one = store_count_store(out, &seen, e, *s);
		err = one && one != -ENOENT ? one : err;
		free(seen.v);
	}
	return err;
}

bool store_remove_empty(const struct store_entry *e)
{
	struct kept_amount kept;
	return !records_count(e, &kept) && !kept.things && !store_remove(e);
}
