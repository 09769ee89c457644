/* SPDX-License-Identifier: BSD-2-Clause */
/* act_attributes.h - what chmod, chown and changes of extended attributes do before the kernel's call: the mode, the owner and the
 * attributes of an old file in the workspace are kept once in a session.  Nobody is asked, and a file that can't be kept
 * so goes on: its content is safe.  Async-signal-safe, vfork-safe; keeps errno. */
#ifndef GATE_PRELOAD_FILES_ACT_ATTRIBUTES_H
#define GATE_PRELOAD_FILES_ACT_ATTRIBUTES_H

/* The file at `name`, relative to `dir` as in openat(2); flags: AT_SYMLINK_NOFOLLOW or 0. */
void act_attributes(int dir, const char *name, int flags);

/* The open file. */
void act_attributes_fd(int fd);

#endif
