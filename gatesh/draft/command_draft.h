/* SPDX-License-Identifier: BSD-2-Clause */
/* command_draft.h - drafts the `command` stanza of a tool from its help. */
#ifndef GATESH_DRAFT_COMMAND_DRAFT_H
#define GATESH_DRAFT_COMMAND_DRAFT_H

#include "base/strbuf.h"
#include "draft/help_text.h"

/* Asks a tool for help.  `verbs`: n texts, each the words of a verb ("" for the tool itself); sets texts[i] to the help of each, which
 * the caller frees; NULL: there is none.  Returns 0 or a negative errno. */
struct draft_source {
	int (*help)(const char *tool, char *const *verbs, size_t n, char **texts, void *data);
	void *data;
	bool deep; /* ask for the help of the verbs, too */
};

/* Append the stanza of a tool, which is a program's name or path.  Returns 0, -ENOENT if the help names neither options nor verbs, or another negative errno. */
int command_draft(const char *tool, const struct draft_source *from, struct strbuf *out);

#endif
