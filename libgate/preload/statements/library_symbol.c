/* SPDX-License-Identifier: BSD-2-Clause */
/* library_symbol.c - finds a symbol in one loaded library.  The tables are those of the System V ABI, "Dynamic Linking", and the
 * GNU hash table, which binutils and glibc define by what they do. */
#include "preload/statements/library_symbol.h"

#include <stddef.h>

#include "preload/base/str.h"

enum { VERSION_HIDDEN = 0x8000, HASH_START = 5381, WORD_BITS = 8 * sizeof(ElfW(Addr)) };

/* glibc has made addresses of the offsets in a dynamic section, except where it is read-only; musl leaves them. */
static const void *library_symbol_at(const struct library *l, ElfW(Addr) value)
{
	return (const void *)(value < l->base ? l->base + value : value);
}

bool library_read(struct library *l, const struct dl_phdr_info *info)
{
	ElfW(Addr) soname = 0;
	*l = (struct library){.base = info->dlpi_addr};
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			l->dynamic = (const void *)(l->base + info->dlpi_phdr[i].p_vaddr);
	for (const ElfW(Dyn) *d = l->dynamic; d && d->d_tag != DT_NULL; d++) {
		switch (d->d_tag) {
		case DT_SYMTAB: l->symbols = library_symbol_at(l, d->d_un.d_ptr); break;
		case DT_STRTAB: l->strings = library_symbol_at(l, d->d_un.d_ptr); break;
		case DT_GNU_HASH: l->hash = library_symbol_at(l, d->d_un.d_ptr); break;
		case DT_VERSYM: l->versions = library_symbol_at(l, d->d_un.d_ptr); break;
		case DT_SONAME: soname = d->d_un.d_val; break;
		default: break;
		}
	}
	if (l->strings && soname)
		l->soname = l->strings + soname;
	return l->symbols && l->strings && l->hash;
}

bool library_contains(const struct dl_phdr_info *info, const void *address)
{
	unsigned long at = (unsigned long)address - info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		if (p->p_type == PT_LOAD && at - p->p_vaddr < p->p_memsz)
			return true;
	}
	return false;
}

static uint32_t library_symbol_hash(const char *name)
{
	uint32_t h = HASH_START;
	while (*name)
		h = h * 33 + (unsigned char)*name++;
	return h;
}

/* Is it the function that a program gets by this name? */
static bool library_symbol_is(const struct library *l, uint32_t i, const char *name)
{
	const ElfW(Sym) *s = &l->symbols[i];
	return s->st_shndx != SHN_UNDEF && (s->st_info & 15) == STT_FUNC &&
	       !(l->versions && l->versions[i] & VERSION_HIDDEN) && text_equal(l->strings + s->st_name, name);
}

void *library_symbol(const struct library *l, const char *name)
{
	uint32_t buckets = l->hash[0], first = l->hash[1], words = l->hash[2], shift = l->hash[3];
	const ElfW(Addr) *filter = (const void *)(l->hash + 4);
	const uint32_t *bucket = (const void *)(filter + words), *chain = bucket + buckets;
	uint32_t h = library_symbol_hash(name);
	ElfW(Addr) word = words ? filter[h / WORD_BITS & (words - 1)] : 0;
	if (!buckets || !(word >> h % WORD_BITS & word >> (h >> shift) % WORD_BITS & 1) || bucket[h % buckets] < first)
		return NULL;
	for (uint32_t i = bucket[h % buckets];; i++) {
		if ((chain[i - first] | 1) == (h | 1) && library_symbol_is(l, i, name))
			return (void *)(l->base + l->symbols[i].st_value);
		if (chain[i - first] & 1)
			return NULL;
	}
}

bool library_needs(const struct library *l, const char *soname)
{
	for (const ElfW(Dyn) *d = l->dynamic; d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_NEEDED && text_equal(l->strings + d->d_un.d_val, soname))
			return true;
	return false;
}
