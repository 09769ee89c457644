/* SPDX-License-Identifier: BSD-2-Clause */
/* announce.c - tells the session's programs where they find the servers of the secrets: by variables, and by the configuration of
 * tools. */
#include "broker/announce.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int announce_file(const char *dir, const char *name, const struct strbuf *text, const char *variable)
{
	char path[PATH_MAX];
	if (text->err || snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
		return text->err ? text->err : -ENAMETOOLONG;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	ssize_t n = write(fd, text->s, text->len);
	close(fd);
	if (n != (ssize_t)text->len)
		return -EIO;
	return setenv(variable, path, 1) ? -errno : 0;
}

/* The variables by which programs find the server, and the sentinel that they take for the credential. */
static int announce_variables(const struct secret *s, const char *address)
{
	char text[128];
	const char *sentinel = getenv(s->env);
	if (setenv(s->base, address, 1))
		return -errno;
	snprintf(text, sizeof text, "gate-sentinel-of-%s", s->name);
	if (sentinel && *sentinel && s->source == SECRET_ENV && !strcmp(s->env, s->from))
		return 0;
	return setenv(s->env, text, 1) ? -errno : 0;
}

/* --- git ---------------------------------------------------------------------------------------------------------- */

/* Append a variable to git's configuration, behind those that are there (git-config(1), GIT_CONFIG_COUNT). */
static int announce_git_variable(const char *name, const char *value)
{
	const char *count = getenv("GIT_CONFIG_COUNT");
	char *end, variable[64], number[16];
	unsigned long n = count && *count ? strtoul(count, &end, 10) : 0;
	if (count && *count && (*end || n > 10000))
		return -EINVAL; /* git itself refuses it */
	snprintf(variable, sizeof variable, "GIT_CONFIG_KEY_%lu", n);
	int bad = setenv(variable, name, 1);
	snprintf(variable, sizeof variable, "GIT_CONFIG_VALUE_%lu", n);
	bad |= setenv(variable, value, 1);
	snprintf(number, sizeof number, "%lu", n + 1);
	return bad | setenv("GIT_CONFIG_COUNT", number, 1) ? -errno : 0;
}

/* "https://git.example.org/path", as people write it. */
static void announce_put_url(const struct secret *s, struct strbuf *out)
{
	bool six = strchr(s->host, ':') != NULL, usual = !strcmp(s->port, s->tls ? "443" : "80");
	strbuf_printf(out, "%s://%s%s%s%s%s%s", s->tls ? "https" : "http", six ? "[" : "", s->host, six ? "]" : "",
		      usual ? "" : ":", usual ? "" : s->port, s->path);
}

/* "https:" becomes "http:", and gatesh is the proxy for it.  Nobody else's credential is used there. */
static int announce_git(const struct broker *b, const struct secret *s, const char *address)
{
	cleanup_strbuf struct strbuf url = {0}, proxy = {0};
	const struct {
		const char *name, *value;
	} rows[] = {{"http.%s/.proxy", NULL},
		    {"http.%s/.proxyAuthMethod", "basic"},
		    {"http.%s/.extraHeader", ""},
		    {"credential.%s/.helper", ""}};
	announce_put_url(s, &url);
	strbuf_puts(&url, "/");
	strbuf_printf(&proxy, "http://gate:%s@127.0.0.1:%u", b->key, b->port);
	char name[512];
	if (url.err || proxy.err || strlen(address) > sizeof name / 2)
		return url.err || proxy.err ? -ENOMEM : -ENAMETOOLONG;
	snprintf(name, sizeof name, "url.%s/.insteadOf", address);
	int err = announce_git_variable(name, url.s);
	for (size_t i = 0; !err && i < sizeof rows / sizeof *rows; i++) {
		snprintf(name, sizeof name, rows[i].name, address);
		err = announce_git_variable(name, rows[i].value ? rows[i].value : proxy.s);
	}
	return err;
}

/* --- npm ---------------------------------------------------------------------------------------------------------- */

/* Lines of ~/.npmrc that hold credentials, or the registry, stay with the person. */
static bool announce_npm_is_left(const char *line)
{
	static const char *const words[] = {"_auth", "_password", "username", "certfile", "keyfile"};
	size_t n = strcspn(line, "=\n");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *found = strstr(line, words[i]);
		if (found && found < line + n)
			return true;
	}
	return !strncmp(line, "registry", strlen("registry"));
}

/* The person's settings, read from the file that npm itself would read. */
static void announce_npm_settings(struct strbuf *out)
{
	const char *named = getenv("npm_config_userconfig"), *home = getenv("HOME");
	cleanup_strbuf struct strbuf path = {0};
	char line[4096];
	strbuf_printf(&path, "%s%s", named ? named : home ? home : "", named ? "" : "/.npmrc");
	FILE *f = path.s ? fopen(path.s, "re") : NULL;
	while (f && fgets(line, sizeof line, f))
		if (!announce_npm_is_left(line + strspn(line, " \t")))
			strbuf_printf(out, "%s%s", line, strchr(line, '\n') ? "" : "\n");
	if (f)
		fclose(f);
}

/* npm puts a package's path behind the registry's host and leaves out the registry's path: the key is in the token. */
static int announce_npm(const struct broker *b, const struct secret *s, const char *dir)
{
	cleanup_strbuf struct strbuf text = {0};
	char registry[64];
	snprintf(registry, sizeof registry, "http://127.0.0.1:%u/", b->port);
	announce_npm_settings(&text);
	strbuf_printf(&text, "//127.0.0.1:%u/:_authToken=%s.%s\n", b->port, b->key, s->name);
	int err = announce_file(dir, "npmrc", &text, "npm_config_userconfig");
	if (!err &&
	    (setenv("npm_config_registry", registry, 1) || setenv("npm_config_replace_registry_host", "always", 1)))
		err = -errno;
	return err;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

static int announce_secret(const struct broker *b, const struct secret *s, const char *dir)
{
	cleanup_strbuf struct strbuf address = {0};
	broker_put_address(b, s, &address);
	if (address.err)
		return address.err;
	switch (s->tool) {
	case SECRET_TOOL_AWS: return announce_aws(address.s, dir);
	case SECRET_TOOL_GIT: return announce_git(b, s, address.s);
	case SECRET_TOOL_KUBECTL: return announce_kubectl(address.s, s->name, dir);
	case SECRET_TOOL_NPM: return announce_npm(b, s, dir);
	default: return announce_variables(s, address.s);
	}
}

int broker_announce(const struct broker *b, const char *dir)
{
	int err = 0;
	for (size_t i = 0; !err && i < b->nsecrets; i++)
		if (b->secrets[i].scope != SECRET_SCOPE_WRITE) /* gatesh chooses that one, for programs they are one */
			err = announce_secret(b, &b->secrets[i], dir);
	return err;
}
