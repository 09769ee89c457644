/* file_judge.h - a file that is about to lose its name or its content, and what is to become of it. */
#ifndef GATE_PRELOAD_FILES_FILE_JUDGE_H
#define GATE_PRELOAD_FILES_FILE_JUDGE_H

#include <linux/limits.h>
#include <sys/stat.h>

#include "preload/base/process_memory.h"

struct victim {
	unsigned event; /* EVENT_UNLINK, EVENT_RENAME, EVENT_TRUNCATE */
	int dir;        /* and name: how the caller calls it; or the open file, and "" */
	const char *name;
	int other_dir; /* rename, and other: what replaces it, or where it goes; NULL elsewhere */
	const char *other;
	bool moved; /* rename: it leaves the workspace */
	struct statx st;
	/* Set by victim_judge(). */
	struct memory *m;
	struct gate_file_class class;
	bool nameless;       /* path is that of a directory above, with the name: the whole is too long */
	unsigned flags;      /* EVENT_FILE_CACHE, EVENT_FILE_IGNORED: what was found to hold */
	char path[PATH_MAX]; /* where it really is; "" while that was of no concern */
};

/* Is the event judged in this process at all? */
bool victim_is_judged(unsigned event);

/* Was it made in this session? */
bool victim_is_new(const struct statx *st);

enum victim_fate {
	VICTIM_GO,   /* nothing that would be missed: act */
	VICTIM_KEEP, /* keep it, then act */
};

/* Decide, from event to st, what is to be done: a fate, or a negative errno for the caller (what there was to say has
 * been said). */
int victim_judge(struct victim *v);

/* Is it of no concern for where it is, so that it need not be looked at?  Only tried beside a file that was; false tells
 * nothing.  From event to name must be set. */
bool victim_passes(struct victim *v);

/* Where `other` is, in buf; NULL when there is none or that can't be told. */
const char *victim_other(const struct victim *v, char buf[PATH_MAX]);

/* It as an event, for who has to be asked. */
struct wire_event victim_event(const struct victim *v);

/* What is to be done with files that no rule speaks of. */
const struct gate_image_keep *victim_terms(const struct victim *v);

#endif
