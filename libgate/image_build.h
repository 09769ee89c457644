/* image_build.h - write the policy image of a rule set: image.h.  Internal to libgate. */
#ifndef GATE_IMAGE_BUILD_H
#define GATE_IMAGE_BUILD_H

#include "ruleset.h"

#pragma GCC visibility push(default)

/* Write the image of the exec rules of `rs` to `fd`, from its start; what was behind its end is cut off.  `gate_exec`
 * is the path of gate-exec, `flags` enum gate_image_flag.  0, -ENOMEM, -EFBIG, -ENAMETOOLONG (gate_exec), or the errno
 * of writing. */
int image_build(const struct ruleset *rs, const char *gate_exec, unsigned flags, int fd);

#pragma GCC visibility pop

#endif
