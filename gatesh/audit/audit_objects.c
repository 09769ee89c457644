/* SPDX-License-Identifier: BSD-2-Clause */
/* audit_objects.c - parses audit log lines and reports those that are skipped. */
#include "audit/audit_objects.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/out.h"
#include "util/state_dir.h"

void audit_objects_skipped(const char *command, const struct audit_reader *r, const char *why)
{
	fprintf(stderr, "gatesh: %s: ", command);
	out_text(stderr, r->path);
	fprintf(stderr, ":%lu: %s, skipped\n", r->line, why);
}

json_t *audit_objects_parse(const char *command, const struct audit_reader *r, const char *line, size_t len)
{
	json_t *o = json_loadb(line, len, 0, NULL);
	const json_t *version = json_object_get(o, "v");
	if (!json_is_object(o))
		audit_objects_skipped(command, r, "not a line of the audit log");
	else if (!json_is_integer(version))
		audit_objects_skipped(command, r, "no version");
	else if (json_integer_value(version) != AUDIT_OBJECTS_VERSION)
		audit_objects_skipped(command, r, "from another version of gate");
	else
		return o;
	json_decref(o);
	return NULL;
}

static int objects_read_all(const char *command, struct audit_reader *r, auditlog_fn *each, void *data)
{
	char *line;
	size_t len;
	bool torn = false;
	int more;
	while ((more = audit_next(r, &line, &len, &torn)) > 0) {
		json_t *o = audit_objects_parse(command, r, line, len);
		int ret = o ? each(o, r->line, data) : 0;
		json_decref(o);
		if (ret)
			return ret;
	}
	if (torn)
		audit_objects_skipped(command, r, "torn");
	return more;
}

int audit_objects_each(const char *command, const char *path, auditlog_fn *each, void *data)
{
	struct audit_reader r;
	char own[PATH_MAX];
	int err = path ? 0 : state_dir_file(own, sizeof own, STATE_DIR_AUDIT);
	if (err) {
		fprintf(stderr, "gatesh: %s: can't find the audit log: no XDG_STATE_HOME and no home directory\n",
			command);
		return err;
	}
	err = audit_open(&r, path ? path : own);
	if (!err)
		err = objects_read_all(command, &r, each, data);
	audit_close(&r);
	if (err < 0) {
		bool none = err == -ENOENT && !path;
		fprintf(stderr, "gatesh: %s: %s", command, none ? "nothing was decided yet: no " : "");
		out_text(stderr, path ? path : own);
		const char *why = err == -EINVAL ? "not a regular file" : strerror(-err);
		fprintf(stderr, "%s%s\n", none ? "" : ": ", none ? "" : why);
		err = none ? 0 : err;
	}
	return err;
}

const char *audit_objects_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}
