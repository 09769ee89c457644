/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_secrets.h - asks the sources of a principal's secrets, for `gatesh principal test`. */
#ifndef GATESH_CMD_PRINCIPAL_SECRETS_H
#define GATESH_CMD_PRINCIPAL_SECRETS_H

#include <stdbool.h>

#include "principal/principal.h"
#include "util/table.h"

/* Ask every source, and give tokens back.  A row of three cells in `t`, or a line of JSON, for each secret: its name, whether the
 * source answers, and why not; never a value.  Returns an exit status: 0, or EXIT_DENY if one does not answer. */
int principal_secrets_test(struct principal *p, struct table *t, bool json);

#endif
