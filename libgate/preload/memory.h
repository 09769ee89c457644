/* memory.h - what a process knows of its file events: the policy image, mapped at the first one, and what need not be found
 * out again.  Shared by its threads and signal handlers without a lock; forks begin with a copy. */
#ifndef GATE_PRELOAD_MEMORY_H
#define GATE_PRELOAD_MEMORY_H

#include <linux/limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "image.h"
#include "wire.h"

enum { MEMORY_COVERS = 4 };

/* A slot that is odd while somebody writes it.  Whoever finds it so, or changed meanwhile, does without. */
struct memory_lock {
	unsigned turn;
};

/* A directory, known by its inode, and where it was last found. */
struct memory_place {
	struct memory_lock lock;
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
	struct memory_lock lock;
	struct memory_answer answer;
	char dir[WIRE_COVERS_MAX]; /* "": empty slot */
};

struct memory {
	const void *image;
	struct memory_place place;
	struct memory_cover covers[MEMORY_COVERS];
	unsigned next_cover;
	unsigned objects; /* kept by this process so far */
};

/* This process's.  NULL with *err a negative errno. */
struct memory *memory_get(int *err);

/* Begin to write a slot; false: somebody else is at it. */
bool memory_lock(struct memory_lock *l);
void memory_unlock(struct memory_lock *l);

/* Begin to read a slot, and see at the end whether what was read is whole. */
unsigned memory_begin(const struct memory_lock *l);
bool memory_was_whole(const struct memory_lock *l, unsigned turn);

/* Does an answer given before hold for an event?  *a is the event and its severity on entry; `allowed` is filled in. */
bool memory_covered(const struct memory *m, struct memory_answer *a, const char *path);

/* Remember an answer for a directory. */
void memory_cover(struct memory *m, const struct memory_answer *a, const char *dir);

#endif
