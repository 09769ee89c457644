/* SPDX-License-Identifier: BSD-2-Clause */
/* entry.c - two hooks that can't be C functions.  syscall must pass six arguments on untouched, and return twice for
 * the calls that do.  dlopen must be jumped to, because libc finds the caller from the return address ($ORIGIN,
 * RUNPATH). */
#include "preload/exec/entry.h"

#include <dlfcn.h>

#include "preload/base/hooks.h"

int entry_dlopen_mask = -1;
void *entry_dlopen_next;

void *entry_find_dlopen(void)
{
	return entry_dlopen_next = hook_next("dlopen");
}

long entry_error(long result)
{
	return hook_return(result);
}

#define TEXT(x) #x
#define NUMBER(x) TEXT(x)
#define FUNCTION(name) ".globl " name "\n.type " name ", %function\n" name ":\n\t.cfi_startproc\n"
#define END(name) "\t.cfi_endproc\n.size " name ", . - " name "\n"

#if defined __x86_64__

__asm__(".text\n" FUNCTION("syscall")
	"	endbr64\n"
	"	cmp $" NUMBER(ENTRY_CALLS) ", %rdi\n"
	"	jae 2f\n"
	"	bt %rdi, entry_calls(%rip)\n"
	"	jc entry_call\n"
	"2:	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	mov %rdx, %rsi\n"
	"	mov %rcx, %rdx\n"
	"	mov %r8, %r10\n"
	"	mov %r9, %r8\n"
	"	mov 8(%rsp), %r9\n"
	"	syscall\n"
	"	cmp $-4095, %rax\n"
	"	jae 1f\n"
	"	ret\n"
	"1:	mov %rax, %rdi\n"
	"	jmp entry_error\n" END("syscall"));

__asm__(".text\n" FUNCTION("dlopen")
	"	endbr64\n"
	"	and entry_dlopen_mask(%rip), %esi\n"
	"	mov entry_dlopen_next(%rip), %rax\n"
	"	test %rax, %rax\n"
	"	je 1f\n"
	"	jmp *%rax\n"
	"1:	push %rdi\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	push %rsi\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	sub $8, %rsp\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	call entry_find_dlopen\n"
	"	add $8, %rsp\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	pop %rsi\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	pop %rdi\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	jmp *%rax\n" END("dlopen"));

#elif defined __aarch64__

__asm__(".text\n" FUNCTION("syscall")
	"	hint #34\n" /* bti c */
	"	cmp x0, #" NUMBER(ENTRY_CALLS) "\n"
	"	b.hs 2f\n"
	"	adrp x9, entry_calls\n"
	"	add x9, x9, #:lo12:entry_calls\n"
	"	lsr x10, x0, #6\n"
	"	ldr x9, [x9, x10, lsl #3]\n"
	"	lsr x9, x9, x0\n"
	"	tbnz x9, #0, entry_call\n"
	"2:	mov x8, x0\n"
	"	mov x0, x1\n"
	"	mov x1, x2\n"
	"	mov x2, x3\n"
	"	mov x3, x4\n"
	"	mov x4, x5\n"
	"	mov x5, x6\n"
	"	svc #0\n"
	"	cmn x0, #4095\n"
	"	b.cs entry_error\n"
	"	ret\n" END("syscall"));

__asm__(".text\n" FUNCTION("dlopen")
	"	hint #34\n"
	"	adrp x2, entry_dlopen_mask\n"
	"	ldr w2, [x2, #:lo12:entry_dlopen_mask]\n"
	"	and w1, w1, w2\n"
	"	adrp x2, entry_dlopen_next\n"
	"	ldr x16, [x2, #:lo12:entry_dlopen_next]\n"
	"	cbz x16, 1f\n"
	"	br x16\n"
	"1:	stp x29, x30, [sp, #-32]!\n"
	"	.cfi_def_cfa_offset 32\n"
	"	.cfi_offset 29, -32\n"
	"	.cfi_offset 30, -24\n"
	"	stp x0, x1, [sp, #16]\n"
	"	bl entry_find_dlopen\n"
	"	mov x16, x0\n"
	"	ldp x0, x1, [sp, #16]\n"
	"	ldp x29, x30, [sp], #32\n"
	"	.cfi_def_cfa_offset 0\n"
	"	br x16\n" END("dlopen"));

#endif
