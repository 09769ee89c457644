/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_past_search.c - finds a file of which the records know its numbers alone: a session made a further link of it elsewhere, and
 * wrote it by that one. */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "undo/undo_past.h"

enum { PAST_SEARCHES = 8 }; /* each walks the workspaces */

/* The name of a path on the disk, which is added with the directories above it. */
static uint32_t undo_past_search_add(struct past *p, const char *path)
{
	struct past_place at = {.dir = PAST_ROOT};
	char *text = strdup(path), *rest = text, *part;
	uint32_t name = 0;
	char **texts = text ? reallocarray(p->texts, p->ntexts + 1, sizeof *texts) : NULL;
	if (!texts) {
		free(text);
		p->err = -ENOMEM;
		return 0;
	}
	p->texts = texts;
	p->texts[p->ntexts++] = text;
	while (at.dir && (part = strsep(&rest, "/"))) {
		if (!*part)
			continue;
		at.name = part;
		at.len = (uint32_t)strlen(part);
		name = past_look(p, PAST_NOW, at);
		at.dir = name ? p->names[name].file : 0;
	}
	return name;
}

uint32_t past_search(struct past *p, const struct kept_session *s, dev_t dev, ino_t ino)
{
	uint32_t name = 0;
	size_t links = 1;
	FTS *t =
		p->searches++ < PAST_SEARCHES ? fts_open(s->entry->workspaces, FTS_PHYSICAL | FTS_NOCHDIR, NULL) : NULL;
	for (FTSENT *e; t && links && (e = fts_read(t));) {
		if (e->fts_info != FTS_F || e->fts_statp->st_dev != dev || e->fts_statp->st_ino != ino)
			continue;
		links = (name ? links : e->fts_statp->st_nlink) - 1;
		name = undo_past_search_add(p, e->fts_path);
	}
	if (t)
		fts_close(t);
	return name ? p->names[name].file : 0;
}
