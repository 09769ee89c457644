/* elf_loadable.h - will a program load the interposer?  Shared by the exec hooks and the session's supervisor. */
#ifndef GATE_FORMATS_ELF_LOADABLE_H
#define GATE_FORMATS_ELF_LOADABLE_H

#include <stdbool.h>

#pragma GCC visibility push(default)

/* Is the program open at `fd` (or a negative errno of opening it) one that will NOT load it: static, of another ELF
 * class or machine, gaining privileges; or one that can't be looked at?  `scripts`: a script can be executed here, and
 * its interpreter is looked at in its place.  Closes fd.  Opens and closes files, nothing else; async-signal-safe. */
bool elf_not_loadable(long fd, bool scripts);

#pragma GCC visibility pop

#endif
