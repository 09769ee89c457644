/* SPDX-License-Identifier: BSD-2-Clause */
/* known_hosts.c - looks host keys up in lines of known_hosts. */
#include "sshagent/known_hosts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/paths.h"
#include "base/read_file.h"
#include "sshagent/fingerprint.h"

enum { KNOWN_HOSTS_MAX = 16 << 20 };

int known_hosts_load(struct known_hosts *k, const char *path)
{
	cleanup_strbuf struct strbuf text = {0};
	struct stat st;
	int err = read_file(path, KNOWN_HOSTS_MAX, &text, &st);
	if (err)
		return err == -ENOENT || err == -ENOTDIR ? 0 : err;
	strbuf_put(&k->text, text.s ? text.s : "", text.len);
	strbuf_putc(&k->text, '\n');
	return k->text.err;
}

int known_hosts_load_all(struct known_hosts *k)
{
	char home[GATE_HOME_SIZE], path[PATH_MAX];
	const char *at = gate_home(home, sizeof home);
	int err = known_hosts_load(k, "/etc/ssh/ssh_known_hosts");
	if (!err && at && snprintf(path, sizeof path, "%s/.ssh/known_hosts", at) < (int)sizeof path)
		err = known_hosts_load(k, path);
	return err;
}

/* One line: names, and the key in base64. */
struct host_line {
	struct ssh_bytes names, key;
};

static struct ssh_bytes known_hosts_word(const char **s, const char *end)
{
	while (*s < end && (**s == ' ' || **s == '\t'))
		++*s;
	const char *from = *s;
	while (*s < end && **s != ' ' && **s != '\t' && **s != '\r')
		++*s;
	return (struct ssh_bytes){(const unsigned char *)from, (size_t)(*s - from)};
}

/* Read the line at *at, and go to the next one.  False at the end. */
static bool known_hosts_next(const char **at, struct host_line *out)
{
	const char *s = *at, *end = s ? strchr(s, '\n') : NULL;
	if (!end)
		return false;
	out->names = known_hosts_word(&s, end);
	known_hosts_word(&s, end);
	out->key = known_hosts_word(&s, end);
	*at = end + 1;
	return true;
}

/* The next of a line's names; empty if there is none. */
static struct ssh_bytes known_hosts_next_name(struct ssh_bytes *names)
{
	const unsigned char *comma = names->n ? memchr(names->at, ',', names->n) : NULL;
	struct ssh_bytes name = {names->at, comma ? (size_t)(comma - names->at) : names->n};
	size_t skip = name.n + (comma != NULL);
	names->at += skip;
	names->n -= skip;
	return name;
}

/* Does the line say by whom the key is known?  Comments, marked lines (@revoked, @cert-authority) and patterns don't. */
static bool known_hosts_is_of(const struct host_line *l, struct ssh_bytes key64)
{
	return l->names.n && !strchr("#@", l->names.at[0]) && ssh_bytes_equal(l->key, key64);
}

static bool known_hosts_is_plain(struct ssh_bytes name)
{
	return name.n && !memchr(name.at, '*', name.n) && !memchr(name.at, '?', name.n) && *name.at != '!';
}

static struct ssh_bytes known_hosts_key64(struct ssh_bytes key, struct strbuf *b)
{
	fingerprint_put_base64(b, key);
	return (struct ssh_bytes){(const unsigned char *)b->s, b->err ? 0 : b->len};
}

bool known_hosts_names(const struct known_hosts *k, struct ssh_bytes key, struct strbuf *out, bool *hashed)
{
	cleanup_strbuf struct strbuf b = {0};
	struct ssh_bytes key64 = known_hosts_key64(key, &b);
	struct host_line l;
	bool any = false;
	*hashed = false;
	for (const char *at = k->text.s; known_hosts_next(&at, &l);) {
		if (!known_hosts_is_of(&l, key64))
			continue;
		*hashed |= *l.names.at == '|';
		while (*l.names.at != '|' && l.names.n) {
			struct ssh_bytes name = known_hosts_next_name(&l.names);
			if (!known_hosts_is_plain(name))
				continue;
			strbuf_puts(out, any ? ", " : "");
			strbuf_put(out, (const char *)name.at, name.n);
			any = true;
		}
	}
	return any;
}

bool known_hosts_has(const struct known_hosts *k, struct ssh_bytes key, const char *wanted)
{
	cleanup_strbuf struct strbuf b = {0};
	struct ssh_bytes key64 = known_hosts_key64(key, &b);
	struct host_line l;
	for (const char *at = k->text.s; known_hosts_next(&at, &l);)
		while (known_hosts_is_of(&l, key64) && l.names.n && *l.names.at != '|')
			if (ssh_bytes_are(known_hosts_next_name(&l.names), wanted))
				return true;
	return false;
}

void known_hosts_free(struct known_hosts *k)
{
	strbuf_free(&k->text);
}
