/* SPDX-License-Identifier: BSD-2-Clause */
/* process_memory.c - maps the policy image once per process, and remembers answers and directories. */
#include "preload/base/process_memory.h"

#include <sys/resource.h>

#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"

static struct memory *memory;

struct memory *memory_if_any(void)
{
	return __atomic_load_n(&memory, __ATOMIC_ACQUIRE);
}

/* Once per process: a write beyond the limit would kill it (SIGXFSZ), and the journal may be larger. */
static bool memory_is_limited(void)
{
	struct rlimit most;
	return !SYS(prlimit64, 0, RLIMIT_FSIZE, 0, &most, 0, 0) && most.rlim_cur != RLIM_INFINITY;
}

struct memory *memory_get(int *err)
{
	struct memory *m = memory_if_any(), *none = NULL;
	if (m)
		return m;
	long at = sys_map_anonymous(sizeof *m);
	if (sys_is_error(at)) {
		*err = (int)at;
		return NULL;
	}
	m = (struct memory *)at;
	*err = state_load();
	m->image = state.image;
	m->limited = memory_is_limited();
	if (!*err && __atomic_compare_exchange_n(&memory, &none, m, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return m;
	sys_unmap(m, sizeof *m); /* or another thread was first */
	return none;
}

bool memory_covered(const struct memory *m, struct memory_answer *a, const char *path)
{
	for (int i = 0; i < MEMORY_COVERS; i++) {
		const struct memory_cover *c = &m->covers[i];
		uint64_t turn = slot_turn(&c->lock);
		struct memory_answer known = c->answer;
		bool holds = *c->dir && known.event == a->event && known.severity >= a->severity &&
			     (known.unkept || !a->unkept || !known.allowed) && gate_path_is_under(path, c->dir);
		if (holds && slot_still(&c->lock, turn)) {
			a->allowed = known.allowed;
			return true;
		}
	}
	return false;
}

void memory_cover(struct memory *m, const struct memory_answer *a, const char *dir)
{
	unsigned slot = __atomic_fetch_add(&m->next_cover, 1, __ATOMIC_RELAXED) % MEMORY_COVERS;
	struct memory_cover *c = &m->covers[slot];
	if (text_length(dir) >= sizeof c->dir || !slot_take(&c->lock))
		return;
	c->answer = *a;
	__builtin_memcpy(c->dir, dir, text_length(dir) + 1);
	slot_release(&c->lock);
}

static bool memory_is_plain(const struct memory_tree *t, const char *path, size_t n, unsigned flags)
{
	uint64_t turn = slot_turn(&t->lock);
	size_t i = 0;
	if (n >= sizeof t->dir || flags & ~t->flags)
		return false;
	while (i < n && t->dir[i] == path[i])
		i++;
	return i == n && !t->dir[n] && slot_still(&t->lock, turn);
}

unsigned memory_tree(const struct memory *m, const char *path, size_t n, unsigned wants)
{
	unsigned found = 0;
	for (int i = 0; i < MEMORY_TREES; i++) {
		const struct memory_tree *t = &m->trees[i];
		uint64_t turn = slot_turn(&t->lock);
		unsigned flags = t->flags;
		if (*t->dir && gate_path_is_under(path, t->dir) && slot_still(&t->lock, turn))
			found |= flags & wants;
	}
	return wants & ~found && memory_is_plain(&m->plain, path, n, wants & ~found) ? found | MEMORY_LOOKED : found;
}

static void process_memory_put_tree(struct memory_tree *t, const char *dir, size_t n, unsigned flags)
{
	if (n >= sizeof t->dir || !slot_take(&t->lock))
		return;
	t->flags = flags;
	__builtin_memcpy(t->dir, dir, n);
	t->dir[n] = '\0';
	slot_release(&t->lock);
}

void memory_put_tree(struct memory *m, const char *dir, unsigned flags)
{
	unsigned slot = __atomic_fetch_add(&m->next_tree, 1, __ATOMIC_RELAXED) % MEMORY_TREES;
	process_memory_put_tree(&m->trees[slot], dir, text_length(dir), flags);
}

void memory_put_plain(struct memory *m, const char *path, size_t n, unsigned flags)
{
	process_memory_put_tree(&m->plain, path, n, flags);
}
