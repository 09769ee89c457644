/* SPDX-License-Identifier: BSD-2-Clause */
/* elf_loadable.h - will a program load the interposer?  The exec hooks and the session's supervisor share the
 * answer. */
#ifndef GATE_FORMATS_ELF_LOADABLE_H
#define GATE_FORMATS_ELF_LOADABLE_H

#include <stdbool.h>

#pragma GCC visibility push(default)

/* `fd` is the opened program, or the negative errno of opening it.  Returns true if the program will NOT load the
 * interposer: it is static, has another ELF class or machine, gains privileges, or can't be read.  `scripts`: a script
 * can be executed here, so its interpreter is examined instead.  Closes fd.  Only opens, reads and closes files;
 * async-signal-safe. */
bool elf_not_loadable(long fd, bool scripts);

#pragma GCC visibility pop

#endif
