/* SPDX-License-Identifier: BSD-2-Clause */
/* store_truth.h - did what a record says really happen?  A record is written before the act, and the act may fail, be
 * killed or be taken back. */
#ifndef GATESH_STORE_STORE_TRUTH_H
#define GATESH_STORE_STORE_TRUTH_H

#include <stdbool.h>
#include <sys/stat.h>

#include "store/store_journal.h"

/* Did the act happen, and can it be undone?  `objects`: the directory of the objects.  *another: the record's object is
 * another file than the one that was judged.  Restoring removes an object, and so the record's truth. */
bool store_truth_is_true(const struct store_put_record *r, int objects, bool *another);

/* Is the object of a record that is not true of no use?  It is another name of the file that is still at its path, or a
 * copy of what that file still contains. */
bool store_truth_is_leftover(const struct store_put_record *r, const struct stat *object);

/* Has the exchange v[i] taken back an earlier one?  Neither counts then; the path's state has shown that of the earlier one. */
bool store_truth_exchanged_back(const struct store_put_record *v, size_t i);

#endif
