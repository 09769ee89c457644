/* SPDX-License-Identifier: BSD-2-Clause */
/* seam_client.h - asks the session that holds the seam for a descriptor: formats/seam.h.  Async-signal-safe. */
#ifndef GATE_PRELOAD_BASE_SEAM_CLIENT_H
#define GATE_PRELOAD_BASE_SEAM_CLIENT_H

#include "formats/seam.h"

/* Returns the descriptor (close-on-exec), 0 for a request that has none, or a negative errno: -ENOENT if no session answers, -EMFILE if this process
 * may open no more files. */
long seam_request(enum seam_request what);

/* The same with an argument, for those that take one: the number that the session returns, or a negative errno. */
long seam_request_of(enum seam_request what, long argument);

/* Map the session's page read-only.  Returns 0, or a negative errno. */
int seam_map_page(const struct seam_page **page);

#endif
