/* SPDX-License-Identifier: BSD-2-Clause */
/* process_memory.h - a process's own memory for file events: the policy image, mapped at the first one, and
 * results that need not be computed again (formats/remembered.h, memory-answer, memory-place, memory-tree and memory-plain).  Its
 * threads and signal handlers share it without a lock. */
#ifndef GATE_PRELOAD_BASE_PROCESS_MEMORY_H
#define GATE_PRELOAD_BASE_PROCESS_MEMORY_H

#include <linux/limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/image.h"
#include "formats/wire.h"
#include "preload/base/slots.h"

enum { MEMORY_COVERS = 4, MEMORY_TREES = 4, MEMORY_DIR_MAX = 1024 };

/* A directory, identified by its inode and the mount it was reached by, and its last known path there. */
struct memory_place {
	struct slot_lock lock;
	uint32_t dev_major, dev_minor;
	uint64_t ino, mount, born, until; /* until: milliseconds of the monotonic clock */
	char path[PATH_MAX];
};

/* The answer for events of one type, up to a severity. */
struct memory_answer {
	unsigned event, severity;
	bool unkept; /* about a file that can't be kept: only such a yes covers others of them */
	bool allowed;
};

/* An answer that holds for a directory. */
struct memory_cover {
	struct slot_lock lock;
	struct memory_answer answer;
	char dir[WIRE_COVERS_MAX]; /* "": empty slot */
};

/* The flags of a directory: regenerable.h. */
struct memory_tree {
	struct slot_lock lock;
	unsigned flags;
	char dir[MEMORY_DIR_MAX]; /* "": empty slot */
};

/* When the last node_modules was installed: files/installed.h. */
struct memory_install {
	struct slot_lock lock;
	int64_t sec;
	uint32_t nsec;
	size_t n; /* bytes of dir; 0: empty slot */
	char dir[MEMORY_DIR_MAX];
};

struct memory {
	const void *image;
	struct memory_place place;
	struct memory_cover covers[MEMORY_COVERS];
	struct memory_tree trees[MEMORY_TREES]; /* directories that have the flags, and so has all below them */
	struct memory_tree plain;               /* a directory that lacks them; says nothing about those below */
	struct memory_install install;
	unsigned next_cover, next_tree;
	unsigned objects; /* kept by this process so far */
	bool limited;     /* a limit on the size of files (ulimit -f) keeps this process from writing to a store */
	bool passed;      /* the rules let the last file pass; the next may be beside it */
};

/* This process's memory, or NULL if it has had no file event. */
struct memory *memory_if_any(void);

/* This process's memory, mapped at the first call.  Returns NULL with a negative errno in *err on failure. */
struct memory *memory_get(int *err);

/* The directory is named by the first n bytes of `path`, with its slash.  Returns those flags of `wants` that are known to
 * hold, and MEMORY_LOOKED if the others are known not to. */
enum { MEMORY_LOOKED = 1 << 30 };
unsigned memory_tree(const struct memory *m, const char *path, size_t n, unsigned wants);

/* Remember that a directory has the flags, or that it lacks them.  Paths of MEMORY_DIR_MAX or more are not remembered. */
void memory_put_tree(struct memory *m, const char *dir, unsigned flags);
void memory_put_plain(struct memory *m, const char *path, size_t n, unsigned flags);

/* Does an earlier answer cover the event?  *a has the event, its severity and `unkept`; the function fills in `allowed`. */
bool memory_covered(const struct memory *m, struct memory_answer *a, const char *path);

/* Remember an answer for a directory. */
void memory_cover(struct memory *m, const struct memory_answer *a, const char *dir);

#endif
