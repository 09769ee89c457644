/* SPDX-License-Identifier: BSD-2-Clause */
/* store.h - the format of the store, which keeps the files that a session removed or overwrote.  The interposer writes
 * it, in the process that acts; gatesh undo reads it.  Needs libc headers only.
 *
 * A store is a directory that belongs to one session, mode 0700.  There is one on each file system that holds a
 * workspace:
 *
 *     STORE/journal     one record for each act, appended with one write(2) (O_APPEND)
 *     STORE/o/ID        a kept object
 *
 * A record is "\n", the fields separated by one blank, "\n".  Each record begins with its own newline, so that a torn
 * one (a full disk, a kill) spoils no other; readers skip a line that does not parse.  The record is written before the
 * act.  If the act has an object, the object's appearance under its name is the commit (an atomic rename or link), and
 * a record without its object means nothing.  The record and a linked or copied object come before the kernel's call,
 * which may still fail: if the file itself is still at its path, the act did not happen, and the object is removed once
 * nobody can perform the act any more.  If the act has no object, the state of the path alone shows whether it happened.
 *
 *     1 OP ID TIME PID PGID COMM UID GID MODE SIZE MTIME NLINK DEV INO PATH OTHER
 *
 *     OP     see enum store_op
 *     ID     the object's name, characters [0-9a-f-]; "-": no object
 *     TIME, MTIME   seconds.nanoseconds since the epoch, with nine digits after the point
 *     COMM   the program's name (proc_pid_comm(5)), percent-encoded
 *     MODE   octal, with the file type; SIZE bytes; NLINK before the act; DEV, INO of the file, decimal
 *     PATH   where the file was, absolute, percent-encoded; OTHER: for a rename the other name, else "-"
 *
 * Percent-encoded: bytes up to 0x20, '%', 0x7f and above are %XX (upper case); an empty string is "%".  A copied object
 * has the file's content, owner, mode, times and extended attributes; any other object is the file's own inode, except for
 * STORE_OP_ATTRIBUTES. */
#ifndef GATE_FORMATS_STORE_H
#define GATE_FORMATS_STORE_H

#define STORE_JOURNAL_NAME "journal"
#define STORE_OBJECTS_NAME "o"
#define STORE_PART_SUFFIX ".part" /* ends the name of a copy in progress, which is not yet an object */

enum store_op {
	STORE_OP_UNLINKED = 'D',    /* unlink: the object is the inode, moved or linked */
	STORE_OP_COPIED_AWAY = 'C', /* unlink: the object is a copy, for a file that could not be moved to the store */
	STORE_OP_REPLACED = 'R',    /* PATH was replaced by OTHER: the object is the inode, linked or moved */
	STORE_OP_OVERWRITTEN = 'T', /* PATH was truncated: the object is a copy */
	STORE_OP_WRITTEN =
		'W', /* PATH was first opened for writing in place: the object is a copy from before that.  An open
				 * that changed nothing counts for nothing */
	STORE_OP_NAME = 'L', /* one of a file's several names was removed: no object; DEV and INO identify the file */
	STORE_OP_DIRECTORY = 'X', /* rmdir, or the empty directory was replaced by OTHER: no object */
	STORE_OP_MOVED =
		'M', /* PATH was moved to OTHER, out of the workspace or to where Gate gives files up: no object */
	STORE_OP_PLACED =
		'P', /* PATH, a directory or an old file, was moved to OTHER otherwise: no object.  It counts for nothing by
				 * itself, but tells the first place of what is lost at OTHER or below it later */
	STORE_OP_EXCHANGED =
		'E', /* PATH and OTHER were exchanged: no object; DEV and INO identify the file that was at PATH */
	STORE_OP_ATTRIBUTES =
		'A', /* mode, owner, access control list or other extended attributes of PATH were about to
				    * change: the object is an empty file or directory with those of before; without one, UID,
				    * GID and MODE are all that is known */
	STORE_OP_GUARDED =
		'S', /* an old file was about to be moved from PATH, or to lose one of several names, PATH: the object is
				 * a further link.  It counts only if it is the file's last one,
				 * and the file is not empty */
	STORE_OP_UNKEPT =
		'U', /* PATH was opened for writing in place after a yes, though it could not be kept: no object */
	STORE_OP_RESTORED =
		'B', /* only gatesh undo writes it: it restored PATH where nothing was; DEV and INO identify the file */
};

enum {
	STORE_RECORD_MAX = 64 << 10, /* bytes of a record; where PATH and OTHER do not fit, OTHER is "-" */
	STORE_ID_MAX = 48,
	STORE_COUNT_MAX = 8, /* stores per session */
};

/* The ID of an object that a file has one of is "INODE-SECONDS-NANOSECONDS", the time that of its birth, in hex, and ends
 * with: */
#define STORE_GUARD_SUFFIX "-b"      /* STORE_OP_GUARDED */
#define STORE_ATTRIBUTES_SUFFIX "-a" /* STORE_OP_ATTRIBUTES */

#endif
