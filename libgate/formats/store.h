/* SPDX-License-Identifier: BSD-2-Clause */
/* store.h - the store of what a session removed or overwrote: written by the interposer, in the process that acts; read
 * by gatesh undo.  Needs libc headers only.
 *
 * A store is a directory of the session's own, 0700, one on each file system that a workspace is on:
 *
 *     STORE/journal     a record an act, appended with one write(2) (O_APPEND)
 *     STORE/o/ID        what was kept
 *
 * A record is "\n", the fields parted by one blank, "\n".  Each begins with a newline of its own, so that one that was
 * torn (a full disk, a kill) spoils no other; a line that does not parse is no record.  It is written before the act:
 * of what has an object, the object's appearing under its name is the commit (a rename or a link, which is whole or not
 * at all), and a record without its object says nothing.  Of what has none, the state of the path says whether it
 * happened.
 *
 *     1 OP ID TIME PID PGID COMM UID GID MODE SIZE MTIME NLINK DEV INO PATH OTHER
 *
 *     OP     see enum store_op
 *     ID     the object's name, of [0-9a-f-], or "-": none
 *     TIME, MTIME   seconds.nanoseconds of the epoch, nine digits behind the point
 *     COMM   the program's name (proc_pid_comm(5)), percent-encoded
 *     MODE   octal, with the file type; SIZE bytes; NLINK before the act; DEV, INO of the file, decimal
 *     PATH   where it was, absolute, percent-encoded; OTHER: of a rename the other name, else "-"
 *
 * Percent-encoded: bytes up to 0x20, '%', 0x7f and above are %XX (upper case); an empty string is "%".
 * What the object keeps of the file: of KEEP_COPIED content, owner, mode, times and extended attributes; else it is the
 * very inode. */
#ifndef GATE_FORMATS_STORE_H
#define GATE_FORMATS_STORE_H

#define STORE_JOURNAL_NAME "journal"
#define STORE_OBJECTS_NAME "o"
#define STORE_PART_SUFFIX ".part" /* ends the name of an object being copied: no object yet */

enum store_op {
	STORE_OP_UNLINKED = 'D',    /* unlink: the object is the inode, moved */
	STORE_OP_COPIED_AWAY = 'C', /* unlink: the object is a copy, for a file that could not be moved to the store */
	STORE_OP_REPLACED = 'R',    /* PATH was replaced by OTHER: the object is the inode, linked or moved */
	STORE_OP_OVERWRITTEN = 'T', /* PATH was truncated: the object is a copy */
	STORE_OP_NAME = 'L',        /* one of several names of a file went: no object; DEV and INO tell the file */
	STORE_OP_DIRECTORY = 'X',   /* rmdir: no object */
	STORE_OP_MOVED = 'M',       /* PATH was moved out of the workspace to OTHER: no object */
	STORE_OP_RESTORED =
		'B', /* written by gatesh undo alone: it put PATH back where nothing was; DEV and INO tell what */
};

enum {
	STORE_RECORD_MAX =
		16 << 10, /* bytes of a record; two paths of 4,096 bytes all escaped do not fit: then OTHER is "-" */
	STORE_ID_MAX = 48,
	STORE_COUNT_MAX = 8, /* of a session */
};

#endif
