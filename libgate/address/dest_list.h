/* dest_list.h - a list file of destinations: gate_listfile(8).  Internal to libgate. */
#ifndef GATE_ADDRESS_DEST_LIST_H
#define GATE_ADDRESS_DEST_LIST_H

#include "address/destination.h"
#include "base/diag.h"

#pragma GCC visibility push(default)

enum { DEST_LIST_SIZE_MAX = 4 << 20, DEST_LIST_LINE_MAX = 4096 };

struct dest_list;

/* Parse the lines of a list: `ENTRY [PORT ...]`, the entry a block of addresses, a host or a glob of one, or a unix
 * socket's path.  Every bad line is told.  0, -EINVAL, -ENOMEM; *out is NULL then. */
int dest_list_parse(const struct source *src, struct diag *d, struct dest_list **out);
void dest_list_free(struct dest_list *list);

/* Is the destination on the list: by its address, or by every name that it was looked up by? */
bool dest_list_has(const struct dest_list *list, const struct destination *d);

#pragma GCC visibility pop

#endif
