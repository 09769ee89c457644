/* SPDX-License-Identifier: BSD-2-Clause */
/* secret_memory.c - maps, locks, overwrites and unmaps the pages of secrets. */
#include "principal/secret_memory.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

/* The beginning of the pages. */
struct pages {
	size_t size; /* with this */
	char bytes[];
};

static struct pages *memory_pages(char *memory)
{
	return (struct pages *)(void *)(memory - offsetof(struct pages, bytes));
}

char *secret_memory_room(size_t size)
{
	size_t all = offsetof(struct pages, bytes) + size + 1;
	struct pages *p = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	p->size = all;
	madvise(p, all, MADV_DONTDUMP);
	mlock(p, all);
	return p->bytes;
}

char *secret_memory_copy(const char *bytes, size_t n)
{
	char *memory = secret_memory_room(n);
	if (memory)
		memcpy(memory, bytes, n);
	return memory;
}

void secret_memory_lock(char *memory)
{
	if (memory)
		mlock(memory_pages(memory), memory_pages(memory)->size);
}

void secret_memory_free(char *memory)
{
	struct pages *p = memory ? memory_pages(memory) : NULL;
	size_t all = p ? p->size : 0;
	if (!p)
		return;
	explicit_bzero(p, all);
	munmap(p, all);
}
