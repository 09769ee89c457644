/* SPDX-License-Identifier: BSD-2-Clause */
/* hook_entries.h - gatesh's entries among the hooks in an agent's settings: {"hooks": {EVENT: [{"hooks": [{"command": ...}]}]}}. */
#ifndef GATESH_ADOPT_HOOK_ENTRIES_H
#define GATESH_ADOPT_HOOK_ENTRIES_H

#include "adopt/agents.h"
#include "base/strbuf.h"

/* Append the text with an entry for each of the agent's events, which runs `command`.  An empty text is a new file.  Returns
 * 0, -EBADMSG, -EINVAL (something else stands where the hooks belong) or -ENOMEM. */
int hook_entries_add(const struct agent *a, const char *command, const char *text, size_t len, struct strbuf *out);

/* Append the text without any of gatesh's entries.  Returns their number, or as above. */
int hook_entries_remove(const struct agent *a, const char *text, size_t len, struct strbuf *out);

/* How many of the agent's events have an entry of gatesh's, and do all run `command` (NULL: any)?  Returns the number, or -EBADMSG. */
int hook_entries_count(const struct agent *a, const char *command, const char *text, size_t len, bool *same);

/* Is the file a settings file that these functions can edit?  Returns 0, or -EBADMSG and the number of the first bad line. */
int hook_entries_check(const char *text, size_t len, unsigned *line);

#endif
