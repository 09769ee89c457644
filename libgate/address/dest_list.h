/* SPDX-License-Identifier: BSD-2-Clause */
/* dest_list.h - a list file of destinations, as gate_listfile(8) reads it.  Internal to libgate. */
#ifndef GATE_ADDRESS_DEST_LIST_H
#define GATE_ADDRESS_DEST_LIST_H

#include "address/destination.h"
#include "base/diag.h"

#pragma GCC visibility push(default)

enum { DEST_LIST_SIZE_MAX = 4 << 20, DEST_LIST_LINE_MAX = 4096 };

struct dest_list;

/* Parse a list of lines `ENTRY [PORT ...]`.  The entry is an address block, a host name or glob, or the path of a unix
 * socket.  Every bad line is reported.  Returns 0, -EINVAL or -ENOMEM; on error *out is NULL. */
int dest_list_parse(const struct source *src, struct diag *d, struct dest_list **out);
void dest_list_free(struct dest_list *list);

/* Is the destination on the list, either by its address or by every name that was looked up for it? */
bool dest_list_has(const struct dest_list *list, const struct destination *d);

#pragma GCC visibility pop

#endif
