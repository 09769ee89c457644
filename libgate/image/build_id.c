/* SPDX-License-Identifier: BSD-2-Clause */
/* build_id.c - looks for a build id among the notes of an ELF file. */
#include "image/build_id.h"

#include <elf.h>
#include <stdint.h>
#include <string.h>

enum { NAME = 4, NT_GO_BUILD_ID = 4 }; /* both owners' names have 4 bytes with their padding */

static size_t build_id_padded(uint32_t n)
{
	return ((size_t)n + 3) & ~(size_t)3;
}

/* Is there one among the notes at `at`, `left` bytes of them, in a start of `n` bytes? */
static bool build_id_is_in_notes(const char *start, size_t n, size_t at, size_t left)
{
	Elf64_Nhdr note;
	for (size_t all; left >= sizeof note + NAME && at <= n && n - at >= sizeof note + NAME;
	     at += all, left -= all) {
		const char *name = start + at + sizeof note;
		memcpy(&note, start + at, sizeof note);
		all = sizeof note + build_id_padded(note.n_namesz) + build_id_padded(note.n_descsz);
		bool gnu = note.n_type == NT_GNU_BUILD_ID && !memcmp(name, ELF_NOTE_GNU, NAME);
		bool go = note.n_type == NT_GO_BUILD_ID && !memcmp(name, "Go\0", NAME);
		if (all > left || all > n - at)
			return false;
		if ((gnu || go) && note.n_namesz == NAME && note.n_descsz)
			return true;
	}
	return false;
}

bool build_id_is_in(const char *start, size_t n)
{
	Elf64_Ehdr e;
	Elf64_Phdr p;
	if (n < sizeof e || memcmp(start, ELFMAG, SELFMAG))
		return false;
	memcpy(&e, start, sizeof e);
	if (e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_phoff > n)
		return false;
	for (size_t i = 0; i < e.e_phnum && (n - e.e_phoff) / sizeof p > i; i++) {
		memcpy(&p, start + e.e_phoff + i * sizeof p, sizeof p);
		if (p.p_type == PT_NOTE && build_id_is_in_notes(start, n, p.p_offset, p.p_filesz))
			return true;
	}
	return false;
}
