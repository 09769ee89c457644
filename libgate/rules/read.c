/* SPDX-License-Identifier: BSD-2-Clause */
/* read.c - reads rule packs from files and directories, and the files that they include. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/read_file.h"
#include "rules/rules_internal.h"

enum { PACK_MAX_BYTES = 64 << 20, INCLUDE_DEPTH_MAX = 16 };

#define PACK_FILE "pack.rules"

struct file_id {
	dev_t dev;
	ino_t ino;
	bool included; /* read because another file includes it */
};

/* One load of a file or directory. */
struct reader {
	struct ruleset *rs;
	enum ruleset_trust trust;
	struct diag *d;
};

/* A file being read, and the file that includes it. */
struct chain {
	const char *path;
	struct file_id id;
	const struct chain *by;
	const struct source *src;
	const struct include *include; /* the include line in `by` */
	struct rule_pack *pack;        /* the pack that it belongs to, unless it has its own `pack` stanza */
	bool member;                   /* ... and may not have one */
};

static int read_load_any(struct reader *r, const char *path, struct chain *by);

static bool read_is_pack(const char *name)
{
	size_t n = strlen(name);
	return n > 6 && !strcmp(name + n - 6, ".rules") && *name != '.';
}

static bool read_same_file(const struct file_id *a, const struct file_id *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

/* Report at the include line that leads to `c`, or for the file as a whole. */
static void read_bad(struct reader *r, const struct chain *c, const char *what)
{
	struct source whole = {.name = c->path, .text = ""};
	r->rs->nbad++;
	if (c->include)
		diag_at(r->d, DIAG_ERROR, c->by->src, c->include->line, c->include->col, "%s: %s", c->path, what);
	else
		diag_at(r->d, DIAG_ERROR, &whole, 0, 0, "%s", what);
}

/* Report the loop that `c` closes, as "a -> b -> a". */
static void read_bad_loop(struct reader *r, const struct chain *c)
{
	cleanup_strbuf struct strbuf text = {0};
	const struct chain *files[INCLUDE_DEPTH_MAX + 2];
	size_t n = 0;
	for (const struct chain *at = c; at && n < sizeof files / sizeof *files; at = at->by)
		files[n++] = at;
	while (n > 1 && !read_same_file(&files[n - 1]->id, &c->id))
		n--;
	while (n--)
		strbuf_printf(&text, "%s%s", files[n]->path, n ? " -> " : "");
	r->rs->nbad++;
	diag_at(r->d, DIAG_ERROR, c->by->src, c->include->line, c->include->col, "include loop: %s",
		text.err ? c->path : text.s);
}

/* Should this file be read?  An include skips a file that was read already, and a directory skips one that another file
 * includes.  Reports include loops. */
static bool read_wanted(struct reader *r, struct chain *c, const struct stat *st, bool listed)
{
	unsigned depth = 0;
	c->id = (struct file_id){st->st_dev, st->st_ino, c->include};
	for (const struct chain *at = c->by; at; at = at->by, depth++) {
		if (read_same_file(&at->id, &c->id)) {
			read_bad_loop(r, c);
			return false;
		}
	}
	if (depth > INCLUDE_DEPTH_MAX) {
		read_bad(r, c, "includes are nested too deeply");
		return false;
	}
	for (size_t i = 0; i < r->rs->nread; i++)
		if (read_same_file(&r->rs->read[i], &c->id) && (c->include || (listed && r->rs->read[i].included)))
			return false;
	return true;
}

/* Resolve an include from the directory of the file that contains it.  A project's include must stay below that
 * directory.  Returns NULL, or the error message. */
static const char *read_include_path(const struct reader *r, const struct chain *by, const char *name,
				     char out[PATH_MAX])
{
	char dir[PATH_MAX], real[PATH_MAX], below[PATH_MAX];
	const char *slash = strrchr(by->path, '/');
	int n = snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - by->path) : 1, slash ? by->path : ".");
	bool fits = n >= 0 && n < PATH_MAX;
	if (fits && *name == '/')
		fits = snprintf(out, PATH_MAX, "%s", name) < PATH_MAX;
	else if (fits)
		fits = snprintf(out, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
	if (!fits)
		return "the path is too long";
	if (r->trust != TRUST_PROJECT)
		return NULL;
	if (!realpath(*dir ? dir : "/", below) || !realpath(out, real))
		return strerror(errno);
	size_t len = strlen(below);
	return strncmp(real, below, len) || real[len] != '/' ?
		       "a project's pack may include only files below its own directory" :
		       NULL;
}

/* Load the files that a parsed file includes. */
static int read_load_includes(struct reader *r, struct chain *c, const struct pack *p)
{
	int first = 0;
	for (size_t i = 0; i < p->nincludes; i++) {
		char path[PATH_MAX];
		/* If the file is refused, so is its `pack`. */
		struct chain next = {
			.path = path, .by = c, .include = &p->includes[i], .pack = p->has_info ? NULL : p->info};
		const char *why = read_include_path(r, c, p->includes[i].path, path);
		if (why)
			read_bad(r, &next, why);
		int err = why ? -EINVAL : read_load_any(r, path, &next);
		if (err && err != -ENOMEM)
			err = -EINVAL; /* this file is at fault if its include can't be read */
		first = first ? first : err;
	}
	return first;
}

/* Load one file.  *info (may be NULL) receives the pack that it belongs to. */
static int read_load_file(struct reader *r, struct chain *c, bool listed, struct rule_pack **info)
{
	cleanup_strbuf struct strbuf b = {0};
	struct stat st;
	int err = read_file(c->path, PACK_MAX_BYTES, &b, &st);
	if (err) {
		read_bad(r, c, err == -EINVAL ? "not a regular file" : strerror(-err));
		return err;
	}
	unsigned errors = r->d->errors;
	if (!read_wanted(r, c, &st, listed))
		return r->d->errors > errors ? -EINVAL : 0;
	struct file_id *id = rules_append(&r->rs->read, &r->rs->nread, sizeof *id);
	if (!id)
		return -ENOMEM;
	*id = c->id;
	if (r->rs->on_file)
		r->rs->on_file(c->path, &st, r->trust, r->rs->on_file_data);
	struct source src = {.name = c->path, .text = b.s ? b.s : "", .len = b.len};
	struct pack p = {.rs = r->rs, .src = &src, .trust = r->trust, .d = r->d, .info = c->pack, .member = c->member};
	c->src = &src;
	err = pack_parse(&p);
	if (err)
		r->rs->nbad++;
	if (info)
		*info = p.has_info ? NULL : p.info;
	int also = err == -ENOMEM ? 0 : read_load_includes(r, c, &p);
	pack_free(&p);
	return err ? err : also;
}

static int read_rules_filter(const struct dirent *e)
{
	return read_is_pack(e->d_name);
}

static int read_visible_filter(const struct dirent *e)
{
	return *e->d_name != '.';
}

static int read_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name); /* not alphasort(): the locale must not change the order */
}

static bool read_join(char out[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);
	return n > 0 && n < PATH_MAX;
}

static bool read_has_pack_file(const char *dir)
{
	char path[PATH_MAX];
	return read_join(path, dir, PACK_FILE) && !access(path, F_OK);
}

/* List a directory, sorted.  Returns the number of entries, or a negative errno. */
static int read_list(const char *dir, int (*filter)(const struct dirent *), struct dirent ***entries)
{
	int n = scandir(dir, entries, filter, read_by_name);
	return n < 0 ? -errno : n;
}

/* Load one directory entry: a file or a pack.  Other entries are skipped. */
static int read_load_entry(struct reader *r, const char *dir, const char *name, struct chain *from)
{
	char path[PATH_MAX];
	struct stat st;
	struct chain c = *from;
	c.path = path;
	if (!read_join(path, dir, name)) {
		c.path = dir;
		read_bad(r, &c, "a path in this directory is too long");
		return -ENAMETOOLONG;
	}
	if (read_is_pack(name))
		return read_load_file(r, &c, true, NULL);
	if (from->member || stat(path, &st) || !S_ISDIR(st.st_mode))
		return 0;
	if (read_has_pack_file(path))
		return read_load_any(r, path, &c);
	struct dirent **entries;
	int n = read_list(path, read_rules_filter, &entries);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	if (n >= 0)
		free(entries);
	if (n > 0)
		read_bad(r, &c, "the directory contains rules but no " PACK_FILE ", so it is not a pack");
	return n > 0 ? -EINVAL : 0;
}

/* Load a pack (PACK_FILE, which names it, then its other files), or any directory of files and packs. */
static int read_load_dir(struct reader *r, const char *dir, const struct chain *from)
{
	struct dirent **entries;
	char path[PATH_MAX];
	struct chain c = *from;
	int first = 0, n = read_list(dir, read_visible_filter, &entries);
	if (n < 0)
		return n;
	bool pack = read_has_pack_file(dir);
	if (pack && read_join(path, dir, PACK_FILE)) {
		unsigned errors = r->d->errors;
		c.path = path;
		first = read_load_file(r, &c, false, &c.pack);
		if (!c.pack && r->d->errors == errors && !first) {
			read_bad(r, &c, "a pack's " PACK_FILE " must begin with a `pack` stanza");
			first = -EINVAL;
		}
		c.member = true;
	}
	for (int i = 0; i < n; i++) { /* continue after an error, to report the problems of the other files too */
		bool done = pack && !strcmp(entries[i]->d_name, PACK_FILE);
		int err = done ? 0 : read_load_entry(r, dir, entries[i]->d_name, &c);
		first = first ? first : err;
		free(entries[i]);
	}
	free(entries);
	return first;
}

/* Load the file or directory at `path`. */
static int read_load_any(struct reader *r, const char *path, struct chain *c)
{
	struct stat st;
	c->path = path;
	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return read_load_file(r, c, false, NULL);
	unsigned told = r->d->errors;
	int err = read_load_dir(r, path, c);
	if (err && r->d->errors == told) {
		c->path = path;
		read_bad(r, c, strerror(-err));
	}
	return err;
}

int ruleset_load(struct ruleset *rs, const char *path, enum ruleset_trust trust, struct diag *d)
{
	struct reader r = {rs, trust, d};
	struct chain c = {0};
	struct stat st;
	const char *slash = strrchr(path, '/');
	if (stat(path, &st) && errno == ENOENT && !read_is_pack(slash ? slash + 1 : path))
		return 0;
	return read_load_any(&r, path, &c);
}
