/* SPDX-License-Identifier: BSD-2-Clause */
/* library_call.c - finds the function behind a hook by the module that called it, and remembers it until a library is
 * unloaded. */
#include "preload/statements/library_call.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

#include "preload/base/slots.h"
#include "preload/base/sys.h"
#include "preload/statements/library_symbol.h"

enum { SLOTS = 64 };

/* The functions found for a call; `unloads` was the number of libraries that had been unloaded. */
struct found {
	struct slot_lock lock;
	const char *name;
	const void *caller;
	unsigned long long unloads;
	struct library_call call;
};

/* SLOTS of them, mapped at the first call: no page of the interposer's own, so that other programs do not pay for them. */
static struct found *table;

/* --- the search --------------------------------------------------------------------------------------------------- */

struct search {
	const char *name;
	const void *caller, *next;
	struct library from; /* the caller's module */
	bool has_from;
	void *any, *needed, *own; /* who defines it: the first; one that the caller was linked with; the caller */
	bool inside;
};

static int library_call_look_from(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *s = data;
	if (!library_contains(info, s->caller))
		return 0;
	s->has_from = library_read(&s->from, info);
	s->inside = s->next && library_contains(info, s->next);
	return 1;
}

static int library_call_look(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *s = data;
	struct library l;
	void *at = NULL;
	if (!library_contains(info, (const void *)library_call) && library_read(&l, info))
		at = library_symbol(&l, s->name);
	if (!at)
		return 0;
	if (!s->any)
		s->any = at;
	if (library_contains(info, s->caller))
		s->own = at;
	if (!s->needed && s->has_from && l.soname && library_needs(&s->from, l.soname))
		s->needed = at;
	return 0;
}

/* As the dynamic linker: first the program and what it was linked with, then the module that calls and what that was. */
static struct library_call library_call_search(const char *name, const void *caller)
{
	struct search s = {.name = name, .caller = caller, .next = dlsym(RTLD_NEXT, name)};
	dl_iterate_phdr(library_call_look_from, &s);
	if (s.next)
		return (struct library_call){(void *)s.next, s.inside};
	dlerror(); /* that failure is not the program's */
	dl_iterate_phdr(library_call_look, &s);
	void *next = s.own ? s.own : s.needed ? s.needed : s.any;
	return (struct library_call){next, next && next == s.own};
}

/* --- what was found ----------------------------------------------------------------------------------------------- */

static int library_call_count(struct dl_phdr_info *info, size_t size, void *data)
{
	*(unsigned long long *)data = info->dlpi_subs;
	return 1;
}

static struct found *library_call_slot(const char *name, const void *caller)
{
	struct found *v = __atomic_load_n(&table, __ATOMIC_ACQUIRE), *none = NULL;
	if (!v) {
		long map = sys_map_anonymous(SLOTS * sizeof *v);
		if (sys_is_error(map))
			return NULL;
		v = (struct found *)map;
		if (!__atomic_compare_exchange_n(&table, &none, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			sys_unmap(v, SLOTS * sizeof *v);
			v = none;
		}
	}
	unsigned long key = (unsigned long)caller * 31 + (unsigned long)name;
	return &v[(key ^ key >> 7) % SLOTS];
}

static bool library_call_recall(const struct found *f, struct found *out)
{
	uint64_t turn = slot_turn(&f->lock);
	*out = *f;
	return slot_still(&f->lock, turn);
}

static struct library_call library_call_find(const char *name, const void *caller,
					     struct library_call (*search)(const char *, const void *))
{
	unsigned long long unloads = 0;
	struct found *slot = library_call_slot(name, caller), known;
	dl_iterate_phdr(library_call_count, &unloads);
	if (slot && library_call_recall(slot, &known) && known.name == name && known.caller == caller &&
	    known.unloads == unloads)
		return known.call;
	struct library_call call = search(name, caller);
	if (slot && call.next && slot_take(&slot->lock)) {
		slot->name = name;
		slot->caller = caller;
		slot->unloads = unloads;
		slot->call = call;
		slot_release(&slot->lock);
	}
	return call;
}

struct library_call library_call(const char *name, const void *caller)
{
	return library_call_find(name, caller, library_call_search);
}

static int library_call_look_in(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *s = data;
	struct library l;
	if (!library_contains(info, s->caller))
		return 0;
	if (library_read(&l, info))
		s->own = library_symbol(&l, s->name);
	return 1;
}

static struct library_call library_call_search_in(const char *name, const void *function)
{
	struct search s = {.name = name, .caller = function};
	dl_iterate_phdr(library_call_look_in, &s);
	return (struct library_call){s.own, true};
}

void *library_sibling(const void *function, const char *name)
{
	return library_call_find(name, function, library_call_search_in).next;
}
