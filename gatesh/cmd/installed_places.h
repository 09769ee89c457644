/* SPDX-License-Identifier: BSD-2-Clause */
/* installed_places.h - lists the files and directories that this build reads. */
#ifndef GATESH_CMD_INSTALLED_PLACES_H
#define GATESH_CMD_INSTALLED_PLACES_H

#include <jansson.h>

#include "util/table.h"

/* Add a row for each place, its name and its path, to a table of two columns.  A path that does not exist says so. */
void installed_places_put(struct table *t);

/* Return an array of {what, path, there}; NULL without memory. */
json_t *installed_places_json(void);

#endif
