/* SPDX-License-Identifier: BSD-2-Clause */
/* library_symbol.h - reads the symbols and names of a loaded library from its dynamic section.  Only libraries with a GNU
 * hash table are read, as linkers have written it for twenty years.  No lock, no memory: the caller sees to it that the
 * library stays loaded. */
#ifndef GATE_PRELOAD_STATEMENTS_LIBRARY_SYMBOL_H
#define GATE_PRELOAD_STATEMENTS_LIBRARY_SYMBOL_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

/* A loaded library.  All of it is in the library itself. */
struct library {
	unsigned long base;
	const ElfW(Dyn) * dynamic;
	const ElfW(Sym) * symbols;
	const char *strings, *soname; /* soname: NULL if it has none */
	const uint32_t *hash;
	const ElfW(Half) * versions; /* NULL: it has none */
};

/* Read the library that dl_iterate_phdr(3) reports.  Returns false if it has no symbols that can be read. */
bool library_read(struct library *l, const struct dl_phdr_info *info);

/* Is the address in it? */
bool library_contains(const struct dl_phdr_info *info, const void *address);

/* The function of this name that it defines, in the version that others get; NULL: none. */
void *library_symbol(const struct library *l, const char *name);

/* Was it linked with the library of this soname? */
bool library_needs(const struct library *l, const char *soname);

#endif
