/* SPDX-License-Identifier: BSD-2-Clause */
/* identity.c - looks a user up, and becomes the user. */
#include "util/identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int identity_set(struct identity *out, const struct passwd *p)
{
	out->uid = p->pw_uid;
	out->gid = p->pw_gid;
	out->ngroups = IDENTITY_GROUPS_MAX;
	if (getgrouplist(p->pw_name, p->pw_gid, out->groups, &out->ngroups) < 0)
		return -E2BIG;
	if (asprintf(&out->home, "HOME=%s", p->pw_dir) < 0 || asprintf(&out->user, "USER=%s", p->pw_name) < 0 ||
	    asprintf(&out->logname, "LOGNAME=%s", p->pw_name) < 0 ||
	    asprintf(&out->shell, "SHELL=%s", *p->pw_shell ? p->pw_shell : "/bin/sh") < 0)
		return -ENOMEM;
	return 0;
}

int identity_find(const char *name, struct identity *out)
{
	*out = (struct identity){0};
	errno = 0;
	const struct passwd *p = getpwnam(name);
	int err = p ? identity_set(out, p) : errno ? -errno : -ENOENT;
	if (err)
		identity_free(out);
	return err;
}

void identity_free(struct identity *i)
{
	char *const texts[] = {i->home, i->user, i->logname, i->shell};
	for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
		free(texts[k]);
	*i = (struct identity){0};
}

int identity_take(const struct identity *i)
{
	if (setgroups((size_t)i->ngroups, i->groups) || setresgid(i->gid, i->gid, i->gid) ||
	    setresuid(i->uid, i->uid, i->uid))
		return -errno;
	return 0;
}

/* Does the variable name the other user, or something of the other user's? */
static bool identity_replaces(const char *variable)
{
	static const char *const names[] = {"HOME=", "USER=", "LOGNAME=", "SHELL=", "MAIL=", "XDG_"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strncmp(variable, names[i], strlen(names[i])))
			return true;
	return false;
}

char **identity_environment(const struct identity *i, char *const *envp)
{
	char *const own[] = {i->home, i->user, i->logname, i->shell};
	size_t n = 0, k = 0;
	while (envp[n])
		n++;
	char **out = calloc(n + sizeof own / sizeof *own + 1, sizeof *out);
	for (; out && *envp; envp++)
		if (!identity_replaces(*envp))
			out[k++] = *envp;
	if (out)
		memcpy(out + k, own, sizeof own);
	return out;
}
