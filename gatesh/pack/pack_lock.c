/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_lock.c - reads and writes packs.lock.  See pack_lock.h. */
#include "pack/pack_lock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "util/exit.h"
#include "util/state_dir.h"

int pack_lock_path(const char *name, char path[PATH_MAX])
{
	char below[NAME_MAX + 8];
	int n = snprintf(below, sizeof below, "rules/%s", name);
	return n < 0 || (size_t)n >= sizeof below ? -ENAMETOOLONG : gate_path_user(path, PATH_MAX, below);
}

static json_t *pack_lock_fail(const char *path, const char *why)
{
	fprintf(stderr, "gatesh: pack: %s: %s\n", path, why);
	return NULL;
}

json_t *pack_lock_read(void)
{
	char path[PATH_MAX] = "packs.lock";
	json_error_t error;
	int err = pack_lock_path("packs.lock", path);
	if (err)
		return pack_lock_fail(path, strerror(-err));
	if (access(path, F_OK) && errno == ENOENT)
		return json_pack("{s:{}}", "packs");
	json_t *lock = json_load_file(path, 0, &error);
	if (lock && json_is_object(json_object_get(lock, "packs")))
		return lock;
	json_decref(lock);
	return pack_lock_fail(path, lock ? "it has no packs" : error.text);
}

int pack_lock_write(const json_t *lock)
{
	char path[PATH_MAX] = "packs.lock", fresh[PATH_MAX];
	int err = pack_lock_path("packs.lock", path);
	if (!err)
		err = pack_lock_path(".packs.lock.new", fresh);
	if (!err)
		err = state_dir_make(path);
	if (!err && (json_dump_file(lock, fresh, JSON_INDENT(1) | JSON_SORT_KEYS) || rename(fresh, path)))
		err = errno ? -errno : -EIO;
	if (err)
		pack_lock_fail(path, strerror(-err));
	return err ? EXIT_IO : 0;
}

json_t *pack_lock_entry(const json_t *lock, const char *name)
{
	return json_object_get(json_object_get(lock, "packs"), name);
}

const char *pack_lock_text(const json_t *entry, const char *member)
{
	const char *s = json_string_value(json_object_get(entry, member));
	return s ? s : "";
}
