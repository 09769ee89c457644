/* SPDX-License-Identifier: BSD-2-Clause */
/* store_moves.h - where directories and old files were moved in a session: the records STORE_OP_MOVED, STORE_OP_PLACED and
 * STORE_OP_EXCHANGED (two moves, of which each has its own record), checked against the other records and the disk, since a rename that is recorded may have failed. */
#ifndef GATESH_STORE_STORE_MOVES_H
#define GATESH_STORE_STORE_MOVES_H

#include <stdbool.h>
#include <stddef.h>

#include "store/store_journal.h"

struct store_move {
	const struct store_put_record *r; /* from r->path to r->other */
	const void *session;              /* whose record it is, and */
	unsigned command;                 /* its command, as in struct store_records */
	const char *now;   /* where what moved is now, after further moves; NULL: not found.  In the records' memory */
	bool seen, failed; /* what the other records say of it */
};

/* The moves that happened, by their new paths, then by time. */
struct store_moves {
	struct store_move *v;        /* owned */
	struct store_move **by_from; /* owned: by their old paths, then by time */
	size_t n;
};

/* A record, as a source of moves. */
struct store_moves_source {
	const struct store_put_record *r;
	const void *session;
	unsigned command;
};

/* Find the moves among all records of some sessions, in order of time: what one session has moved, another one may move
 * on.  Returns 0 or -ENOMEM. */
int store_moves_make(struct store_moves *m, const struct store_moves_source *v, size_t n);
void store_moves_free(struct store_moves *m);

/* The move that the record is of, or NULL if it did not happen. */
const struct store_move *store_moves_of(const struct store_moves *m, const struct store_put_record *r);

/* The last move before `before` whose new path is `path`, or a directory above it.  A move to `path` itself must be of the file
 * that `file` is of.  *below is the rest of `path`: "" or "/...".  NULL if there is none. */
const struct store_move *store_moves_last(const struct store_moves *m, const char *path,
					  const struct store_put_record *file, const struct store_put_record *before,
					  const char **below);

/* Where a thing that was at r->path at the time of the record `r` is after the later moves STORE_OP_PLACED, of it and of directories
 * above it, up to the first other one.  Returns a path, which the caller frees; NULL: where it was, or memory is out.  *last: the last
 * of these moves, or NULL. */
char *store_moves_forward(const struct store_moves *m, const struct store_put_record *r,
			  const struct store_move **last);

/* The order in which records were written: negative, 0 or positive.  Records of two stores within one nanosecond have none. */
int store_moves_order(const struct store_put_record *a, const struct store_put_record *b);

#endif
