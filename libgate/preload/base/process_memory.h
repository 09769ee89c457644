/* SPDX-License-Identifier: BSD-2-Clause */
/* process_memory.h - a process's own memory for file events: the policy image, mapped at the first one, and what
 * need not be found out again (formats/remembered.h, memory-answer, memory-place, memory-tree and memory-plain).  Its
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

/* A directory, known by its inode, and where it was last found. */
struct memory_place {
	struct slot_lock lock;
	uint32_t dev_major, dev_minor;
	uint64_t ino, born, until; /* until: milliseconds of the monotonic clock */
	char path[PATH_MAX];
};

/* What an answer says of events of a type, of which no rule more severe speaks. */
struct memory_answer {
	unsigned event, severity;
	bool allowed;
};

/* One that holds for a directory. */
struct memory_cover {
	struct slot_lock lock;
	struct memory_answer answer;
	char dir[WIRE_COVERS_MAX]; /* "": empty slot */
};

/* What was found of a directory: regenerable.h. */
struct memory_tree {
	struct slot_lock lock;
	unsigned flags;
	char dir[MEMORY_DIR_MAX]; /* "": empty slot */
};

struct memory {
	const void *image;
	struct memory_place place;
	struct memory_cover covers[MEMORY_COVERS];
	struct memory_tree trees[MEMORY_TREES]; /* what has the flags, and all below */
	struct memory_tree plain;               /* what has not, by itself */
	unsigned next_cover, next_tree;
	unsigned objects; /* kept by this process so far */
	bool passed;      /* the last file that was judged was of no concern: the next may be beside it */
};

/* This process's, if it has had a file event; NULL otherwise. */
struct memory *memory_if_any(void);

/* This process's.  NULL with *err a negative errno. */
struct memory *memory_get(int *err);

/* What is known of the directory that the first n bytes of `path` name, its slash included: those of the flags that
 * hold, and MEMORY_LOOKED when it was looked for the others. */
enum { MEMORY_LOOKED = 1 << 30 };
unsigned memory_tree(const struct memory *m, const char *path, size_t n, unsigned wants);

/* Remember that a directory has flags, or that it has not.  A longer one than MEMORY_DIR_MAX is looked at again. */
void memory_put_tree(struct memory *m, const char *dir, unsigned flags);
void memory_put_plain(struct memory *m, const char *path, size_t n, unsigned flags);

/* Does an answer given before hold for an event?  *a is the event and its severity on entry; `allowed` is filled in. */
bool memory_covered(const struct memory *m, struct memory_answer *a, const char *path);

/* Remember an answer for a directory. */
void memory_cover(struct memory *m, const struct memory_answer *a, const char *dir);

#endif
