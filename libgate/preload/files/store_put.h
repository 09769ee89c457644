/* SPDX-License-Identifier: BSD-2-Clause */
/* store_put.h - puts a file into the session's store before it goes, with its record (store.h). */
#ifndef GATE_PRELOAD_FILES_STORE_PUT_H
#define GATE_PRELOAD_FILES_STORE_PUT_H

#include "formats/allowance.h"
#include "preload/files/file_judge.h"
#include "preload/files/store_journal.h"

/* One file that is being kept. */
struct keeping {
	const struct victim *v;
	const struct gate_image_store *store;
	char id[STORE_ID_MAX]; /* "": no object */
	long err;              /* of the last failure; 0: none, or not the kernel's */
	char reason[64];       /* of a failure that has numbers */
	bool elsewhere;        /* its own file system is nearly full: the store is on another one */
	uint64_t taken;        /* bytes, from the quota and from `disk` */
	struct allowance *disk;
};

/* Find the store for a file.  Returns NULL, or the reason why there is none. */
const char *store_put_begin(struct keeping *k, const struct victim *v);

/* Is there room for the file, in the quota and on a disk?  `copy`: for all of its bytes, not only for those on the disk.
 * May choose another store.  Returns NULL, or the reason why there is none.  What it has taken counts for any further way
 * to keep the file, and comes back with store_room_give_back() if none of them succeeds.  store_room.c. */
const char *store_room_take(struct keeping *k, bool copy);
void store_room_give_back(struct keeping *k);

/* The ways to keep a file.  Each looks for room, writes its record first, and returns NULL, or the reason why it failed.  This one
 * writes only the record: */
const char *store_put_record(struct keeping *k, enum store_op op);

/* Make a second link to it: STORE_OP_UNLINKED or STORE_OP_REPLACED.  The file itself stays as it is.  If it fails after
 * its record is written, *k has the record's id, otherwise "". */
const char *store_put_linked(struct keeping *k, enum store_op op);

/* Move the file itself into the store, by the record of a link that failed.  To those who watch its directory, it looks
 * like a rename. */
const char *store_put_moved(struct keeping *k);

/* Copy the open file, or a symbolic link. */
const char *store_put_copied(struct keeping *k, int fd, enum store_op op);
const char *store_put_copied_link(struct keeping *k, enum store_op op);

/* Copy the file that has the name: a regular file as STORE_OP_COPIED_AWAY, a symbolic link as `link_op`. */
const char *store_put_copied_name(struct keeping *k, enum store_op link_op);

/* Link it, or else copy it; the file itself stays as it is.  `op`: as for store_put_linked(). */
const char *store_put_away(struct keeping *k, enum store_op op);

/* Give the open file `to` the owner, mode, times and extended attributes of the open file `from`, of which `st` tells.  If the
 * owner can't be set, the record still has it.  Returns 0 or a negative errno. */
int store_copy_status(int from, int to, const struct statx *st);

/* The file can't be kept, because of `why`.  A sandbox may hide the store or show it read-only, and another user may not
 * open it: then the session keeps the file.  Otherwise ask a person.  Returns VICTIM_LEAVE, VICTIM_GO or -EPERM. */
int store_put_instead(struct keeping *k, const char *why);

/* Could the session keep it, where this process can't?  After a failure. */
bool store_put_may_elsewhere(const struct keeping *k);

/* The act failed: remove the object. */
void store_put_undo(struct keeping *k);

/* The path of a file in the store: STORE/o/ID and a suffix.  Returns false if it is too long. */
bool store_put_path(const struct keeping *k, const char *suffix, char path[JOURNAL_PATH_MAX]);

/* Note the error, and return a reason for people, such as "the store is read-only". */
const char *store_put_failed(struct keeping *k, long err);

#endif
