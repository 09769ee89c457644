/* SPDX-License-Identifier: BSD-2-Clause */
/* elf_loadable.c - reads the start of a file and decides as the kernel and the loader will whether it loads the
 * interposer. */
#include "preload/base/elf_loadable.h"

#include <elf.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include "preload/base/str.h"
#include "preload/base/sys.h"

#if defined __x86_64__
enum { OWN_MACHINE = EM_X86_64 };
#else
enum { OWN_MACHINE = EM_AARCH64 };
#endif

enum {
	START = 1024,         /* bytes of a file that are read: its program headers are nearly always there */
	KERNEL_START = 256,   /* bytes that the kernel reads for #! */
	INTERPRETERS_MAX = 5, /* nested script interpreters that the kernel follows */
	HEADERS_MAX = 1024,
};

/* The start of a file. */
struct start {
	int fd;
	long n;
	union {
		char bytes[START];
		Elf64_Ehdr elf;
	};
};

/* Would executing the file raise privileges, so that the loader ignores LD_PRELOAD? */
static bool elf_gains_privileges(int fd)
{
	struct stat st;
	struct statfs fs;
	if (SYS(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) > 0 || sys_fstat(fd, &st))
		return false;
	long uid = SYS(getuid, 0, 0, 0, 0, 0, 0), gid = SYS(getgid, 0, 0, 0, 0, 0, 0);
	bool gains = (st.st_mode & S_ISUID && (long)st.st_uid != uid) ||
		     ((st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && (long)st.st_gid != gid) ||
		     (uid != 0 && SYS(fgetxattr, fd, "security.capability", 0, 0, 0, 0) > 0);
	return gains && !(SYS(fstatfs, fd, &fs, 0, 0, 0, 0) == 0 && fs.f_flags & ST_NOSUID);
}

/* Does an ELF file for this machine have a loader? */
static bool elf_has_loader(const struct start *s)
{
	const Elf64_Ehdr *e = &s->elf;
	for (unsigned i = 0; i < e->e_phnum && i < HEADERS_MAX; i++) {
		Elf64_Phdr read, *p = &read;
		size_t at = e->e_phoff + (size_t)i * sizeof *p;
		if (at <= sizeof s->bytes && (size_t)s->n >= at + sizeof *p)
			__builtin_memcpy(p, s->bytes + at, sizeof *p);
		else if (sys_pread(s->fd, p, sizeof *p, at) != (long)sizeof *p)
			return false;
		if (p->p_type == PT_INTERP)
			return true;
	}
	return false;
}

static bool elf_is_elf(const struct start *s)
{
	return s->n >= (long)sizeof s->elf && text_after(s->bytes, ELFMAG);
}

static bool elf_loads_library(const struct start *s)
{
	const Elf64_Ehdr *e = &s->elf;
	return e->e_ident[EI_CLASS] == ELFCLASS64 && e->e_machine == OWN_MACHINE &&
	       e->e_phentsize == sizeof(Elf64_Phdr) && elf_has_loader(s) && !elf_gains_privileges(s->fd);
}

/* The interpreter of a script, cut out of its first line in place.  NULL if the file is not a script. */
static const char *elf_interpreter(struct start *s)
{
	if (s->n < 3 || s->bytes[0] != '#' || s->bytes[1] != '!')
		return NULL;
	char *p = s->bytes + 2, *end = s->bytes + (s->n < KERNEL_START ? s->n : KERNEL_START - 1);
	*end = '\0';
	while (*p == ' ' || *p == '\t')
		p++;
	char *name = p;
	while (*p && *p != ' ' && *p != '\t' && *p != '\n')
		p++;
	*p = '\0';
	return *name ? name : NULL;
}

/* Read the start of a file.  False if that fails. */
static bool elf_read_start(struct start *s, long fd)
{
	s->fd = (int)fd;
	s->n = sys_pread((int)fd, s->bytes, sizeof s->bytes, 0);
	return s->n >= 0;
}

/* A file that can't be read may be one that does not load the library. */
static bool elf_unreadable_needs_gate(long err)
{
	return err == -EACCES || err == -EPERM || err == -EMFILE || err == -ENFILE || err == -ENOMEM;
}

bool elf_not_loadable(long fd, bool scripts)
{
	struct start s;
	for (int depth = 0; fd >= 0; depth++) {
		const char *next = NULL;
		bool needs = false;
		if (elf_read_start(&s, fd)) {
			if (elf_is_elf(&s))
				needs = !elf_loads_library(&s);
			else if (scripts && depth < INTERPRETERS_MAX)
				next = elf_interpreter(&s);
		}
		sys_close((int)fd);
		if (!next)
			return needs;
		fd = sys_open(next, O_RDONLY | O_CLOEXEC);
	}
	return elf_unreadable_needs_gate(fd);
}
