/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_record.c - describes one record, in words and as JSON. */
#include "undo/undo_record.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "undo/undo_secret.h"
#include "util/json.h"

enum {
	KEY_LEAST = 64, /* bytes of a private key: the shortest in PEM is 119 */
	KEY_MOST = 16 << 10,
};

const char *undo_record_word(enum store_op op)
{
	switch (op) {
	case STORE_OP_REPLACED: return "replaced";
	case STORE_OP_OVERWRITTEN: return "overwritten";
	case STORE_OP_WRITTEN: return "written in place";
	case STORE_OP_EXCHANGED: return "exchanged";
	case STORE_OP_ATTRIBUTES: return "attributes changed";
	case STORE_OP_GUARDED: return "lost its last name";
	case STORE_OP_NAME: return "name removed";
	case STORE_OP_MOVED: return "moved away";
	case STORE_OP_RESTORED: return "put back";
	default: return "removed";
	}
}

long long undo_record_size(const struct store_put_record *r)
{
	return r->id && r->op != STORE_OP_ATTRIBUTES ? r->size : -1;
}

bool undo_record_is_secret(const struct store_records *k, bool peek)
{
	if (!k->r->id || !S_ISREG(k->r->mode))
		return false;
	if (undo_secret_name(k->r->path) || !peek || k->r->size < KEY_LEAST || k->r->size > KEY_MOST)
		return undo_secret_name(k->r->path);
	int objects = records_objects(k->store);
	bool is = objects >= 0 && undo_secret_content(objects, k->r->id);
	if (objects >= 0)
		close(objects);
	return is;
}

static const char *undo_record_type(mode_t mode)
{
	return S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "symlink" : S_ISREG(mode) ? "file" : "other";
}

json_t *undo_record_json(const struct store_records *k)
{
	const struct store_put_record *r = k->r;
	char text[64], id[STORE_NAME_MAX + 16], mode[16];
	struct tm tm;
	json_t *o = json_object();
	gmtime_r(&r->time.tv_sec, &tm);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof text - n, ".%03ldZ", r->time.tv_nsec / 1000000);
	snprintf(id, sizeof id, "%s.%u", k->session->entry->name, k->command);
	snprintf(mode, sizeof mode, "%04o", r->mode & 07777);
	json_put(o, "session", k->session->entry->name);
	json_put(o, "command", id);
	json_put(o, "time", text);
	json_object_set_new(o, "pid", json_integer(r->pid));
	json_put(o, "comm", r->comm);
	json_put(o, "what", undo_record_word(r->op));
	json_put(o, "type", undo_record_type(r->mode));
	json_put(o, "path", r->path);
	json_put(o, "other", r->other);
	json_put(o, "mode", mode);
	json_object_set_new(o, "uid", json_integer(r->uid));
	json_object_set_new(o, "gid", json_integer(r->gid));
	if (undo_record_size(r) >= 0)
		json_object_set_new(o, "size", json_integer(r->size));
	if (undo_record_is_secret(k, false))
		json_object_set_new(o, "secret", json_true());
	return o;
}
