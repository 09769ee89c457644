/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_review.h - shows a person what a fetched pack is, before it is used: its rules, and every command that they would run. */
#ifndef GATESH_PACK_PACK_REVIEW_H
#define GATESH_PACK_PACK_REVIEW_H

enum { PACK_NAME_MAX = 64, PACK_VERSION_MAX = 64 };

/* The facts about a fetched pack. */
struct pack_found {
	char name[PACK_NAME_MAX], version[PACK_VERSION_MAX];
};

/* Load the pack in `dir`, check it as a person's own, with its examples and beside the installed ones, and print it.  Returns 0, or
 * an exit status after a message. */
int pack_review(const char *dir, struct pack_found *found);

#endif
