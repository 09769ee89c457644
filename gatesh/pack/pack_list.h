/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_list.h - lists the parts of a ruleset: its rules, packs, files and adjustments. */
#ifndef GATESH_PACK_PACK_LIST_H
#define GATESH_PACK_PACK_LIST_H

#include "rules/ruleset.h"

/* Print every rule, disabled ones last; with `json` also files and packs, in one object.  0 unless memory is out. */
int pack_list_rules(const struct ruleset *rs, bool json);

/* Print packs, files, and what adjusts rules; with `json` the same object as above. */
int pack_list_packs(const struct ruleset *rs, bool json);

#endif
