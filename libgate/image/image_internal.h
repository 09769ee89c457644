/* SPDX-License-Identifier: BSD-2-Clause */
/* image_internal.h - declarations that the builders of the policy image share.  Internal to libgate. */
#ifndef GATE_IMAGE_IMAGE_INTERNAL_H
#define GATE_IMAGE_IMAGE_INTERNAL_H

#include "base/strbuf.h"
#include "image/image_build.h"

/* Hashes and their values, collected before the table is built; `err` keeps -ENOMEM. */
struct image_pairs {
	struct image_pair {
		uint32_t hash, value;
	} * v;
	size_t n, cap;
	int err;
};

uint32_t image_hash(const char *s, size_t n);

void image_pairs_add(struct image_pairs *p, uint32_t hash, size_t value);
void image_pairs_free(struct image_pairs *p);

/* Append the open-addressing table (struct gate_image_name) and the value lists that its entries span (uint32_t). */
void image_pairs_table(struct image_pairs *p, struct strbuf *names, struct strbuf *lists);

/* Append `in`, which has entries of `entry` bytes, to the image. */
struct gate_image_table image_put_table(struct strbuf *out, const struct strbuf *in, size_t entry);

/* Append the table of the files that `path` (PATH, or NULL) has for the programs that rules name, and enter it in the head.
 * Returns 0 or -ENOMEM.  Defined in image_build_programs.c. */
int image_programs_put(struct strbuf *out, struct gate_image_head *head, const struct ruleset *rs, const char *path);

/* Append the tables of file events and enter them in the head.  Returns 0, -ENOMEM, or the negative errno of a store
 * that can't be examined.  Defined in image_build_files.c. */
int image_files_put(struct strbuf *out, struct gate_image_head *head, const struct ruleset *rs,
		    const struct image_files *files);

#endif
