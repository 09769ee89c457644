/* SPDX-License-Identifier: BSD-2-Clause */
/* undo_secret.c - knows files with secrets by name and by their first bytes. */
#include "undo/undo_secret.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const char *const secret[] = {
	".env",
	".env.*",
	"*.env",
	".envrc",
	"id_rsa",
	"id_dsa",
	"id_ecdsa",
	"id_ed25519",
	"*.pem",
	"*.key",
	".netrc",
	".pgpass",
	".my.cnf",
	".npmrc",
	".pypirc",
	"credentials",
	"credentials.json",
	".git-credentials",
	"*.p12",
	"*.pfx",
	"*.jks",
	"*.keystore",
	"*.kdbx",
	"secrets.y*ml",
	"secrets.json",
	"secrets.toml",
	"*.tfvars",
	"service-account*.json",
};

static const char *const harmless[] = {"*.example", "*.sample", "*.template", "*.dist", "*.pub"};

/* Does the name match the pattern, in which * stands for anything?  fnmatch(3) takes half a second for 200,000 names, as it
 * turns each into wide characters. */
static bool undo_secret_matches(const char *pattern, const char *name)
{
	while (*pattern && *pattern != '*')
		if (*pattern++ != *name++)
			return false;
	if (!*pattern)
		return !*name;
	const char *rest = pattern + 1;
	size_t left = strlen(rest), n = strlen(name);
	return left <= n && !strcmp(name + n - left, rest); /* one star in a pattern */
}

static bool undo_secret_any(const char *name, const char *const *v, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n && !any; i++)
		any = undo_secret_matches(v[i], name);
	return any;
}

bool undo_secret_name(const char *path)
{
	const char *name = strrchr(path, '/');
	name = name ? name + 1 : path;
	return undo_secret_any(name, secret, sizeof secret / sizeof *secret) &&
	       !undo_secret_any(name, harmless, sizeof harmless / sizeof *harmless);
}

bool undo_secret_content(int dir, const char *name)
{
	char head[128];
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	head[n] = '\0';
	char *key = strstr(head, "PRIVATE KEY");
	return key && !strncmp(head, "-----BEGIN ", sizeof "-----BEGIN " - 1);
}
