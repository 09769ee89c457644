/* SPDX-License-Identifier: BSD-2-Clause */
/* image_build.h - writes the policy image of a rule set, which formats/image.h describes.  Internal to libgate. */
#ifndef GATE_IMAGE_IMAGE_BUILD_H
#define GATE_IMAGE_IMAGE_BUILD_H

#include "base/strbuf.h"
#include "formats/image.h"
#include "image/image_options.h"
#include "rules/ruleset.h"

#pragma GCC visibility push(default)

/* The options for file events. */
struct image_files {
	const struct gate_image_options *options;      /* its workspaces are not NULL */
	unsigned events;                               /* bits 1u << GATE_EVENT_*: the events that are judged */
	struct gate_image_keep keep[EVENT_FILE_TYPES]; /* by event, from unlink */
};

/* Write the image of the rules in `rs` to `fd`, from its start, and truncate the file behind it.  `standin` is the
 * path of gate-standin, `flags` are enum gate_image_flag.  If `files` is NULL, no file event is judged and a rule with
 * action: defer applies to exec.  `path` is PATH, where the files of the programs that rules name are found; NULL: nowhere.
 * Returns 0, -ENOMEM, -EFBIG, -ENAMETOOLONG (standin), or the negative errno of a
 * failed write or of a store that can't be examined. */
int image_build(const struct ruleset *rs, const char *standin, unsigned flags, const struct image_files *files,
		const char *path, int fd);

#pragma GCC visibility pop

/* The tables of connect rules under construction; words and text belong to the builder.  Defined in
 * image_build_connect.c. */
struct image_connect {
	struct strbuf *words, *text, rules, nets, ports;
};

void image_connect_add(struct image_connect *c, const struct rule *r);

/* Free the tables.  Returns 0 or -ENOMEM. */
int image_connect_end(struct image_connect *c);

#endif
