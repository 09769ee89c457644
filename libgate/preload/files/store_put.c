/* SPDX-License-Identifier: BSD-2-Clause */
/* store_put.c - puts a file into the store by moving, linking or copying it, and explains failures. */
#include "preload/files/store_put.h"

#include <errno.h>
#include <linux/fs.h>

#include "preload/base/judged_call.h"
#include "preload/base/process_state.h"
#include "preload/base/str.h"
#include "preload/base/sys.h"
#include "preload/files/act_host.h"
#include "preload/files/locate_long.h"

static const char *store_put_reason(long err)
{
	switch (-err) {
	case ENOSPC:
	case EDQUOT: return "the store's file system is full";
	case ENOENT:
	case ENOTDIR: return "the store is gone";
	case EMFILE:
	case ENFILE: return "too many files are open";
	case EACCES:
	case EPERM: return "it can't be put into the store";
	case EROFS: return "the store is read-only";
	case EXDEV: return "the store is on another file system";
	case EFBIG: return "it is larger than the limit for copies";
	case ENAMETOOLONG: return "the store's path is too long";
	default: return "putting it into the store failed";
	}
}

const char *store_put_failed(struct keeping *k, long err)
{
	k->err = err;
	return store_put_reason(err);
}

/* These hold for the session as well: it uses the same store. */
static bool store_put_fails_anywhere(long err)
{
	return err == -ENOSPC || err == -EDQUOT || err == -EFBIG || err == -ENAMETOOLONG || err == -EIO;
}

bool store_put_may_elsewhere(const struct keeping *k)
{
	return state.seam && k->err && !store_put_fails_anywhere(k->err);
}

int store_put_instead(struct keeping *k, const char *why)
{
	store_room_give_back(k);
	if (store_put_may_elsewhere(k))
		return VICTIM_LEAVE;
	return ask_file(k->v, why);
}

static const char *store_put_string(const struct keeping *k, uint32_t at)
{
	return (const char *)k->v->m->image + at;
}

const char *store_put_begin(struct keeping *k, const struct victim *v)
{
	const struct gate_image_files *files = gate_image_files(v->m->image);
	const struct gate_image_store *s = (const void *)((const char *)v->m->image + files->stores.at);
	k->v = v;
	k->store = files->stores.n ? s : NULL;
	k->id[0] = '\0';
	k->err = 0;
	k->elsewhere = false;
	k->taken = 0;
	for (uint32_t i = 0; i < files->stores.n; i++)
		if (s[i].dev_major == v->st.stx_dev_major && s[i].dev_minor == v->st.stx_dev_minor) {
			k->store = &s[i];
			break;
		}
	if (k->store && v->m->limited) {
		k->err = -EPERM; /* the session has no such limit */
		return "the program may not write files of that size (ulimit -f)";
	}
	return k->store ? NULL : "there is no store";
}

bool store_put_path(const struct keeping *k, const char *suffix, char path[JOURNAL_PATH_MAX])
{
	struct text t = text_in(path, JOURNAL_PATH_MAX);
	text_put(&t, store_put_string(k, k->store->path));
	text_put(&t, "/" STORE_OBJECTS_NAME "/");
	text_put(&t, k->id);
	text_put(&t, suffix);
	return !t.cut;
}

/* A path that is longer than PATH_MAX.  This is rare, so it maps its own memory. */
static const char __attribute__((noinline)) * store_put_record_long(struct keeping *k, enum store_op op)
{
	long map = sys_map_anonymous(STORE_RECORD_MAX);
	if (sys_is_error(map))
		return store_put_failed(k, map);
	const struct victim_name own = {k->v->dir, k->v->name}, *at = *own.name ? &own : k->v->by;
	const char *path = locate_long(at->dir, at->name, (char *)map, STORE_RECORD_MAX);
	const struct journal_record r = {op, *k->id ? k->id : NULL, &k->v->st, path, NULL};
	int err = path ? journal_write(store_put_string(k, k->store->path), &r) : -ENAMETOOLONG;
	sys_unmap((const void *)map, STORE_RECORD_MAX);
	if (err != -ENAMETOOLONG)
		return err ? store_put_failed(k, err) : NULL;
	k->err = err;
	return "its path is too long to record";
}

const char __attribute__((noinline)) * store_put_record(struct keeping *k, enum store_op op)
{
	char other[PATH_MAX];
	if (k->v->nameless)
		return store_put_record_long(k, op);
	const struct journal_record r = {op, *k->id ? k->id : NULL, &k->v->st, k->v->path, victim_other(k->v, other)};
	int err = journal_write(store_put_string(k, k->store->path), &r);
	return err ? store_put_failed(k, err) : NULL;
}

const char *store_put_moved(struct keeping *k)
{
	char path[JOURNAL_PATH_MAX];
	if (!store_put_path(k, "", path))
		return store_put_failed(k, -ENAMETOOLONG);
	long err = judged_renameat2(k->v->dir, k->v->name, AT_FDCWD, path, RENAME_NOREPLACE);
	return err ? store_put_failed(k, err) : NULL;
}

/* Not inlined: the record's buffers are off the stack by then. */
static long __attribute__((noinline)) store_put_copy_link(const struct keeping *k, const char *path)
{
	char to[PATH_MAX];
	long n = SYS(readlinkat, k->v->dir, k->v->name, to, sizeof to - 1, 0, 0);
	if (n < 0)
		return n;
	to[n] = '\0';
	return SYS(symlinkat, to, AT_FDCWD, path, 0, 0, 0);
}

const char *store_put_copied_link(struct keeping *k, enum store_op op)
{
	char path[JOURNAL_PATH_MAX];
	journal_new_id(k->v->m, k->id);
	if (!store_put_path(k, "", path))
		return store_put_failed(k, -ENAMETOOLONG);
	const char *why = store_put_record(k, op);
	if (why)
		return why;
	long err = store_put_copy_link(k, path);
	return err ? store_put_failed(k, err) : NULL;
}

void store_put_undo(struct keeping *k)
{
	char path[JOURNAL_PATH_MAX];
	store_room_give_back(k);
	if (*k->id && store_put_path(k, "", path))
		judged_unlinkat(AT_FDCWD, path, 0);
}
