/* SPDX-License-Identifier: BSD-2-Clause */
/* store_size.h - what stores take on the disk. */
#ifndef GATESH_STORE_STORE_SIZE_H
#define GATESH_STORE_STORE_SIZE_H

#include <stdint.h>

#include "store/store_records.h"

/* The bytes that the stores of these sessions occupy: st_blocks of everything in them, a file with several links once.
 * Blocks that a copy shares with its original (a reflink) count in full, as the kernel reports them so. */
uint64_t store_size(const struct kept_list *l);

#endif
