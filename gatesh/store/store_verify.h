/* SPDX-License-Identifier: BSD-2-Clause */
/* store_verify.h - finds the true records of a journal, and removes what the others have left behind. */
#ifndef GATESH_STORE_STORE_VERIFY_H
#define GATESH_STORE_STORE_VERIFY_H

#include <stdbool.h>

#include "store/store.h"
#include "store/store_journal.h"

/* The facts about a record. */
struct verified {
	bool is_true;
	bool another; /* see store_truth_is_true() */
};

/* Set out[i] for each record of the journal, which is of one of the entry's stores; one whose path is NULL does not count.
 * `objects`: the directory of its objects.  If the session has ended, objects of records that are not true are removed where
 * they are of no use.  Returns 0 or -ENOMEM. */
int journal_verify(const struct journal *j, const struct store_entry *e, int objects, struct verified *out);

#endif
