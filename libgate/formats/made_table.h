/* SPDX-License-Identifier: BSD-2-Clause */
/* made_table.h - the table of the files that a session made.  formats/made_table.c.
 *
 * Every process of the session maps one memfd, MAP_SHARED and writable.  The act that creates a file puts its key
 * there, the acts that remove or overwrite one look it up.  A file that is not in the table is old, and Gate keeps
 * it: so the table may forget, and it never remembers a file that nobody put.  It compares whole keys; no answer
 * rests on a hash.
 *
 * Killed writers, and writers that meet.  A slot is five words.  Each word holds 32 of the key's 160 bits and a
 * 32-bit tag, and a slot holds a key only if its five tags are equal.
 *   1. The first word changes only by a compare-and-swap that raises its tag by one.  So each tag of a slot is one
 *      writer's, who took the slot and alone stores the other four words with it, once each.
 *   2. Five words of one slot with one tag therefore come from one put of one key, whatever the order in which
 *      they were stored and loaded, and however many writers met in the slot.  That needs no fence, and no check
 *      word that could collide.
 *   3. A tag never comes round again: a slot whose tags are used up (4,294,967,294) takes no further key.
 *   4. A writer that dies leaves a slot with unequal tags.  It holds no key, and the next writer takes it.  A
 *      writer that was stopped and goes on may spoil the key that has been put there since; that key is forgotten.
 *
 * A key has two buckets of four slots (160 bytes), chosen by device and inode alone: a second birth of an inode
 * takes the place of the first.  32 neighbouring inodes have neighbouring buckets, as file systems number new
 * files in turn.  A put goes to the second bucket only if the first is full, then replaces the key with the oldest
 * birth.
 *
 * Memory: 10 MiB for the default of 262,144 keys, allocated where it is touched: 2,000 new files touch 0.5 MiB,
 * 100,000 touch 9 MiB.  The table holds 99.9 % of 100,000 files made in sequence, 99.8 % of 131,072, 89 % of
 * 262,144.
 *
 * A write from outside.  Each process of the session can write the memory, so a program that wants to can enter a
 * file: the table protects from accidents, not attacks.  Such a write makes no process leave the mapping:
 * made_table_open() copies the one number that decides an address, and the creator seals the memfd (F_SEAL_SHRINK,
 * F_SEAL_GROW, F_SEAL_SEAL), so that no access raises SIGBUS.
 *
 * Two files with one key.  A birth time is as coarse as the kernel's clock (1 to 10 ms).  The acts forget a key
 * before the last name goes, so the next file on that inode is not found.  One case remains: somebody outside
 * removes a file that the session made, and a third party's new file gets the inode within that tick.
 *
 * The creating side (formats/made_proof.h).  An act records a file only if the kernel has proved that this very
 * call made it.  open with O_CREAT and O_EXCL, and O_TMPFILE, prove it for the descriptor: a statx of the
 * descriptor gives the key.  An open with O_CREAT alone is made with O_EXCL first; on EEXIST it is made again as it
 * was, and then is no proof, even if it creates (somebody removed the file in between; a dangling link): the file
 * counts as old.  An act that has already looked and found the file leaves O_EXCL out.  mkdir, symlink and mknod
 * return no descriptor: a statx of the name counts if the type is right and the birth lies within the call, except
 * for a regular file, whose content could be somebody else's.  link and rename make names, and copy-up, chmod and
 * touch make inodes that the session did not: none of them records.  A file system without birth times has no
 * keys, and every file there is old.
 *
 * Costs (tests/bench/made.sh; Linux 6.18, a busy virtual machine; keys spread over 10 MiB, so mostly cache
 * misses): put 25 ns, and 130 ns into a new table, page faults included; has 25 ns if the file was made, 60 ns if
 * not; forget 30 ns; statx of a descriptor 150 ns, of a name 320 ns.  An open that creates costs 2.2 us on tmpfs
 * with or without O_EXCL, statx and put, and 60 us and more on ext4, where no difference can be seen.  O_EXCL
 * first adds up to 0.5 us to an open of a file that is there (0.74 to 1.22 us on tmpfs), as much as a look at the
 * name would.
 *
 * Needs libc headers only.  All functions are safe in threads, signal handlers, vfork children and after a fork;
 * they take no lock, wait for nobody and leave errno alone. */
#ifndef GATE_FORMATS_MADE_TABLE_H
#define GATE_FORMATS_MADE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

enum {
	MADE_SLOTS = 262144, /* the default: 100,000 files of an npm tree, twice over */
	MADE_SLOTS_MIN = 8,  /* two buckets */
	MADE_SLOTS_MAX = 1 << 24,
	MADE_VERSION = 1,
};

/* A file, exactly: as statx(2) has it. */
struct made_key {
	uint32_t dev_major, dev_minor; /* at most 12 and 20 bits, as the kernel's dev_t; not both 0 */
	uint64_t ino;
	uint64_t born_ns; /* nanoseconds since the epoch */
};

/* The start of the shared memory.  The buckets begin at the next page. */
struct made_head {
	char magic[8]; /* "GATEMADE" */
	uint32_t version, slots;
	uint64_t size; /* of all, bytes */
};

/* A process's own view of the table, in memory that only it writes.  It refers to the mapping and owns nothing. */
struct made_table {
	struct made_bucket *buckets;
	uint32_t mask; /* the number of buckets less one */
};

/* Bytes of a table of so many slots; 0 if that is not a power of two from MADE_SLOTS_MIN to MADE_SLOTS_MAX. */
size_t made_table_size(unsigned slots);

/* Write the head of a new table into zeroed memory of made_table_size(slots) bytes, before anybody else maps it. */
void made_table_init(void *mem, unsigned slots);

/* Check the head of a mapped table and fill in *t.  `mem` begins at a page and is writable.  Returns 0, -EBADMSG if the
 * size is not the head's, -EINVAL if the memory is not a table of this version. */
int made_table_open(struct made_table *t, void *mem, size_t size);

/* Remember a file that the session's own call made.  A key out of range is not remembered. */
void made_table_put(const struct made_table *t, const struct made_key *key);

/* Did the session make the file, for certain? */
bool made_table_has(const struct made_table *t, const struct made_key *key);

/* Forget a file before its last name goes.  If the removal then fails, the caller may put the key again. */
void made_table_forget(const struct made_table *t, const struct made_key *key);

#pragma GCC visibility pop

#endif
