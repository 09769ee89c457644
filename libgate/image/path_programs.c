/* SPDX-License-Identifier: BSD-2-Clause */
/* path_programs.c - lists what PATH has, with as few looks at files as possible: a session's start waits for it. */
#include "image/path_programs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

enum {
	DIRECTORIES_MAX = 64,  /* of PATH */
	ENTRIES_MAX = 1 << 15, /* of a directory; the rest is left out */
};

struct listing {
	struct path_programs *out;
	bool (*known)(const char *name, void *data);
	void *data;
	struct stat seen[DIRECTORIES_MAX]; /* /bin is often /usr/bin */
	size_t nseen;
};

static struct path_program *path_programs_append(struct path_programs *l)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 512;
		struct path_program *v = reallocarray(l->v, cap, sizeof *v);
		if (!v)
			return NULL;
		l->v = v;
		l->cap = cap;
	}
	return &l->v[l->n++];
}

static int path_programs_add(struct listing *l, const char *dir, const char *name, struct path_program p)
{
	struct path_program *to = path_programs_append(l->out);
	if (!to)
		return -ENOMEM;
	*to = p;
	if (asprintf(&to->path, "%s/%s", dir, name) < 0) {
		to->path = NULL;
		return -ENOMEM;
	}
	to->name = to->path + strlen(dir) + 1;
	return 0;
}

/* A regular file without a known name matters only as another name of a known file: its inode number is enough. */
static int path_programs_entry(struct listing *l, const char *dir, DIR *d, const struct dirent *e)
{
	struct path_program p = {.known = l->known(e->d_name, l->data), .link = e->d_type == DT_LNK};
	struct stat st;
	if (e->d_type == DT_DIR)
		return 0;
	if (!p.known && e->d_type == DT_REG) {
		p.dev = l->seen[l->nseen - 1].st_dev;
		p.ino = e->d_ino;
		return path_programs_add(l, dir, e->d_name, p);
	}
	if (fstatat(dirfd(d), e->d_name, &st, 0) || !S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return 0;
	p.dev = st.st_dev;
	p.ino = st.st_ino;
	p.size = (uint64_t)st.st_size;
	return path_programs_add(l, dir, e->d_name, p);
}

/* Is it a directory that has not been read and can be read quickly? */
static bool path_programs_wants(struct listing *l, int fd)
{
	struct stat *st = &l->seen[l->nseen];
	struct statfs fs;
	if (l->nseen == DIRECTORIES_MAX || fstat(fd, st) || fstatfs(fd, &fs) || fs.f_type == V9FS_MAGIC)
		return false;
	for (size_t i = 0; i < l->nseen; i++)
		if (l->seen[i].st_dev == st->st_dev && l->seen[i].st_ino == st->st_ino)
			return false;
	l->nseen++;
	return true;
}

static int path_programs_directory(struct listing *l, const char *dir)
{
	DIR *d = *dir == '/' ? opendir(dir) : NULL;
	const struct dirent *e;
	int err = 0;
	if (d && path_programs_wants(l, dirfd(d)))
		for (size_t n = 0; !err && n < ENTRIES_MAX && (e = readdir(d)); n++)
			err = path_programs_entry(l, dir, d, e);
	if (d)
		closedir(d);
	return err;
}

int path_programs_list(const char *path, bool (*known)(const char *name, void *data), void *data,
		       struct path_programs *out)
{
	struct listing l = {.out = out, .known = known, .data = data};
	char dir[PATH_MAX];
	int err = 0;
	for (size_t n; !err && *path; path += n + (path[n] == ':')) {
		n = strcspn(path, ":");
		if (n >= sizeof dir)
			continue;
		memcpy(dir, path, n);
		dir[n] = '\0';
		err = path_programs_directory(&l, dir);
	}
	return err;
}

void path_programs_free(struct path_programs *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i].path);
	free(list->v);
	*list = (struct path_programs){0};
}
