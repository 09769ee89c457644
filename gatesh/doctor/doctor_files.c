/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_files.c - gatesh doctor: tries whether and how Gate can keep files of this directory for undo. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/doctor.h"
#include "doctor/place.h"
#include "store/store.h"

/* Can the file system of this directory clone files? */
static bool doctor_files_clones(int dir)
{
	int from = openat(dir, "doctor.from", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int to = openat(dir, "doctor.to", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool can = from >= 0 && to >= 0 && write(from, "x", 1) == 1 && !ioctl(to, FICLONE, from);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	unlinkat(dir, "doctor.from", 0);
	unlinkat(dir, "doctor.to", 0);
	return can;
}

/* The mount that `path` is on, or 0. */
static unsigned long long doctor_files_mount(const char *path)
{
	struct statx st;
	return !statx(AT_FDCWD, path, 0, STATX_MNT_ID, &st) && st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0;
}

/* A line of mountinfo: ID PARENT DEVICE ROOT POINT OPTIONS [TAG ...] - TYPE SOURCE OPTIONS.  proc(5). */
static bool doctor_files_read_mount(char *line, unsigned long long id, char **type, char **options)
{
	char *mine = NULL, *theirs = NULL, *rest = strstr(line, " - "), *word = line;
	if (!rest || strtoull(line, NULL, 10) != id)
		return false;
	for (int i = 0; i < 5 && word; i++)
		word = strchr(word, ' ') ? strchr(word, ' ') + 1 : NULL;
	*rest = '\0';
	if (!word || sscanf(rest + 3, "%ms %*s %ms", type, &theirs) < 1)
		return false;
	mine = strndup(word, strcspn(word, " "));
	if (asprintf(options, "%s,%s", mine ? mine : "", theirs ? theirs : "") < 0)
		*options = NULL;
	free(mine);
	free(theirs);
	return true;
}

/* *type and *options are the caller's to free. */
static void doctor_files_find_mount(const char *path, char **type, char **options)
{
	unsigned long long id = doctor_files_mount(path);
	char *line = NULL;
	size_t room = 0;
	FILE *f = id ? fopen("/proc/self/mountinfo", "re") : NULL;
	*type = *options = NULL;
	while (f && !*type && getline(&line, &room, f) > 0)
		doctor_files_read_mount(line, id, type, options);
	free(line);
	if (f)
		fclose(f);
}

static void doctor_files_try(int dir, struct place_files *f)
{
	int fd = openat(dir, "doctor.from", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	f->links = fd >= 0 && !linkat(dir, "doctor.from", dir, "doctor.to", 0);
	if (fd >= 0)
		close(fd);
	unlinkat(dir, "doctor.from", 0);
	unlinkat(dir, "doctor.to", 0);
	f->clones = doctor_files_clones(dir);
	fd = openat(dir, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	f->temporary = fd >= 0;
	if (fd >= 0)
		close(fd);
}

/* Say what the workspace's file system and the store `store` (NULL: none) can do, a line each. */
static void doctor_files_say(struct doctor *d, const char *here, const char *store)
{
	struct place_line lines[PLACE_LINES];
	struct statx st;
	char *type, *options, *store_type = NULL, *store_options = NULL;
	int dir = store ? store_open(store) : -1;
	doctor_files_find_mount(here, &type, &options);
	if (store)
		doctor_files_find_mount(store, &store_type, &store_options);
	struct place_files f = {.type = type, .options = options, .store_type = store_type, .store = dir >= 0};
	f.births = !statx(AT_FDCWD, here, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &st) && st.stx_mask & STATX_BTIME;
	f.same_mount = store && doctor_files_mount(here) == doctor_files_mount(store);
	if (dir >= 0) {
		doctor_files_try(dir, &f);
		close(dir);
	}
	size_t n = place_of_files(&f, lines);
	for (size_t i = 0; i < n; i++)
		doctor_say(d, lines[i].health, lines[i].check, lines[i].todo, "%s", lines[i].text);
	free(type);
	free(options);
	free(store_type);
	free(store_options);
}

static void doctor_files_check_store(struct doctor *d, const char *here)
{
	cleanup_strbuf struct strbuf why = {0};
	const char *const workspaces[] = {here, NULL};
	struct store_entry e = {0};
	int err = store_create(&e, "doctor", STORE_SESSION, workspaces, "doctor", "gatesh doctor", &why);
	if (err) {
		doctor_say(d, HEALTH_WARN, "undo", NULL,
			   "Gate can't keep files of this directory, so it asks about them: %s",
			   why.s ? why.s : store_error(err));
		doctor_files_say(d, here, NULL);
		return;
	}
	doctor_say(d, HEALTH_OK, "undo", NULL, "Gate keeps files of this directory in %s", e.stores[0]);
	doctor_files_say(d, here, e.stores[0]);
	err = store_remove(&e);
	if (err)
		doctor_say(d, HEALTH_WARN, "undo", NULL, "%s can't be removed: %s", e.dir, store_error(err));
	store_entry_clear(&e);
}

void doctor_files(struct doctor *d)
{
	char *here = realpath(".", NULL);
	if (here)
		doctor_files_check_store(d, here);
	else
		doctor_say(d, HEALTH_WARN, "undo", NULL, "the path of the current directory can't be found");
	free(here);
}
