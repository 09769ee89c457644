/* pack_list.h - what a ruleset was made of: its rules, packs, files and adjustments. */
#ifndef GATESH_CMD_PACK_LIST_H
#define GATESH_CMD_PACK_LIST_H

#include "rules/ruleset.h"

/* Every rule, the disabled ones last; with `json` the files and packs in the same object.  0 unless memory is out. */
int pack_list_rules(const struct ruleset *rs, bool json);

/* Where they come from: packs and files, and what adjusts rules; with `json` as above. */
int pack_list_packs(const struct ruleset *rs, bool json);

#endif
