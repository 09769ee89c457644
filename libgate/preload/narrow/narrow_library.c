/* SPDX-License-Identifier: BSD-2-Clause */
/* narrow_library.c - the library that a 32-bit program loads in place of the interposer: one without any code.
 *
 * The loader of a 32-bit program can't load the interposer, and would say so at each start.  So LD_PRELOAD names a directory
 * by $PLATFORM (gatesh/util/preload_item.h), and a 32-bit loader finds this there.  What the program does, gatesh judges.
 *
 * A linker for the narrow machine is hardly anywhere, so this file is the library, byte for byte: objcopy takes the section
 * out of the compiled file.  Both machines are little endian, as their wide ones.  The layout is that of elf(5). */
#include <elf.h>
#include <stddef.h>

#if defined __x86_64__
#define NARROW_MACHINE EM_386
#define NARROW_FLAGS 0
#elif defined __aarch64__
#define NARROW_MACHINE EM_ARM
#define NARROW_FLAGS (EF_ARM_EABI_VER5 | EF_ARM_ABI_FLOAT_HARD)
#else
#error "no narrow machine is known for this one"
#endif

enum { NARROW_PAGE = 0x1000, NARROW_DYNAMIC = 7, NARROW_NAME = sizeof "libgate-preload.so" };

struct narrow_library {
	Elf32_Ehdr header;
	Elf32_Phdr load, dynamic, stack;
	Elf32_Dyn entries[NARROW_DYNAMIC];
	Elf32_Sym none;                            /* the symbol table: symbol 0 alone */
	Elf32_Word buckets, chains, bucket, chain; /* its hash table */
	char strings[1 + NARROW_NAME];
};

#define NARROW_AT(member) offsetof(struct narrow_library, member)

/* glibc writes to the entries, so they are in a writable segment.  Without PT_GNU_STACK the stack would become executable. */
__attribute__((section(".narrow"), used)) const struct narrow_library narrow_library = {
	.header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
		   .e_type = ET_DYN,
		   .e_machine = NARROW_MACHINE,
		   .e_version = EV_CURRENT,
		   .e_phoff = NARROW_AT(load),
		   .e_flags = NARROW_FLAGS,
		   .e_ehsize = sizeof(Elf32_Ehdr),
		   .e_phentsize = sizeof(Elf32_Phdr),
		   .e_phnum = 3},
	.load = {.p_type = PT_LOAD,
		 .p_filesz = sizeof(struct narrow_library),
		 .p_memsz = sizeof(struct narrow_library),
		 .p_flags = PF_R | PF_W,
		 .p_align = NARROW_PAGE},
	.dynamic = {.p_type = PT_DYNAMIC,
		    .p_offset = NARROW_AT(entries),
		    .p_vaddr = NARROW_AT(entries),
		    .p_paddr = NARROW_AT(entries),
		    .p_filesz = sizeof(Elf32_Dyn[NARROW_DYNAMIC]),
		    .p_memsz = sizeof(Elf32_Dyn[NARROW_DYNAMIC]),
		    .p_flags = PF_R | PF_W,
		    .p_align = sizeof(Elf32_Word)},
	.stack = {.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W},
	.entries = {{DT_SONAME, {1}},
		    {DT_HASH, {NARROW_AT(buckets)}},
		    {DT_STRTAB, {NARROW_AT(strings)}},
		    {DT_STRSZ, {sizeof((struct narrow_library *)0)->strings}},
		    {DT_SYMTAB, {NARROW_AT(none)}},
		    {DT_SYMENT, {sizeof(Elf32_Sym)}},
		    {DT_NULL, {0}}},
	.buckets = 1,
	.chains = 1,
	.strings = "\0libgate-preload.so",
};
