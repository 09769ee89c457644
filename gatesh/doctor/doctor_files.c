/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_files.c - gatesh doctor: checks whether and how Gate can keep files of this directory for undo. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/doctor.h"
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
		return;
	}
	doctor_say(d, HEALTH_OK, "undo", NULL, "Gate keeps files of this directory in %s", e.stores[0]);
	int dir = store_open(e.stores[0]);
	if (dir >= 0 && doctor_files_clones(dir))
		doctor_say(d, HEALTH_OK, "clones", NULL, "Gate clones an overwritten file, whatever its size");
	else
		doctor_say(d, HEALTH_OK, "clones", NULL,
			   "not on this file system: Gate copies an overwritten file, up to max= of gate_keep");
	if (dir >= 0)
		close(dir);
	err = store_remove(&e);
	if (err)
		doctor_say(d, HEALTH_WARN, "undo", NULL, "%s can't be removed: %s", e.dir, store_error(err));
	store_entry_clear(&e);
}

static void doctor_files_check_birth(struct doctor *d, const char *here)
{
	struct statx st;
	if (!statx(AT_FDCWD, here, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &st) && st.stx_mask & STATX_BTIME)
		doctor_say(d, HEALTH_OK, "birth times", NULL, "a session may delete what it created, unasked");
	else
		doctor_say(d, HEALTH_WARN, "birth times", NULL,
			   "not on this file system: Gate keeps or asks about what a session created, like the rest");
}

void doctor_files(struct doctor *d)
{
	char *here = realpath(".", NULL);
	if (here) {
		doctor_files_check_store(d, here);
		doctor_files_check_birth(d, here);
	} else {
		doctor_say(d, HEALTH_WARN, "undo", NULL, "the path of the current directory can't be found");
	}
	free(here);
}
