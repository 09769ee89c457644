/* publish.h - what a session leaves in its directory for others to read: the policy image, and what tells of it. */
#ifndef GATESH_SESSION_PUBLISH_H
#define GATESH_SESSION_PUBLISH_H

#include "base/strbuf.h"
#include "image/image_options.h"
#include "session/session_core.h"

/* Write the policy image; it appears whole or not at all.  `supervise`: gate_image_options.  0 or a negative errno. */
int publish_image(struct session_core *v, bool supervise);

/* Append the session's command for people, escaped. */
void publish_command(const struct session_core *v, struct strbuf *out);

/* Write info.json.  0 or a negative errno. */
int publish_info(struct session_core *v);

/* Freeze or thaw: while the image says so the interposer asks about everything that starts.  0 or a negative errno. */
int publish_freeze(struct session_core *v, bool on);

#endif
