/* SPDX-License-Identifier: BSD-2-Clause */
/* principal_files.c - finds the files of a principal's sources, and writes a rule of gate.rules(5) about them. */
#include "principal/principal_files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "principal/secret_source.h"
#include "principal/vault.h"

struct files_visit {
	int (*each)(const char *path, void *data);
	void *data;
};

static int files_visit_path(const struct files_visit *v, const char *path)
{
	char resolved[PATH_MAX];
	int ret = path ? v->each(path, v->data) : 0;
	if (!ret && path && realpath(path, resolved) && strcmp(path, resolved))
		ret = v->each(resolved, v->data);
	return ret;
}

static int files_visit_secret(const struct files_visit *v, const struct secret *s)
{
	if (s->source == SECRET_FILE)
		return files_visit_path(v, s->from);
	return files_visit_path(v, s->source == SECRET_GITHUB_APP ? secret_github_key(s->github) : NULL);
}

int principal_each_file(const struct principal *p, int (*each)(const char *path, void *data), void *data)
{
	const struct files_visit v = {each, data};
	int ret = 0;
	for (size_t i = 0; !ret && i < p->nsecrets; i++)
		ret = files_visit_secret(&v, &p->secrets[i]);
	if (!ret && p->vault)
		ret = files_visit_path(&v, p->vault->approle);
	if (!ret && p->vault && p->vault->server.spelled)
		ret = files_visit_secret(&v, &p->vault->server);
	for (size_t i = 0; !ret && i < p->nssh_keys; i++)
		ret = files_visit_path(&v, p->ssh_keys[i].path);
	return ret;
}

/* --- the rule ----------------------------------------------------------------------------------------------------- */

/* Does a line of a rule take it for this path and no other? */
static bool files_is_plain(const char *path)
{
	return !path[strcspn(path, " \t\r\n*?[]{}!\\")];
}

static int files_put_path(const char *path, void *data)
{
	if (files_is_plain(path))
		strbuf_printf(data, "path: %s\n", path);
	return 0;
}

static int files_put_example(const char *path, void *data)
{
	if (files_is_plain(path))
		strbuf_printf(data, "hit: %s\nmiss: %s.other\n", path, path);
	return files_is_plain(path); /* one is enough */
}

void principal_files_rule(const struct principal *p, struct strbuf *out)
{
	cleanup_strbuf struct strbuf paths = {0}, example = {0};
	principal_each_file(p, files_put_path, &paths);
	principal_each_file(p, files_put_example, &example);
	if (paths.err || example.err)
		out->err = -ENOMEM;
	if (!paths.len || !example.len)
		return;
	strbuf_printf(out,
		      "\nrule: principal.sources\non: read\n%saction: deny\nseverity: critical\n"
		      "reason: holds what the credentials of the principal %s come from\n%s",
		      paths.s, p->name, example.s);
}
