/* SPDX-License-Identifier: BSD-2-Clause */
/* file_judge.h - judges a file that is about to lose its name or its content. */
#ifndef GATE_PRELOAD_FILES_FILE_JUDGE_H
#define GATE_PRELOAD_FILES_FILE_JUDGE_H

#include <linux/limits.h>
#include <sys/stat.h>

#include "preload/base/process_memory.h"

/* A name that a file was reached by, as the caller gives it. */
struct victim_name {
	int dir;
	const char *name;
};

struct victim {
	unsigned event; /* EVENT_UNLINK, EVENT_RENAME, EVENT_TRUNCATE, EVENT_WRITE, EVENT_READ */
	int dir;        /* with name: as the caller gives them; or the open file, and "" */
	const char *name;
	int other_dir; /* rename, with other: the file that replaces this one, or its new place; otherwise NULL */
	const char *other;
	const struct victim_name *by; /* with "": where it was opened, for a path that is too long; NULL: unknown */
	bool stranger;                /* read: EVENT_FILE_STRANGER holds */
	bool moved;                   /* rename: it leaves the workspace */
	struct statx st;
	/* Set by victim_judge(). */
	struct memory *m;
	struct gate_file_class class;
	bool nameless;  /* path is that of a directory further up, with the name, because the whole path is too long */
	unsigned flags; /* EVENT_FILE_CACHE, _IGNORED, _LOCKED: those found to hold */
	char path[PATH_MAX]; /* the real path; "" if it was not needed */
};

/* Does this process judge the event at all? */
bool victim_is_judged(unsigned event);

/* Was the file made in this session?  With the seam, a regular file is new only if the session's own call made it
 * (own_files.h).  Otherwise the birth time decides, which is that of the session or later also for what others made. */
bool victim_is_new(const struct statx *st);

enum victim_fate {
	VICTIM_GO,    /* nothing to keep: act */
	VICTIM_KEEP,  /* keep it, then act */
	VICTIM_LEAVE, /* make the call without the cookie: the session judges it, and keeps the file */
};

/* statx(2) of a file that is to be judged.  If a filter of the program's own refuses it, this process judges nothing from
 * now on (state_leave()), and the caller goes on as for any other error: its call carries no cookie then. */
long victim_look(int dir, const char *name, int flags, struct statx *st);

/* The same, faster, and without owner, blocks and times (sys_statx_untimed()): enough to find out whether the file is new.  One that
 * is not needs another look before it is judged. */
long victim_glance(int dir, const char *name, int flags, struct statx *st);

/* Decide the fate of the file from the fields event to st.  Returns a fate, or a negative errno for the caller after
 * printing any message. */
int victim_judge(struct victim *v);

/* Do the rules let the file pass by its path alone, so that it need not be examined?  Tried only after a file that
 * passed; false means nothing.  Needs the fields event to name. */
bool victim_passes(struct victim *v);

/* Would the rules give up a file at the name, whichever program removes it?  Needs dir and name; sets m, class and path. */
bool victim_would_pass(struct victim *v);

/* A judged file of EVENT_WRITE can't be kept: it may lose as much as one that is emptied, so rules about that say how bad
 * it is.  May raise class.severity. */
void victim_rate_unkept(struct victim *v);

/* The path of `other`, in buf.  NULL if there is no other, or if its path is unknown. */
const char *victim_other(const struct victim *v, char buf[PATH_MAX]);

/* The file as an event, for the session. */
struct wire_event victim_event(const struct victim *v);

/* The terms for files that no rule matches. */
const struct gate_image_keep *victim_terms(const struct victim *v);

#endif
