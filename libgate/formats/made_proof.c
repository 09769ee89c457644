/* SPDX-License-Identifier: BSD-2-Clause */
/* made_proof.c - which results of creating calls prove that the call made the file. */
#include "formats/made_proof.h"

#include <fcntl.h>

enum { PROOF_SECOND = 1000000000 };

static bool proof_birth(const struct statx *st, uint64_t *ns)
{
	const struct statx_timestamp *t = &st->stx_btime;
	if (!(st->stx_mask & STATX_BTIME) || t->tv_sec <= 0 || t->tv_nsec >= PROOF_SECOND ||
	    (uint64_t)t->tv_sec >= UINT64_MAX / PROOF_SECOND)
		return false;
	*ns = (uint64_t)t->tv_sec * PROOF_SECOND + t->tv_nsec;
	return true;
}

bool made_key_of(const struct statx *st, struct made_key *key)
{
	uint64_t born;
	if (!(st->stx_mask & STATX_INO) || !proof_birth(st, &born))
		return false;
	*key = (struct made_key){st->stx_dev_major, st->stx_dev_minor, st->stx_ino, born};
	return true;
}

/* The kernel ignores O_CREAT beside O_PATH, and refuses it beside O_DIRECTORY since Linux 6.4 (before, it created a
 * regular file and then failed). */
static bool proof_may_create(int flags)
{
	return flags & O_CREAT && !(flags & (O_PATH | O_DIRECTORY));
}

int made_open_first(int flags, enum made_before before)
{
	return proof_may_create(flags) && before != MADE_PRESENT ? flags | O_EXCL : flags;
}

bool made_open_proves(int flags)
{
	if (flags & O_PATH)
		return false;
	return (flags & O_TMPFILE) == O_TMPFILE || (proof_may_create(flags) && flags & O_EXCL);
}

bool made_name_proves(unsigned type, const struct statx *after, uint64_t from_ns, uint64_t until_ns)
{
	uint64_t born;
	/* Somebody could have put another file of this type there since.  It would have to be born within the call too,
	 * and a directory or a link of that age holds nothing that a name does not. */
	return type != S_IFREG && after->stx_mask & STATX_TYPE && (after->stx_mode & S_IFMT) == type &&
	       proof_birth(after, &born) && born >= from_ns && born <= until_ns;
}
