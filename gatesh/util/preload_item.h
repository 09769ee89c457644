/* SPDX-License-Identifier: BSD-2-Clause */
/* preload_item.h - how LD_PRELOAD names the interposer in a session. */
#ifndef GATESH_UTIL_PRELOAD_ITEM_H
#define GATESH_UTIL_PRELOAD_ITEM_H

#include <stdbool.h>
#include <stddef.h>

/* The item.  Where the system has a loader for 32-bit programs: DIR/$PLATFORM/libgate-preload.so, where each loader finds a
 * library that it can load, that one a library without code (libgate/preload/install.sh).  Elsewhere, and where this
 * system's own loader would not find the interposer so, it is GATE_PATH_PRELOAD: any $ in the item costs each program a
 * readlink(2) of /proc/self/exe.  Static storage, computed once; thread-safe. */
const char *preload_item(void);

/* Do these `n` bytes name the interposer of this installation, one way or the other? */
bool preload_item_is_ours(const char *item, size_t n);

#endif
