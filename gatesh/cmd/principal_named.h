/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_named.h - the principal that a person named on the command line. */
#ifndef GATESH_CMD_PRINCIPAL_NAMED_H
#define GATESH_CMD_PRINCIPAL_NAMED_H

#include "principal/principal.h"

/* Load it.  Returns 0, and the caller frees *p; or the exit status after a message on stderr: EXIT_USAGE if there is none
 * of that name, EXIT_CONFIG for a bad file, EXIT_SOFTWARE. */
int principal_named(const char *name, struct principal *p);

#endif
