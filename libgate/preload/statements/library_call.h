/* SPDX-License-Identifier: BSD-2-Clause */
/* library_call.h - the functions behind the hooks of libraries that a program may or may not have.
 *
 * The hooks are not like those of libc.  A program may load its library late and for one extension module alone (dlopen with
 * RTLD_LOCAL): then RTLD_NEXT does not find it, and it is looked for from the module that called.  And a program that asks
 * dlsym(RTLD_DEFAULT) whether it has the library must not find the hook: LIBRARY_HOOK gives the function a version and hides
 * it, so that references bind to it, and dlsym does not see it (preload.sym).
 *
 * Thread-safe.  Not for signal handlers and vfork children, as these libraries are not: the dynamic linker's lock is taken. */
#ifndef GATE_PRELOAD_STATEMENTS_LIBRARY_CALL_H
#define GATE_PRELOAD_STATEMENTS_LIBRARY_CALL_H

#include <stdbool.h>

/* Export the function `own` of this file as the hook of `name`, in a version that preload.sym has. */
#define LIBRARY_HOOK(own, name, version) __asm__(".symver " #own ", " #name "@" version ", remove")

/* References without a version bind to a hidden symbol of this one, because it is the first. */
#define LIBRARY_UNVERSIONED "GATE_LIBRARY"

struct library_call {
	void *next;  /* the function that the caller would have reached; NULL: there is none */
	bool inside; /* its own library calls it: the program's call was judged already */
};

/* For the hook of `name`, a literal, which was called from `caller`. */
struct library_call library_call(const char *name, const void *caller);

/* The function `name`, a literal, of the library that has `function`; NULL: none. */
void *library_sibling(const void *function, const char *name);

#endif
