/* SPDX-License-Identifier: BSD-2-Clause */
/* own_files.h - what the session's processes have found out about files, and share: which ones the session made, and
 * which old ones it may write in place without keeping them again.  formats/made_table.h describes the tables.
 *
 * Only a session that holds the seam has them.  The process maps them at the first file that needs a look, by one request
 * (seam_client.h).  Where that fails, the process makes no file and settles none: files are old then, and Gate keeps
 * more than it has to.  Async-signal-safe, vfork-safe. */
#ifndef GATE_PRELOAD_BASE_OWN_FILES_H
#define GATE_PRELOAD_BASE_OWN_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "formats/allowance.h"

/* Use tables that are mapped already: gatesh acts for its session's programs.  `size` bytes at `mem`, all of it, which
 * stay mapped.  Returns 0 or a negative errno. */
int own_files_enter(void *mem, size_t size);

/* Does the session have tables, whether this process can see them or not? */
bool own_files_decide(void);

/* Can this process see them? */
bool own_files_known(void);

/* Did the session make the file, for certain? */
bool own_files_made(const struct statx *st);

/* The session's own call has just made it: the open file, or what statx(2) says of it. */
void own_files_put_fd(int fd);
void own_files_put(const struct statx *st);

/* Its last name is about to go. */
void own_files_forget(const struct statx *st);

/* May it be written in place?  Its content was kept in this session, or a person said yes. */
bool own_files_settled(const struct statx *st);
void own_files_settle(const struct statx *st);

/* How much may be kept (formats/allowance.h); NULL if this process can't see it. */
struct allowances *own_files_allowances(void);

/* What the session carried from a place whose files Gate keeps to one whose files it gives up (a temporary directory, a
 * cache): the new path, or a file that has lost a name in such a place and still has another.  Gate keeps it there, too.
 * The table knows paths by a hash of 127 bits: two paths that share one make Gate keep a file too many. */
void own_files_carry(const char *path);
void own_files_carry_file(const struct statx *st);

/* Was the path carried, or a directory above it? */
bool own_files_carried(const char *path);
bool own_files_carried_file(const struct statx *st);

#endif
