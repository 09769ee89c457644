/* SPDX-License-Identifier: BSD-2-Clause */
/* session_cover.c - finds the files to hide. */
#include "session/session_cover.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/strbuf.h"
#include "engine/engine.h"
#include "principal/principal_files.h"

static int cover_add(const char *path, void *data)
{
	struct session_cover *c = data;
	char resolved[PATH_MAX];
	if (!realpath(path, resolved))
		return 0; /* not there, so there is nothing to hide */
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->files[i], resolved))
			return 0;
	char **more = reallocarray(c->files, c->n + 2, sizeof *more);
	if (!more)
		return -ENOMEM;
	c->files = more;
	more[c->n] = strdup(resolved);
	more[c->n + 1] = NULL;
	return more[c->n++] ? 0 : -ENOMEM;
}

/* A path of a rule: from a home or the root on, with no more than the stars of glob(3). */
static int cover_add_matching(struct session_cover *c, const struct rule *r, const char *pattern, const char *home)
{
	cleanup_strbuf struct strbuf path = {0};
	glob_t found;
	if (!home || strstr(pattern, "**") || (strncmp(pattern, "~/", 2) && *pattern != '/'))
		return 0;
	strbuf_printf(&path, "%s%s", *pattern == '~' ? home : "", *pattern == '~' ? pattern + 1 : pattern);
	int err = path.err;
	if (err || glob(path.s, GLOB_NOSORT, NULL, &found))
		return err;
	for (size_t i = 0; !err && i < found.gl_pathc; i++) {
		const struct file_subject f = {.event = GATE_EVENT_READ, .path = found.gl_pathv[i], .home = home};
		err = rule_matches_file(r, &f) ? cover_add(found.gl_pathv[i], c) : 0;
	}
	globfree(&found);
	return err;
}

static int cover_add_rules(struct session_cover *c, const gate_handle_t *h)
{
	char buf[GATE_HOME_SIZE], home[PATH_MAX];
	const char *told = gate_home(buf, sizeof buf), *at = told && realpath(told, home) ? home : NULL;
	const struct ruleset *rs = &gate_handle_policy(h)->rules;
	int err = 0;
	for (size_t i = 0; i < rs->n; i++) {
		const struct rule *r = rs->rules[i];
		bool protects = r->events & 1u << GATE_EVENT_READ && r->action != GATE_ACTION_ALLOW && !r->programs;
		for (char *const *p = protects ? r->paths : NULL; !err && p && *p; p++)
			err = cover_add_matching(c, r, *p, at);
	}
	return err;
}

/* The file that lies over the others.  A newline, because an open of an empty file is judged by no rule, and the refusal would not be
 * in the log. */
static int cover_make(struct session_cover *c, const struct session_core *v)
{
	if (!session_dir_file(&v->dir, "covered", c->with, sizeof c->with))
		return -ENAMETOOLONG;
	int fd = open(c->with, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, "\n", 1);
	close(fd);
	return n == 1 ? 0 : -EIO;
}

const struct cover *session_cover_find(struct session_cover *c, const struct session_core *v, int *err)
{
	*err = 0;
	if (!v->o->principal || geteuid())
		return NULL;
	*err = principal_each_file(v->o->principal, cover_add, c);
	if (!*err)
		*err = cover_add_rules(c, v->handle);
	if (!*err && c->n)
		*err = cover_make(c, v);
	c->cover = (struct cover){c->with, c->files};
	return *err || !c->n ? NULL : &c->cover;
}

void session_cover_free(struct session_cover *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->files[i]);
	free(c->files);
	*c = (struct session_cover){0};
}
