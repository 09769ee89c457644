/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_memory.h - memory for the values of secrets: in no swap, in no core dump, and overwritten before it is given back. */
#ifndef GATESH_PRINCIPAL_SECRET_MEMORY_H
#define GATESH_PRINCIPAL_SECRET_MEMORY_H

#include <stddef.h>

/* Pages of their own with room for `size` bytes and a NUL, all zero; NULL if memory is out.  A limit of zero on locked memory is
 * no reason to fail.  Free with secret_memory_free(). */
char *secret_memory_room(size_t size);

/* The same with a copy of bytes[0..n). */
char *secret_memory_copy(const char *bytes, size_t n);

/* Lock it again: a lock is not inherited over fork(2).  NULL is fine. */
void secret_memory_lock(char *memory);

/* Overwrite it and give it back.  NULL is fine. */
void secret_memory_free(char *memory);

#endif
