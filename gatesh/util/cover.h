/* SPDX-License-Identifier: BSD-2-Clause */
/* cover.h - hides files from the programs of a session by mounts that they alone see. */
#ifndef GATESH_UTIL_COVER_H
#define GATESH_UTIL_COVER_H

/* Files to hide.  All strings belong to whoever fills it. */
struct cover {
	const char *with;   /* a file on a file system that stays mounted */
	char *const *files; /* absolute; NULL-terminated.  One that is not there is passed over. */
};

/* Give this process a mount namespace in which `with` lies over each file, for reading only.  Needs CAP_SYS_ADMIN, and this process
 * may not be in a Landlock domain yet.  What is mounted outside later is seen inside; nothing is seen outside.  A file that somebody
 * outside replaces by another one of its name is not hidden any more.  Returns 0, or a negative errno if nothing is hidden, or not
 * all.  Async-signal-safe; a process with one thread. */
int cover_files(const struct cover *c);

#endif
