/* store_put.c - see store_put.h. */
#include "preload/files/store_put.h"

#include <errno.h>
#include <linux/fs.h>

#include "preload/base/sys.h"
#include "preload/base/str.h"

const char *keep_reason(long err)
{
	switch (-err) {
	case ENOSPC:
	case EDQUOT:
		return "the store's file system is full";
	case ENOENT:
	case ENOTDIR:
		return "the store is gone";
	case EMFILE:
	case ENFILE:
		return "too many files are open";
	case EACCES:
	case EPERM:
		return "it can't be put into the store";
	case EROFS:
		return "the store is read-only";
	case EXDEV:
		return "the store is on another file system";
	case EFBIG:
		return "it is larger than what is copied";
	case ENAMETOOLONG:
		return "the store's path is too long";
	default:
		return "putting it into the store failed";
	}
}

static const char *string(const struct keeping *k, uint32_t at)
{
	return (const char *)k->v->m->image + at;
}

const char *keep_begin(struct keeping *k, const struct victim *v)
{
	const struct gate_image_files *files = gate_image_files(v->m->image);
	const struct gate_image_store *s = (const void *)((const char *)v->m->image + files->stores.at);
	k->v = v;
	k->store = files->stores.n ? s : NULL;
	k->id[0] = '\0';
	for (uint32_t i = 0; i < files->stores.n; i++)
		if (s[i].dev_major == v->st.stx_dev_major && s[i].dev_minor == v->st.stx_dev_minor) {
			k->store = &s[i];
			break;
		}
	return k->store ? NULL : "there is no store";
}

bool keep_path(const struct keeping *k, const char *suffix, char path[JOURNAL_PATH_MAX])
{
	struct text t = text_in(path, JOURNAL_PATH_MAX);
	text_put(&t, string(k, k->store->path));
	text_put(&t, "/" KEEP_OBJECTS "/");
	text_put(&t, k->id);
	text_put(&t, suffix);
	return !t.cut;
}

const char __attribute__((noinline)) *keep_record(struct keeping *k, enum keep_op op)
{
	char other[PATH_MAX];
	const struct journal_record r = {op, *k->id ? k->id : NULL, &k->v->st, k->v->path, victim_other(k->v, other)};
	int err = journal_write(string(k, k->store->path), &r);
	return err ? keep_reason(err) : NULL;
}

const char *keep_moved(struct keeping *k, long *result)
{
	char path[JOURNAL_PATH_MAX];
	journal_new_id(k->v->m, k->id);
	if (!keep_path(k, "", path))
		return keep_reason(-ENAMETOOLONG);
	const char *why = keep_record(k, KEEP_UNLINKED);
	if (why)
		return why;
	*result = sys_renameat2(k->v->dir, k->v->name, AT_FDCWD, path, RENAME_NOREPLACE);
	return *result ? keep_reason(*result) : NULL;
}

const char *keep_linked(struct keeping *k)
{
	char path[JOURNAL_PATH_MAX];
	journal_new_id(k->v->m, k->id);
	if (!keep_path(k, "", path))
		return keep_reason(-ENAMETOOLONG);
	const char *why = keep_record(k, KEEP_REPLACED);
	if (why)
		return why;
	long err = SYS(linkat, k->v->dir, k->v->name, AT_FDCWD, path, 0, 0);
	return err ? keep_reason(err) : NULL;
}

/* Apart from the record, whose buffers are not needed any more. */
static long __attribute__((noinline)) copy_link(const struct keeping *k, const char *path)
{
	char to[PATH_MAX];
	long n = SYS(readlinkat, k->v->dir, k->v->name, to, sizeof to - 1, 0, 0);
	if (n < 0)
		return n;
	to[n] = '\0';
	return SYS(symlinkat, to, AT_FDCWD, path, 0, 0, 0);
}

const char *keep_copied_link(struct keeping *k, enum keep_op op)
{
	char path[JOURNAL_PATH_MAX];
	journal_new_id(k->v->m, k->id);
	if (!keep_path(k, "", path))
		return keep_reason(-ENAMETOOLONG);
	const char *why = keep_record(k, op);
	if (why)
		return why;
	long err = copy_link(k, path);
	return err ? keep_reason(err) : NULL;
}

void keep_undo(const struct keeping *k)
{
	char path[JOURNAL_PATH_MAX];
	if (*k->id && keep_path(k, "", path))
		sys_unlinkat(AT_FDCWD, path, 0);
}
