/* SPDX-License-Identifier: BSD-2-Clause */
/* ssh_key.c - parses `ssh-key:` lines. */
#include "principal/ssh_key.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The next word at *s; its length, 0 at the end. */
static size_t ssh_key_word(const char **s)
{
	*s += strspn(*s, " \t");
	return strcspn(*s, " \t");
}

static const char *ssh_key_set_name(struct ssh_key *k, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return "a key's name has letters, digits and dashes";
	if (!n || n >= sizeof k->name)
		return n ? "a key's name has at most 31 characters" : "expected NAME from file:/PATH [for HOST ...]";
	memcpy(k->name, s, n);
	return NULL;
}

static const char *ssh_key_set_source(struct ssh_key *k, const char *s, size_t n)
{
	static const char scheme[] = "file:/";
	if (n < sizeof scheme || memcmp(s, scheme, sizeof scheme - 1))
		return "the source of an ssh key is file:/PATH";
	k->path = strndup(s + sizeof scheme - 2, n - sizeof scheme + 2);
	return k->path ? NULL : "";
}

static const char *ssh_key_add_host(struct ssh_key *k, const char *s, size_t n)
{
	size_t count = 0;
	while (k->hosts && k->hosts[count])
		count++;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr(".-_:[]", s[i]))
			return "a host is a name of known_hosts, without patterns: git.example.org, [10.0.0.1]:2222";
	char **more = reallocarray(k->hosts, count + 2, sizeof *more);
	if (!more)
		return "";
	k->hosts = more;
	more[count] = strndup(s, n);
	more[count + 1] = NULL;
	return more[count] ? NULL : "";
}

static const char *ssh_key_expect(const char *word, const char *s, size_t n)
{
	return strlen(word) == n && !memcmp(s, word, n) ? NULL : "expected NAME from file:/PATH [for HOST ...]";
}

const char *ssh_key_parse(const char *text, struct ssh_key *out, size_t *at)
{
	const char *s = text, *err = NULL;
	size_t n;
	*out = (struct ssh_key){0};
	for (unsigned i = 0; !err && ((n = ssh_key_word(&s)) || i < 3); i++, s += n) {
		*at = (size_t)(s - text);
		err = i == 0 ? ssh_key_set_name(out, s, n) :
		      i == 1 ? ssh_key_expect("from", s, n) :
		      i == 2 ? ssh_key_set_source(out, s, n) :
		      i == 3 ? ssh_key_expect("for", s, n) :
			       ssh_key_add_host(out, s, n);
	}
	if (!err && *at && !strcmp(text + *at, "for"))
		err = "no host behind for";
	return err;
}

void ssh_key_free(struct ssh_key *k)
{
	free(k->path);
	for (size_t i = 0; k->hosts && k->hosts[i]; i++)
		free(k->hosts[i]);
	free(k->hosts);
	*k = (struct ssh_key){0};
}
