/* SPDX-License-Identifier: BSD-2-Clause */
/* store_index.c - reads, makes and writes the index of a store. */
#include "store/store_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "store/store.h"
#include "store/store_internal.h"
#include "store/store_journal.h"

#define INDEX_NAME "index"
#define INDEX_NEW "index.new"

enum { DIRECTORIES_MAX = 32, INDEX_MAX = 512 << 10 };

struct index {
	char *v[DIRECTORIES_MAX + 1]; /* owned; none is under another one */
	size_t n;
	bool names;
	long long bytes;
};

static void store_index_free(struct index *x)
{
	for (size_t i = 0; i < x->n; i++)
		free(x->v[i]);
	*x = (struct index){0};
}

static void store_index_drop(struct index *x, size_t i)
{
	free(x->v[i]);
	x->v[i] = x->v[--x->n];
}

/* Cut the path to the directory above it, "" for the root. */
static void store_index_up(char *path)
{
	char *slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
}

/* Add a directory; takes over `dir`.  Beyond DIRECTORIES_MAX, nearby ones become the one above them. */
static void store_index_add(struct index *x, char *dir)
{
	for (size_t i = 0; i < x->n; i++)
		if (store_under(dir, x->v[i])) {
			free(dir);
			return;
		}
	for (size_t i = x->n; i-- > 0;)
		if (store_under(x->v[i], dir))
			store_index_drop(x, i);
	x->v[x->n++] = dir;
	if (x->n <= DIRECTORIES_MAX)
		return;
	char *above = x->v[--x->n];
	bool held = false;
	while (!held && *above) {
		store_index_up(above);
		for (size_t i = 0; i < x->n && !held; i++)
			held = store_under(x->v[i], above);
	}
	for (size_t i = x->n; i-- > 0;)
		if (store_under(x->v[i], above))
			store_index_drop(x, i);
	x->v[x->n++] = above;
}

/* Make it from the journal.  Returns 0 or a negative errno. */
static int store_index_make(struct index *x, int dir, long long bytes)
{
	struct journal j;
	int err = journal_read(&j, dir);
	const char *last = NULL;
	size_t length = 0;
	*x = (struct index){.bytes = bytes};
	for (size_t i = 0; !err && i < j.n; i++) {
		const char *path = j.v[i].path, *slash = strrchr(path, '/');
		x->names = x->names || j.v[i].op == STORE_OP_NAME;
		if (last && (size_t)(slash - path) == length && !strncmp(path, last, length))
			continue; /* in the directory of the record before: most of them */
		last = path;
		length = (size_t)(slash - path);
		char *above = strndup(path, length);
		if (above)
			store_index_add(x, above);
		err = above ? 0 : -ENOMEM;
	}
	if (!err || err == -ENOMEM)
		journal_free(&j);
	return err;
}

/* Best effort: without an index the journal is read the next time as well. */
static void store_index_write(const struct index *x, int dir)
{
	cleanup_strbuf struct strbuf b = {0};
	strbuf_printf(&b, "gate-index 1 %lld %zu %d\n", x->bytes, x->n, x->names);
	for (size_t i = 0; i < x->n; i++) {
		journal_encode(&b, x->v[i]);
		strbuf_putc(&b, '\n');
	}
	strbuf_puts(&b, "end\n");
	unlinkat(dir, INDEX_NEW, 0); /* left by a writer that was killed */
	int fd = b.err ? -1 : openat(dir, INDEX_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	bool whole = write(fd, b.s, b.len) == (ssize_t)b.len;
	close(fd);
	if (!whole || renameat(dir, INDEX_NEW, dir, INDEX_NAME))
		unlinkat(dir, INDEX_NEW, 0);
}

/* Parse the text of an index.  Returns false if it is torn or not one. */
static bool store_index_parse(struct index *x, char *text)
{
	size_t n;
	int names, at = 0;
	*x = (struct index){0};
	if (sscanf(text, "gate-index 1 %lld %zu %d\n%n", &x->bytes, &n, &names, &at) != 3 || !at || n > DIRECTORIES_MAX)
		return false;
	x->names = names;
	char *rest = text + at, *line;
	while ((line = strsep(&rest, "\n")) && rest && x->n < n) {
		if (!journal_decode(line) || (*line && !journal_is_path(line)) || !(x->v[x->n] = strdup(line)))
			return false;
		x->n++;
	}
	return x->n == n && line && rest && !strcmp(line, "end") && !*rest;
}

static bool store_index_read(struct index *x, int dir, long long bytes)
{
	struct stat st;
	*x = (struct index){0};
	int fd = openat(dir, INDEX_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool good = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < INDEX_MAX;
	char *text = good ? calloc(1, (size_t)st.st_size + 1) : NULL;
	good = text && read(fd, text, (size_t)st.st_size) == st.st_size && store_index_parse(x, text) &&
	       x->bytes == bytes;
	if (fd >= 0)
		close(fd);
	free(text);
	if (!good)
		store_index_free(x);
	return good;
}

static bool store_index_holds(const struct index *x, char *const *paths, size_t npaths)
{
	bool holds = x->names;
	for (size_t i = 0; i < x->n && !holds; i++)
		for (size_t k = 0; k < npaths && !holds; k++)
			holds = store_under(paths[k], x->v[i]) || store_under(x->v[i], paths[k]);
	return holds;
}

bool store_index_concerns(const char *store, char *const *paths, size_t npaths, bool write)
{
	struct index x;
	struct stat st;
	int dir = store_open(store);
	bool known = dir >= 0 && !fstatat(dir, STORE_JOURNAL_NAME, &st, AT_SYMLINK_NOFOLLOW);
	bool read = known && store_index_read(&x, dir, st.st_size);
	if (known && !read) {
		known = !store_index_make(&x, dir, st.st_size);
		if (known && write)
			store_index_write(&x, dir);
	}
	bool concerns = !known || store_index_holds(&x, paths, npaths);
	if (dir >= 0)
		close(dir);
	if (known)
		store_index_free(&x);
	return concerns;
}
