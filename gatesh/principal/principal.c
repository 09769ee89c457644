/* SPDX-License-Identifier: BSD-2-Clause */
/* principal.c - finds principals in the system's and the user's directory. */
#include "principal/principal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/read_file.h"
#include "base/strbuf.h"
#include "policy/policy.h"
#include "principal/vault.h"

#define SUFFIX ".principal"

enum { PRINCIPAL_SIZE_MAX = 1 << 16 };

/* The directories, the system's first; *n of them. */
static void principal_dirs(char dirs[2][PATH_MAX], size_t *n)
{
	snprintf(dirs[0], PATH_MAX, "%s", gate_path(GATE_PATH_CONF));
	char *slash = strrchr(dirs[0], '/');
	if (slash)
		*slash = '\0';
	*n = gate_path_user(dirs[1], PATH_MAX, NULL) ? 1 : 2;
}

static int principal_read(const char *path, struct diag *d, struct principal *out)
{
	cleanup_strbuf struct strbuf text = {0};
	struct stat st;
	unsigned before = d->errors;
	int err = read_file(path, PRINCIPAL_SIZE_MAX, &text, &st);
	struct source src = {.name = path, .text = text.s ? text.s : "", .len = text.len};
	if (err == -ENOENT)
		return err;
	if (err) {
		diag_at(d, DIAG_ERROR, &src, 0, 0, "can't be read: %s", strerror(-err));
		return err == -ENOMEM ? err : -EINVAL;
	}
	policy_check_writers(d, path, &st, TRUST_SYSTEM);
	return d->errors > before ? -EINVAL : principal_parse(&src, d, out);
}

int principal_load(const char *name, struct diag *d, struct principal *out)
{
	char dirs[2][PATH_MAX];
	size_t n;
	int err = -ENOENT;
	*out = (struct principal){0};
	if (!principal_is_name(name))
		return -ENOENT;
	principal_dirs(dirs, &n);
	for (size_t i = 0; i < n && err == -ENOENT; i++) {
		if (snprintf(out->file, sizeof out->file, "%s/%s" SUFFIX, dirs[i], name) >= (int)sizeof out->file)
			continue;
		err = principal_read(out->file, d, out);
		if (!err && strcmp(out->name, name)) {
			struct source src = {.name = out->file, .text = ""};
			diag_at(d, DIAG_ERROR, &src, 0, 0, "is named %s, but its `name` is %s", name, out->name);
			err = -EINVAL;
		}
	}
	if (err)
		principal_free(out);
	return err;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static int principal_add_name(char ***names, size_t *n, const char *file)
{
	size_t len = strlen(file), suffix = strlen(SUFFIX);
	if (len <= suffix || strcmp(file + len - suffix, SUFFIX))
		return 0;
	char *name = strndup(file, len - suffix);
	bool known = name && !principal_is_name(name);
	for (size_t i = 0; name && i < *n; i++)
		known |= !strcmp((*names)[i], name);
	char **more = name && !known ? reallocarray(*names, *n + 2, sizeof *more) : NULL;
	if (!more) {
		free(name);
		return known ? 0 : -ENOMEM;
	}
	*names = more;
	more[(*n)++] = name;
	more[*n] = NULL;
	return 0;
}

static int principal_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **principal_names(void)
{
	char dirs[2][PATH_MAX];
	size_t ndirs, n = 0;
	char **names = calloc(1, sizeof *names);
	int err = names ? 0 : -ENOMEM;
	principal_dirs(dirs, &ndirs);
	for (size_t i = 0; !err && i < ndirs; i++) {
		DIR *dir = opendir(dirs[i]);
		for (struct dirent *e; !err && dir && (e = readdir(dir));)
			err = principal_add_name(&names, &n, e->d_name);
		if (dir)
			closedir(dir);
	}
	if (err) {
		principal_names_free(names);
		return NULL;
	}
	qsort(names, n, sizeof *names, principal_by_name);
	return names;
}

void principal_names_free(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

int principal_each(int (*each)(const char *name, void *data), void *data)
{
	char **names = principal_names();
	int err = names ? 0 : -ENOMEM;
	for (size_t i = 0; !err && names[i]; i++)
		err = each(names[i], data);
	principal_names_free(names);
	return err;
}

int principal_take_secrets(struct principal *p)
{
	int err = p->vault ? secret_take(&p->vault->server) : 0;
	for (size_t i = 0; !err && i < p->nsecrets; i++)
		err = secret_take(&p->secrets[i]);
	return err;
}

int principal_identify(const struct principal *p)
{
	static const char *const names[] = {"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"};
	static const char *const mails[] = {"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"};
	for (size_t i = 0; p->git_name && i < 2; i++)
		if (setenv(names[i], p->git_name, 1) || setenv(mails[i], p->git_mail, 1))
			return -errno;
	return 0;
}
