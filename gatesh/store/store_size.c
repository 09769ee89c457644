/* SPDX-License-Identifier: BSD-2-Clause */
/* store_size.c - sums up the blocks of stores. */
#include "store/store_size.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_internal.h"

struct sum {
	uint64_t bytes;
	struct linked {
		dev_t dev;
		ino_t ino;
		uint64_t bytes;
	} * v; /* files with several links; counted in the end */
	size_t n, room;
};

static void store_size_add(struct sum *s, const struct stat *st)
{
	uint64_t bytes = (uint64_t)st->st_blocks * 512;
	if (!S_ISDIR(st->st_mode) && st->st_nlink > 1 && s->n == s->room) {
		size_t room = s->room ? s->room * 2 : 64;
		struct linked *v = reallocarray(s->v, room, sizeof *v);
		s->v = v ? v : s->v;
		s->room = v ? room : s->room;
	}
	if (S_ISDIR(st->st_mode) || st->st_nlink == 1 || s->n == s->room)
		s->bytes += bytes;
	else
		s->v[s->n++] = (struct linked){st->st_dev, st->st_ino, bytes};
}

/* Add what is in the directory `name` of `dir`, and below it. */
static void store_size_walk(struct sum *s, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct stat st;
	for (struct dirent *e; d && (e = readdir(d));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		store_size_add(s, &st);
		if (S_ISDIR(st.st_mode))
			store_size_walk(s, fd, e->d_name);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
}

static int store_size_by_file(const void *a, const void *b)
{
	const struct linked *x = a, *y = b;
	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

uint64_t store_size(const struct kept_list *l)
{
	struct sum s = {0};
	for (size_t i = 0; i < l->nsessions; i++)
		for (char **p = l->sessions[i].entry->stores; *p; p++) {
			int dir = store_open(*p);
			if (dir < 0)
				continue;
			store_size_walk(&s, dir, ".");
			close(dir);
		}
	if (s.n)
		qsort(s.v, s.n, sizeof *s.v, store_size_by_file);
	for (size_t i = 0; i < s.n; i++)
		if (!i || store_size_by_file(&s.v[i - 1], &s.v[i]))
			s.bytes += s.v[i].bytes;
	free(s.v);
	return s.bytes;
}
