/* image_build.h - write the policy image of a rule set: image.h.  Internal to libgate. */
#ifndef GATE_IMAGE_IMAGE_BUILD_H
#define GATE_IMAGE_IMAGE_BUILD_H

#include "base/strbuf.h"
#include "formats/image.h"
#include "image/image_options.h"
#include "rules/ruleset.h"

#pragma GCC visibility push(default)

/* What the file events go by. */
struct image_files {
	const struct gate_image_options *options;      /* its workspaces are not NULL */
	unsigned events;                               /* bits 1u << GATE_EVENT_*: those that are judged */
	struct gate_image_keep keep[EVENT_FILE_TYPES]; /* by event, from unlink */
};

/* Write the image of the rules of `rs` to `fd`, from its start; what was behind its end is cut off.  `gate_exec` is the
 * path of gate-exec, `flags` enum gate_image_flag.  `files` NULL: no file event is judged, and a rule with action:
 * defer concerns an exec.  0, -ENOMEM, -EFBIG, -ENAMETOOLONG (gate_exec), or the errno of writing or of looking at a
 * store. */
int image_build(const struct ruleset *rs, const char *gate_exec, unsigned flags, const struct image_files *files,
		int fd);

#pragma GCC visibility pop

/* The tables of connect rules being made; words and text are the builder's.  image_build_connect.c. */
struct image_connect {
	struct strbuf *words, *text, rules, nets, ports;
};

void image_connect_add(struct image_connect *c, const struct rule *r);

/* 0 or -ENOMEM; frees the tables. */
int image_connect_end(struct image_connect *c);

#endif
