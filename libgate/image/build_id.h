/* SPDX-License-Identifier: BSD-2-Clause */
/* build_id.h - does the start of a file tell it from every other one?  Internal to libgate. */
#ifndef GATE_IMAGE_BUILD_ID_H
#define GATE_IMAGE_BUILD_ID_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

/* Do these first `n` bytes of a 64-bit ELF file have a note with a build id: the linker's (NT_GNU_BUILD_ID, elf.h) or Go's
 * (type 4, "Go": go/src/cmd/internal/buildid/note.go)? */
bool build_id_is_in(const char *start, size_t n);

#pragma GCC visibility pop

#endif
