/* SPDX-License-Identifier: BSD-2-Clause */
/* read_name.c - the list of names that store credentials.  Runs in hooks and in the engine: no allocation, no libc, no state. */
#include "formats/read_name.h"

#include <stddef.h>

/* A name that ends in '*' is a prefix.  gate_read_ends() lets each of them through. */
static const char names[][40] = {
	".git-credentials",
	".netrc",
	".npmrc",
	".pypirc",
	".vault-token",
	"access_tokens.db",
	"application_default_credentials.json",
	"config",
	"config.json",
	"credentials",
	"credentials.db",
	"credentials.tfrc.json",
	"credentials.toml",
	"hosts.yml",
	"id_*",
	"msal_token_cache.json",
};

bool gate_read_is_listed(const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *a = names[i], *b = name;
		while (*a && *a == *b)
			a++, b++;
		if (*a == *b || (*a == '*' && !a[1]))
			return true;
	}
	return false;
}

bool gate_read_needs_any(const char *glob)
{
	const char *s = glob;
	while (*s && *s != '*' && *s != '?' && *s != '[')
		s++;
	/* A glob matches only listed names if what it matches literally is listed: "id_ed*" by "id_*". */
	return !gate_read_is_listed(glob) || (*s && (glob[0] != 'i' || glob[1] != 'd' || glob[2] != '_'));
}
