/* SPDX-License-Identifier: BSD-2-Clause */
/* own_files.c - maps the session's tables of files, and looks files up in them. */
#include "preload/base/own_files.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>

#include "formats/made_proof.h"
#include "preload/base/process_state.h"
#include "preload/base/seam_client.h"
#include "preload/base/sys.h"

/* A table in the mapping.  All mappings are alike, so every thread stores the same. */
struct own_table {
	size_t at; /* where its buckets begin */
	uint32_t mask;
};

static struct {
	char *base; /* the mapping, set last; NULL: none yet */
	struct own_table made, settled;
	bool never; /* the session has none */
} own;

static int own_files_check(char *base, size_t at, size_t size, struct own_table *out)
{
	struct made_table t;
	int err = made_table_open(&t, base + at, size);
	if (!err)
		*out = (struct own_table){(size_t)((char *)t.buckets - base), t.mask};
	return err;
}

int own_files_enter(void *mem, size_t size)
{
	char *none = NULL;
	size_t first = made_table_size(MADE_SLOTS), second = made_table_size(SEAM_SETTLED_SLOTS);
	if (size != first + second + ALLOWANCE_SIZE)
		return -EBADMSG;
	int err = own_files_check(mem, 0, first, &own.made);
	if (!err)
		err = own_files_check(mem, first, second, &own.settled);
	if (!err &&
	    !__atomic_compare_exchange_n(&own.base, &none, (char *)mem, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		err = -EEXIST; /* another thread was first */
	return err;
}

static struct made_table own_files_table(const struct own_table *t)
{
	return (struct made_table){(struct made_bucket *)(own.base + t->at), t->mask};
}

static void own_files_map(void)
{
	long fd = seam_request(SEAM_TABLES);
	if (fd < 0) {
		own.never = fd != -EMFILE && fd != -ENFILE;
		return;
	}
	long size = sys_seek_end((int)fd);
	long at = size > 0 ? SYS(mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : -EBADMSG;
	sys_close((int)fd);
	if (!sys_is_error(at) && own_files_enter((void *)at, (size_t)size))
		sys_unmap((const void *)at, (size_t)size);
}

bool own_files_decide(void)
{
	return state.seam || __atomic_load_n(&own.base, __ATOMIC_ACQUIRE);
}

bool own_files_known(void)
{
	if (__atomic_load_n(&own.base, __ATOMIC_ACQUIRE))
		return true;
	if (!state.seam || own.never)
		return false;
	own_files_map();
	return __atomic_load_n(&own.base, __ATOMIC_ACQUIRE);
}

static bool own_files_has_key(const struct own_table *in, const struct made_key *key)
{
	struct made_table t = own_files_table(in);
	return made_table_has(&t, key);
}

static void own_files_add_key(const struct own_table *in, const struct made_key *key)
{
	struct made_table t = own_files_table(in);
	made_table_put(&t, key);
}

static bool own_files_has(const struct own_table *in, const struct statx *st)
{
	struct made_key key;
	return made_key_of(st, &key) && own_files_known() && own_files_has_key(in, &key);
}

static void own_files_add(const struct own_table *in, const struct statx *st)
{
	struct made_key key;
	if (made_key_of(st, &key) && own_files_known())
		own_files_add_key(in, &key);
}

/* Was it born within the last second?  A program that has no interposer may have made it, and gatesh enters such files a
 * moment later. */
static bool own_files_is_fresh(const struct statx *st)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec - st->stx_btime.tv_sec <= 1;
}

bool own_files_made(const struct statx *st)
{
	if (own_files_has(&own.made, st))
		return true;
	return state.seam && own_files_known() && own_files_is_fresh(st) && seam_request(SEAM_BIRTHS) == -EALREADY &&
	       own_files_has(&own.made, st);
}

void own_files_put(const struct statx *st)
{
	own_files_add(&own.made, st);
}

void own_files_put_fd(int fd)
{
	struct statx st;
	if (own_files_known() && !sys_statx_untimed(fd, "", AT_EMPTY_PATH, &st) && (st.stx_mode & S_IFMT) == S_IFREG)
		own_files_put(&st);
}

void own_files_forget(const struct statx *st)
{
	struct made_key key;
	if (!made_key_of(st, &key) || !own_files_known())
		return;
	struct made_table t = own_files_table(&own.made);
	made_table_forget(&t, &key);
}

bool own_files_settled(const struct statx *st)
{
	return own_files_has(&own.settled, st);
}

struct allowances *own_files_allowances(void)
{
	size_t at = made_table_size(MADE_SLOTS) + made_table_size(SEAM_SETTLED_SLOTS);
	return own_files_known() ? (struct allowances *)(own.base + at) : NULL;
}

void own_files_settle(const struct statx *st)
{
	own_files_add(&own.settled, st);
}

/* --- carried ------------------------------------------------------------------------------------------------------ */

/* Keys that no file has: the last device, and births after the year 2262, which the table drops last. */
enum { OWN_NO_MAJOR = 0xfff, OWN_NO_MINOR = 0xfffff };
#define OWN_NO_BIRTH (1ull << 63)

struct own_path {
	uint64_t a, b; /* FNV-1a, and the same from another start */
};

static const struct own_path own_files_path_start = {0xcbf29ce484222325, 0x9e3779b97f4a7c15};

static void own_files_path_add(struct own_path *p, char c)
{
	p->a = (p->a ^ (unsigned char)c) * 0x100000001b3;
	p->b = (p->b ^ (unsigned char)c) * 0x100000001b3;
}

static struct made_key own_files_path_key(const struct own_path *p)
{
	return (struct made_key){OWN_NO_MAJOR, OWN_NO_MINOR, p->a, p->b | OWN_NO_BIRTH};
}

/* Its presence says that anything was carried at all. */
static const struct made_key own_files_any_carried = {OWN_NO_MAJOR, OWN_NO_MINOR, 0, OWN_NO_BIRTH};

static struct made_key own_files_file_key(const struct made_key *key)
{
	return (struct made_key){OWN_NO_MAJOR, key->dev_minor ^ key->dev_major << 8, key->ino,
				 key->born_ns | OWN_NO_BIRTH};
}

void own_files_carry(const char *path)
{
	struct own_path p = own_files_path_start;
	if (!own_files_known())
		return;
	for (; *path; path++)
		own_files_path_add(&p, *path);
	const struct made_key key = own_files_path_key(&p);
	own_files_add_key(&own.settled, &key);
	own_files_add_key(&own.settled, &own_files_any_carried);
}

void own_files_carry_file(const struct statx *st)
{
	struct made_key key;
	if (!made_key_of(st, &key) || !own_files_known())
		return;
	key = own_files_file_key(&key);
	own_files_add_key(&own.settled, &key);
}

bool own_files_carried(const char *path)
{
	struct own_path p = own_files_path_start;
	if (!own_files_known() || !own_files_has_key(&own.settled, &own_files_any_carried))
		return false;
	while (*path) {
		own_files_path_add(&p, *path++);
		const struct made_key key = own_files_path_key(&p);
		if ((!*path || *path == '/') && own_files_has_key(&own.settled, &key))
			return true;
	}
	return false;
}

bool own_files_carried_file(const struct statx *st)
{
	struct made_key key;
	if (!made_key_of(st, &key) || !own_files_known())
		return false;
	key = own_files_file_key(&key);
	return own_files_has_key(&own.settled, &key);
}
