/* SPDX-License-Identifier: BSD-2-Clause */
/* change.c - changes one settings file.  See change.h. */
#include "adopt/change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adopt/backup.h"
#include "adopt/hook_entries.h"
#include "adopt/text_diff.h"
#include "base/read_file.h"
#include "util/out.h"
#include "util/state_dir.h"

enum { CHANGE_FILE_MAX = 4 << 20 };

/* Read the file, and what it would be without Gate. */
static int change_read(struct change *c, const struct settings_file *f)
{
	struct stat st = {.st_mode = f->mode};
	bool nothing = true, same;
	*c = (struct change){.file = f, .mode = f->mode};
	if (!realpath(f->path, c->path))
		snprintf(c->path, sizeof c->path, "%s", f->path);
	int err = read_file(c->path, CHANGE_FILE_MAX, &c->before, &st);
	if (err && err != -ENOENT)
		return err;
	c->is = !err;
	if (c->is)
		c->mode = st.st_mode & 07777;
	if (c->is && f->kind == SETTINGS_ENTRIES &&
	    (err = hook_entries_check(c->before.s ? c->before.s : "", c->before.len, &c->line)))
		return err;
	if (c->is && (same = backup_find(c->path, &c->before, &c->clean, &c->was)))
		return 0;
	err = settings_take(f, c->before.s ? c->before.s : "", c->before.len, &c->clean, &nothing);
	c->was = c->is && !nothing;
	if (nothing && settings_has(f, c->before.s ? c->before.s : "", c->before.len, &same) <= 0)
		c->was = c->is; /* an empty file of the person's */
	return err;
}

int change_install(struct change *c, const struct settings_file *f)
{
	bool current = false;
	int err = change_read(c, f);
	if (err)
		return err;
	int has = settings_has(f, c->before.s ? c->before.s : "", c->before.len, &current);
	if (has < 0 || current)
		return has < 0 ? has : 0;
	c->will_be = true;
	err = settings_put(f, c->clean.s ? c->clean.s : "", c->clean.len, &c->after);
	return err ? err : 1;
}

int change_uninstall(struct change *c, const struct settings_file *f)
{
	bool current;
	int err = change_read(c, f);
	if (err == -EINVAL && f->kind == SETTINGS_OWN)
		return 0; /* somebody else's file */
	if (err)
		return err;
	int has = settings_has(f, c->before.s ? c->before.s : "", c->before.len, &current);
	if (has <= 0)
		return has;
	c->will_be = c->was;
	strbuf_put(&c->after, c->clean.s ? c->clean.s : "", c->clean.len);
	return c->after.err ? c->after.err : 1;
}

void change_show(const struct change *c, FILE *out)
{
	out_text(out, c->path);
	fputs(!c->is ? " (new)\n" : !c->will_be ? " (removed)\n" : "\n", out);
	text_diff(c->before.s ? c->before.s : "", c->before.len, c->after.s ? c->after.s : "", c->after.len, out);
}

/* Write a new file beside it, and rename it over. */
static int change_replace(const struct change *c)
{
	char temporary[PATH_MAX + 16], path[PATH_MAX];
	snprintf(path, sizeof path, "%s", c->path);
	snprintf(temporary, sizeof temporary, "%s.gate-XXXXXX", c->path);
	int err = state_dir_make(path);
	int fd = err ? -1 : mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return err ? err : -errno;
	for (size_t at = 0; !err && at < c->after.len;) {
		ssize_t n = write(fd, c->after.s + at, c->after.len - at);
		if (n < 0 && errno != EINTR)
			err = -errno;
		at += n > 0 ? (size_t)n : 0;
	}
	if (!err && (fchmod(fd, c->mode) || fsync(fd) || rename(temporary, c->path)))
		err = -errno;
	if (err)
		unlink(temporary);
	close(fd);
	return err;
}

int change_write(const struct change *c)
{
	bool installs = c->after.len && c->will_be &&
			(c->after.len != c->clean.len || memcmp(c->after.s, c->clean.s, c->after.len));
	int err = installs ? backup_save(c->path, &c->clean, c->was, &c->after) : 0;
	if (err)
		return err;
	if (c->will_be)
		err = change_replace(c);
	else if (unlink(c->path))
		err = -errno;
	if (!err && !installs)
		backup_forget(c->path);
	return err;
}

void change_complain(const char *command, const struct change *c, int err)
{
	fprintf(stderr, "gate: %s: ", command);
	out_text(stderr, *c->path ? c->path : c->file->path);
	if (err == -EBADMSG)
		fprintf(stderr, ":%u: this is not JSON; nothing was changed\n", c->line);
	else if (err == -EINVAL && c->file->kind == SETTINGS_OWN)
		fputs(": this file is not gatesh's; move it away first\n", stderr);
	else if (err == -EINVAL)
		fputs(": something else stands where the hooks belong; nothing was changed\n", stderr);
	else
		fprintf(stderr, ": %s; nothing was changed\n", strerror(-err));
}

void change_free(struct change *c)
{
	strbuf_free(&c->before);
	strbuf_free(&c->after);
	strbuf_free(&c->clean);
}
