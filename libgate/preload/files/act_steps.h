/* SPDX-License-Identifier: BSD-2-Clause */
/* act_steps.h - the steps of an act that come before the kernel's call: look at the file, judge it, and keep or record
 * it.  act_unlink.c, act_rename.c, act_open.c and act_truncate.c make the kernel's call after them.  act_before.c leaves that call
 * to the program itself.  Descriptors and names are as the caller gives them; errors are negative errnos, with any
 * message already printed.  Async-signal-safe. */
#ifndef GATE_PRELOAD_FILES_ACT_STEPS_H
#define GATE_PRELOAD_FILES_ACT_STEPS_H

#include <stdbool.h>
#include <sys/stat.h>

#include "formats/store.h"
#include "preload/files/file_judge.h"
#include "preload/files/store_put.h"

/* How often an act looks again when other processes change the name each time. */
enum { ACT_TRIES = 100 };

/* A rename.  The first five fields are its arguments. */
struct renaming {
	int from_dir, to_dir;
	const char *from, *to;
	unsigned flags;
	struct statx st; /* of the file that moves: rename_is_judged() */
};

/* Judge unlinkat(2) with these flags.  Fills in *v.  Returns a fate, VICTIM_GO also for a call that the kernel will
 * refuse, or an error. */
int unlink_judge(struct victim *v, int dir, const char *name, int flags);

/* May this process change the directory that holds the file?  If not (EROFS, EACCES), the kernel refuses the call. */
bool unlink_is_possible(const struct victim *v);

/* Is it the file's last name, apart from a link that guards it (store_guard.h)?  Needs store_put_begin(). */
bool unlink_is_last_name(struct keeping *k);

/* Record a directory that will be removed: the record alone restores it. */
void unlink_record_directory(struct victim *v);

/* Is there anything to judge?  Fills in r->st. */
bool rename_is_judged(struct renaming *r);

/* Remember what moves to a place whose files are given up, and record where a directory or an old file was.  Returns
 * VICTIM_GO, also if it can't be recorded, or VICTIM_LEAVE.  act_move.c. */
int rename_note_place(const struct renaming *r);

/* Do rename_note_place(); then judge and record a file that leaves the workspaces.  Returns VICTIM_GO, VICTIM_LEAVE or an error. */
int rename_before_leaving(const struct renaming *r);

/* Guard the file that moves, if it is old and its new place is one where files are kept: a process that has judged what
 * was there before may be about to remove or to replace it.  Returns VICTIM_GO; VICTIM_LEAVE if only the session can;
 * or -ESTALE if the old name is another file's by now. */
int rename_guard(const struct renaming *r);

/* Does the rename exchange two files, and may it be judged?  Judge both, and record where they were.  Returns VICTIM_GO,
 * VICTIM_LEAVE or an error. */
bool exchange_is_judged(const struct renaming *r);
int exchange_before(const struct renaming *r);

/* Judge the file that the rename replaces.  Fills in *v.  Returns a fate, VICTIM_GO if it replaces none, or an error.
 */
int rename_judge_replaced(struct victim *v, const struct renaming *r);

/* The rename of a directory has happened or is about to: forget where directories were. */
void rename_forget_directories(const struct renaming *r);

/* Can an open with these flags empty an existing file? */
bool truncate_empties(unsigned long flags);

/* Must the file at the name be judged before it loses all beyond `length` bytes?  `at`: flags of statx(2). */
bool truncate_is_judged(int dir, const char *name, int at, unsigned long length);

/* Judge an open file and keep its content.  `by`: struct victim.  Returns VICTIM_GO, VICTIM_LEAVE or an error. */
int truncate_before(int fd, unsigned long length, const struct victim_name *by);

/* Copy the open file to the store, through the descriptor itself, or through another one if it can't be read.  Fills in
 * *k.  Returns NULL, or the reason why it failed. */
const char *truncate_copy(struct keeping *k, const struct victim *v, int fd, enum store_op op);

#endif
