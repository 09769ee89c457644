/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_record.h - says of one record what happened, what is kept, and whether that is a secret. */
#ifndef GATESH_UNDO_UNDO_RECORD_H
#define GATESH_UNDO_UNDO_RECORD_H

#include <jansson.h>
#include <stdbool.h>

#include "store/store_records.h"

/* The word for what happened to a path: "removed". */
const char *undo_record_word(enum store_op op);

/* The bytes of the content that is kept; -1: none is. */
long long undo_record_size(const struct store_put_record *r);

/* Does the record's object hold secrets?  By its name, and with `peek` by its first bytes, which costs an open. */
bool undo_record_is_secret(const struct store_records *k, bool peek);

/* A new object (gatesh(1), undo --json), or NULL without memory. */
json_t *undo_record_json(const struct store_records *k);

#endif
