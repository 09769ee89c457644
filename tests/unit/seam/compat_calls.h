/* SPDX-License-Identifier: BSD-2-Clause */
/* compat_calls.h - numbers of the 32-bit ABI. */
#ifndef UNIT_SEAM_COMPAT_CALLS_H
#define UNIT_SEAM_COMPAT_CALLS_H

/* -1: the ABI has no such call, or the machine has no header of it. */
int compat_number(const char *name);

#endif
