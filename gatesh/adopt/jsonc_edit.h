/* SPDX-License-Identifier: BSD-2-Clause */
/* jsonc_edit.h - puts an item into JSON with comments, and takes one out, as a careful person would in an editor: no other
 * byte changes, and what was put in looks like what is around it.  Taking out what was put in gives the same bytes
 * as before, unless the container was empty. */
#ifndef GATESH_ADOPT_JSONC_EDIT_H
#define GATESH_ADOPT_JSONC_EDIT_H

#include <jansson.h>

#include "adopt/jsonc.h"
#include "base/strbuf.h"

/* Append `value` to the array at `path` (keys from the root, NULL-terminated; at least one), and put in the objects and the
 * array that are missing.  `out` gets the whole new text.  Returns 0, -EBADMSG (not JSON), -EINVAL (a container on the
 * path is something else) or -ENOMEM. */
int jsonc_append(struct jsonc text, const char *const *path, json_t *value, struct strbuf *out);

/* Set the member at `path` to `value` where there is none.  Returns as jsonc_append(), or -EEXIST. */
int jsonc_put(struct jsonc text, const char *const *path, json_t *value, struct strbuf *out);

/* Take the item number `index` out of the container at `value`.  Returns 0, -ENOENT, -EINVAL, -EBADMSG or -ENOMEM. */
int jsonc_cut(struct jsonc text, size_t value, size_t index, struct strbuf *out);

#endif
