/* SPDX-License-Identifier: BSD-2-Clause */
/* publish.h - writes the files in the session's directory that other processes read: the policy image and info.json. */
#ifndef GATESH_SESSION_PUBLISH_H
#define GATESH_SESSION_PUBLISH_H

#include "base/strbuf.h"
#include "image/image_options.h"
#include "session/session_core.h"

/* Write the policy image; it appears whole or not at all.  0 or a negative errno. */
int publish_image(struct session_core *v);

/* Make the page with the image, for a session that holds the kernel's seam.  0 or a negative errno. */
int publish_page(struct session_core *v);

/* Append the session's command, escaped for display. */
void publish_command(const struct session_core *v, struct strbuf *out);

/* Write info.json.  0 or a negative errno. */
int publish_info(struct session_core *v);

/* Set or clear a flag in the image: while it is set, the interposer asks about everything.  0 or a negative errno. */
int publish_freeze(struct session_core *v, bool on);

#endif
