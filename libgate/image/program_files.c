/* SPDX-License-Identifier: BSD-2-Clause */
/* program_files.c - finds the files that PATH has for the names of rules and carriers, and settles which name each file
 * goes by. */
#include "image/program_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/name.h"
#include "image/build_id.h"
#include "image/image_internal.h"
#include "image/path_programs.h"
#include "subject/wrappers/wrapper.h"

/* A file that PATH has under more names looks at argv[0]. */
enum { NAMES_MAX = 8 };

/* A name that rules or the table of carriers know; "mkfs." with `prefix`. */
struct word {
	const char *s;
	size_t n;
	bool prefix;
};

struct words {
	struct word *v;
	size_t n, cap;
	int err;
};

static void program_files_add_word(struct words *w, const char *s, size_t n)
{
	if (w->n == w->cap) {
		size_t cap = w->cap ? 2 * w->cap : 512;
		struct word *v = reallocarray(w->v, cap, sizeof *v);
		if (!v) {
			w->err = -ENOMEM;
			return;
		}
		w->v = v;
		w->cap = cap;
	}
	bool prefix = n > 1 && s[n - 1] == '*';
	w->v[w->n++] = (struct word){s, n - prefix, prefix};
}

static void program_files_add_carrier(const char *name, size_t len, bool away, void *data)
{
	if (away) /* an interpreter under another name is rare, and a script is judged when its own name is executed */
		program_files_add_word(data, name, len);
}

/* Prefixes first, then by bytes. */
static int program_files_by_word(const void *x, const void *y)
{
	const struct word *a = x, *b = y;
	if (a->prefix != b->prefix)
		return a->prefix ? -1 : 1;
	int by = memcmp(a->s, b->s, a->n < b->n ? a->n : b->n);
	return by ? by : (a->n > b->n) - (a->n < b->n);
}

static void program_files_words(const struct ruleset *rs, struct words *w)
{
	for (size_t i = 0; i < rs->n; i++)
		for (char **p = rule_exec_programs(rs->rules[i]); p && *p; p++)
			program_files_add_word(w, *p, strlen(*p));
	wrapper_carriers(program_files_add_carrier, w);
	if (w->n)
		qsort(w->v, w->n, sizeof *w->v, program_files_by_word);
}

/* A program of many names, or a launcher, whose file does not say what it does, even where PATH has few names of it. */
static bool program_files_goes_by_argv0(const char *name)
{
	static const char *const names[] = {"busybox", "toybox", "coreutils", "snap"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool program_files_knows(const char *name, void *data)
{
	const struct words *w = data;
	const struct word key = {name, strlen(name), false};
	for (size_t i = 0; i < w->n && w->v[i].prefix; i++)
		if (!strncmp(w->v[i].s, name, w->v[i].n))
			return true;
	return w->n && !program_files_goes_by_argv0(name) &&
	       bsearch(&key, w->v, w->n, sizeof *w->v, program_files_by_word);
}

static int program_files_by_file(const void *x, const void *y)
{
	const struct path_program *a = x, *b = y;
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* Return the path by which a file with these n names is known, or NULL.  `real` has room for it.  A file whose own name
 * rules know is that program.  One with another name goes by the names that lead to it, if rules know them all: of pkill and
 * pgrep, one file, only one kills. */
static const char *program_files_choose(const struct path_program *v, size_t n, struct words *w, char real[PATH_MAX])
{
	size_t known = 0, first = n;
	for (size_t i = n; i-- > 0;) {
		known += v[i].known;
		first = v[i].known ? i : first;
	}
	if (!known || n > NAMES_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (v[i].known && !v[i].link)
			return v[i].path;
	if (realpath(v[first].path, real) && program_files_knows(name_base(real), w))
		return real;
	return known == n ? v[first].path : NULL;
}

static uint64_t program_files_start(int fd)
{
	char s[GATE_PROGRAM_START];
	ssize_t n = pread(fd, s, sizeof s, 0);
	return n > 0 && build_id_is_in(s, (size_t)n) ? gate_hash_start(GATE_HASH_START_64, s, (size_t)n) : 0;
}

int program_file_look(const char *path, struct gate_program_file *f)
{
	struct stat st;
	int fd = open(path,
		      O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* one that may only be executed can't be copied either */
	int err = fd < 0 ? stat(path, &st) : fstat(fd, &st);
	if (err || !S_ISREG(st.st_mode))
		err = err ? -errno : -ENOEXEC;
	else
		*f = (struct gate_program_file){.ino = st.st_ino,
						.size = (uint64_t)st.st_size,
						.start = fd < 0 ? 0 : program_files_start(fd),
						.dev_major = major(st.st_dev),
						.dev_minor = minor(st.st_dev)};
	if (fd >= 0)
		close(fd);
	return err;
}

/* A hard link tells by its name what it is, as a program of several names does; a symbolic link abbreviates (k for
 * kubectl), unless rules know it too. */
static void program_files_own(struct program_file *p, const struct path_program *v, size_t n)
{
	const char *name = name_base(p->path);
	p->own[p->nown++] = image_hash(name, strlen(name));
	for (size_t i = 0; i < n; i++)
		if (v[i].known || !v[i].link)
			p->own[p->nown++] = image_hash(v[i].name, strlen(v[i].name));
}

static int program_files_take(struct program_files *out, const char *path, const struct path_program *v, size_t n)
{
	struct program_file p = {0}, *grown = NULL;
	if (program_file_look(path, &p.file)) /* it has gone meanwhile */
		return 0;
	p.path = strdup(path);
	p.own = calloc(n + 1, sizeof *p.own);
	if (p.path && p.own)
		grown = reallocarray(out->v, out->n + 1, sizeof *grown);
	if (!grown) {
		free(p.path);
		free(p.own);
		return -ENOMEM;
	}
	program_files_own(&p, v, n);
	out->v = grown;
	out->v[out->n++] = p;
	return 0;
}

int program_files_find(const struct ruleset *rs, const char *path, struct program_files *out)
{
	struct path_programs all = {0};
	struct words w = {0};
	char real[PATH_MAX];
	program_files_words(rs, &w);
	int err = w.err ? w.err : path_programs_list(path, program_files_knows, &w, &all);
	if (!err && all.n)
		qsort(all.v, all.n, sizeof *all.v, program_files_by_file);
	for (size_t i = 0, n; !err && i < all.n; i += n) {
		for (n = 1; i + n < all.n && all.v[i + n].dev == all.v[i].dev && all.v[i + n].ino == all.v[i].ino;)
			n++;
		const char *chosen = program_files_choose(&all.v[i], n, &w, real);
		if (chosen)
			err = program_files_take(out, chosen, &all.v[i], n);
	}
	path_programs_free(&all);
	free(w.v);
	return err;
}

static bool program_files_is_same(const struct gate_program_file *a, const struct gate_program_file *b)
{
	return (a->ino == b->ino && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor) ||
	       (a->start && a->start == b->start && a->size == b->size);
}

const char *program_files_of(const struct program_files *files, const struct gate_program_file *f, const char *name)
{
	uint32_t hash = image_hash(name, strlen(name));
	const struct program_file *p = files->v, *end = p + files->n;
	while (p < end && !program_files_is_same(&p->file, f))
		p++;
	for (size_t i = 0; p < end && i < p->nown; i++)
		if (p->own[i] == hash)
			return NULL;
	return p < end ? p->path : NULL;
}

void program_files_free(struct program_files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free(files->v[i].path);
		free(files->v[i].own);
	}
	free(files->v);
	*files = (struct program_files){0};
}
